// HTTP/1.1 over TLS 1.3 to one node: keep-alive, deadlines, and a server that is known by its key.
//
// The node is recognised by the SHA-256 of its TLS public key (the pin of a profile), or by a CA
// file and host name. Calls block; one client belongs to one thread. The requests of this API may
// be repeated (a transaction counts once, D4), so a kept connection that turns out to be closed is
// opened again and the request sent once more.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/base/result.h"

namespace sanquan::client {

struct NodeAddress {
    std::string name;
    std::string host;
    std::string port;
    std::string tls_pin;  // 64 hexadecimal digits: SHA-256 of the SubjectPublicKeyInfo; or empty
                          // with ca_file
    std::string ca_file;  // PEM; only when there is no pin
    bool audit = false;   // follows only: transactions go to the others
};

struct HttpRequest {
    std::string method = "GET";
    std::string target;  // "/v1/status?x=y"
    std::string content_type;
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

struct HttpResponse {
    unsigned status = 0;
    std::string content_type;
    std::string body;
    std::string height;      // X-Sanquan-Height
    std::string state_root;  // X-Sanquan-State-Root
};

class HttpClient {
  public:
    explicit HttpClient(NodeAddress node);
    HttpClient(HttpClient&&) noexcept;
    HttpClient& operator=(HttpClient&&) noexcept;
    ~HttpClient();

    [[nodiscard]] const NodeAddress& node() const;

    // Any HTTP status is an answer; failures are kUnreachable (no connection, closed), kTimeout,
    // kWrongServer (the pin or certificate does not fit), kBadAnswer (not HTTP, or larger than 64
    // MiB).
    Result<HttpResponse> request(const HttpRequest& request, std::chrono::milliseconds timeout);

    // Reads an answer of unknown length and hands each piece to `on_data` until it answers false,
    // the server closes, or `idle` passes without a byte (kTimeout). Codes as above; kBadAnswer
    // unless the status is 200.
    Status stream(const HttpRequest& request, std::chrono::milliseconds idle,
                  const std::function<bool(std::string_view)>& on_data);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sanquan::client
