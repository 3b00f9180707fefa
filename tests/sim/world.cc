#include "tests/sim/world.h"

#include "ledger/base/assert.h"

namespace sanquan::sim {
namespace {

using namespace consensus;

std::uint64_t mix(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15ULL;
    value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31U);
}

std::uint64_t hash_text(const std::string& text) {
    std::uint64_t value = 0xCBF29CE484222325ULL;
    for (const char c : text) {
        value = (value ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
    }
    return mix(value);
}

std::string text(const Vote& vote) {
    return "vote " + std::to_string(vote.epoch.value) + ' ' + std::to_string(vote.view.value) +
           ' ' + std::string(to_string(vote.kind)) + ' ' + vote.digest.hex();
}

Bytes sign_text(NodeId node, const std::string& content) {
    return std::to_string(node) + ':' +
           std::to_string(hash_text(std::to_string(node) + '|' + content));
}

std::string text(const Proposal& p) {
    return "proposal " + std::to_string(p.epoch.value) + ' ' + std::to_string(p.view.value) + ' ' +
           p.digest.hex() + ' ' + std::to_string(p.height.value) + ' ' + p.parent.hex() + ' ' +
           std::to_string(p.parent_view.value) + ' ' + std::to_string(p.leader.value);
}

std::string text(const ViewReport& report) {
    return "report " + std::to_string(report.epoch.value) + ' ' +
           std::to_string(report.reporter.value) + ' ' +
           std::string(report.nonce.begin(), report.nonce.end()) + ' ' +
           std::to_string(report.view.value);
}

}  // namespace

BlockDigest digest_of(const std::string& text) {
    BlockDigest digest;
    std::uint64_t value = hash_text(text);
    for (std::size_t i = 0; i < digest.octets.size(); i += 8) {
        for (std::size_t j = 0; j < 8; ++j) {
            digest.octets[i + j] = static_cast<std::uint8_t>(value >> (8 * j));
        }
        value = mix(value);
    }
    return digest;
}

World::World(const WorldOptions& options) : options_(options), genesis_(digest_of("genesis")) {
    Block block;
    block.digest = genesis_;
    blocks_.emplace(genesis_, block);
}

std::vector<NodeId> World::validators(Epoch epoch) const {
    std::vector<NodeId> seats;
    const std::uint64_t spare = options_.nodes - options_.validators;
    const std::uint64_t shift = spare == 0 ? 0 : epoch.value % options_.nodes;
    for (std::uint64_t i = 0; i < options_.validators; ++i) {
        seats.push_back(static_cast<NodeId>((shift + i) % options_.nodes));
    }
    return seats;
}

std::optional<ReplicaIndex> World::index_of(Epoch epoch, NodeId node) const {
    const auto seats = validators(epoch);
    for (std::size_t i = 0; i < seats.size(); ++i) {
        if (seats[i] == node) {
            return ReplicaIndex{static_cast<std::uint16_t>(i)};
        }
    }
    return std::nullopt;
}

EpochInfo World::epoch_info(Epoch epoch, NodeId node, const BlockDigest& base, Height height,
                            std::optional<Certificate> certificate) const {
    return {epoch,  options_.validators,   index_of(epoch, node), base,
            height, std::move(certificate)};
}

const Block& World::create(const BlockFacts& facts, const std::set<std::uint32_t>& transactions,
                           std::uint64_t salt, bool valid, bool executable) {
    std::string content =
        "block " + std::to_string(facts.epoch.value) + ' ' + std::to_string(facts.view.value) +
        ' ' + std::to_string(facts.height.value) + ' ' + facts.parent.hex() + ' ' +
        std::to_string(salt) + (valid ? "" : " invalid") + (executable ? "" : " impossible");
    for (const std::uint32_t transaction : transactions) {
        content += ' ' + std::to_string(transaction);
    }
    const BlockDigest digest = digest_of(content);
    return blocks_.emplace(digest, Block{digest, facts, transactions, valid, executable})
        .first->second;
}

const Block& World::block(const BlockDigest& digest) const {
    const auto found = blocks_.find(digest);
    SANQUAN_ASSERT(found != blocks_.end());
    return found->second;
}

Bytes World::sign(NodeId node, const Vote& vote) { return sign_text(node, text(vote)); }
Bytes World::sign(NodeId node, const Proposal& proposal) { return sign_text(node, text(proposal)); }
Bytes World::sign(NodeId node, const ViewReport& report) { return sign_text(node, text(report)); }

bool World::verify(const SignedVote& vote) const {
    const auto seats = validators(vote.vote.epoch);
    return vote.signer.value < seats.size() &&
           vote.signature == sign(seats[vote.signer.value], vote.vote);
}

bool World::verify(const SignedProposal& proposal) const {
    const auto seats = validators(proposal.proposal.epoch);
    return proposal.proposal.leader.value < seats.size() &&
           proposal.signature == sign(seats[proposal.proposal.leader.value], proposal.proposal);
}

bool World::verify(const Certificate& certificate) const {
    for (const auto& [signer, signature] : certificate.signatures) {
        if (!verify(SignedVote{certificate.subject, signer, signature})) {
            return false;
        }
    }
    return true;
}

bool World::verify(const SignedViewReport& report) const {
    const auto seats = validators(report.report.epoch);
    return report.report.reporter.value < seats.size() &&
           report.signature == sign(seats[report.report.reporter.value], report.report) &&
           (!report.report.opening || verify(*report.report.opening));
}

}  // namespace sanquan::sim
