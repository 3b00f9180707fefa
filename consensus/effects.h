// What a step asks of the node.
//
// ORDER: the node runs the Effects of consecutive steps in order. Within one: (1) every `persist`
// is appended to the vote log, with the blocks named in it, and synced once; (2) `sign_votes`,
// `sign_proposals`, `reports` and `send` follow, only after that sync succeeded, else a crash lets
// a replica vote twice. Syncs of consecutive steps may be merged as long as nothing of (2)
// overtakes its own records. A failed sync stops the node. The other lists do not wait for the
// sync. If a signature cannot be made the node stops too.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "consensus/event.h"
#include "consensus/message.h"

namespace sanquan::consensus {

// One record for the vote log (consensus/record_codec.h). With `block` the body of that block is
// made durable in the same sync, no later, unless it already is: a certified block must never be
// one that nobody has after a power cut.
struct Persist {
    Bytes record;
    std::optional<BlockDigest> block;
};

struct Everyone {
    auto operator<=>(const Everyone&) const = default;
};

// All connected consensus peers (audit nodes included), one validator of the current epoch, or one
// connection.
using Target = std::variant<Everyone, ReplicaIndex, PeerNumber>;

// A SignedProposal is sent together with the block that it names.
struct Send {
    Target to;
    Message message;
};

// Sign, then send the SignedViewReport to `to`.
struct SignReport {
    PeerNumber to;
    ViewReport report;
};

// Build the block of `view` on `parent` (which is executed here) and answer PayloadBuilt. Header
// fields are given.
struct BuildPayload {
    Epoch epoch;
    View view;
    Height height;
    BlockDigest parent;
    View parent_view;
    bool empty_only = false;  // too many unfinalized blocks: no transactions in this one (limits.h)
};

// Is this proposal's block one that may be voted for? The block came with the proposal. Answer
// PayloadChecked.
struct CheckPayload {
    Proposal proposal;
};

// Validate fully and execute on the parent's state, on an overlay. The node waits for block and
// parent. Answer PayloadExecuted. Asked once per block; a block that is already executed is
// answered at once.
struct ExecutePayload {
    BlockDigest digest;
};

// This block is certified but not known here: ask `from` for it, or answer at once if the node has
// it. Repeated with other validators until BlockAvailable comes.
struct FetchBlock {
    BlockDigest digest;
    ReplicaIndex from;
};

struct CommittedBlock {
    BlockDigest digest;
    BlockFacts facts;
};

// `blocks` are final, in height order, following the last commit without a gap; all are executed ok
// here. The last one carries `finalization` (whose view is later than its header's when it is a
// re-proposed boundary block). After a boundary block no further commit comes before EpochStarted.
struct Commit {
    std::vector<CommittedBlock> blocks;
    Certificate finalization;
};

// Too far behind for block by block: fetch and verify ranges from several peers. With
// `finalization` that block is known to be final; without, `peer` merely speaks of a later epoch.
// Answer CaughtUp and EpochStarted.
struct CatchUp {
    Epoch epoch;
    View view;
    PeerNumber peer;
    std::optional<Certificate> finalization;
};

// Draw fresh random bytes and answer NonceDrawn.
struct DrawNonce {};

enum class EvidenceKind : std::uint8_t {
    kTwoNotarizes = 1,        // one signer, one view, two blocks
    kTwoFinalizes = 2,        // one signer, one view, two blocks
    kNullifyAndFinalize = 3,  // one signer, one view
    kTwoProposals = 4,        // one leader, one view, two proposals
    kConflictingCertificates =
        5,  // more than f validators are guilty: the replica has stopped signing
};

// Self-proving: both halves carry signatures over contradicting statements.
struct Evidence {
    EvidenceKind kind = EvidenceKind::kTwoNotarizes;
    std::variant<std::pair<SignedVote, SignedVote>, std::pair<SignedProposal, SignedProposal>,
                 std::pair<Certificate, Certificate>>
        proof;
};

struct Effects {
    std::vector<Persist> persist;
    std::vector<Vote> sign_votes;          // answer VoteSigned
    std::vector<Proposal> sign_proposals;  // answer ProposalSigned
    std::vector<SignReport> reports;
    std::vector<Send> send;
    std::vector<BuildPayload> build;
    std::vector<CheckPayload> check;
    std::vector<ExecutePayload> execute;
    std::vector<FetchBlock> fetch;
    std::vector<Commit> commit;
    std::vector<CatchUp> catch_up;
    std::vector<DrawNonce> draw_nonce;
    std::vector<Evidence> evidence;
};

}  // namespace sanquan::consensus
