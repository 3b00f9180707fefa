// Blocks, their headers and validator sets as values beside the bytes that they came in (D6).
//
// A block's digest is the domain digest "block" of its header bytes; the header names everything else by root or digest.
// Used by node, proofs and clients. Stateless; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/crypto/signature.h"
#include "ledger/model/chain.h"

namespace sanquan {

struct BlockHeader {
    ChainId chain;
    Epoch epoch;
    Height height;
    View view;
    TimeMs time;
    BlockDigest parent;             // of genesis: the chain id
    MerkleRoot transactions_root;   // RFC 6962 over SignedTransaction bytes
    ValidatorSetDigest validators;  // the set that certifies this block
    ValidatorSetDigest next_validators;
    std::uint64_t history_size = 0;  // digests of all blocks below this one, genesis first
    MerkleRoot history_root;
    StateRoot state_root;      // after the parent's execution
    MerkleRoot receipts_root;  // of the parent
    ReplicaIndex proposer;
    auto operator<=>(const BlockHeader&) const = default;

    // The last block of its epoch: its successor is certified by another set.
    [[nodiscard]] bool is_boundary() const { return validators != next_validators; }
};

Bytes encode_header(const BlockHeader& header);
// kBadEncoding, kNotCanonical, kBadLength.
Result<BlockHeader> decode_header(ByteView bytes);
BlockDigest block_digest(const Chain& chain, ByteView header_bytes);

// The digest that stands for genesis: parent of block 1, first leaf of the history, base of epoch 0.
inline BlockDigest genesis_block_digest(const Chain& chain) { return BlockDigest::from(chain.id); }

struct Block {
    Bytes raw;  // canonical wire::Block
    BlockHeader header;
    Bytes header_bytes;
    BlockDigest digest;
    std::vector<Bytes> transactions;  // encoded SignedTransaction
};

Bytes encode_block(ByteView header_bytes, const std::vector<Bytes>& transactions);
// Size, canonical form, chain; transactions stay opaque and their root unchecked.
// kTooLong, kBadEncoding, kNotCanonical, kBadLength, kWrongChain.
Result<Block> decode_block(Bytes raw, const Chain& chain);

struct Validator {
    std::string organisation;
    std::string name;  // of the node
    PublicKey vote_key;
    Digest tls_key;  // SHA-256 of the SubjectPublicKeyInfo
    bool operator==(const Validator&) const = default;
};

// Position in `validators` is the ReplicaIndex of the epoch.
struct ValidatorSet {
    Epoch epoch;
    std::vector<Validator> validators;
    bool operator==(const ValidatorSet&) const = default;
};

Bytes encode_validator_set(const ValidatorSet& set);
// At least one, at most limits::kValidatorsMax validators, no vote key or TLS key twice.
// kBadEncoding, kNotCanonical, kKeyInvalid, kTooLong, kBadRequest.
Result<ValidatorSet> decode_validator_set(ByteView bytes);
ValidatorSetDigest validator_set_digest(const Chain& chain, ByteView encoded);

}  // namespace sanquan
