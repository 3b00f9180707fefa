#include "tests/sim/villains.h"

#include "tests/sim/simulator.h"

namespace sanquan::sim {

using namespace consensus;

void Villain::send(NodeId to, const NetMessage& message) {
    simulator_->deliver_later(id_, to, message);
}

void Villain::send_all(const NetMessage& message) {
    for (NodeId to = 0; to < simulator_->world().options().nodes; ++to) {
        send(to, message);
    }
}

void Villain::vote(NodeId to, const Vote& vote) {
    const auto own = simulator_->world().index_of(vote.epoch, id_);
    if (!own) {
        return;
    }
    const SignedVote signed_vote{vote, *own, World::sign(id_, vote)};
    simulator_->checker().on_villain_vote(signed_vote);
    send(to, {signed_vote, {}, {}});
}

void Villain::vote_all(const Vote& vote_for_all) {
    for (NodeId to = 0; to < simulator_->world().options().nodes; ++to) {
        vote(to, vote_for_all);
    }
}

namespace {

class Silent : public Villain {
  public:
    using Villain::Villain;
    [[nodiscard]] std::string name() const override { return "silent"; }
    void outgoing(NodeId /*to*/, const NetMessage& /*message*/) override {}
};

// Sends each message to some only: proposals to f + 1, certificates to one, votes to a few.
class Withholder : public Villain {
  public:
    using Villain::Villain;
    [[nodiscard]] std::string name() const override { return "withholder"; }
    void outgoing(NodeId to, const NetMessage& message) override {
        if (simulator_->dice().percent(40)) {
            send(to, message);
        }
    }
};

// Builds a second block for every view it leads, and votes for both.
class Equivocator : public Villain {
  public:
    using Villain::Villain;
    [[nodiscard]] std::string name() const override { return "equivocator"; }
    void outgoing(NodeId to, const NetMessage& message) override {
        const auto* proposal =
            message.message ? std::get_if<SignedProposal>(&*message.message) : nullptr;
        if (proposal == nullptr || proposal->proposal.is_reproposal() ||
            !simulator_->world().exists(proposal->proposal.digest)) {
            send(to, message);
            return;
        }
        const Block& first = simulator_->world().block(proposal->proposal.digest);
        Proposal other = proposal->proposal;
        const Block& second = simulator_->world().create(first.facts, {}, 0xEEEE + to % 2);
        other.digest = second.digest;
        const SignedProposal lie{other, World::sign(id_, other)};
        const bool both = simulator_->dice().percent(20);
        if (both || simulator_->dice().percent(50)) {
            send(to, message);
        }
        if (both || simulator_->dice().percent(50)) {
            send(to, {lie, second.digest, {}});
        }
        vote_all({other.epoch, other.view, VoteKind::kNotarize, other.digest});
        if (simulator_->dice().percent(50)) {
            vote_all({other.epoch, other.view, VoteKind::kFinalize, other.digest});
        }
    }
};

// Answers every vote with all three kinds of vote.
class DoubleVoter : public Villain {
  public:
    using Villain::Villain;
    [[nodiscard]] std::string name() const override { return "double-voter"; }
    void outgoing(NodeId to, const NetMessage& message) override { send(to, message); }
    void incoming(NodeId from, const NetMessage& message) override {
        const auto* seen = message.message ? std::get_if<SignedVote>(&*message.message) : nullptr;
        if (seen == nullptr || !answered_.insert(seen->vote).second) {
            return;
        }
        Vote vote_back = seen->vote;
        const auto some =
            static_cast<NodeId>(simulator_->dice().below(simulator_->world().options().nodes));
        if (!vote_back.digest.is_zero()) {
            vote_back.kind = VoteKind::kNotarize;
            vote(some, vote_back);
            vote_back.kind = VoteKind::kFinalize;
            vote(from, vote_back);
        }
        vote(some, {vote_back.epoch, vote_back.view, VoteKind::kNullify, {}});
    }

  private:
    std::set<Vote> answered_;
};

class Replayer : public Villain {
  public:
    using Villain::Villain;
    [[nodiscard]] std::string name() const override { return "replayer"; }
    void outgoing(NodeId to, const NetMessage& message) override { send(to, message); }
    void incoming(NodeId /*from*/, const NetMessage& message) override {
        if (kept_.size() < 400) {
            kept_.push_back(message);
        } else {
            kept_[simulator_->dice().below(kept_.size())] = message;
        }
    }
    void tick() override {
        if (!kept_.empty() && simulator_->dice().percent(50)) {
            send_all(kept_[simulator_->dice().below(kept_.size())]);
        }
    }

  private:
    std::vector<NetMessage> kept_;
};

// Gives up on every view at once, its own too, and on a few to come.
class Nuller : public Villain {
  public:
    Nuller(Simulator& simulator, NodeId id, SimNode& inside)
        : Villain(simulator, id), inside_(&inside) {}
    [[nodiscard]] std::string name() const override { return "nuller"; }
    void outgoing(NodeId to, const NetMessage& message) override {
        const auto* vote_out =
            message.message ? std::get_if<SignedVote>(&*message.message) : nullptr;
        if (vote_out == nullptr || vote_out->vote.kind == VoteKind::kNullify) {
            send(to, message);
        }
    }
    void tick() override {
        if (!inside_->up() || !simulator_->dice().percent(20)) {
            return;
        }
        const auto status = inside_->replica().status();
        for (std::uint64_t ahead = 0; ahead < 3; ++ahead) {
            vote_all({status.epoch, View{status.view.value + ahead}, VoteKind::kNullify, {}});
        }
    }

  private:
    SimNode* inside_;
};

// Speaks of views that do not exist, and shows certificates that nobody signed.
class Liar : public Villain {
  public:
    Liar(Simulator& simulator, NodeId id, SimNode& inside)
        : Villain(simulator, id), inside_(&inside) {}
    [[nodiscard]] std::string name() const override { return "liar"; }
    void outgoing(NodeId to, const NetMessage& message) override {
        if (message.message && std::holds_alternative<SignedViewReport>(*message.message)) {
            // Reports the lowest view, which needs no certificate.
            SignedViewReport report = std::get<SignedViewReport>(*message.message);
            report.report.view = View{1};
            report.report.opening.reset();
            report.signature = World::sign(id_, report.report);
            send(to, {report, {}, {}});
            return;
        }
        send(to, message);
    }
    void tick() override {
        if (!inside_->up() || !simulator_->dice().percent(30)) {
            return;
        }
        auto& dice = simulator_->dice();
        const auto status = inside_->replica().status();
        const std::uint64_t far[] = {status.view.value,
                                     status.view.value + 1,
                                     status.view.value + 1'000'000'000ULL,
                                     (1ULL << 63U) - 1,
                                     ~0ULL,
                                     0};
        const View view{far[dice.below(6)]};
        send_all({StatusHint{status.epoch, view, View{dice.below(3)}}, {}, {}});
        send_all({FetchCertificates{status.epoch, View{dice.below(4)}, view}, {}, {}});
        vote_all({status.epoch, view, VoteKind::kNullify, {}});
        forge(status.epoch, view);
    }

  private:
    void forge(Epoch epoch, View view) {
        // Its own signature under every member's name, or one member many times.
        const Vote subject{epoch, view, VoteKind::kNullify, {}};
        Certificate everyone{subject, {}};
        Certificate one{subject, {}};
        const auto own = simulator_->world().index_of(epoch, id_);
        if (!own) {
            return;
        }
        for (std::uint16_t i = 0; i < simulator_->world().options().validators; ++i) {
            everyone.signatures.emplace_back(ReplicaIndex{i}, World::sign(id_, subject));
            one.signatures.emplace_back(*own, World::sign(id_, subject));
        }
        send_all({everyone, {}, {}});
        send_all({one, {}, {}});
    }
    SimNode* inside_;
};

// Leads with blocks that are invalid or that nobody can execute.
class Saboteur : public Villain {
  public:
    Saboteur(Simulator& simulator, NodeId id, SimNode& inside)
        : Villain(simulator, id), inside_(&inside) {}
    [[nodiscard]] std::string name() const override { return "saboteur"; }
    void outgoing(NodeId to, const NetMessage& message) override {
        inside_->build_impossible = simulator_->dice().percent(60);
        inside_->build_invalid = simulator_->dice().percent(20);
        send(to, message);
    }
    void incoming(NodeId /*from*/, const NetMessage& message) override {
        // Votes for whatever is proposed, to get it notarized.
        const auto* seen = message.message ? std::get_if<SignedVote>(&*message.message) : nullptr;
        if (seen != nullptr && seen->vote.kind == VoteKind::kNotarize &&
            supported_.insert(seen->vote).second) {
            vote_all(seen->vote);
        }
    }

  private:
    std::set<Vote> supported_;
    SimNode* inside_;
};

}  // namespace

std::unique_ptr<Villain> make_villain(Simulator& simulator, NodeId id, SimNode& inside,
                                      std::uint64_t which) {
    switch (which) {
        case 0:
            return std::make_unique<Silent>(simulator, id);
        case 1:
            return std::make_unique<Withholder>(simulator, id);
        case 2:
            return std::make_unique<Equivocator>(simulator, id);
        case 3:
            return std::make_unique<DoubleVoter>(simulator, id);
        case 4:
            return std::make_unique<Replayer>(simulator, id);
        case 5:
            return std::make_unique<Nuller>(simulator, id, inside);
        case 6:
            return std::make_unique<Liar>(simulator, id, inside);
        default:
            return std::make_unique<Saboteur>(simulator, id, inside);
    }
}

}  // namespace sanquan::sim
