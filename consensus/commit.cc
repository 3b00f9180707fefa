// From a finalization to its blocks: fetched, executed, handed over in height order
// (SPEC 4.3, 10.4).
#include "consensus/core.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {

void Replica::Core::need_block(const BlockDigest& digest) {
    if (digest == committed_.digest) {
        return;
    }
    BlockState& block = blocks_.entry(digest);
    if (!block.wanted) {
        block.wanted = true;
        follow_ancestors(digest);
    }
}

// The ancestors of a certified block are needed as well, down to the last committed one.
void Replica::Core::follow_ancestors(const BlockDigest& digest) {
    BlockDigest at = digest;
    for (std::size_t depth = 0; depth < limits::kFetchDepthMax; ++depth) {
        const auto facts = blocks_.facts(at);
        if (!facts || facts->height <= committed_.height.next() ||
            facts->height.value > committed_.height.value + limits::kFetchDepthMax) {
            return;
        }
        BlockState& parent = blocks_.entry(facts->parent);
        parent.wanted = true;
        need_execution(facts->parent);
        at = facts->parent;
    }
}

void Replica::Core::learn_facts(const BlockDigest& digest, const BlockFacts& facts) {
    BlockState& block = blocks_.entry(digest);
    // SPEC 10.6: an answer of the epoch before calls the base the boundary block that it was there;
    // here it is the block to build on.
    if (!block.facts || !enforced(Rule::kBaseStaysBase)) {
        block.facts = facts;
    }
    if (block.wanted) {
        follow_ancestors(digest);
    }
}

void Replica::Core::need_execution(const BlockDigest& digest) {
    BlockState& block = blocks_.entry(digest);
    if (!block.execute_asked && !block.executed) {
        block.execute_asked = true;
        effects_.execute.push_back({digest});
    }
}

void Replica::Core::on(const PayloadExecuted& event) {
    if (blocks_.find(event.digest) == nullptr) {
        return;
    }
    BlockState& block = blocks_.entry(event.digest);
    if (!block.executed) {
        block.executed = event.ok;
    }
    // A block known to be impossible before its view ended: end the view now.
    const auto current = views_.find(view_);
    if (!event.ok && current != views_.end() && current->second.proposal &&
        current->second.proposal->proposal.digest == event.digest) {
        refuse(current->second);
    }
}

bool Replica::Core::try_commit() {
    if (blocks_.is_boundary(finalized_.digest) && finalized_.view.value > 0 &&
        enforced(Rule::kSilentAfterBoundary)) {
        epoch_finished_ = true;  // SPEC 10.4: from here on this replica signs nothing in this epoch
    }
    bool progress = false;
    while (!uncommitted_.empty()) {
        const Certificate certificate = uncommitted_.begin()->second;
        const auto path =
            blocks_.path(certificate.subject.digest, committed_.digest, committed_.height);
        if (path.conflict) {
            uncommitted_.erase(uncommitted_.begin());
            if (committed_.certificate) {
                conflict(*committed_.certificate, certificate);
            }
            halted_ = true;
            continue;
        }
        if (path.missing) {
            need_block(*path.missing);
            break;
        }
        if (path.too_long) {
            ask_catch_up(PeerNumber{}, info_.epoch, certificate.subject.view);
            break;
        }
        if (path.blocks.size() > 1 && !enforced(Rule::kFinalizeAncestors)) {
            break;
        }
        Commit commit{{}, certificate};
        for (const BlockDigest& digest : path.blocks) {
            need_execution(digest);
            if (blocks_.executed(digest) != true) {
                // SPEC 11.5
                diverged_ = diverged_ || (blocks_.executed(digest) == false &&
                                          enforced(Rule::kStopWhenDiverged));
                return progress;
            }
            commit.blocks.push_back({digest, *blocks_.facts(digest)});
        }
        uncommitted_.erase(uncommitted_.begin());
        if (!commit.blocks.empty()) {
            const CommittedBlock& last = commit.blocks.back();
            committed_ = {certificate.subject.view, last.digest, last.facts.height,
                          last.facts.boundary, certificate};
            effects_.commit.push_back(std::move(commit));
        }
        progress = true;
    }
    if (progress) {
        prune();
    }
    return progress;
}

void Replica::Core::on(const CaughtUp& event) {
    const Vote& subject = event.finalization.subject;
    if (subject.epoch != info_.epoch || event.facts.height <= committed_.height) {
        return;
    }
    SANQUAN_ASSERT(subject.kind == VoteKind::kFinalize);
    committed_ = {subject.view, subject.digest, event.facts.height, event.facts.boundary,
                  event.finalization};
    BlockState& block = blocks_.entry(subject.digest);
    block.facts = event.facts;
    block.executed = true;
    std::erase_if(uncommitted_,
                  [&subject](const auto& waiting) { return waiting.first <= subject.view; });
    if (above_finalized(subject.view)) {
        finalized_ = committed_;
        finalized_durable_ = false;
        pacemaker_.on_finalized();
        if (subject.view >= view_) {
            enter_view(subject.view.next());
        }
    }
    prune();
}

void Replica::Core::prune() {
    // SPEC 5.2: nothing above the last finalized view is ever forgotten.
    views_.erase(views_.begin(), views_.upper_bound(finalized_.view));
    std::set<BlockDigest> keep{committed_.digest, finalized_.digest};
    const auto keep_path = [this, &keep](BlockDigest at) {
        while (at != committed_.digest && keep.insert(at).second) {
            const auto facts = blocks_.facts(at);
            if (!facts || facts->height <= committed_.height) {
                return;
            }
            at = facts->parent;
        }
    };
    for (const auto& [view, certificate] : uncommitted_) {
        keep.erase(certificate.subject.digest);
        keep_path(certificate.subject.digest);
    }
    for (const auto& [view, state] : views_) {
        if (state.proposal) {
            keep_path(state.proposal->proposal.digest);
            keep_path(state.proposal->proposal.parent);
        }
        if (state.own_proposal) {
            keep_path(state.own_proposal->digest);
        }
        if (state.notarization) {
            keep_path(state.notarization->subject.digest);
        }
    }
    blocks_.retain(keep);
}

}  // namespace sanquan::consensus
