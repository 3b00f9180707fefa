// Everything that can happen to a replica. Time is ticks, randomness is an event, blocks are
// digests.
#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "consensus/message.h"

namespace sanquan::consensus {

// What a block's header says, as far as consensus cares. `boundary` = the last block of its epoch
// (a function of the block and its ancestors alone: its successor belongs to the next epoch).
struct BlockFacts {
    Epoch epoch;
    View view;
    Height height;
    BlockDigest parent;
    bool boundary = false;
    auto operator<=>(const BlockFacts&) const = default;
};

// The validators of one epoch, and the finalized block on which the epoch stands (genesis for epoch
// 0).
struct EpochInfo {
    Epoch epoch;
    std::uint16_t validators = 0;     // >= 4 in production, 1 for a single-node network
    std::optional<ReplicaIndex> own;  // empty: follow and finalize, never sign (audit, learner)
    BlockDigest base;                 // stands in view 0 of this epoch
    Height base_height;
    std::optional<Certificate>
        base_certificate;  // finalization of `base`, of the epoch before; none for genesis
};

// One tick of the node's steady clock has passed; the node fixes the length of a tick (default 10
// ms).
struct TickElapsed {};

struct MessageReceived {
    PeerNumber from;
    Incoming message;
};

// The node signed one of SignVotes' votes; that vote's record is durable. Only now is the vote
// counted and sent.
struct VoteSigned {
    SignedVote vote;
};

// The node signed one of SignProposals' proposals; its record and block are durable.
struct ProposalSigned {
    SignedProposal proposal;
};

// The node built a block for BuildPayload; `facts` are those of its header. It has checked its own
// block.
struct PayloadBuilt {
    View view;
    BlockDigest digest;
    BlockFacts facts;
};

// Answer to CheckPayload, once the block is here and its parent known. `ok`: the block may be voted
// for in `view`: well-formed, valid against its parent, time within the drift bound. `facts` are
// read from the header either way.
struct PayloadChecked {
    View view;
    BlockDigest digest;
    bool ok = false;
    BlockFacts facts;
};

// Answer to FetchBlock, or unasked: the node holds a block whose bytes hash to `digest` and whose
// header parses.
struct BlockAvailable {
    BlockDigest digest;
    BlockFacts facts;
};

// Answer to ExecutePayload: executed on its parent's state with all invariants holding, or
// impossible to execute. Answered only when decided; a block that still waits for its parent has no
// answer yet.
struct PayloadExecuted {
    BlockDigest digest;
    bool ok = false;
};

// Whether an admissible transaction or a result that no finalized header seals yet is waiting
// (SPEC 7.1). The replica adds the heartbeat, epoch re-proposals and unfinalized notarized blocks
// by itself.
struct WorkPending {
    bool pending = false;
};

// Whether the node has a connection to this validator; all count as reachable at first. A hint for
// the view timer and nothing else (SPEC 6.3).
struct ReachChanged {
    ReplicaIndex validator;
    bool reachable = false;
};

// Fresh randomness for DrawNonce.
struct NonceDrawn {
    Nonce nonce;
};

// The node has the boundary block's commit durable, and knows the next epoch's validators. Also
// after catching up over several epochs. Never earlier: votes of the new epoch must not outlive the
// block that it stands on.
struct EpochStarted {
    EpochInfo info;
};

// The node verified, executed and stored every block up to this finalized one by itself (answer to
// CatchUp).
struct CaughtUp {
    Certificate finalization;
    BlockFacts facts;
};

using Event = std::variant<TickElapsed, MessageReceived, VoteSigned, ProposalSigned, PayloadBuilt,
                           PayloadChecked, BlockAvailable, PayloadExecuted, WorkPending,
                           ReachChanged, NonceDrawn, EpochStarted, CaughtUp>;

}  // namespace sanquan::consensus
