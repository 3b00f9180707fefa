// Quorum certificates and vouchers: what a client or an auditor is asked to believe.
#include <array>
#include <string>

#include "ledger/model/block.h"
#include "ledger/proof/voucher.h"
#include "node/net/peer_message.h"
#include "node/vectors/groups.h"
#include "node/verifier/verifier.h"

namespace sanquan::vectors {
namespace {

namespace json = boost::json;

constexpr std::size_t kVerdictsMax = 256;

// The chain is not part of either message but of what was signed; without the field it is the zero digest.
Result<Chain> chain_of(const Question& question) {
    SANQUAN_TRY_ASSIGN(const auto given, optional_text_field(question, "genesis_digest"));
    Chain chain;
    if (given) {
        SANQUAN_TRY_ASSIGN(const Bytes bytes, hex_field(question, "genesis_digest"));
        SANQUAN_TRY_ASSIGN(chain.id, ChainId::from_bytes(bytes));
    }
    return chain;
}

Result<Answer> cert_verify_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const Chain chain, chain_of(question));
    SANQUAN_TRY_ASSIGN(const Bytes set_bytes, hex_field(question, "validator_set"));
    SANQUAN_TRY_ASSIGN(const Bytes certificate_bytes, hex_field(question, "certificate"));
    SANQUAN_TRY_ASSIGN(const ValidatorSet set, decode_validator_set(set_bytes));
    SANQUAN_TRY_ASSIGN(const consensus::Certificate certificate,
                       node::decode_certificate(certificate_bytes));
    node::Verifier verifier(chain, kVerdictsMax);
    verifier.set_validators(set);
    return Answer::of(verifier.check(certificate));
}

// RFC 4648, section 4: padded, no other character, unused bits zero.
Result<Bytes> decode_base64(std::string_view text) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto refusal = fail(Code::kBadRequest, "expected base64");
    if (text.size() % 4 != 0) {
        return refusal;
    }
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
    Bytes bytes;
    bytes.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char c : text.substr(0, text.size() - padding)) {
        const std::size_t value = kAlphabet.find(c);
        if (value == std::string_view::npos) {
            return refusal;
        }
        bits = (bits << 6U | static_cast<std::uint32_t>(value)) & 0xfffU;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes.push_back(static_cast<char>(static_cast<std::uint8_t>(bits >> held)));
        }
    }
    if ((bits & ((1U << held) - 1)) != 0) {
        return refusal;
    }
    return bytes;
}

json::string text_of(std::string_view text) { return json::string(text.data(), text.size()); }

json::object json_of(const VerifiedFact& fact) {
    json::object out;
    out["kind"] = text_of(name(fact.kind));
    out["height"] = fact.height.value;
    out["time_ms"] = fact.time.value;
    if (fact.kind == FactKind::kReceipt) {
        out["receipt"] = text_of(to_hex(fact.receipt));
    } else if (fact.kind == FactKind::kCheckpoint) {
        out["digest"] = text_of(fact.digest.hex());
        out["audits"] = fact.audits.size();
    } else {
        out["key"] = text_of(to_hex(fact.key));
    }
    if (fact.kind == FactKind::kHeld || fact.kind == FactKind::kHeldAt) {
        out["value"] = text_of(to_hex(fact.value));
        out["since"] = fact.since.value;
    }
    if (fact.kind == FactKind::kHeldAt || fact.kind == FactKind::kAbsentAt) {
        out["at"] = fact.at.value;
    }
    out["network"] = text_of(fact.network);
    out["profile"] = fact.chain.profile == ChainProfile::kDemo ? "demo" : "production";
    out["certified_height"] = fact.certified_height.value;
    out["epoch"] = fact.epoch.value;
    out["set_changes"] = fact.set_changes;
    return out;
}

Result<Answer> voucher_verify_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const Bytes digest, hex_field(question, "genesis_digest"));
    SANQUAN_TRY_ASSIGN(const std::string_view encoded, text_field(question, "voucher"));
    SANQUAN_TRY_ASSIGN(const ChainId genesis, ChainId::from_bytes(digest));
    SANQUAN_TRY_ASSIGN(const Bytes voucher, decode_base64(encoded));
    SANQUAN_TRY_ASSIGN(const VerifiedFact fact, verify_voucher(genesis, voucher));
    return Answer::accepted(json_of(fact));
}

}  // namespace

std::span<const OpEntry> certificate_ops() {
    static constexpr auto kOps = std::to_array<OpEntry>({
        {"cert.verify", cert_verify_op},
        {"voucher.verify", voucher_verify_op},
    });
    return kOps;
}

}  // namespace sanquan::vectors
