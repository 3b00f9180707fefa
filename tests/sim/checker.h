// The independent checker: watches every signature, commit and certificate, and restates the
// promises of the protocol from their definition. It uses no code of consensus/ but the plain
// structs.
//
// Checked at every observation:
//   agreement        all honest chains are prefixes of one chain, block by block, heights without
//   gaps one-notarize     an honest validator notarizes one block per view, across restarts
//   one-proposal     an honest leader proposes one block per view, across restarts
//   no-contradiction an honest validator never both nullifies and finalizes a view, across restarts
//   unique-notarized votes of a quorum exist for at most one block of a view
//   no-both          no view has quorums of both nullify and finalize votes
//   executed-only    an honest validator finalizes only what it executed; notarizes only in its
//   current view real-quorum      a commit's certificate has a quorum of distinct members of its
//   epoch, genuinely signed no-framing       evidence never names an honest validator
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "consensus/effects.h"
#include "tests/sim/world.h"

namespace sanquan::sim {

class Checker {
  public:
    explicit Checker(const World& world) : world_(&world) {}

    void set_faulty(NodeId node) { faulty_.insert(node); }
    // An honest node whose past votes are excused because its operator erased its log without
    // telling (scripted).
    [[nodiscard]] bool honest(NodeId node) const { return !faulty_.contains(node); }

    // `current` is the signer's view at the moment of decision; `executed` whether it executed the
    // block.
    void on_decided(NodeId node, const consensus::Vote& vote, View current, bool executed);
    void on_vote(NodeId node, const consensus::SignedVote& vote);
    void on_proposal(NodeId node, const consensus::SignedProposal& proposal);
    void on_commit(NodeId node, const consensus::Commit& commit);
    void on_evidence(NodeId node, const consensus::Evidence& evidence);
    // A villain's vote: counts towards quorums, breaks no promise of its own.
    void on_villain_vote(const consensus::SignedVote& vote);

    [[nodiscard]] const std::vector<std::string>& violations() const { return violations_; }
    [[nodiscard]] std::uint64_t evidence_seen() const { return evidence_seen_; }
    [[nodiscard]] std::size_t agreed_height() const {
        return chain_.empty() ? 0 : chain_.rbegin()->first;
    }
    void violation(const std::string& what);

  private:
    using Place = std::pair<std::uint64_t, std::uint64_t>;  // epoch, view
    void count(NodeId node, const consensus::Vote& vote);
    [[nodiscard]] std::size_t quorum() const;
    [[nodiscard]] bool supported(const consensus::Vote& vote) const;

    const World* world_;
    std::set<NodeId> faulty_;
    std::set<std::pair<NodeId, consensus::Vote>> decided_;
    std::map<std::pair<NodeId, Place>, BlockDigest> notarized_;
    std::map<std::pair<NodeId, Place>, BlockDigest> proposed_;
    std::map<std::pair<NodeId, Place>, std::set<consensus::VoteKind>> closing_;
    std::map<Place, std::map<consensus::Vote, std::set<NodeId>>> votes_;
    std::map<std::uint64_t, BlockDigest> chain_;  // height to block, agreed by all
    std::map<NodeId, std::uint64_t> tips_;        // last height each node committed
    std::vector<std::string> violations_;
    std::uint64_t evidence_seen_ = 0;
};

}  // namespace sanquan::sim
