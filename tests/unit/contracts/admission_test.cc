// Goal: what may not stand in a block is refused with its code, whoever asks. Method: one good
// transaction, one thing wrong at a time; each admission code of transactions has a row.
#include "contracts/admission.h"

#include <functional>

#include "contracts/records.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/signed_transaction.h"

namespace sanquan::contracts {
namespace {

using testing::body_of;
using testing::issue;
using testing::MapView;
using testing::sign;

struct Case {
    const char* what;
    const char* code;
    std::function<void(wire::TransactionBody&)> spoil_body = [](auto&) {};
    std::vector<std::string> keys = {"X-BANK"};
    std::function<void(wire::SignedTransaction&)> spoil_envelope = [](auto&) {};
    std::function<void(MapView&)> spoil_state = [](auto&) {};
};

bool check_signature(const PublicKey& key, ByteView message, ByteView signature) {
    return verify(key, message, signature).has_value();
}

void change_key(MapView& state, const std::string& name,
                const std::function<void(wire::KeyRecord&)>& change) {
    const Bytes key = keys::key(testing::key_of(name).id().view());
    auto record = load_existing<wire::KeyRecord>(state, key);
    change(record);
    state.apply({{key, encode(record)}});
}

ChainId chain_of(const wire::SignedTransaction& envelope) {
    wire::TransactionBody body;
    REQUIRE(body.ParseFromString(envelope.body()));
    return ChainId::from_bytes(body.chain_id()).value();
}

// Replaces the bank's signature by one over the same bytes in another role.
void sign_as(wire::SignedTransaction& envelope, std::string_view domain, const ChainId& chain) {
    envelope.mutable_signatures(0)->set_signature(
        testing::key_of("X-BANK").sign(domain_message(domain, chain, envelope.body())));
}

std::string admit(const Genesis& genesis, const Case& row) {
    MapView state(*genesis_state(genesis));
    row.spoil_state(state);
    auto body = body_of(genesis, "X-BANK", {issue("X-OW", 5, "r")});
    row.spoil_body(body);
    const Bytes raw = sign(genesis, body, row.keys);
    wire::SignedTransaction envelope;
    REQUIRE(envelope.ParseFromString(raw));
    row.spoil_envelope(envelope);
    const auto transaction = decode_transaction(encode(envelope), genesis.chain);
    if (!transaction) {
        return std::string(text(transaction.error().code));
    }
    const BlockContext block{genesis.chain, Height{1}, TimeMs{genesis.message.time_ms() + 1}};
    const auto admitted = check_admission(*transaction, block, state, check_signature);
    return std::string(text(admitted ? Code::kOk : admitted.error().code));
}

// clang-format off
const std::vector<Case>& cases() {
    static const std::vector<Case> kCases = {
        {"as it should be", "OK"},
        {"another chain", "WRONG_CHAIN", [](auto& b) { b.set_chain_id(Bytes(32, 'x')); }},
        {"expired", "EXPIRED", [](auto& b) { b.set_valid_until_ms(1'700'000'000'000); }},
        {"at the last moment", "OK", [](auto& b) { b.set_valid_until_ms(1'700'000'000'001); }},
        {"as far ahead as allowed", "OK", [](auto& b) { b.set_valid_until_ms(1'700'000'600'001); }},
        {"too far ahead", "WINDOW_TOO_LONG", [](auto& b) { b.set_valid_until_ms(1'700'000'600'002); }},
        {"for ever", "WINDOW_TOO_LONG", [](auto& b) { b.set_valid_until_ms(~0ULL); }},
        {"unknown sender", "UNKNOWN_ORGANISATION", [](auto& b) { b.set_sender("X-NOBODY"); }},
        {"key of nobody", "UNKNOWN_KEY", [](auto&) {}, {"stranger"}},
        {"key of another organisation", "SIGNER_NOT_NAMED", [](auto&) {}, {"X-EX"}},
        {"only the cosigner signed", "THRESHOLD_NOT_MET", [](auto& b) { b.add_cosigners("X-EX"); }, {"X-EX"}},
        {"the cosigner's signature is missing", "THRESHOLD_NOT_MET", [](auto& b) { b.add_cosigners("X-EX"); }},
        {"one of the cosigner's two", "THRESHOLD_NOT_MET", [](auto& b) { b.add_cosigners("X-DUO"); }, {"X-BANK", "X-DUO"}},
        {"unknown cosigner", "UNKNOWN_ORGANISATION", [](auto& b) { b.add_cosigners("X-NOBODY"); }},
        {"the sender as cosigner", "DUPLICATE_SIGNER", [](auto& b) { b.add_cosigners("X-BANK"); }},
        {"cosigners out of order", "DUPLICATE_SIGNER", [](auto& b) { b.add_cosigners("X-EX"); b.add_cosigners("X-DUO"); }},
        {"an empty cosigner", "MISSING_FIELD", [](auto& b) { b.add_cosigners(""); }},
        {"too many cosigners", "TRANSACTION_TOO_LARGE", [](auto& b) {
             for (int i = 0; i < 100; ++i) { b.add_cosigners("X-" + std::to_string(100 + i)); } }},
        {"two keys, one of a stranger", "UNKNOWN_KEY", [](auto&) {}, {"X-BANK", "stranger"}},
        {"two organisations", "OK", [](auto& b) { b.add_cosigners("X-EX"); }, {"X-BANK", "X-EX"}},
        {"a signature that the body does not ask for", "SIGNER_NOT_NAMED", [](auto&) {}, {"X-BANK", "X-EX"}},
        {"one of two keys", "THRESHOLD_NOT_MET", [](auto& b) { b.set_sender("X-DUO"); }, {"X-DUO"}},
        {"both keys", "OK", [](auto& b) { b.set_sender("X-DUO"); }, {"X-DUO", "X-DUO-2"}},
        {"revoked key", "KEY_REVOKED", [](auto&) {}, {"X-BANK"}, [](auto&) {},
         [](auto& s) { change_key(s, "X-BANK", [](auto& k) { k.set_revoked_ms(1); }); }},
        {"key ended", "KEY_REVOKED", [](auto&) {}, {"X-BANK"}, [](auto&) {},
         [](auto& s) { change_key(s, "X-BANK", [](auto& k) { k.set_valid_until_ms(1'700'000'000'001); }); }},
        {"key not begun", "KEY_REVOKED", [](auto&) {}, {"X-BANK"}, [](auto&) {},
         [](auto& s) { change_key(s, "X-BANK", [](auto& k) { k.set_valid_from_ms(1'700'000'000'002); }); }},
        {"changed signature", "SIG_INVALID", [](auto&) {}, {"X-BANK"},
         [](auto& e) { (*e.mutable_signatures(0)->mutable_signature())[0] ^= 1; }},
        {"signed as a vote", "SIG_INVALID", [](auto&) {}, {"X-BANK"},
         [](auto& e) { sign_as(e, "vote", chain_of(e)); }},
        {"signed as a request to the API", "SIG_INVALID", [](auto&) {}, {"X-BANK"},
         [](auto& e) { sign_as(e, "api-request", chain_of(e)); }},
        {"signed for another chain", "SIG_INVALID", [](auto&) {}, {"X-BANK"},
         [](auto& e) { sign_as(e, "transaction", ChainId{{1}}); }},
        {"signed again as it should be", "OK", [](auto&) {}, {"X-BANK"},
         [](auto& e) { sign_as(e, "transaction", chain_of(e)); }},
        {"one of two signatures changed", "SIG_INVALID", [](auto& b) { b.add_cosigners("X-EX"); }, {"X-BANK", "X-EX"},
         [](auto& e) { (*e.mutable_signatures(1)->mutable_signature())[9] ^= 1; }},
        {"one key twice", "DUPLICATE_SIGNER", [](auto&) {}, {"X-BANK"},
         [](auto& e) { *e.add_signatures() = e.signatures(0); }},
        {"no signature", "MISSING_FIELD", [](auto&) {}, {}},
        {"too many operations", "TRANSACTION_TOO_LARGE", [](auto& b) {
             for (int i = 0; i < 1'000; ++i) { *b.add_operations() = b.operations(0); } }},
        {"too many keys to register", "TRANSACTION_TOO_LARGE", [](auto& b) {
             for (int i = 0; i < 1'500; ++i) {
                 b.mutable_operations(0)->mutable_register_organisation()->add_keys(); } }},
        {"short nonce", "BAD_LENGTH", [](auto& b) { b.set_nonce("short"); }},
        {"no mode", "MISSING_FIELD", [](auto& b) { b.clear_mode(); }},
        {"empty operation", "MISSING_FIELD", [](auto& b) { b.add_operations(); }},
    };
    return kCases;
}
// clang-format on

}  // namespace

TEST_CASE("admission answers as its table says", "[contracts][admission]") {
    const Genesis genesis = testing::decoded_sample();
    for (const Case& row : cases()) {
        INFO(row.what);
        CHECK(admit(genesis, row) == row.code);
    }
}

TEST_CASE("no signature is checked before the cheap questions", "[contracts][admission]") {
    const Genesis genesis = testing::decoded_sample();
    const MapView state(*genesis_state(genesis));
    const BlockContext block{genesis.chain, Height{1}, TimeMs{genesis.message.time_ms() + 1}};
    int checks = 0;
    const SignatureCheck counting = [&](const PublicKey&, ByteView, ByteView) {
        ++checks;
        return true;
    };
    auto body = body_of(genesis, "X-DUO", {issue("X-OW", 5, "r")});
    const auto transaction = testing::signed_transaction(genesis, body, {"X-DUO"});
    CHECK_FALSE(check_admission(transaction, block, state, counting));
    CHECK(checks == 0);
}

}  // namespace sanquan::contracts
