#include "node/service/prover.h"

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/proof.pb.h"
#include "ledger/proof/trust.h"
#include "node/net/peer_message.h"

namespace sanquan::node {

Result<Block> Prover::load(Height height) const {
    SANQUAN_TRY_ASSIGN(Bytes raw, blocks_.block(height));
    return decode_block(std::move(raw), genesis_.chain);
}

Result<VoucherParts> Prover::parts_from(Height first) const {
    const Height head = blocks_.height().value_or(Height{});
    if (first.value == 0 || first >= head) {
        return fail(Code::kNotSealed, "block " + std::to_string(first.value) +
                                          " needs a successor; the head is " +
                                          std::to_string(head.value));
    }
    VoucherParts parts;
    parts.trust = make_trust_file(genesis_);
    SANQUAN_TRY_ASSIGN(parts.certificate, blocks_.certificate(first.next()));
    SANQUAN_TRY_ASSIGN(const auto certificate, decode_certificate(parts.certificate));
    const auto certified = blocks_.find_block(certificate.subject.digest);
    if (!certified || *certified < first.next() ||
        certified->value - first.value > limits::kUnfinalizedDepthMax) {
        return fail(Code::kNotSealed, "the finalized successor is not stored yet");
    }
    for (Height height = first; height <= *certified; height = height.next()) {
        SANQUAN_TRY_ASSIGN(const Block block, load(height));
        parts.headers.push_back(block.header_bytes);
    }
    return parts;
}

Result<Bytes> Prover::receipt(const TransactionId& id) const {
    SANQUAN_TRY_ASSIGN(const TransactionPlace place, blocks_.find_transaction(id));
    SANQUAN_TRY_ASSIGN(const VoucherParts parts, parts_from(place.height));
    SANQUAN_TRY_ASSIGN(const auto receipts, blocks_.receipts(place.height));
    return make_receipt_voucher(genesis_.chain, parts, receipts, place.index);
}

Result<Bytes> Prover::state(ByteView key, std::optional<Height> at) const {
    const Height head = blocks_.height().value_or(Height{});
    if (head.value < 2) {
        return fail(Code::kNotSealed, "no block's result is sealed yet");
    }
    const Height sealed{head.value - 1};
    const auto version = state_.snapshot_at(sealed);
    if (version == nullptr) {
        return fail(Code::kNotSealed, "the head moved meanwhile; ask again");
    }
    SANQUAN_TRY_ASSIGN(const VoucherParts parts, parts_from(sealed));
    Result<Bytes> proof = at ? version->prove_held_at(key, *at) : version->prove_held(key);
    if (!proof && proof.error().code == Code::kNotFound) {
        proof = at ? version->prove_absent_at(key, *at) : version->prove_absent(key);
    }
    if (!proof) {
        return proof;
    }
    return make_state_voucher(genesis_.chain, parts, key, *proof, at);
}

Result<Bytes> Prover::checkpoint(std::optional<Height> at, const std::string& node,
                                 const SigningKey* auditor) const {
    const Height head = blocks_.height().value_or(Height{});
    if (head.value < 2 || (at && at->value == 0)) {
        return fail(Code::kNotSealed,
                    "checkpoints begin with block 1; the head is " + std::to_string(head.value));
    }
    SANQUAN_TRY_ASSIGN(const VoucherParts parts, parts_from(at.value_or(Height{head.value - 1})));
    return make_checkpoint(genesis_.chain, parts, node, auditor);
}

Result<Bytes> Prover::trust_file() const { return make_trust_file(genesis_); }

Result<Bytes> Prover::consistency(Height older, Height newer) const {
    if (newer < older) {
        return fail(Code::kBadRequest, "the older height comes first");
    }
    wire::ConsistencyProof proof;
    proof.set_format(1);
    proof.set_older_size(older.value + 1);
    proof.set_newer_size(newer.value + 1);
    SANQUAN_TRY_ASSIGN(const MerkleRoot older_root, blocks_.history_root(older.value + 1));
    SANQUAN_TRY_ASSIGN(const MerkleRoot newer_root, blocks_.history_root(newer.value + 1));
    SANQUAN_TRY_ASSIGN(const MerkleProof path,
                       blocks_.history_consistency(older.value + 1, newer.value + 1));
    proof.set_older_root(older_root.bytes());
    proof.set_newer_root(newer_root.bytes());
    for (const Digest& digest : path) {
        proof.add_path(digest.bytes());
    }
    return encode(proof);
}

}  // namespace sanquan::node
