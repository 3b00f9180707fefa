// Goal: no order of events, and nothing that a villain says, makes honest replicas contradict themselves or each other,
// or trip an assertion. Method: the input plays network, clock, disks and villain of four nodes, three bytes a move; the
// independent checker of tests/sim judges every vote, proposal, commit and piece of evidence.
#include <algorithm>

#include "tests/fuzz/fuzz.h"
#include "tests/scenarios/stage.h"

namespace {

using namespace sanquan;
using namespace sanquan::consensus;
using scenarios::Stage;
using sim::NodeId;
using sim::Task;

constexpr NodeId kNodes = 4;
constexpr NodeId kVillain = 3;
constexpr std::size_t kMovesMax = 400;
constexpr std::size_t kWaitingMax = 2'000;  // messages under way, so that an input stays fast

struct Move {
    std::uint8_t what = 0;
    std::uint8_t a = 0;
    std::uint8_t b = 0;
    [[nodiscard]] NodeId first() const { return a % kNodes; }
    [[nodiscard]] NodeId second() const { return b % kNodes; }
    [[nodiscard]] Stage::Link link() const { return {first(), second()}; }
};

class Play {
  public:
    // Bit 0: epochs of two blocks. Bit 1: node 3 is a villain; otherwise one node may lose its log.
    explicit Play(std::uint8_t setting)
        : stage_({{kNodes, kNodes, (setting & 1U) != 0 ? 2U : 0U}, {4, 32, 3, 12, 100}}),
          villain_((setting & 2U) != 0) {
        blocks_.push_back(stage_.world().genesis());
        if (villain_) {
            stage_.make_villain(kVillain);
        }
        stage_.start_all();
    }

    void make(const Move& move) {
        switch (move.what % 16) {
            case 0:
                stage_.deliver(move.link(), 1);
                break;
            case 1:
                deliver_all();
                break;
            case 2:
                for (unsigned i = 0; i <= move.b % 32U; ++i) {
                    tick(move.first());
                }
                break;
            case 3:
                give_work(move);
                break;
            case 4:
                stage_.drop(move.link());
                break;
            case 5:
                if (stage_.cut.erase(move.link()) == 0) {
                    stage_.cut.insert(move.link());
                }
                break;
            case 6:
                crash(move);
                break;
            case 7:
                restart(move.first());
                break;
            case 8:
                stage_.hold_tasks(move.first(), static_cast<Task::Kind>(move.b % 8U));
                break;
            case 9:
                stage_.release_tasks(move.first());
                break;
            case 10:
                pause(move);
                break;
            default:
                if (villain_) {
                    speak(move);
                }
        }
        judge();
    }

  private:
    void judge() {
        for (const std::string& violation : stage_.checker().violations()) {
            std::fprintf(stderr, "%s\n", violation.c_str());
        }
        REQUIRE_THAT(stage_.checker().violations().empty());
    }
    [[nodiscard]] bool is_up(NodeId node) {
        return !stage_.is_villain(node) && stage_.node(node).up();
    }

    // As Stage::deliver_all, but with an end.
    void deliver_all() {
        for (std::size_t handed = 0; handed < kWaitingMax;) {
            std::vector<Stage::Link> ready;
            for (const auto& [link, waiting] : stage_.links()) {
                if (!waiting.empty()) {
                    ready.push_back(link);
                }
            }
            if (ready.empty()) {
                return;
            }
            for (const Stage::Link& link : ready) {
                handed += stage_.deliver(link, 1);
            }
        }
    }
    void tick(NodeId node) {
        if (is_up(node)) {
            stage_.tick(node);
        }
    }
    void give_work(const Move& move) {
        for (NodeId node = 0; node < kNodes; ++node) {
            if (is_up(node) && (move.a & (1U << node)) == 0) {
                stage_.node(node).add_transaction(transactions_);
                stage_.work();
            }
        }
        ++transactions_;
    }
    void crash(const Move& move) {
        if (is_up(move.first())) {
            stage_.node(move.first()).crash((move.b & 1U) != 0);
            stage_.clear_tasks(move.first());
            // SPEC 9: up to f logs lost at a time, villains counted; here f = 1.
            if (!villain_ && !log_lost_ && (move.b & 6U) == 6U) {
                log_lost_ = true;
                stage_.node(move.first()).lose_log();
            }
        }
    }
    void restart(NodeId node) {
        if (!stage_.is_villain(node) && !stage_.node(node).up()) {
            stage_.node(node).start();
            stage_.work();
        }
    }
    void pause(const Move& move) {
        if (!is_up(move.first())) {
            return;
        }
        if ((move.b & 1U) != 0) {
            stage_.node(move.first()).execution_paused = true;
        } else {
            stage_.node(move.first()).resume_execution();
            stage_.work();
        }
    }

    // -- the villain
    void speak(const Move& move) {
        switch (move.what % 16) {
            case 11:
                vote(move);
                break;
            case 12:
                propose(move);
                break;
            case 13:
                certify(move);
                break;
            case 14:
                ask(move);
                break;
            default:
                repeat(move);
        }
    }
    void say(const Move& move, const sim::NetMessage& message) {
        for (NodeId to = 0; to < kVillain; ++to) {
            if ((move.b & (1U << to)) == 0) {
                stage_.transmit(kVillain, to, message);
            }
        }
    }
    // Views around those in which honest nodes are.
    [[nodiscard]] View some_view(std::uint8_t choice) {
        std::uint64_t highest = 1;
        for (NodeId node = 0; node < kNodes; ++node) {
            if (is_up(node)) {
                highest = std::max(highest, stage_.node(node).replica().status().view.value);
            }
        }
        return View{highest + 2 - std::min<std::uint64_t>(highest + 1, choice % 5U)};
    }
    [[nodiscard]] Epoch some_epoch(std::uint8_t choice) {
        const Epoch now = is_up(0) ? stage_.node(0).epoch() : Epoch{};
        return choice % 8U == 7 ? now.next() : now;
    }
    void learn_blocks() {
        for (const SignedProposal& seen : stage_.proposals()) {
            if (std::find(blocks_.begin(), blocks_.end(), seen.proposal.digest) == blocks_.end()) {
                blocks_.push_back(seen.proposal.digest);
            }
        }
    }
    [[nodiscard]] BlockDigest some_block(std::uint8_t choice) {
        learn_blocks();
        return blocks_[blocks_.size() - 1 - choice % std::min<std::size_t>(blocks_.size(), 16)];
    }
    void vote(const Move& move) {
        const auto kind = static_cast<VoteKind>(1 + move.a % 3U);
        const Epoch epoch = some_epoch(move.b >> 5U);
        const auto own = stage_.world().index_of(epoch, kVillain);
        const Vote vote{epoch, some_view(move.a / 3U), kind,
                        kind == VoteKind::kNullify ? BlockDigest{} : some_block(move.b >> 3U)};
        if (own) {
            const SignedVote said{vote, *own, sim::World::sign(kVillain, vote)};
            stage_.remember(said);
            stage_.checker().on_villain_vote(said);
            say(move, {said, {}, {}});
        }
    }
    void propose(const Move& move) {
        const Epoch epoch = some_epoch(0);
        const auto own = stage_.world().index_of(epoch, kVillain);
        if (!own) {
            return;
        }
        const View view = some_view(move.a);
        const BlockDigest parent = some_block(move.a / 5U);
        const BlockFacts below = stage_.world().block(parent).facts;
        const bool again = (move.b & 8U) != 0;  // a re-proposal, allowed of boundary blocks alone
        BlockDigest digest = parent;
        Height height = below.height;
        if (!again) {
            height = below.height.next();
            const bool boundary = stage_.world().is_boundary(height);
            digest = stage_.world()
                         .create({epoch, view, height, parent, boundary}, {}, ++salt_,
                                 (move.b & 16U) == 0, (move.b & 32U) == 0)
                         .digest;
            blocks_.push_back(digest);
        }
        const View parent_view = (move.b & 64U) != 0    ? some_view(move.b)
                                 : below.epoch == epoch ? below.view
                                                        : View{};
        const Proposal proposal{epoch,       view, digest, height, again ? digest : parent,
                                parent_view, *own};
        const SignedProposal said{proposal, sim::World::sign(kVillain, proposal)};
        stage_.remember(said);
        say(move, {said, digest, {}});
    }
    // A certificate of all signatures that were ever made on some vote; too few are filled up with forged ones.
    void certify(const Move& move) {
        const auto& votes = stage_.votes();
        if (votes.empty()) {
            return;
        }
        Certificate certificate{votes[votes.size() - 1 - move.a % votes.size()].vote, {}};
        std::map<ReplicaIndex, Bytes> signatures;
        for (const SignedVote& seen : votes) {
            if (seen.vote == certificate.subject) {
                signatures[seen.signer] = seen.signature;
            }
        }
        for (std::uint16_t index = 0; index < kNodes && (move.b & 8U) != 0; ++index) {
            signatures.emplace(ReplicaIndex{index},
                               sim::World::sign(kVillain, certificate.subject));
        }
        certificate.signatures.assign(signatures.begin(), signatures.end());
        if ((move.b & 16U) != 0) {
            certificate.signatures.push_back(certificate.signatures.back());
        }
        say(move, {certificate, {}, {}});
    }
    void ask(const Move& move) {
        const Epoch epoch = some_epoch(move.b >> 5U);
        const View view = (move.a & 64U) != 0 ? View{~0ULL >> (move.b >> 6U)} : some_view(move.b);
        switch (move.a % 5U) {
            case 0:
                say(move, {StatusHint{epoch, view, some_view(move.a / 5U)}, {}, {}});
                break;
            case 1:
                say(move, {FetchCertificates{epoch, some_view(move.a / 5U), view}, {}, {}});
                break;
            case 2:
                say(move, {FetchProposal{epoch, view}, {}, {}});
                break;
            case 3:
                say(move, {ViewQuery{epoch, Nonce{}}, {}, {}});
                break;
            default:
                say(move, {std::nullopt, {}, some_block(move.b)});
        }
    }
    // Something that was signed before, by whomever.
    void repeat(const Move& move) {
        if ((move.b & 8U) != 0 && !stage_.proposals().empty()) {
            const SignedProposal seen = stage_.proposals()[move.a % stage_.proposals().size()];
            say(move, {seen, seen.proposal.digest, {}});
        } else if (!stage_.votes().empty()) {
            const SignedVote seen = stage_.votes()[move.a % stage_.votes().size()];
            say(move, {seen, {}, {}});
        }
    }

    Stage stage_;
    bool villain_;
    bool log_lost_ = false;
    std::uint32_t transactions_ = 0;
    std::uint64_t salt_ = 1'000'000;
    std::vector<BlockDigest> blocks_;
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    Play play(data[0]);
    for (std::size_t at = 1; at + 3 <= size && at / 3 < kMovesMax; at += 3) {
        play.make({data[at], data[at + 1], data[at + 2]});
    }
    return 0;
}
