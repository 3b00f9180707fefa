#include "tests/sim/checker.h"

#include <algorithm>

namespace sanquan::sim {

using namespace consensus;

namespace {

std::string where(NodeId node, const Vote& vote) {
    return "node " + std::to_string(node) + " epoch " + std::to_string(vote.epoch.value) +
           " view " + std::to_string(vote.view.value) + " " + std::string(to_string(vote.kind)) +
           " " + vote.digest.short_hex();
}

}  // namespace

void Checker::violation(const std::string& what) { violations_.push_back(what); }

// From the definition: the smallest number such that two such groups share one more than a third of
// the others.
std::size_t Checker::quorum() const {
    const std::size_t n = world_->options().validators;
    const std::size_t faulty = n == 0 ? 0 : (n - 1) / 3;
    return n - faulty;
}

void Checker::count(NodeId node, const Vote& vote) {
    auto& of_view = votes_[{vote.epoch.value, vote.view.value}];
    auto& signers = of_view[vote];
    if (!signers.insert(node).second || signers.size() < quorum()) {
        return;
    }
    for (const auto& [other, others] : of_view) {
        if (others.size() < quorum() || other == vote) {
            continue;
        }
        if (other.kind == vote.kind) {
            violation("unique-notarized: two quorums in " + where(node, vote));
        }
        if ((other.kind == VoteKind::kNullify && vote.kind == VoteKind::kFinalize) ||
            (other.kind == VoteKind::kFinalize && vote.kind == VoteKind::kNullify)) {
            violation("no-both: nullified and finalized in " + where(node, vote));
        }
        if (other.kind != VoteKind::kNullify && vote.kind != VoteKind::kNullify &&
            other.digest != vote.digest) {
            violation("unique-notarized: finalized another block than notarized in " +
                      where(node, vote));
        }
    }
}

void Checker::on_decided(NodeId node, const Vote& vote, View current, bool executed) {
    if (!honest(node) || !decided_.emplace(node, vote).second) {
        return;
    }
    if (vote.kind == VoteKind::kNotarize && vote.view != current) {
        violation("executed-only: notarize outside the current view: " + where(node, vote));
    }
    if (vote.kind == VoteKind::kNotarize && !supported(vote)) {
        violation("supported: no certificates below " + where(node, vote));
    }
    if (vote.kind == VoteKind::kFinalize && !executed) {
        violation("executed-only: finalize of a block that was not executed: " + where(node, vote));
    }
}

// Whether `vote` may stand on what exists: its block's parent notarized (or the epoch's base) in an earlier view, and a
// quorum of nullify votes for every view between.
bool Checker::supported(const Vote& vote) const {
    const Block& block = world_->block(vote.digest);
    const auto quorum_for = [this](const Vote& subject) {
        const auto of_view = votes_.find({subject.epoch.value, subject.view.value});
        if (of_view == votes_.end()) {
            return false;
        }
        const auto found = of_view->second.find(subject);
        return found != of_view->second.end() && found->second.size() >= quorum();
    };
    if (block.facts.epoch != vote.epoch) {
        return false;
    }
    // A block of an earlier view is a re-proposal: it stands on its own notarization.
    const bool again = block.facts.view < vote.view;
    const BlockDigest& below = again ? block.digest : block.facts.parent;
    for (std::uint64_t view = vote.view.value - 1;; --view) {
        if (view == 0) {
            const BlockFacts& base = world_->block(below).facts;
            return !again && (below == world_->genesis() ? vote.epoch.value == 0
                                                         : base.epoch.next() == vote.epoch &&
                                                               world_->is_boundary(base.height));
        }
        if (quorum_for({vote.epoch, View{view}, VoteKind::kNotarize, below}) ||
            quorum_for({vote.epoch, View{view}, VoteKind::kFinalize, below})) {
            return true;
        }
        if (!quorum_for({vote.epoch, View{view}, VoteKind::kNullify, {}})) {
            return false;
        }
    }
}

void Checker::on_vote(NodeId node, const SignedVote& signed_vote) {
    const Vote& vote = signed_vote.vote;
    if (!world_->verify(signed_vote)) {
        violation("signed for a seat that is not its own: " + where(node, vote));
    }
    count(node, vote);
    if (!honest(node)) {
        return;
    }
    const std::pair<NodeId, Place> at{node, {vote.epoch.value, vote.view.value}};
    if (vote.kind == VoteKind::kNotarize) {
        const auto [first, fresh] = notarized_.emplace(at, vote.digest);
        if (first->second != vote.digest) {
            violation("one-notarize: " + where(node, vote) + " after " + first->second.short_hex());
        }
        return;
    }
    auto& closing = closing_[at];
    closing.insert(vote.kind);
    if (closing.size() > 1) {
        violation("no-contradiction: nullify and finalize: " + where(node, vote));
    }
}

void Checker::on_villain_vote(const SignedVote& vote) {
    if (const auto seats = world_->validators(vote.vote.epoch);
        world_->verify(vote) && vote.signer.value < seats.size()) {
        count(seats[vote.signer.value], vote.vote);
    }
}

void Checker::on_proposal(NodeId node, const SignedProposal& signed_proposal) {
    const Proposal& proposal = signed_proposal.proposal;
    if (!honest(node)) {
        return;
    }
    const auto [first, fresh] = proposed_.emplace(
        std::pair{node, Place{proposal.epoch.value, proposal.view.value}}, proposal.digest);
    if (first->second != proposal.digest) {
        violation("one-proposal: node " + std::to_string(node) + " view " +
                  std::to_string(proposal.view.value) + ": " + proposal.digest.short_hex() +
                  " after " + first->second.short_hex());
    }
}

void Checker::on_commit(NodeId node, const Commit& commit) {
    if (!honest(node)) {
        return;
    }
    const Vote& subject = commit.finalization.subject;
    std::set<ReplicaIndex> members;
    for (const auto& [signer, signature] : commit.finalization.signatures) {
        members.insert(signer);
        if (signer.value >= world_->options().validators) {
            violation("real-quorum: signer outside the set");
        }
    }
    if (subject.kind != VoteKind::kFinalize || members.size() < quorum() ||
        members.size() != commit.finalization.signatures.size() ||
        !world_->verify(commit.finalization)) {
        violation("real-quorum: commit of node " + std::to_string(node) + " view " +
                  std::to_string(subject.view.value));
    }
    if (commit.blocks.empty() || commit.blocks.back().digest != subject.digest) {
        violation("real-quorum: the certificate is not for the last block");
        return;
    }
    for (const CommittedBlock& block : commit.blocks) {
        const std::uint64_t height = block.facts.height.value;
        const auto [agreed, fresh] = chain_.emplace(height, block.digest);
        if (agreed->second != block.digest) {
            violation("agreement: node " + std::to_string(node) + " height " +
                      std::to_string(height) + ": " + block.digest.short_hex() + " is not " +
                      agreed->second.short_hex());
        }
        // A height that this node caught up over is known by its successor's header.
        const auto before =
            chain_.emplace(height - 1, world_->block(block.digest).facts.parent).first;
        if (world_->block(block.digest).facts.parent != before->second ||
            (height == 1 && before->second != world_->genesis())) {
            violation("agreement: height " + std::to_string(height) +
                      " does not follow its parent");
        }
        if (!world_->block(block.digest).valid || !world_->block(block.digest).executable) {
            violation("executed-only: committed an impossible block at height " +
                      std::to_string(height));
        }
    }
    tips_[node] = std::max(tips_[node], commit.blocks.back().facts.height.value);
}

void Checker::on_evidence(NodeId node, const Evidence& evidence) {
    ++evidence_seen_;
    const auto accuse = [&](Epoch epoch, ReplicaIndex index, bool genuine, bool contradicts) {
        const auto seats = world_->validators(epoch);
        if (index.value >= seats.size() || !genuine || !contradicts) {
            violation("no-framing: evidence of node " + std::to_string(node) + " does not hold");
        } else if (honest(seats[index.value])) {
            violation("no-framing: node " + std::to_string(node) + " accuses honest node " +
                      std::to_string(seats[index.value]));
        }
    };
    if (const auto* votes = std::get_if<std::pair<SignedVote, SignedVote>>(&evidence.proof)) {
        const auto& [first, second] = *votes;
        accuse(first.vote.epoch, first.signer, world_->verify(first) && world_->verify(second),
               first.signer == second.signer && first.vote.epoch == second.vote.epoch &&
                   first.vote.view == second.vote.view && first.vote != second.vote);
    } else if (const auto* proposals =
                   std::get_if<std::pair<SignedProposal, SignedProposal>>(&evidence.proof)) {
        const auto& [first, second] = *proposals;
        accuse(first.proposal.epoch, first.proposal.leader,
               world_->verify(first) && world_->verify(second),
               first.proposal.leader == second.proposal.leader &&
                   first.proposal.epoch == second.proposal.epoch &&
                   first.proposal.view == second.proposal.view &&
                   first.proposal != second.proposal);
    } else {
        violation("agreement: node " + std::to_string(node) + " saw conflicting certificates");
    }
}

}  // namespace sanquan::sim
