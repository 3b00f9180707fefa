// Goal: the provenance of an asset tells who paid whom, and only to those who may know. Method: one
// accepted ownership trade on a fake ledger of one block; owner, buyer, another member and a
// stranger ask through libsanquan.
#include <boost/json/serialize.hpp>

#include "client/lib/ledger_client.h"
#include "ledger/base/amount.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/crypto/tls_certificate.h"
#include "node/gateway/gateway.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/fake_ledger.h"

namespace sanquan::node {
namespace {

constexpr const char* kAsset = "530000S1200000026S";

// The asset as it stands after the trade: open to everybody, owned by the buyer.
void add_asset(MapView& view) {
    wire::AssetRecord asset;
    asset.set_status(wire::ASSET_CERTIFIED);
    asset.set_access(wire::PUBLIC);
    auto& share = *asset.add_owners();
    share.set_organisation("X-BUYER");
    share.set_basis_points(10'000);
    view.entries[keys::asset(kAsset)] = encode(asset);
    view.entries[keys::dataset(kAsset)] = encode(wire::DatasetRecord());
}

client::SignedTransaction trade(const Chain& chain, const SigningKey& key) {
    client::TransactionBuilder builder(chain, "X-SELLER");
    wire::Operation operation;
    auto& terms = *operation.mutable_trade_ownership();
    terms.set_asset(kAsset);
    terms.set_seller("X-SELLER");
    terms.set_buyer("X-BUYER");
    terms.mutable_price()->set_currency("CNY");
    terms.mutable_price()->set_amount(Amount(1'700).encode());
    terms.set_client_reference("sale-1");
    builder.add(operation);
    const auto unsigned_one = builder.build();
    return client::sign_transaction(*unsigned_one, {&key}).value();
}

TEST_CASE("provenance tells payments to those who may see them", "[gateway]") {
    FakeLedger ledger;
    const auto seller = SigningKey::generate();
    const auto buyer = SigningKey::generate();
    const auto other = SigningKey::generate();
    ledger.add_member("X-SELLER", seller);
    ledger.add_member("X-BUYER", buyer);
    ledger.add_member("X-OTHER", other);
    add_asset(ledger.view());
    const auto tls_key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    GatewayConfig config;
    config.host = "127.0.0.1";
    config.certificate_pem =
        make_self_signed_certificate(tls_key, "test", 0, 4'000'000'000).value();
    config.key_pem = tls_key.plain_pem();
    const auto gateway = std::move(Gateway::start(std::move(config), ledger).value());
    client::LedgerClient client(ledger.chain(),
                                {{"test", "127.0.0.1", std::to_string(gateway->port()),
                                  spki_hash(tls_key).value().hex(), ""}});
    const auto sold = trade(ledger.chain(), seller);
    REQUIRE(client.submit(sold, client::Stage::kFinal));

    const std::string target = std::string("/v1/assets/") + kAsset + "/provenance";
    const auto node_for = [&](const SigningKey* key) {
        client.authenticate_with(key);
        const auto answer = client.get(target);
        REQUIRE(answer);
        return answer->at("nodes").as_array().at(0).as_object();
    };
    CHECK_FALSE(node_for(nullptr).contains("payments"));
    CHECK(node_for(&other).at("payments").as_array().empty());
    for (const auto* party : {&seller, &buyer}) {
        const auto node = node_for(party);
        const auto& payments = node.at("payments").as_array();
        REQUIRE(payments.size() == 1);
        const auto& payment = payments.at(0).as_object();
        CHECK(payment.at("kind").as_string() == "trade_ownership");
        CHECK(payment.at("transaction_id").as_string() == sold.id.hex());
        CHECK(payment.at("payer").as_string() == "X-BUYER");
        CHECK(payment.at("payee").as_string() == "X-SELLER");
        CHECK(payment.at("price").at("amount").as_string() == "1700");
        CHECK_FALSE(node.at("payments_left_off").as_bool());
    }
}

}  // namespace
}  // namespace sanquan::node
