// EffectsRunner, second half: what peers send, bounded on the network thread and looked at on the consensus strand.
#include <algorithm>

#include "ledger/base/limits.h"
#include "node/executor/block_rules.h"
#include "node/log.h"
#include "node/runtime/effects_runner.h"

namespace sanquan::node {
namespace {

// What must be checked, kept or answered with a signature comes from validators alone; others may ask.
bool may_say(const PeerInfo& peer, const consensus::Message& message) {
    return peer.validator || std::holds_alternative<consensus::FetchCertificates>(message) ||
           std::holds_alternative<consensus::StatusHint>(message) ||
           (peer.pinned && std::holds_alternative<consensus::FetchProposal>(message));
}

// Followers that the ledger does not list make their keys themselves: they share one room.
SpkiHash inbox_of(const PeerInfo& peer) { return peer.pinned ? peer.key : SpkiHash{}; }

}  // namespace

bool EffectsRunner::on_message(const PeerInfo& peer, ConsensusMessage message, std::size_t bytes) {
    if (!may_say(peer, message.message)) {
        // Audit nodes and followers run the same replica: they repeat certificates that they hold, and ask for a
        // proposal that they are not shown. Ignored; nobody but a validator has reason to say more than that.
        return peer.pinned || std::holds_alternative<consensus::Certificate>(message.message) ||
               std::holds_alternative<consensus::FetchProposal>(message.message);
    }
    const auto room = inboxes_.take(inbox_of(peer), bytes);
    if (room == nullptr) {
        return true;  // its own flood; whoever is stuck repeats
    }
    strand_.post([this, peer, room, message = std::move(message)]() mutable {
        receive(peer, std::move(message));
    });
    return true;
}

void EffectsRunner::receive(const PeerInfo& peer, ConsensusMessage message) {
    // BOUND: of what a connection left waiting when it was cut, nothing is checked.
    if (failed_ || !inboxes_.is_open(peer.number) || !replica_->wants(message.message)) {
        return;
    }
    std::optional<consensus::Proposal> proposal;
    if (const auto* signed_proposal = std::get_if<consensus::SignedProposal>(&message.message)) {
        proposal = signed_proposal->proposal;
    }
    auto verified = parts_.verifier.verify(std::move(message.message));
    if (!verified) {
        // Honest nodes send on only what they verified themselves.
        cut(peer, "message_refused", to_string(verified.error()));
        return;
    }
    SharedBlock block;
    if (proposal) {
        auto decoded = decode_whole_block(std::move(message.block), parts_.chain);
        if (!decoded || decoded->digest != proposal->digest) {
            cut(peer, "proposal_without_its_block",
                decoded ? "another block" : to_string(decoded.error()));
            return;
        }
        if (!fits(*decoded, *proposal)) {
            log(LogLevel::kWarn, "proposal_does_not_fit", {{"peer", peer.name}});
            return;
        }
        block = std::make_shared<const Block>(std::move(*decoded));
    }
    if (block != nullptr) {
        log_block_step(8, parts_.chain, *block);
        if (!proposal->is_reproposal()) {
            look_at_clock(peer, *block);
        }
        const BlockDigest digest = block->digest;
        blocks_.propose(proposal->view, std::move(block));
        arrived(digest);
    }
    push(consensus::MessageReceived{peer.number, std::move(*verified)});
}

void EffectsRunner::look_at_clock(const PeerInfo& peer, const Block& block) {
    const Validator& leader = parts_.validators.validators[block.header.proposer.value];
    const TimeMs now = parts_.wall_clock();
    if (SpkiHash::from(leader.tls_key) == peer.key &&
        skew_.note(leader.name, block.header.time, now)) {
        log(LogLevel::kWarn, "clock_skew",
            {{"leader", leader.name},
             {"ahead_ms", block.header.time.value - now.value},
             {"allowed_ms", static_cast<std::uint64_t>(parts_.drift.count())},
             {"action", "compare both machines' clocks; further ahead its blocks are refused"}});
    }
}

void EffectsRunner::cut(const PeerInfo& peer, std::string_view event, std::string_view why) {
    log(LogLevel::kWarn, event, {{"peer", peer.name}, {"why", why}});
    inboxes_.close(peer.number);
    parts_.network.cut(peer);
}

// Whether the header says what the proposal says, at a height that comes, since the block may be kept until that is
// final: the next above a block that is here, or not far above what is final.
bool EffectsRunner::fits(const Block& block, const consensus::Proposal& proposal) const {
    const BlockHeader& header = block.header;
    const std::uint64_t top =
        parts_.executor.head()->height().value + 2 * limits::kUnfinalizedDepthMax;
    const SharedBlock parent = blocks_.find(header.parent);
    const bool follows_parent = parent != nullptr && header.height == parent->header.height.next();
    return block.digest == proposal.digest && header.epoch == proposal.epoch &&
           header.height == proposal.height && (header.height.value <= top || follows_parent) &&
           (proposal.is_reproposal() ||
            (header.view == proposal.view && header.parent == proposal.parent &&
             header.proposer == proposal.leader));
}

void EffectsRunner::on_fetch_block(const PeerInfo& peer, const BlockDigest& digest) {
    const auto room = inboxes_.take(inbox_of(peer), 0);
    if (room == nullptr) {
        return;
    }
    // On this strand, because a block that is certified and not final yet is nowhere but here: without it a node that
    // its leader left out could neither finalize nor build. Nothing is read from the disk here.
    strand_.post([this, peer, room, digest] {
        const SharedBlock block = blocks_.find(digest);
        if (block == nullptr) {
            parts_.serve_stored(peer, digest);
        } else if (parts_.network.has_room(peer.number, Lane::kCatchUp)) {
            parts_.network.send(peer.number, Lane::kCatchUp,
                                encode_peer_message(BlockMessage{digest, block->raw}));
        }
    });
}

void EffectsRunner::on_block(const PeerInfo& peer, BlockMessage message) {
    const auto room = inboxes_.take(inbox_of(peer), message.block.size());
    if (room == nullptr) {
        return;
    }
    strand_.post([this, peer, room, message = std::move(message)]() mutable {
        if (message.block.empty() || !inboxes_.is_open(peer.number) ||
            !wanted_blocks_.contains(message.digest)) {
            return;
        }
        auto decoded = decode_whole_block(std::move(message.block), parts_.chain);
        if (!decoded || decoded->digest != message.digest) {
            cut(peer, "fetched_block_refused",
                decoded ? "another block" : to_string(decoded.error()));
            return;
        }
        wanted_blocks_.erase(message.digest);
        const auto block = std::make_shared<const Block>(std::move(*decoded));
        blocks_.keep(block);
        arrived(block->digest);
        push(consensus::BlockAvailable{block->digest, facts_of(block->header)});
    });
}

void EffectsRunner::on_range(const PeerInfo& peer, RangeMessage message) {
    std::size_t bytes = 0;
    for (const Bytes& block : message.blocks) {
        bytes += block.size();
    }
    const auto room = inboxes_.take(inbox_of(peer), bytes);
    if (room == nullptr) {
        return;
    }
    strand_.post([this, number = peer.number, room, message = std::move(message)]() mutable {
        if (inboxes_.is_open(number)) {
            catch_up_.on_range(number, std::move(message));
        }
    });
}

void EffectsRunner::on_connected(const PeerInfo& peer) {
    inboxes_.open(peer.number);
    if (peer.pinned) {
        strand_.post([this, key = peer.key] {
            tell_reach(key, true);
            catch_up_.begin();
        });
    }
}

void EffectsRunner::on_disconnected(const PeerInfo& peer) {
    inboxes_.close(peer.number);
    if (!peer.pinned) {
        return;
    }
    strand_.post([this, key = peer.key] {
        // Another connection to the same node may have taken this one's place.
        const auto peers = parts_.network.connected();
        tell_reach(key, std::any_of(peers.begin(), peers.end(),
                                    [&](const PeerInfo& other) { return other.key == key; }));
    });
}

void EffectsRunner::tell_reach(const SpkiHash& key, bool reachable) {
    for (std::uint16_t i = 0; i < parts_.validators.validators.size(); ++i) {
        if (SpkiHash::from(parts_.validators.validators[i].tls_key) == key) {
            push(consensus::ReachChanged{ReplicaIndex{i}, reachable});
        }
    }
}

}  // namespace sanquan::node
