#include "ledger/proof/trust.h"

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/proof.pb.h"

namespace sanquan {
namespace {

constexpr std::uint32_t kFormat = 1;
constexpr std::size_t kVoteBytesMax = 256;

// q = n - floor((n - 1) / 3), as in consensus/quorum.h.
std::size_t quorum_of(std::size_t validators) { return validators - (validators - 1) / 3; }

auto bad(const std::string& what) { return fail(Code::kCertificateInvalid, what); }

Result<wire::TrustFile> decode_file(ByteView bytes) {
    SANQUAN_TRY_ASSIGN(auto file, decode<wire::TrustFile>(bytes, kTrustBytesMax));
    if (file.format() != kFormat) {
        return fail(Code::kUnsupported, "trust file format " + std::to_string(file.format()));
    }
    return file;
}

Status apply_change(const wire::SetChange& change, TrustChain& trust) {
    const ValidatorSet& before = trust.sets.back();
    SANQUAN_TRY_ASSIGN(const BlockHeader header, decode_header(change.header()));
    if (header.chain != trust.chain.id || header.epoch != before.epoch ||
        header.validators != validator_set_digest(trust.chain, encode_validator_set(before)) ||
        !header.is_boundary()) {
        return fail(Code::kBlockInvalid, "a set change does not follow from the set before");
    }
    SANQUAN_TRY(check_finalization(trust.chain, before, change.certificate(),
                                   block_digest(trust.chain, change.header())));
    SANQUAN_TRY_ASSIGN(ValidatorSet next, decode_validator_set(change.validator_set()));
    if (next.epoch != before.epoch.next() ||
        header.next_validators != validator_set_digest(trust.chain, change.validator_set())) {
        return fail(Code::kBlockInvalid, "a set change shows another set than its block names");
    }
    trust.sets.push_back(std::move(next));
    return {};
}

}  // namespace

const ValidatorSet* TrustChain::set_of(Epoch epoch) const {
    return epoch >= first && epoch.value - first.value < sets.size()
               ? &sets[epoch.value - first.value]
               : nullptr;
}

Status check_finalization(const Chain& chain, const ValidatorSet& set,
                          const wire::Certificate& certificate, const BlockDigest& digest) {
    const auto vote = decode<wire::Vote>(certificate.vote(), kVoteBytesMax);
    if (!vote) {
        return bad("its vote cannot be decoded");
    }
    if (vote->kind() != wire::FINALIZE || vote->epoch() != set.epoch.value ||
        vote->digest() != digest.view()) {
        return bad("it does not finalize the block");
    }
    const auto count = static_cast<std::size_t>(certificate.signatures_size());
    if (count < quorum_of(set.validators.size()) || count > set.validators.size()) {
        return bad(std::to_string(count) + " signatures, a quorum has " +
                   std::to_string(quorum_of(set.validators.size())));
    }
    const Bytes message = domain_message("vote", chain.id, certificate.vote());
    std::int64_t previous = -1;
    for (const auto& signature : certificate.signatures()) {
        const auto index = static_cast<std::int64_t>(signature.index());
        if (index <= previous || index >= static_cast<std::int64_t>(set.validators.size())) {
            return bad("signers do not stand in increasing order within the set");
        }
        previous = index;
        const Validator& validator = set.validators[static_cast<std::size_t>(index)];
        if (!verify(validator.vote_key, message, signature.signature())) {
            return bad("the signature of " + validator.name + " does not verify");
        }
    }
    return {};
}

Result<TrustChain> verify_trust(const ChainId& genesis, ByteView trust_file) {
    SANQUAN_TRY_ASSIGN(const auto file, decode_file(trust_file));
    SANQUAN_TRY_ASSIGN(auto anchor, decode_genesis_head(file.genesis_head(), genesis));
    TrustChain trust{anchor.chain, std::move(anchor.network), anchor.time, {}, Epoch{}};
    trust.sets.push_back(std::move(anchor.validators));
    for (const auto& change : file.changes()) {
        SANQUAN_TRY(apply_change(change, trust));
    }
    return trust;
}

Result<TrustChain> verify_trust_from(const ChainId& chain, const ValidatorSet& start,
                                     ByteView trust_file) {
    SANQUAN_TRY_ASSIGN(const auto file, decode_file(trust_file));
    SANQUAN_TRY_ASSIGN(auto head, decode_genesis_head(file.genesis_head(), chain));
    TrustChain trust{head.chain, std::move(head.network), head.time, {start}, start.epoch};
    for (int i = 0; i < file.changes_size(); ++i) {
        if (static_cast<std::uint64_t>(i) >= start.epoch.value) {
            SANQUAN_TRY(apply_change(file.changes(i), trust));
        }
    }
    return trust;
}

Result<ValidatorSet> claimed_set(const ChainId& chain, ByteView trust_file, Epoch epoch) {
    SANQUAN_TRY_ASSIGN(const auto file, decode_file(trust_file));
    if (epoch.value == 0) {
        SANQUAN_TRY_ASSIGN(auto head, decode_genesis_head(file.genesis_head(), chain));
        return std::move(head.validators);
    }
    if (epoch.value > static_cast<std::uint64_t>(file.changes_size())) {
        return bad("the trust file does not reach epoch " + std::to_string(epoch.value));
    }
    return decode_validator_set(file.changes(static_cast<int>(epoch.value - 1)).validator_set());
}

bool is_trust_file(ByteView bytes) { return decode_file(bytes).has_value(); }

Bytes make_trust_file(const Genesis& genesis) {
    wire::TrustFile file;
    file.set_format(kFormat);
    file.set_genesis_head(genesis_head(genesis));
    return encode(file);
}

}  // namespace sanquan
