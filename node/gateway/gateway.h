// The HTTP gateway: /v1 of docs/openapi.yaml on the client port, over TLS 1.3.
//
// Owns its threads; asks the node through LedgerService only. Constructed after the service is
// ready; at the end first stop(), then the service drops the replies that it owes, then the gateway
// is destroyed. Everything from outside is bounded by GatewayLimits and limits.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "ledger/base/result.h"
#include "ledger/crypto/secret.h"
#include "node/ledger_service.h"

namespace sanquan::node {

struct GatewayLimits {
    std::size_t connections_max = 1'024;
    std::size_t connections_per_address_max = 512;
    std::size_t event_streams_per_address_max = 16;
    std::size_t body_bytes_max =
        64U << 20U;  // of all requests that are being read; a quarter for one address
    double anonymous_requests_per_second = 200;  // per address; refused requests count too
    double anonymous_burst = 1'000;
    std::chrono::milliseconds handshake{5'000};
    std::chrono::milliseconds idle{60'000};  // between two requests
    std::chrono::milliseconds head{
        10'000};  // from the first byte of a request to the end of its head
    std::chrono::milliseconds body{30'000};      // from the end of the head to the end of the body
    std::chrono::milliseconds answer{30'000};    // to take an answer
    std::chrono::milliseconds wait_max{60'000};  // the longest ?timeout_ms
};

struct GatewayConfig {
    std::string host;
    std::uint16_t port = 0;  // 0: a free one, see Gateway::port
    Bytes certificate_pem;
    SecretBytes key_pem;
    Bytes client_ca_pem;  // issuers of client certificates; empty: only the registered key of a
                          // certificate counts
    std::filesystem::path console_dir;  // files served under /console/; empty: none
    std::filesystem::path
        index_dir;  // of the history index, rebuilt when missing; empty: in memory
    unsigned threads = 2;
    GatewayLimits limits;
};

class Gateway {
  public:
    // Listens at once; kAddressInUse, kKeyInvalid, kBadConfig.
    static Result<std::unique_ptr<Gateway>> start(GatewayConfig config, LedgerService& ledger);
    // Stops and closes every connection; the service must still be there.
    ~Gateway();
    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    // Serves nobody any more and joins the threads; replies that come from now on go nowhere. May be called twice.
    void stop();

    [[nodiscard]] std::uint16_t port() const;

  private:
    struct Parts;
    explicit Gateway(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace sanquan::node
