// Goal: the ledger's own formats can be asked about through the interface. Method: one honest case
// and its neighbours per operation; the formats themselves are tested where they are defined.
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/common.pb.h"
#include "ledger/crypto/signing_key.h"
#include "ledger/model/block.h"
#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

std::string code_of(const json::object& question) {
    const auto answer = ask(question);
    return is_ok(answer) ? "OK" : text_of(answer, "code");
}

TEST_CASE("proto.check: canonical bytes of a known message", "[vectors][ledger]") {
    wire::Money money;
    money.set_currency("CNY");
    money.set_amount("\x01");
    const std::string raw = to_hex(encode(money));
    const auto check = [](const std::string& type, const std::string& hex) {
        return code_of({{"op", "proto.check"}, {"type", type}, {"raw", hex}});
    };
    CHECK(check("Money", raw) == "OK");
    CHECK(check("sanquan.wire.Money", raw) == "OK");
    CHECK(check("Money", "") == "OK");
    CHECK(check("Money", raw + "1800") == "NOT_CANONICAL");  // an unknown field
    CHECK(check("Money", raw + "0a00") == "NOT_CANONICAL");  // a default value on the wire
    CHECK(check("Money", "0a") == "BAD_ENCODING");
    CHECK(check("google.protobuf.Timestamp", "") == "UNSUPPORTED");
    CHECK(check("Money\n", "") == "UNSUPPORTED");
    for (const char* type : {"SignedTransaction", "Block", "Genesis", "PeerFrame", "Receipt"}) {
        CAPTURE(type);
        CHECK(check(type, "ff") == "BAD_ENCODING");
    }
}

TEST_CASE("tx.check and state.prove_check refuse what is none", "[vectors][ledger]") {
    CHECK(code_of({{"op", "tx.check"}, {"genesis", ""}, {"raw", ""}}) != "OK");
    CHECK(code_of({{"op", "tx.check"}, {"genesis", "00"}}) == "BAD_REQUEST");
    const std::string root(64, '0');
    CHECK(code_of({{"op", "state.prove_check"},
                   {"state_root", root},
                   {"key", "00"},
                   {"value", nullptr},
                   {"proof", ""}}) != "OK");
    CHECK(code_of({{"op", "state.prove_check"},
                   {"state_root", root},
                   {"key", "00"},
                   {"value", "00"},
                   {"proof", "01"}}) != "OK");
    CHECK(code_of(
              {{"op", "state.prove_check"}, {"state_root", "00"}, {"key", "00"}, {"proof", ""}}) ==
          "BAD_LENGTH");
}

std::string base64(const Bytes& bytes) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group =
                group << 8U | (i + j < bytes.size() ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            const bool padding = i + j > bytes.size();
            text.push_back(padding ? '=' : kAlphabet[group >> (18U - 6U * j) & 63U]);
        }
    }
    return text;
}

TEST_CASE("voucher.verify refuses what is none", "[vectors][ledger]") {
    const auto check = [](const std::string& voucher) {
        return code_of({{"op", "voucher.verify"},
                        {"genesis_digest", std::string(64, '0')},
                        {"voucher", voucher}});
    };
    for (const char* text : {"=", "A", "AA=A", "AB==", "A A=", "AAA=\n"}) {
        CAPTURE(text);
        CHECK(check(text) == "BAD_REQUEST");
    }
    for (const Bytes& bytes :
         {Bytes(), Bytes("a"), Bytes("ab"), Bytes("abc"), Bytes(1'000, '\xff')}) {
        CHECK(check(base64(bytes)) != "OK");
        CHECK(check(base64(bytes)) != "BAD_REQUEST");
    }
}

// Four validators, a quorum of three: the honest certificate and what must not pass for one (CVE-2020-15091, monad #1991).
TEST_CASE("cert.verify counts a quorum of distinct signers of one vote", "[vectors][ledger]") {
    const ChainId chain = ChainId::from(hash(HashAlgorithm::kSha256, {"chain"}));
    std::vector<SigningKey> keys;
    ValidatorSet set;
    for (int i = 0; i < 4; ++i) {
        keys.push_back(SigningKey::generate());
        set.validators.push_back({"X-ORG-" + std::to_string(i), "node-" + std::to_string(i),
                                  keys.back().public_key(),
                                  hash(HashAlgorithm::kSha256, {std::to_string(i)})});
    }
    wire::Vote vote;
    vote.set_view(7);
    vote.set_kind(wire::FINALIZE);
    vote.set_digest(Bytes(32, 'd'));
    const auto certificate = [&](const wire::Vote& body,
                                 const std::vector<std::uint32_t>& signers) {
        wire::Certificate built;
        built.set_vote(encode(body));
        for (const std::uint32_t signer : signers) {
            auto* signature = built.add_signatures();
            signature->set_index(signer);
            signature->set_signature(
                keys[signer % keys.size()].sign(domain_message("vote", chain, encode(vote))));
        }
        return to_hex(encode(built));
    };
    const auto check = [&](const std::string& hex) {
        return code_of({{"op", "cert.verify"},
                        {"genesis_digest", chain.hex()},
                        {"validator_set", to_hex(encode_validator_set(set))},
                        {"certificate", hex}});
    };
    CHECK(check(certificate(vote, {0, 1, 2})) == "OK");
    CHECK(check(certificate(vote, {0, 1, 2, 3})) == "OK");
    CHECK(check(certificate(vote, {0, 1})) != "OK");
    CHECK(check(certificate(vote, {0, 1, 1})) != "OK");
    CHECK(check(certificate(vote, {0, 0, 0})) != "OK");
    CHECK(check(certificate(vote, {2, 1, 0})) != "OK");
    CHECK(check(certificate(vote, {0, 1, 6})) != "OK");
    wire::Vote other = vote;
    other.set_digest(Bytes(32, 'e'));
    CHECK(check(certificate(other, {0, 1, 2})) != "OK");
    other = vote;
    other.set_epoch(1);
    CHECK(check(certificate(other, {0, 1, 2})) != "OK");
    CHECK(check("") != "OK");
    CHECK(check("00") != "OK");
}

TEST_CASE("http.check counts the body", "[vectors][ledger]") {
    const auto check = [](const std::string& raw) {
        return json::serialize(ask({{"op", "http.check"}, {"raw", to_hex(raw)}}));
    };
    CHECK(check("POST /v1/transactions HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}") ==
          R"({"id":0,"ok":true,"out":{"body_bytes":2}})");
    CHECK(check("GET / HTTP/1.1\r\n\r\n").find("\"ok\":false") != std::string::npos);
}

}  // namespace
}  // namespace sanquan::vectors_test
