#include "ledger/proof/voucher.h"

#include <algorithm>
#include <map>

#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/proof.pb.h"
#include "ledger/model/header_rules.h"
#include "ledger/model/wire_keys.h"
#include "ledger/proof/big_endian.h"
#include "ledger/proof/merkle.h"
#include "ledger/proof/state_proof.h"
#include "ledger/proof/trust.h"

namespace sanquan {
namespace {

using namespace std::string_view_literals;

constexpr std::uint32_t kFormat = 1;
constexpr int kAuditsMax = 64;
constexpr std::size_t kNodeNameBytesMax = 64;
constexpr int kHeadersMin = 2;
constexpr int kHeadersMax = static_cast<int>(limits::kUnfinalizedDepthMax) + 2;

auto wrong(const std::string& what) { return fail(Code::kProofInvalid, what); }

// Always SHA-256: it guards against damage, not against forgery, and must be known before the chain's hash is.
Digest checksum_of(const wire::Voucher& voucher) {
    wire::Voucher bare = voucher;
    bare.clear_checksum();
    return hash(HashAlgorithm::kSha256, {"sanquan/voucher/v1\0"sv, encode(bare)});
}

// The headers decoded, with their digests.
struct HeaderChain {
    std::vector<BlockHeader> headers;
    std::vector<BlockDigest> digests;
};

Result<HeaderChain> check_headers(const Chain& chain, const wire::Voucher& voucher) {
    if (voucher.headers_size() < kHeadersMin || voucher.headers_size() > kHeadersMax) {
        return fail(Code::kProofInvalid, "a voucher has 2 to 66 headers");
    }
    HeaderChain found;
    for (const Bytes& bytes : voucher.headers()) {
        SANQUAN_TRY_ASSIGN(const BlockHeader header, decode_header(bytes));
        if (header.chain != chain.id) {
            return fail(Code::kWrongChain, "a header is of another chain");
        }
        if (!found.headers.empty()) {
            SANQUAN_TRY(check_header(header, found.headers.back(), found.digests.back()));
        }
        found.headers.push_back(header);
        found.digests.push_back(block_digest(chain, bytes));
    }
    return found;
}

// The root that the siblings lead to, from the leaf up.
Result<MerkleRoot> follow_path(HashAlgorithm algorithm, const Digest& leaf,
                               const wire::MerklePath& path) {
    if (path.siblings_size() > static_cast<int>(kMerkleProofHashesMax) ||
        path.sides().size() != static_cast<std::size_t>(path.siblings_size())) {
        return fail(Code::kProofInvalid, "the path has one side a sibling, at most 64");
    }
    Digest node = leaf;
    for (int i = 0; i < path.siblings_size(); ++i) {
        SANQUAN_TRY_ASSIGN(const Digest sibling, Digest::from_bytes(path.siblings(i)));
        const char side = path.sides()[static_cast<std::size_t>(i)];
        if (side != 0 && side != 1) {
            return fail(Code::kProofInvalid, "a side is 0 or 1");
        }
        node = side == 1 ? merkle_node_hash(algorithm, sibling, node)
                         : merkle_node_hash(algorithm, node, sibling);
    }
    return MerkleRoot::from(node);
}

Status check_receipt(const wire::ReceiptClaim& claim, const HeaderChain& chain,
                     VerifiedFact& fact) {
    SANQUAN_TRY_ASSIGN(const auto receipt,
                       decode<wire::Receipt>(claim.receipt(), kVoucherBytesMax));
    if (receipt.height() != chain.headers[0].height.value) {
        return wrong("the receipt is of another block than the first header");
    }
    const auto root = follow_path(fact.chain.hash,
                                  merkle_leaf_hash(fact.chain.hash, claim.receipt()), claim.path());
    if (!root) {
        return tl::unexpected(root.error());
    }
    if (*root != chain.headers[1].receipts_root) {
        return wrong("the receipt does not lead to receipts_root");
    }
    fact.kind = FactKind::kReceipt;
    fact.receipt = claim.receipt();
    return {};
}

// Every key of the ledger is visible ASCII. Any other is absent without saying anything, and would
// print as it pleases.
bool is_state_key(ByteView key) {
    return !key.empty() &&
           std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c <= '~'; });
}

Status check_state(const wire::StateClaim& claim, const HeaderChain& chain, VerifiedFact& fact) {
    const StateRoot& root = chain.headers[1].state_root;
    const HashAlgorithm algorithm = fact.chain.hash;
    if (!is_state_key(claim.key())) {
        return fail(Code::kBadText, "a state key is visible ASCII");
    }
    SANQUAN_TRY_ASSIGN(const StateClaim kind, claim_of(claim.proof()));
    const Height at{claim.at()};
    const bool past = kind == StateClaim::kHeldAt || kind == StateClaim::kAbsentAt;
    if (!past && at.value != 0) {
        return wrong("a claim about the present names no height");
    }
    fact.key = claim.key();
    fact.at = at;
    HeldValue held;
    switch (kind) {
        case StateClaim::kHeld: {
            SANQUAN_TRY_ASSIGN(held, verify_held(algorithm, root, claim.key(), claim.proof()));
            fact.kind = FactKind::kHeld;
            break;
        }
        case StateClaim::kAbsent:
            SANQUAN_TRY(verify_absent(algorithm, root, claim.key(), claim.proof()));
            fact.kind = FactKind::kAbsent;
            break;
        case StateClaim::kHeldAt: {
            SANQUAN_TRY_ASSIGN(held, verify_held_at(algorithm, root, chain.headers[0].height,
                                                    claim.key(), at, claim.proof()));
            fact.kind = FactKind::kHeldAt;
            break;
        }
        case StateClaim::kAbsentAt:
            SANQUAN_TRY(verify_absent_at(algorithm, root, chain.headers[0].height, claim.key(), at,
                                         claim.proof()));
            fact.kind = FactKind::kAbsentAt;
            break;
    }
    fact.value = std::move(held.value);
    fact.since = held.since;
    return {};
}

Status check_certificate(const TrustChain& trust, const wire::Voucher& voucher,
                         const HeaderChain& chain, VerifiedFact& fact) {
    const BlockHeader& last = chain.headers.back();
    const ValidatorSet* set = trust.set_of(last.epoch);
    if (set == nullptr) {
        return fail(
            Code::kCertificateInvalid,
            last.epoch < trust.first
                ? "certified in epoch " + std::to_string(last.epoch.value) +
                      ", before the anchor's epoch " + std::to_string(trust.first.value) +
                      ": verify from genesis"
                : "the trust file does not reach epoch " + std::to_string(last.epoch.value));
    }
    if (last.validators != validator_set_digest(trust.chain, encode_validator_set(*set))) {
        return fail(Code::kCertificateInvalid, "the header names another validator set");
    }
    SANQUAN_TRY(check_finalization(trust.chain, *set, voucher.certificate(), chain.digests.back()));
    fact.epoch = last.epoch;
    fact.set_changes = last.epoch.value - trust.first.value;
    fact.certified_height = last.height;
    fact.certified_time = last.time;
    fact.validators = set->validators.size();
    for (const auto& signature : voucher.certificate().signatures()) {
        fact.signers.push_back(set->validators[signature.index()].name);
    }
    return {};
}

// What an audit node signs of a checkpoint.
Bytes checkpoint_message(const Chain& chain, Height height, const BlockDigest& digest) {
    Bytes statement;
    append_u64(statement, height.value);
    statement += digest.view();
    return domain_message("checkpoint", chain.id, statement);
}

Status check_checkpoint(const wire::CheckpointClaim& claim, const HeaderChain& chain,
                        VerifiedFact& fact) {
    if (claim.audits_size() > kAuditsMax) {
        return fail(Code::kTooLong, "at most 64 audit signatures");
    }
    const Bytes message = checkpoint_message(fact.chain, chain.headers[0].height, chain.digests[0]);
    const std::string* previous = nullptr;
    for (const auto& audit : claim.audits()) {
        SANQUAN_TRY(check_name(audit.node(), kNodeNameBytesMax));
        if (previous != nullptr && audit.node() <= *previous) {
            return wrong("audit nodes do not stand in increasing order");
        }
        previous = &audit.node();
        SANQUAN_TRY_ASSIGN(const PublicKey key, from_wire(audit.key()));
        if (!verify(key, message, audit.signature())) {
            return wrong("the signature of audit node " + audit.node() + " does not verify");
        }
        SANQUAN_TRY_ASSIGN(const SpkiHash pin, spki_hash(key));
        if (std::any_of(fact.audits.begin(), fact.audits.end(),
                        [&](const auto& earlier) { return earlier.pin == pin; })) {
            return wrong("audit node " + audit.node() + " signs with another's key");
        }
        fact.audits.push_back({audit.node(), pin});
    }
    fact.kind = FactKind::kCheckpoint;
    return {};
}

Result<wire::Voucher> decode_voucher(ByteView bytes) {
    SANQUAN_TRY_ASSIGN(auto voucher, decode<wire::Voucher>(bytes, kVoucherBytesMax));
    if (voucher.format() != kFormat) {
        return fail(Code::kUnsupported, "voucher format " + std::to_string(voucher.format()));
    }
    if (voucher.checksum() != checksum_of(voucher).view()) {
        return fail(Code::kProofInvalid, "checksum: the file was changed after it was made");
    }
    return voucher;
}

Status check_voucher(const wire::Voucher& voucher, const TrustChain& trust, VerifiedFact& fact) {
    fact.chain = trust.chain;
    fact.network = trust.network;
    SANQUAN_TRY_ASSIGN(const HeaderChain chain, check_headers(trust.chain, voucher));
    SANQUAN_TRY(check_certificate(trust, voucher, chain, fact));
    fact.height = chain.headers[0].height;
    fact.time = chain.headers[0].time;
    fact.digest = chain.digests[0];
    switch (voucher.claim_case()) {
        case wire::Voucher::kReceipt:
            return check_receipt(voucher.receipt(), chain, fact);
        case wire::Voucher::kState:
            return check_state(voucher.state(), chain, fact);
        case wire::Voucher::kCheckpoint:
            return check_checkpoint(voucher.checkpoint(), chain, fact);
        case wire::Voucher::CLAIM_NOT_SET:
            break;
    }
    return fail(Code::kMissingField, "the voucher makes no claim");
}

Result<wire::Voucher> start_voucher(const VoucherParts& parts) {
    wire::Voucher voucher;
    voucher.set_format(kFormat);
    voucher.set_trust(parts.trust);
    for (const Bytes& header : parts.headers) {
        voucher.add_headers(header);
    }
    SANQUAN_TRY_ASSIGN(*voucher.mutable_certificate(),
                       decode<wire::Certificate>(parts.certificate, limits::kCertificateBytesMax));
    return voucher;
}

Bytes seal(wire::Voucher& voucher) {
    voucher.set_checksum(checksum_of(voucher).bytes());
    return encode(voucher);
}

// Siblings and sides of leaf `index`, as RFC 6962 splits a list: at the largest power of two below its size.
void add_path(HashAlgorithm algorithm, std::span<const Digest> leaves, std::size_t index,
              wire::MerklePath& path) {
    if (leaves.size() <= 1) {
        return;
    }
    std::size_t split = 1;
    while (split * 2 < leaves.size()) {
        split *= 2;
    }
    const auto left = leaves.first(split);
    const auto right = leaves.subspan(split);
    const bool in_left = index < split;
    add_path(algorithm, in_left ? left : right, in_left ? index : index - split, path);
    path.add_siblings(merkle_root(algorithm, in_left ? right : left).bytes());
    path.mutable_sides()->push_back(in_left ? '\0' : '\1');
}

}  // namespace

std::string_view name(FactKind kind) {
    switch (kind) {
        case FactKind::kReceipt:
            return "receipt";
        case FactKind::kHeld:
            return "held";
        case FactKind::kAbsent:
            return "absent";
        case FactKind::kHeldAt:
            return "held-at";
        case FactKind::kAbsentAt:
            return "absent-at";
        case FactKind::kCheckpoint:
            return "checkpoint";
    }
    return "";
}

Result<VerifiedFact> verify_voucher(const ChainId& genesis, ByteView bytes) {
    SANQUAN_TRY_ASSIGN(const auto voucher, decode_voucher(bytes));
    SANQUAN_TRY_ASSIGN(const TrustChain trust, verify_trust(genesis, voucher.trust()));
    VerifiedFact fact;
    fact.anchor_time = trust.genesis_time;
    fact.anchor_digest = genesis_block_digest(trust.chain);
    SANQUAN_TRY(check_voucher(voucher, trust, fact));
    return fact;
}

Result<VerifiedFact> verify_voucher(const Anchor& anchor, ByteView checkpoint, ByteView bytes) {
    SANQUAN_TRY_ASSIGN(const auto base, decode_voucher(checkpoint));
    if (base.headers_size() == 0 || !base.has_checkpoint()) {
        return wrong("the anchor's file is no checkpoint");
    }
    SANQUAN_TRY_ASSIGN(const BlockHeader header, decode_header(base.headers(0)));
    SANQUAN_TRY_ASSIGN(const ValidatorSet set,
                       claimed_set(header.chain, base.trust(), header.epoch));
    SANQUAN_TRY_ASSIGN(const auto voucher, decode_voucher(bytes));
    SANQUAN_TRY_ASSIGN(const TrustChain trust,
                       verify_trust_from(header.chain, set, voucher.trust()));
    // The digest covers the header, the header names chain and set: all of it follows from the anchor.
    if (header.height != anchor.height ||
        block_digest(trust.chain, base.headers(0)) != anchor.digest) {
        return wrong("the checkpoint's file is of another block than the anchor");
    }
    if (set.epoch != header.epoch ||
        header.validators != validator_set_digest(trust.chain, encode_validator_set(set))) {
        return wrong("the checkpoint's file shows another validator set than its header names");
    }
    VerifiedFact fact;
    fact.anchor_height = anchor.height;
    fact.anchor_digest = anchor.digest;
    fact.anchor_epoch = header.epoch;
    fact.anchor_time = header.time;
    SANQUAN_TRY(check_voucher(voucher, trust, fact));
    for (const Bytes& shown : voucher.headers()) {
        SANQUAN_TRY_ASSIGN(const BlockHeader other, decode_header(shown));
        if (other.height == anchor.height && block_digest(trust.chain, shown) != anchor.digest) {
            return wrong("the voucher shows another block at the anchor's height");
        }
    }
    return fact;
}

Result<Bytes> make_receipt_voucher(const Chain& chain, const VoucherParts& parts,
                                   const std::vector<Bytes>& receipts, std::uint32_t index) {
    SANQUAN_TRY_ASSIGN(auto voucher, start_voucher(parts));
    if (index >= receipts.size()) {
        return fail(Code::kNotFound, "the block has no receipt " + std::to_string(index));
    }
    std::vector<Digest> leaves;
    for (const Bytes& receipt : receipts) {
        leaves.push_back(merkle_leaf_hash(chain.hash, receipt));
    }
    voucher.mutable_receipt()->set_receipt(receipts[index]);
    add_path(chain.hash, leaves, index, *voucher.mutable_receipt()->mutable_path());
    return seal(voucher);
}

Result<Bytes> make_state_voucher(const Chain& chain, const VoucherParts& parts, ByteView key,
                                 ByteView proof, std::optional<Height> at) {
    SANQUAN_ASSERT(parts.headers.size() >= 2 && !chain.id.is_zero());
    SANQUAN_TRY_ASSIGN(auto voucher, start_voucher(parts));
    voucher.mutable_state()->set_key(Bytes(key));
    voucher.mutable_state()->set_proof(Bytes(proof));
    voucher.mutable_state()->set_at(at.value_or(Height{}).value);
    return seal(voucher);
}

Result<Bytes> make_checkpoint(const Chain& chain, const VoucherParts& parts,
                              const std::string& node, const SigningKey* auditor) {
    SANQUAN_TRY_ASSIGN(auto voucher, start_voucher(parts));
    auto& claim = *voucher.mutable_checkpoint();
    if (auditor != nullptr) {
        SANQUAN_TRY_ASSIGN(const BlockHeader header, decode_header(parts.headers.at(0)));
        auto& audit = *claim.add_audits();
        audit.set_node(node);
        *audit.mutable_key() = to_wire(auditor->public_key());
        audit.set_signature(auditor->sign(
            checkpoint_message(chain, header.height, block_digest(chain, parts.headers.at(0)))));
    }
    return seal(voucher);
}

Result<Bytes> without_audits(ByteView checkpoint) {
    SANQUAN_TRY_ASSIGN(auto voucher, decode_voucher(checkpoint));
    if (!voucher.has_checkpoint()) {
        return wrong("no checkpoint");
    }
    voucher.mutable_checkpoint()->clear_audits();
    return seal(voucher);
}

Result<Bytes> add_audit(ByteView checkpoint, ByteView other, const std::string& node,
                        const SpkiHash& pin) {
    SANQUAN_TRY_ASSIGN(auto joined, decode_voucher(checkpoint));
    SANQUAN_TRY_ASSIGN(const auto more, decode_voucher(other));
    if (!joined.has_checkpoint() || !more.has_checkpoint() || joined.headers_size() == 0 ||
        more.headers_size() == 0 || joined.headers(0) != more.headers(0)) {
        return wrong("the checkpoints are of different blocks");
    }
    std::map<std::string, wire::AuditSignature> audits;
    for (const auto& audit : joined.checkpoint().audits()) {
        audits.emplace(audit.node(), audit);
    }
    const std::size_t before = audits.size();
    for (const auto& audit : more.checkpoint().audits()) {
        const auto key = from_wire(audit.key());
        const auto known = key ? spki_hash(*key) : fail(Code::kKeyInvalid);
        if (known && *known == pin) {
            audits.emplace(node, audit).first->second.set_node(node);
            break;
        }
    }
    if (audits.size() == before) {
        return wrong("no signature of the audit key " + pin.hex() + " to add under " + node);
    }
    joined.mutable_checkpoint()->clear_audits();
    for (auto& [name, audit] : audits) {
        *joined.mutable_checkpoint()->add_audits() = std::move(audit);
    }
    return seal(joined);
}

}  // namespace sanquan
