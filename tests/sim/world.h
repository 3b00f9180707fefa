// The simulated world: who exists, which blocks were ever built, and signatures that only their
// owner can make.
//
// Global truth for the simulator, the scenarios and the checkers. Replicas never see it; SimNode
// answers their questions from it as a real node would from its store.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "consensus/event.h"
#include "consensus/message.h"

namespace sanquan::sim {

using NodeId = std::uint16_t;

struct Block {
    BlockDigest digest;
    consensus::BlockFacts facts;
    std::set<std::uint32_t> transactions;
    bool valid = true;       // passes the checks before a vote
    bool executable = true;  // can be executed on its parent
};

struct WorldOptions {
    std::uint16_t nodes =
        4;  // all that exist; the last ones may be outside the first validator set
    std::uint16_t validators = 4;    // size of every epoch's set
    std::uint64_t epoch_blocks = 0;  // every so many blocks a boundary; 0: one epoch for ever
};

class World {
  public:
    explicit World(const WorldOptions& options);

    [[nodiscard]] const WorldOptions& options() const { return options_; }

    // Node ids of an epoch's validators, in index order. With more nodes than seats, one more node
    // leaves and joins per epoch.
    [[nodiscard]] std::vector<NodeId> validators(Epoch epoch) const;
    [[nodiscard]] std::optional<ReplicaIndex> index_of(Epoch epoch, NodeId node) const;
    [[nodiscard]] consensus::EpochInfo epoch_info(
        Epoch epoch, NodeId node, const BlockDigest& base, Height height,
        std::optional<consensus::Certificate> certificate) const;

    [[nodiscard]] const BlockDigest& genesis() const { return genesis_; }
    // A new block; its digest covers everything in it and `salt`.
    const Block& create(const consensus::BlockFacts& facts,
                        const std::set<std::uint32_t>& transactions, std::uint64_t salt,
                        bool valid = true, bool executable = true);
    [[nodiscard]] const Block& block(const BlockDigest& digest) const;
    [[nodiscard]] bool exists(const BlockDigest& digest) const { return blocks_.contains(digest); }
    [[nodiscard]] bool is_boundary(Height height) const {
        return options_.epoch_blocks > 0 && height.value > 0 &&
               height.value % options_.epoch_blocks == 0;
    }

    // Signatures: only code acting for `node` calls sign with its id.
    [[nodiscard]] static Bytes sign(NodeId node, const consensus::Vote& vote);
    [[nodiscard]] static Bytes sign(NodeId node, const consensus::Proposal& proposal);
    [[nodiscard]] static Bytes sign(NodeId node, const consensus::ViewReport& report);
    // What the node's verifier does: every signature, nested certificates included, against the
    // epoch's set.
    [[nodiscard]] bool verify(const consensus::SignedVote& vote) const;
    [[nodiscard]] bool verify(const consensus::SignedProposal& proposal) const;
    [[nodiscard]] bool verify(const consensus::Certificate& certificate) const;
    [[nodiscard]] bool verify(const consensus::SignedViewReport& report) const;

  private:
    WorldOptions options_;
    BlockDigest genesis_;
    std::map<BlockDigest, Block> blocks_;
};

// A well-mixed digest of any text, for block digests and signatures.
BlockDigest digest_of(const std::string& text);

}  // namespace sanquan::sim
