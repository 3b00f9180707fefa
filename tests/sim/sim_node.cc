#include "tests/sim/sim_node.h"

#include <algorithm>
#include <cstdio>

#include "ledger/base/assert.h"
#include "tests/support/verified_access.h"

namespace sanquan::sim {

using namespace consensus;

SimNode::SimNode(NodeId id, World& world, const Timing& timing, Surroundings& surroundings)
    : id_(id), world_(&world), timing_(timing), surroundings_(&surroundings) {
    // The node's one init record, written when the network was created.
    log_.push_back(encode_record(InitRecord{Epoch{0}}));
    chain_.push_back({world.genesis(), world.block(world.genesis()).facts, std::nullopt});
}

void SimNode::start() {
    SANQUAN_ASSERT(!up());
    ++life_;
    blocks_ = durable_blocks_;
    executed_.clear();
    for (const ChainEntry& entry : chain_) {
        blocks_.insert(entry.digest);
        executed_[entry.digest] = true;
        const auto& transactions = world_->block(entry.digest).transactions;
        committed_transactions_.insert(transactions.begin(), transactions.end());
    }
    RestoredState state;
    // The epoch's base is the last boundary block below the tip, or the tip itself once its epoch
    // was entered.
    std::size_t base = 0;
    for (std::size_t i = 0; i < chain_.size(); ++i) {
        if (chain_[i].facts.boundary && chain_[i].facts.epoch < epoch_) {
            base = i;
        }
    }
    state.epoch = world_->epoch_info(epoch_, id_, chain_[base].digest, chain_[base].facts.height,
                                     chain_[base].finalization);
    if (chain_.size() - 1 > base) {
        const ChainEntry& tip = chain_.back();
        SANQUAN_ASSERT(tip.finalization.has_value());
        state.finalized = {tip.finalization->subject.view, tip.digest, tip.facts.height,
                           tip.facts.boundary, tip.finalization};
    }
    state.records = log_;
    state.log_lost = log_marked_;
    auto replica = Replica::restore(timing_, state);
    if (!replica) {
        std::fprintf(stderr, "node %u does not restart: %s\n", id_,
                     to_string(replica.error()).c_str());
    }
    SANQUAN_ASSERT(replica.has_value());
    replica_.emplace(std::move(*replica));
    absorb(replica_->start());
    update_pending();
    if (up() && chain_.back().facts.boundary && chain_.back().facts.epoch == epoch_) {
        surroundings_->task_ready(id_, {Task::Kind::kStartEpoch, {}, {}, {}, {}});
    }
}

void SimNode::crash(bool first_batch_durable) {
    SANQUAN_ASSERT(up());
    if (first_batch_durable && !pipeline_.empty()) {
        make_durable(pipeline_.front());
    }
    replica_.reset();
    pipeline_.clear();
    blocks_.clear();
    executed_.clear();
    waiting_execution_.clear();
    waiting_check_.clear();
    transactions_.clear();
    committed_transactions_.clear();
    pending_ = false;
}

void SimNode::lose_log() {
    SANQUAN_ASSERT(!up());
    log_.clear();
    log_marked_ = true;
}

void SimNode::lose_disk() {
    lose_log();
    durable_blocks_.clear();
    chain_.resize(1);
    epoch_ = Epoch{};
}

void SimNode::restore_log(std::size_t records, bool marked) {
    SANQUAN_ASSERT(!up());
    log_.resize(std::min(log_.size(), std::max<std::size_t>(records, 1)));
    log_marked_ = marked;
}

void SimNode::prune_log() {
    if (!chain_.back().finalization) {
        return;
    }
    const Vote& last = chain_.back().finalization->subject;
    std::erase_if(log_, [&last](const Bytes& bytes) {
        const RecordPosition at = position_of(decode_record(bytes).value());
        return !at.keep &&
               (at.epoch < last.epoch || (at.epoch == last.epoch && at.view <= last.view));
    });
}

bool SimNode::executed(const BlockDigest& digest) const {
    const auto found = executed_.find(digest);
    return found != executed_.end() && found->second;
}

void SimNode::tick() { step(TickElapsed{}); }

void SimNode::step(const Event& event) {
    if (up()) {
        absorb(replica_->step(event));
    }
}

void SimNode::absorb(Effects effects) {
    for (const Evidence& evidence : effects.evidence) {
        surroundings_->on_evidence(id_, evidence);
    }
    for (const Vote& vote : effects.sign_votes) {
        surroundings_->on_decided(id_, vote);
    }
    Batch batch{std::move(effects.persist), std::move(effects.sign_votes),
                std::move(effects.sign_proposals), std::move(effects.reports),
                std::move(effects.send)};
    if (batch.persist.empty() && pipeline_.empty()) {
        release(batch);
    } else {
        pipeline_.push_back(std::move(batch));
        surroundings_->task_ready(id_, {Task::Kind::kSync, {}, {}, {}, {}});
    }
    for (const CheckPayload& check : effects.check) {
        surroundings_->task_ready(id_, {Task::Kind::kCheck, {}, check.proposal, {}, {}});
    }
    for (const ExecutePayload& execute : effects.execute) {
        surroundings_->task_ready(id_, {Task::Kind::kExecute, execute.digest, {}, {}, {}});
    }
    for (const BuildPayload& build : effects.build) {
        surroundings_->task_ready(id_, {Task::Kind::kBuild, {}, {}, build, {}});
    }
    for (const Commit& commit : effects.commit) {
        surroundings_->on_commit(id_, commit);
        surroundings_->task_ready(id_, {Task::Kind::kStore, {}, {}, {}, commit});
    }
    for (std::size_t i = 0; i < effects.draw_nonce.size(); ++i) {
        surroundings_->task_ready(id_, {Task::Kind::kNonce, {}, {}, {}, {}});
    }
    for (std::size_t i = 0; i < effects.catch_up.size(); ++i) {
        surroundings_->task_ready(id_, {Task::Kind::kCatchUp, {}, {}, {}, {}});
    }
    for (const FetchBlock& fetch : effects.fetch) {
        if (blocks_.contains(fetch.digest)) {
            step(BlockAvailable{fetch.digest, world_->block(fetch.digest).facts});
        } else {
            const auto seats = world_->validators(epoch_);
            surroundings_->transmit(id_, seats[fetch.from.value], {{}, {}, fetch.digest});
        }
    }
}

void SimNode::make_durable(const Batch& batch) {
    for (const Persist& persist : batch.persist) {
        log_.push_back(persist.record);
        if (const auto record = decode_record(persist.record);
            record && std::holds_alternative<AbstainRecord>(*record)) {
            log_marked_ = false;  // the log itself says it now
        }
        if (persist.block && blocks_.contains(*persist.block)) {
            durable_blocks_.insert(*persist.block);
        }
    }
}

void SimNode::release(const Batch& batch) {
    for (const Proposal& proposal : batch.proposals) {
        const SignedProposal signed_proposal{proposal, World::sign(id_, proposal)};
        surroundings_->on_signed(id_, signed_proposal);
        step(ProposalSigned{signed_proposal});
    }
    for (const Vote& vote : batch.votes) {
        const auto own = world_->index_of(vote.epoch, id_);
        SANQUAN_ASSERT(own.has_value());
        const SignedVote signed_vote{vote, *own, World::sign(id_, vote)};
        surroundings_->on_signed(id_, signed_vote);
        step(VoteSigned{signed_vote});
    }
    for (const SignReport& report : batch.reports) {
        transmit(static_cast<NodeId>(report.to.value),
                 SignedViewReport{report.report, World::sign(id_, report.report)});
    }
    for (const Send& one : batch.sends) {
        send(one);
    }
}

void SimNode::send(const Send& send) {
    if (const auto* index = std::get_if<ReplicaIndex>(&send.to)) {
        transmit(world_->validators(epoch_)[index->value], send.message);
    } else if (const auto* peer = std::get_if<PeerNumber>(&send.to)) {
        transmit(static_cast<NodeId>(peer->value), send.message);
    } else {
        for (NodeId to = 0; to < world_->options().nodes; ++to) {
            transmit(to, send.message);
        }
    }
}

void SimNode::transmit(NodeId to, const Message& message) {
    if (to == id_) {
        return;
    }
    NetMessage net{message, {}, {}};
    if (const auto* proposal = std::get_if<SignedProposal>(&message)) {
        if (!blocks_.contains(proposal->proposal.digest)) {
            return;
        }
        net.block = proposal->proposal.digest;
    }
    surroundings_->transmit(id_, to, net);
}

void SimNode::deliver(NodeId from, const NetMessage& net) {
    if (!up()) {
        return;
    }
    if (net.block_request) {
        if (blocks_.contains(*net.block_request)) {
            surroundings_->transmit(id_, from, {{}, net.block_request, {}});
        }
        return;
    }
    if (net.block) {
        learn_block(*net.block);
    }
    if (net.message) {
        receive(from, *net.message);
    }
}

// The node's verifier: asks first whether the message matters, then checks every signature in it.
void SimNode::receive(NodeId from, const Message& message) {
    const PeerNumber peer{from};
    std::visit(
        [&](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (requires { world_->verify(value); }) {
                Epoch epoch;
                if constexpr (std::is_same_v<T, SignedVote>) {
                    epoch = value.vote.epoch;
                } else if constexpr (std::is_same_v<T, SignedProposal>) {
                    epoch = value.proposal.epoch;
                } else if constexpr (std::is_same_v<T, Certificate>) {
                    epoch = value.subject.epoch;
                } else {
                    epoch = value.report.epoch;
                }
                if (epoch > epoch_) {
                    // Cannot be verified yet: the later epoch's validators are not known here.
                    step(MessageReceived{peer, StatusHint{epoch, View{1}, View{}}});
                } else if (world_->verify(value)) {
                    step(MessageReceived{peer, VerifiedAccess::make(value)});
                }
            } else {
                step(MessageReceived{peer, value});
            }
        },
        message);
}

void SimNode::learn_block(const BlockDigest& digest) {
    if (world_->exists(digest) && blocks_.insert(digest).second) {
        step(BlockAvailable{digest, world_->block(digest).facts});
        retry_waiting();
    }
}

void SimNode::perform(const Task& task) {
    if (!up()) {
        return;
    }
    switch (task.kind) {
        case Task::Kind::kSync:
            if (!pipeline_.empty()) {
                const Batch batch = std::move(pipeline_.front());
                pipeline_.pop_front();
                make_durable(batch);
                release(batch);
            }
            break;
        case Task::Kind::kCheck:
            check(*task.proposal);
            break;
        case Task::Kind::kExecute:
            execute(task.digest);
            break;
        case Task::Kind::kBuild:
            build(*task.build);
            break;
        case Task::Kind::kStore:
            store(*task.commit);
            break;
        case Task::Kind::kStartEpoch:
            start_epoch();
            break;
        case Task::Kind::kNonce: {
            Nonce nonce{};
            const std::uint64_t random = surroundings_->random();
            for (std::size_t i = 0; i < 8; ++i) {
                nonce[i] = static_cast<std::uint8_t>(random >> (8 * i));
            }
            step(NonceDrawn{nonce});
            break;
        }
        case Task::Kind::kCatchUp:
            catch_up();
            break;
    }
}

void SimNode::check(const Proposal& proposal) {
    const bool parent_known = executed_.contains(proposal.parent);
    if (!blocks_.contains(proposal.digest) || !parent_known) {
        waiting_check_.push_back(proposal);
        return;
    }
    const Block& block = world_->block(proposal.digest);
    const bool ok = block.valid && executed(proposal.parent);
    step(PayloadChecked{proposal.view, proposal.digest, ok, block.facts});
}

void SimNode::execute(const BlockDigest& digest) {
    if (const auto known = executed_.find(digest); known != executed_.end()) {
        step(PayloadExecuted{digest, known->second});
        return;
    }
    if (execution_paused || !blocks_.contains(digest) ||
        !executed_.contains(world_->block(digest).facts.parent)) {
        waiting_execution_.insert(digest);
        return;
    }
    const Block& block = world_->block(digest);
    const bool ok = block.executable && block.valid && executed(block.facts.parent) &&
                    !cannot_execute.contains(digest);
    executed_[digest] = ok;
    step(PayloadExecuted{digest, ok});
    retry_waiting();
}

void SimNode::resume_execution() {
    execution_paused = false;
    retry_waiting();
}

void SimNode::retry_waiting() {
    for (const BlockDigest& digest : std::exchange(waiting_execution_, {})) {
        surroundings_->task_ready(id_, {Task::Kind::kExecute, digest, {}, {}, {}});
    }
    for (const Proposal& proposal : std::exchange(waiting_check_, {})) {
        surroundings_->task_ready(id_, {Task::Kind::kCheck, {}, proposal, {}, {}});
    }
}

std::set<std::uint32_t> SimNode::included_above(BlockDigest parent) const {
    std::set<std::uint32_t> included = committed_transactions_;
    while (blocks_.contains(parent) &&
           world_->block(parent).facts.height > chain_.back().facts.height) {
        const Block& block = world_->block(parent);
        included.insert(block.transactions.begin(), block.transactions.end());
        parent = block.facts.parent;
    }
    return included;
}

void SimNode::build(const BuildPayload& build) {
    const auto included = included_above(build.parent);
    std::set<std::uint32_t> transactions;
    if (!build.empty_only) {
        std::set_difference(transactions_.begin(), transactions_.end(), included.begin(),
                            included.end(), std::inserter(transactions, transactions.end()));
    }
    const BlockFacts facts{build.epoch, build.view, build.height, build.parent,
                           world_->is_boundary(build.height)};
    const std::uint64_t salt = id_ * 1'000'003ULL + life_ * 1'009ULL + ++built_;
    const Block& block =
        world_->create(facts, transactions, salt, !build_invalid, !build_impossible);
    blocks_.insert(block.digest);
    step(PayloadBuilt{build.view, block.digest, facts});
}

void SimNode::store(const Commit& commit) {
    for (const CommittedBlock& block : commit.blocks) {
        if (block.facts.height <= chain_.back().facts.height) {
            continue;  // catch-up was faster
        }
        SANQUAN_ASSERT(block.facts.height == chain_.back().facts.height.next());
        const bool last = block.digest == commit.blocks.back().digest;
        chain_.push_back(
            {block.digest, block.facts, last ? std::optional(commit.finalization) : std::nullopt});
        durable_blocks_.insert(block.digest);
        const auto& transactions = world_->block(block.digest).transactions;
        committed_transactions_.insert(transactions.begin(), transactions.end());
    }
    update_pending();
    if (chain_.back().facts.boundary) {
        surroundings_->task_ready(id_, {Task::Kind::kStartEpoch, {}, {}, {}, {}});
    }
}

void SimNode::start_epoch() {
    const ChainEntry& base = chain_.back();
    if (!base.facts.boundary || base.facts.epoch != epoch_) {
        return;
    }
    epoch_ = epoch_.next();
    step(EpochStarted{
        world_->epoch_info(epoch_, id_, base.digest, base.facts.height, base.finalization)});
    update_pending();
}

void SimNode::catch_up() {
    // The peer with the longest chain, as if ranges came from several and every byte were verified
    // by certificates.
    const SimNode* best = nullptr;
    for (NodeId other = 0; other < world_->options().nodes; ++other) {
        const SimNode* node = other == id_ ? nullptr : surroundings_->peer(other);
        if (node != nullptr && (best == nullptr || node->chain().size() > best->chain().size())) {
            best = node;
        }
    }
    if (best == nullptr || best->chain().size() <= chain_.size()) {
        return;
    }
    const auto source = best->chain();
    start_epoch();  // if the last stored block is a boundary, what follows belongs to the next epoch
    std::size_t stop = chain_.size();
    for (std::size_t i = chain_.size(); i < source.size(); ++i) {
        if (source[i].finalization) {
            stop = i + 1;
            for (std::size_t j = chain_.size(); j < stop; ++j) {
                chain_.push_back(source[j]);
                durable_blocks_.insert(source[j].digest);
                blocks_.insert(source[j].digest);
                executed_[source[j].digest] = true;
                const auto& transactions = world_->block(source[j].digest).transactions;
                committed_transactions_.insert(transactions.begin(), transactions.end());
            }
            step(CaughtUp{*source[i].finalization, source[i].facts});
            if (source[i].facts.boundary) {
                start_epoch();
            }
        }
    }
    update_pending();
    retry_waiting();
}

void SimNode::add_transaction(std::uint32_t transaction) {
    if (up()) {
        transactions_.insert(transaction);
        update_pending();
    }
}

// An admissible transaction, or a result that no finalized header seals yet.
void SimNode::update_pending() {
    bool pending = !world_->block(chain_.back().digest).transactions.empty();
    for (const std::uint32_t transaction : transactions_) {
        pending = pending || !committed_transactions_.contains(transaction);
    }
    if (pending != pending_) {
        pending_ = pending;
        step(WorkPending{pending});
    }
}

}  // namespace sanquan::sim
