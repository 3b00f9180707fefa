// A gateway on a free port over a fake ledger, as clients find it.
#pragma once

#include <memory>
#include <string>

#include "client/lib/ledger_client.h"
#include "ledger/crypto/tls_certificate.h"
#include "node/gateway/gateway.h"
#include "tests/unit/gateway/fake_ledger.h"

namespace sanquan::node {

// A running gateway and the address under which clients find it.
struct Server {
    explicit Server(GatewayLimits limits = {})
        : key(SigningKey::generate(KeyAlgorithm::kEcdsaP256)) {
        GatewayConfig config;
        config.host = "127.0.0.1";
        config.certificate_pem =
            make_self_signed_certificate(key, "test", 0, 4'000'000'000).value();
        config.key_pem = key.plain_pem();
        config.limits = limits;
        gateway = std::move(Gateway::start(std::move(config), ledger).value());
        address = {"test", "127.0.0.1", std::to_string(gateway->port()),
                   spki_hash(key).value().hex(), ""};
    }
    client::LedgerClient client() { return client::LedgerClient(ledger.chain(), {address}); }

    SigningKey key;
    FakeLedger ledger;
    std::unique_ptr<Gateway> gateway;
    client::NodeAddress address;
};

// An issue of money by X-BANK.
inline client::SignedTransaction sample_transaction(const Chain& chain, const SigningKey& key) {
    client::TransactionBuilder builder(chain, "X-BANK");
    wire::Operation operation;
    operation.mutable_issue_money()->set_to("X-BUYER");
    builder.add(operation);
    const auto unsigned_one = builder.build();
    return client::sign_transaction(*unsigned_one, {&key}).value();
}

}  // namespace sanquan::node
