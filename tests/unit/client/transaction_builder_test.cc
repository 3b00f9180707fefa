// Goal: what libsanquan builds is what a node decodes. Method: build, sign with one and several
// keys, decode with the node's own function; refusals of empty and doubled input.
#include "client/lib/transaction_builder.h"

#include "client/lib/event_parser.h"
#include "client/lib/ledger_client.h"
#include "ledger/model/transaction.h"
#include "tests/support/catch.h"

namespace sanquan::client {
namespace {

Chain test_chain() {
    Chain chain;
    chain.id.octets[3] = 5;
    return chain;
}

wire::Operation some_operation() {
    wire::Operation operation;
    operation.mutable_revoke_mandate()->set_mandate("m-1");
    return operation;
}

TEST_CASE("a built transaction decodes as a node decodes it", "[client][builder]") {
    const Chain chain = test_chain();
    const auto first = SigningKey::generate();
    const auto second = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    TransactionBuilder builder(chain, "X-SELLER");
    builder.mode(wire::ATOMIC).valid_until(TimeMs{123'456}).add(some_operation());
    const auto unsigned_one = builder.build();
    REQUIRE(unsigned_one);
    const auto signed_one = sign_transaction(*unsigned_one, {&first, &second});
    REQUIRE(signed_one);
    const auto decoded = decode_transaction(signed_one->raw, chain);
    REQUIRE(decoded);
    CHECK(decoded->id == signed_one->id);
    CHECK(decoded->body.sender() == "X-SELLER");
    CHECK(decoded->body.valid_until_ms() == 123'456);
    CHECK(decoded->body.mode() == wire::ATOMIC);
    REQUIRE(decoded->signatures.size() == 2);
    for (const auto* key : {&first, &second}) {
        bool found = false;
        for (const auto& signature : decoded->signatures) {
            if (signature.key_id() == key->id().view()) {
                found = verify(key->public_key(), unsigned_one->message, signature.signature())
                            .has_value();
            }
        }
        CHECK(found);
    }
}

TEST_CASE("cosigners stand in order, once, without the sender", "[client][builder]") {
    TransactionBuilder builder(test_chain(), "X-SELLER");
    builder.add(some_operation());
    for (const char* organisation : {"X-Z", "X-SELLER", "X-B", "X-Z"}) {
        builder.cosigner(organisation);
    }
    wire::TransactionBody body;
    REQUIRE(body.ParseFromString(builder.build()->body));
    REQUIRE(body.cosigners_size() == 2);
    CHECK(body.cosigners(0) == "X-B");
    CHECK(body.cosigners(1) == "X-Z");
}

TEST_CASE("two builds of one body are two transactions", "[client][builder]") {
    TransactionBuilder builder(test_chain(), "X-SELLER");
    builder.add(some_operation());
    CHECK(builder.build()->id != builder.build()->id);
}

TEST_CASE("empty and doubled input is refused", "[client][builder]") {
    TransactionBuilder builder(test_chain(), "X-SELLER");
    CHECK(builder.build().error().code == Code::kMissingField);
    builder.add(some_operation());
    const auto unsigned_one = builder.build();
    const auto key = SigningKey::generate();
    CHECK(sign_transaction(*unsigned_one, {}).error().code == Code::kMissingField);
    CHECK(sign_transaction(*unsigned_one, {&key, &key}).error().code == Code::kDuplicateSigner);
    for (int i = 0; i < 1'000; ++i) {
        builder.add(some_operation());
    }
    CHECK(builder.build().error().code == Code::kTransactionTooLarge);
}

TEST_CASE("events come out whole however the bytes are cut", "[client][events]") {
    const std::string stream =
        ": hello\n\nid: 7\nevent: block\ndata: {\"height\":\"7\"}\n\nid: 8\nevent: block\ndata: no "
        "json\n\n"
        "event: alarm\ndata: {\"alarm\":\"x\"}\n\n";
    for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
        EventParser parser;
        std::vector<LedgerEvent> events;
        for (std::size_t at = 0; at < stream.size(); at += piece) {
            for (auto& event : parser.feed(std::string_view(stream).substr(at, piece))) {
                events.push_back(std::move(event));
            }
        }
        REQUIRE(events.size() == 2);
        CHECK(events[0].id == "7");
        CHECK(events[0].data.at("height").as_string() == "7");
        CHECK(events[1].type == "alarm");
    }
}

}  // namespace
}  // namespace sanquan::client
