#include "node/node.h"

#include <chrono>
#include <fstream>
#include <sstream>

#include "contracts/genesis_state.h"
#include "ledger/base/limits.h"
#include "ledger/crypto/key_store.h"
#include "node/log.h"

namespace sanquan::node {
namespace {

constexpr std::size_t kVerdictsMax = 200'000;
// Clients, gossip (of all peers together), serving listed nodes and others: the last ones' answers are built when their
// turn comes and weigh much.
constexpr WorkQueueLimits kWorkQueues{
    {{20'000, 64U << 20U}, {20'000, 64U << 20U}, {512, 1U << 20U}, {64, 1U << 20U}}};
constexpr std::uint64_t kGossipAgainHeartbeats = 2;
constexpr std::uint64_t kGossipAgainMsMax = 60'000;
// Of one key; an honest node waits for the answer before it asks again.
constexpr InboxLimits kQuestions{4, 1U << 20U};

TimeMs wall_clock() {
    return TimeMs{
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count())};
}

Result<Bytes> read_file(const std::filesystem::path& path, std::size_t bytes_max,
                        const char* what) {
    auto bytes = read_whole_file(posix_env(), path.string(), bytes_max);
    if (!bytes) {
        return fail(bytes.error().code,
                    std::string(what) + " " + path.string() + ": " + bytes.error().context);
    }
    return bytes;
}

// What one peer's gossip may take of the queue: an equal part, and no less than one full frame.
InboxLimits gossip_share(const Genesis& genesis) {
    const WorkLimits& all = kWorkQueues[static_cast<std::size_t>(WorkClass::kGossip)];
    const auto peers = static_cast<std::size_t>(genesis.message.validators_size() +
                                                genesis.message.audit_nodes_size());
    return {std::max<std::size_t>(1'000, all.tasks / peers),
            std::max(limits::kFrameBytesMax, all.bytes / peers)};
}

WorkQueueLimits work_queues(const Genesis& genesis) {
    WorkQueueLimits queues = kWorkQueues;
    const InboxLimits share = gossip_share(genesis);
    const auto peers = static_cast<std::size_t>(genesis.message.validators_size() +
                                                genesis.message.audit_nodes_size());
    queues[static_cast<std::size_t>(WorkClass::kGossip)] = {share.tasks * peers,
                                                            share.bytes * peers};
    return queues;
}

std::uint64_t heartbeat_ms(const NodeConfig& config, const Genesis& genesis) {
    return config.consensus.heartbeat_ms > 0 ? config.consensus.heartbeat_ms
                                             : genesis.message.heartbeat_ms();
}

consensus::Timing timing_of(const NodeConfig& config, const Genesis& genesis) {
    const auto ticks = [&](std::uint64_t ms) {
        return static_cast<std::uint32_t>(
            std::clamp<std::uint64_t>(ms / config.consensus.tick_ms, 1, 10'000'000));
    };
    const std::uint64_t view_timeout = config.consensus.view_timeout_ms > 0
                                           ? config.consensus.view_timeout_ms
                                           : genesis.message.view_timeout_ms();
    consensus::Timing timing;
    timing.view_timeout = ticks(view_timeout);
    timing.view_timeout_max = std::max(ticks(30'000), timing.view_timeout);
    timing.retransmit = ticks(200);
    timing.retransmit_max = ticks(2'000);
    timing.heartbeat = ticks(heartbeat_ms(config, genesis));
    return timing;
}

// The validator entry that carries this node's name, when it has this node's keys too.
Status check_listed(const NodeConfig& config, const ValidatorSet& set, const SpkiHash& tls_key,
                    const PublicKey& vote_key) {
    for (const Validator& validator : set.validators) {
        if (validator.name != config.name) {
            continue;
        }
        if (SpkiHash::from(validator.tls_key) != tls_key) {
            return fail(Code::kNodeNotListed, config.name + " is listed with TLS key " +
                                                  validator.tls_key.hex() + ", keys.tls_key is " +
                                                  tls_key.hex());
        }
        if (validator.vote_key != vote_key) {
            return fail(Code::kNodeNotListed, config.name + " is listed with vote key " +
                                                  validator.vote_key.id().hex() +
                                                  ", keys.vote_key is " + vote_key.id().hex());
        }
        return {};
    }
    return fail(Code::kNodeNotListed, "no validator of the genesis file is named " + config.name);
}

std::vector<PinnedPeer> pins_of(const NodeConfig& config, const Genesis& genesis,
                                const ValidatorSet& set, const SpkiHash& own) {
    std::vector<PinnedPeer> pins;
    const auto add = [&](const std::string& name, const SpkiHash& key, bool validator) {
        PinnedPeer pin{name, key, {}, validator};
        for (const PeerConfig& peer : config.peers) {
            if (peer.name == name) {
                pin.address = peer.address;
            }
        }
        if (key != own) {
            pins.push_back(std::move(pin));
        }
    };
    for (const Validator& validator : set.validators) {
        add(validator.name, SpkiHash::from(validator.tls_key), /*validator=*/true);
    }
    for (const auto& node : genesis.message.audit_nodes()) {
        if (const auto key = SpkiHash::from_bytes(node.tls_key())) {
            add(node.name(), *key, /*validator=*/false);
        }
    }
    return pins;
}

DirectoryIdentity identity_of(const Genesis& genesis, const SpkiHash& key) {
    return {genesis.chain.id, Digest::from(key)};
}

Result<Genesis> load_genesis(const NodeConfig& config) {
    SANQUAN_TRY_ASSIGN(const Bytes file, read_file(config.genesis, kGenesisBytesMax, "genesis"));
    auto genesis = decode_genesis(file);
    if (!genesis) {
        return fail(genesis.error().code, config.genesis.string() + ": " + genesis.error().context);
    }
    return genesis;
}

}  // namespace

Result<std::unique_ptr<Node>> Node::open(const NodeConfig& config) {
    std::unique_ptr<Node> node(new Node());
    node->config_ = config;
    SANQUAN_TRY_ASSIGN(node->genesis_, load_genesis(config));
    node->validators_ = genesis_validators(node->genesis_);
    SANQUAN_TRY(node->open_identity(config));
    SANQUAN_TRY(node->open_stores(config));
    SANQUAN_TRY(node->make_parts(config));
    SANQUAN_TRY(node->make_network(config));
    node->make_service(config);
    return node;
}

Node::Node() : questions_(kQuestions) {}

Node::~Node() { stop(); }

Status Node::open_identity(const NodeConfig& config) {
    SANQUAN_TRY_ASSIGN(passphrase_, load_passphrase(config.keys.passphrase_file.string()));
    SANQUAN_TRY_ASSIGN(tls_key_, load_key(config.keys.tls_key.string(), passphrase_));
    SANQUAN_TRY_ASSIGN(tls_certificate_,
                       read_file(config.keys.tls_certificate, 64U << 10U, "keys.tls_certificate"));
    SANQUAN_TRY_ASSIGN(own_key_, spki_hash(*tls_key_));
    if (config.role == NodeRole::kValidator) {
        SANQUAN_TRY_ASSIGN(vote_key_, load_key(config.keys.vote_key.string(), passphrase_));
        SANQUAN_TRY(check_listed(config, validators_, own_key_, vote_key_->public_key()));
    }
    return {};
}

Status Node::open_stores(const NodeConfig& config) {
    Env& env = posix_env();
    const DirectoryIdentity identity = identity_of(genesis_, own_key_);
    auto directory = DataDirectory::open(env, config.data_dir.string(), identity);
    if (!directory && directory.error().code == Code::kDirectoryMissing &&
        config.role == NodeRole::kAudit) {
        // An audit node signs nothing, so that starting anew forgets nothing.
        SANQUAN_TRY(initialise(config, /*after_loss=*/false));
        directory = DataDirectory::open(env, config.data_dir.string(), identity);
    }
    if (!directory) {
        const Error& error = directory.error();
        return error.code == Code::kDirectoryMissing
                   ? fail(error.code, error.context +
                                          "; a new node: sanquan-node init --config FILE; a "
                                          "validator that lost its disk: add --after-loss, else "
                                          "it may vote twice")
                   : tl::unexpected(error);
    }
    directory_ = std::move(*directory);
    StateOptions options;
    options.hash = genesis_.chain.hash;
    options.reappends_per_entry = genesis_.message.state_reappends_per_entry();
    SANQUAN_TRY_ASSIGN(state_, StateStore::open(env, directory_->file("state"), options));
    SANQUAN_TRY_ASSIGN(auto kv, open_leveldb(directory_->file("blocks")));
    SANQUAN_TRY_ASSIGN(blocks_, BlockStore::open(std::move(kv), genesis_.chain.hash));
    if (config.role == NodeRole::kValidator) {
        SANQUAN_TRY_ASSIGN(recorder_,
                           VoteRecorder::open(env, directory_->file("votes"), genesis_.chain));
    }
    return {};
}

Status Node::make_parts(const NodeConfig& config) {
    verifier_ = std::make_unique<Verifier>(genesis_.chain, kVerdictsMax);
    verifier_->set_validators(validators_);
    workers_ = std::make_unique<WorkerPool>(config.limits.signature_threads, work_queues(genesis_));
    pool_ = std::make_unique<TxPool>(TxPoolLimits{config.limits.pool_transactions,
                                                  config.limits.pool_bytes,
                                                  config.limits.organisation_transactions});
    waiters_ = std::make_unique<OutcomeWaiters>();
    ExecutorParts parts{genesis_.chain,
                        *state_,
                        *blocks_,
                        *pool_,
                        *workers_,
                        [this](const PublicKey& key, ByteView message, ByteView signature) {
                            return verifier_->check(key, message, signature);
                        },
                        BatchLimits{config.limits.block_transactions, config.limits.block_bytes,
                                    limits::kWeightPerBlockMax},
                        std::chrono::milliseconds(config.consensus.clock_drift_ms),
                        wall_clock,
                        static_cast<std::uint16_t>(validators_.validators.size())};
    executor_ = std::make_unique<Executor>(std::move(parts), executor_events());
    GenesisBlock genesis;
    genesis.raw = genesis_.bytes;
    genesis.header = genesis_header(genesis_);
    SANQUAN_TRY_ASSIGN(genesis.writes, contracts::genesis_state(genesis_));
    SANQUAN_TRY(executor_->recover(genesis));
    range_server_ = std::make_unique<RangeServer>(genesis_.chain, *blocks_);
    writes_server_ = std::make_unique<WritesServer>(WritesServerParts{
        [this](Height height) { return writes_of(genesis_.chain, *blocks_, *state_, height); },
        [this](std::function<void()> task) {
            return workers_->post(WorkClass::kServing, 0, std::move(task));
        },
        [this](PeerNumber peer, const SharedFrame& frame) {
            network_->send(peer, Lane::kCatchUp, frame);
        }});
    return {};
}

ExecutorEvents Node::executor_events() {
    ExecutorEvents events;
    events.on_final = [this](const SharedExecution& block) {
        service_->on_final(*block);
        runner_->on_work_changed();
    };
    events.on_evicted = [this](const std::vector<std::pair<TransactionId, Error>>& evicted) {
        waiters_->on_evicted(evicted);
    };
    events.on_diverged = [this](const Error& error, const ExecutedBlock& block) {
        if (service_->on_diverged(error, block)) {
            network_->broadcast(Lane::kCatchUp,
                                encode_peer_message(FetchWritesMessage{block.height()}),
                                /*followers_too=*/false);
        }
    };
    events.on_failure = [this](const Error& error) { fail_for_good(error); };
    return events;
}

Status Node::make_network(const NodeConfig& config) {
    PeerNetworkOptions options;
    options.chain = genesis_.chain.id;
    options.name = config.name;
    options.build = build_id();
    options.listen = config.peer_listen;
    options.certificate_pem = tls_certificate_;
    options.key_pem = tls_key_->plain_pem();
    options.own_key = own_key_;
    options.peers = pins_of(config, genesis_, validators_, own_key_);
    options.follower = config.role == NodeRole::kAudit;
    options.followers_max = config.limits.sync_sessions;
    SANQUAN_TRY_ASSIGN(network_, PeerNetwork::make(std::move(options), *this));
    intake_ = std::make_unique<Intake>(IntakeParts{
        genesis_.chain, *pool_, *blocks_, *workers_, *verifier_,
        [this] { return executor_->head(); }, wall_clock,
        [this](const SharedTransaction&) { runner_->on_work_changed(); },
        [this](std::vector<Bytes> transactions) {
            network_->broadcast(Lane::kTransactions,
                                encode_peer_message(TransactionsMessage{std::move(transactions)}),
                                /*followers_too=*/false);
        },
        [this] { timers_->post([] {}); }, [this](const PeerInfo& peer) { network_->cut(peer); },
        gossip_share(genesis_),
        std::chrono::milliseconds(
            std::min(kGossipAgainHeartbeats * heartbeat_ms(config, genesis_), kGossipAgainMsMax))});
    runner_ = std::make_unique<EffectsRunner>(RunnerParts{
        genesis_.chain, validators_, vote_key_ ? &*vote_key_ : nullptr, recorder_.get(), *verifier_,
        *executor_, *blocks_, *pool_, *network_,
        std::chrono::milliseconds(config.consensus.tick_ms),
        std::chrono::milliseconds(config.consensus.clock_drift_ms), wall_clock,
        [this](const PeerInfo& peer, const BlockDigest& digest) {
            serve(peer, [this, digest] {
                return encode_peer_message(range_server_->answer(FetchBlockMessage{digest}));
            });
        },
        [this](const Error& error) { fail_for_good(error); }});
    return {};
}

void Node::make_service(const NodeConfig& config) {
    timers_ = std::make_unique<Strand>("timers");
    service_ = std::make_unique<LedgerServiceImpl>(
        ServiceParts{genesis_, config.name, config.role == NodeRole::kAudit ? "audit" : "validator",
                     build_id(), config.role == NodeRole::kAudit ? &*tls_key_ : nullptr, *state_,
                     *blocks_, *pool_, *workers_, *verifier_, *executor_, *runner_, *network_,
                     *intake_, *waiters_, wall_clock, [this] { timers_->post([] {}); }});
}

Status Node::start() {
    executor_->start();
    SANQUAN_TRY(runner_->start(timing_of(config_, genesis_)));
    network_->start();
    timers_->start([this] {
        const auto now = OutcomeWaiters::Clock::now();
        return std::min(waiters_->expire(now), intake_->gossip_due(now));
    });
    log(LogLevel::kInfo, "node_started",
        {{"name", config_.name},
         {"role", config_.role == NodeRole::kAudit ? "audit" : "validator"},
         {"chain", genesis_.chain.id.hex()},
         {"build", build_id()}});
    return {};
}

void Node::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(stopped_, true)) {
            return;
        }
    }
    // Against the flow: no new frames, then no new events, then no new blocks.
    if (waiters_ != nullptr) {
        waiters_->stop();
    }
    if (network_ != nullptr) {
        network_->stop();
    }
    if (runner_ != nullptr) {
        runner_->stop();
    }
    if (executor_ != nullptr) {
        executor_->stop();
    }
    if (timers_ != nullptr) {
        timers_->stop();
    }
    // Workers may still hold tasks that name the parts below them.
    workers_.reset();
}

std::optional<Error> Node::wait() {
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return stop_requested_ || failure_.has_value(); });
    return failure_;
}

void Node::request_stop() {
    const std::lock_guard lock(mutex_);
    stop_requested_ = true;
    ended_.notify_all();
}

void Node::fail_for_good(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!failure_) {
        failure_ = error;
    }
    ended_.notify_all();
}

void Node::on_connected(const PeerInfo& peer) { runner_->on_connected(peer); }

void Node::on_disconnected(const PeerInfo& peer) { runner_->on_disconnected(peer); }

void Node::serve(const PeerInfo& peer, std::function<SharedFrame()> answer) {
    const auto room = questions_.take(peer.key, 0);
    const bool is_queued =
        room != nullptr &&
        workers_->post(peer.pinned ? WorkClass::kServing : WorkClass::kServingFollowers, 0,
                       [this, room, number = peer.number, answer = std::move(answer)] {
                           // Who does not read what it asked for gets nothing read for it.
                           if (network_->has_room(number, Lane::kCatchUp)) {
                               network_->send(number, Lane::kCatchUp, answer());
                           }
                       });
    if (!is_queued) {
        // It asks again, or somebody else.
        log(LogLevel::kDebug, "question_dropped", {{"peer", peer.name}});
    }
}

bool Node::on_frame(const PeerInfo& peer, Bytes body) {
    const std::size_t bytes = body.size();
    auto message = decode_peer_message(body);
    if (!message) {
        log(LogLevel::kWarn, "frame_refused",
            {{"peer", peer.name}, {"why", to_string(message.error())}});
        return false;
    }
    if (auto* fetch = std::get_if<FetchRangeMessage>(&*message)) {
        if (range_server_->take_token(peer)) {
            serve(peer, [this, request = *fetch] {
                return encode_peer_message(range_server_->answer(request));
            });
        }
        return true;
    }
    if (auto* fetch = std::get_if<FetchBlockMessage>(&*message)) {
        if (!range_server_->take_token(peer)) {
            return true;
        }
        if (peer.pinned) {
            runner_->on_fetch_block(peer, fetch->digest);
        } else {
            serve(peer, [this, request = *fetch] {
                return encode_peer_message(range_server_->answer(request));
            });
        }
        return true;
    }
    if (auto* fetch = std::get_if<FetchWritesMessage>(&*message); fetch != nullptr && peer.pinned) {
        writes_server_->ask(peer, fetch->height, WritesServer::Clock::now());
        return true;
    }
    if (auto* consensus = std::get_if<ConsensusMessage>(&*message)) {
        // Their questions are answered on the consensus strand.
        if (!peer.pinned && !range_server_->take_token(peer)) {
            return true;  // dropped; whoever is stuck repeats
        }
        return runner_->on_message(peer, std::move(*consensus), bytes);
    }
    if (!peer.pinned) {
        return false;  // a follower asks, it does not tell
    }
    if (auto* transactions = std::get_if<TransactionsMessage>(&*message)) {
        intake_->receive(peer, std::move(transactions->transactions));
    } else if (auto* block = std::get_if<BlockMessage>(&*message)) {
        runner_->on_block(peer, std::move(*block));
    } else if (auto* range = std::get_if<RangeMessage>(&*message)) {
        runner_->on_range(peer, std::move(*range));
    } else if (auto* writes = std::get_if<WritesMessage>(&*message)) {
        service_->on_writes(peer.name, *writes);
    }
    return true;
}

Status initialise(const NodeConfig& config, bool after_loss) {
    SANQUAN_TRY_ASSIGN(const Genesis genesis, load_genesis(config));
    SANQUAN_TRY_ASSIGN(const auto passphrase,
                       load_passphrase(config.keys.passphrase_file.string()));
    SANQUAN_TRY_ASSIGN(const SigningKey tls_key,
                       load_key(config.keys.tls_key.string(), passphrase));
    SANQUAN_TRY_ASSIGN(const SpkiHash own, spki_hash(tls_key));
    Env& env = posix_env();
    const std::string directory = config.data_dir.string();
    if (config.role == NodeRole::kValidator) {
        SANQUAN_TRY_ASSIGN(const SigningKey vote_key,
                           load_key(config.keys.vote_key.string(), passphrase));
        SANQUAN_TRY(check_listed(config, genesis_validators(genesis), own, vote_key.public_key()));
    }
    SANQUAN_TRY(DataDirectory::create(env, directory, identity_of(genesis, own)));
    if (config.role == NodeRole::kAudit) {
        return {};
    }
    const std::string votes = directory + "/votes";
    SANQUAN_TRY(env.make_directory(votes));
    if (after_loss) {
        // ORDER: the mark is durable before a log exists that could be taken for a complete one.
        SANQUAN_TRY(write_file_atomically(env, votes, VoteRecorder::kLossMark, "1"));
        return VoteLog::create(env, votes);
    }
    SANQUAN_TRY(VoteLog::create(env, votes));
    SANQUAN_TRY_ASSIGN(const auto log, VoteLog::open(env, votes));
    SANQUAN_TRY(log->append({{kConsensusVoteRecord, encode_record(consensus::InitRecord{})}}));
    return log->sync();
}

}  // namespace sanquan::node
