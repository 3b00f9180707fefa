// The genesis file: the first state of a chain, its validators of epoch 0 and what never changes.
//
// A file is the canonical protobuf encoding of wire::Genesis; chain id = H("sanquan/genesis/v1" 0x00 || head) with the
// hash that the file names, where the head (wire::GenesisHead) holds validators and profile and the digest of the whole
// file. Read by nodes at start, by clients as trust anchor, made by `sanquan network create`.
#pragma once

#include "ledger/codec/genesis.pb.h"
#include "ledger/model/block.h"
#include "ledger/model/chain.h"

namespace sanquan {

// A genesis that passed every check of decode_genesis.
struct Genesis {
    Bytes bytes;  // the file
    wire::Genesis message;
    Chain chain;
};

constexpr std::size_t kGenesisBytesMax = 4U << 20U;

// Checks the file completely: canonical, bounded, ids and names well-formed and unique, keys
// admissible, roles and validators of known organisations, exactly one informatisation authority, a
// leading group with its quorum, one lead per sector, at least four validators or exactly one.
// kGenesisInvalid names the entry; kTooLong, kBadEncoding, kNotCanonical. Rule parameters are
// checked by contracts/genesis_state.h, which knows their list.
Result<Genesis> decode_genesis(ByteView file);

// The canonical wire::GenesisHead of a genesis file: what its digest covers, and all of it that proofs need.
Bytes genesis_head(const Genesis& genesis);

// What a genesis head says, bound to `id`: the chain with its profile, and the validators of epoch 0.
struct GenesisAnchor {
    Chain chain;
    std::string network;
    TimeMs time;
    ValidatorSet validators;
};
// kGenesisInvalid when `head` is not the one that `id` is the digest of; kTooLong, kBadEncoding, kNotCanonical, or the
// refusals of decode_validator_set.
Result<GenesisAnchor> decode_genesis_head(ByteView head, const ChainId& id);

// The validators of epoch 0.
ValidatorSet genesis_validators(const Genesis& genesis);

// What stands for block 0, which has no bytes of its own (its digest is genesis_block_digest):
// height, epoch and view 0, the genesis time, the validators. The genesis state's root stands in
// the header of block 1, as every result stands in the next header.
BlockHeader genesis_header(const Genesis& genesis);

}  // namespace sanquan
