// The commands that put words into a villain's mouth, and the expectations.
#include <algorithm>

#include "tests/scenarios/script.h"

namespace sanquan::scenarios {

using namespace consensus;

namespace {

std::optional<VoteKind> kind_named(const std::string& name) {
    for (const VoteKind kind : {VoteKind::kNotarize, VoteKind::kNullify, VoteKind::kFinalize}) {
        if (to_string(kind) == name) {
            return kind;
        }
    }
    return std::nullopt;
}

bool compare(std::uint64_t actual, const std::vector<std::string>& words, std::size_t at) {
    if (at + 1 >= words.size()) {
        return false;
    }
    const std::uint64_t wanted = words[at + 1] == "yes"  ? 1
                                 : words[at + 1] == "no" ? 0
                                                         : std::stoull(words[at + 1]);
    return words[at] == "="    ? actual == wanted
           : words[at] == ">=" ? actual >= wanted
                               : actual <= wanted;
}

}  // namespace

void Script::say(NodeId from, const Command& command, const NetMessage& message) {
    for (const NodeId to : nodes_in(command.value("to"))) {
        if (to != from) {
            stage_->transmit(from, to, message);
        }
    }
}

bool Script::speak(const Command& command) {
    Stage& stage = *stage_;
    if (command.verb == "block") {
        const BlockFacts facts{Epoch{command.number("epoch", 0)}, View{command.number("view", 1)},
                               Height{command.number("height", 1)},
                               block_named(command.value("parent", "genesis")),
                               command.value("boundary") == "yes"};
        const std::string& name = command.words.at(0);
        names_[name] =
            stage.world()
                .create(facts, {}, std::hash<std::string>{}(name),
                        command.value("invalid") != "yes", command.value("impossible") != "yes")
                .digest;
        return true;
    }
    const NodeId speaker = node_number(command.words.at(0));
    if (command.verb == "forward") {
        // A recorded view report, sent again by whoever kept it.
        const auto& reports = stage.reports();
        const std::uint64_t nth = command.number("nth", 0);
        std::uint64_t seen = 0;
        for (const auto& [link, message] : reports) {
            if (link.first == command.number("from", 0) && seen++ == nth) {
                const NetMessage copy = message;
                say(speaker, command, copy);
                return true;
            }
        }
        return fail("no such report was sent");
    }
    if (!stage.is_villain(speaker)) {
        return fail("only a villain says what the script wants");
    }
    const Epoch epoch{command.number("epoch", 0)};
    if (command.verb == "propose") {
        return propose(command, speaker);
    }
    if (command.verb == "vote") {
        return vote(command, speaker);
    }
    if (command.verb == "certificate") {
        return certificate(command, speaker);
    }
    if (command.verb == "report") {
        return report(command, speaker);
    }
    if (command.verb == "replay") {
        // Every recorded vote of this kind, epoch and view, whoever signed it.
        const auto recorded = stage.votes();
        for (const SignedVote& seen : recorded) {
            if (seen.vote.epoch == epoch && seen.vote.view.value == command.number("view", 1) &&
                kind_named(command.words.at(1)) == seen.vote.kind) {
                say(speaker, command, {seen, {}, {}});
            }
        }
        return true;
    }
    if (command.verb == "flood") {
        const auto own = stage.world().index_of(epoch, speaker);
        for (std::uint64_t i = 0; own && i < command.number("votes", 1'000); ++i) {
            const Vote far{
                epoch, View{command.number("from_view", 100) + i}, VoteKind::kNullify, {}};
            say(speaker, command, {SignedVote{far, *own, sim::World::sign(speaker, far)}, {}, {}});
        }
        return true;
    }
    if (command.verb == "hint") {
        say(speaker, command,
            {StatusHint{epoch, View{command.number("view", 1)},
                        View{command.number("finalized", 0)}},
             {},
             {}});
    } else if (command.verb == "fetch") {
        say(speaker, command,
            {FetchCertificates{epoch, View{command.number("first", 1)},
                               View{command.number("last", 1)}},
             {},
             {}});
    } else {
        say(speaker, command, {ViewQuery{epoch, Nonce{}}, {}, {}});
    }
    return true;
}

bool Script::propose(const Command& command, NodeId speaker) {
    const BlockDigest digest = block_named(command.value("block"));
    if (!stage_->world().exists(digest)) {
        return fail("no such block");
    }
    const auto& facts = stage_->world().block(digest).facts;
    const Epoch epoch{command.number("epoch", 0)};
    const auto leader = stage_->world().index_of(epoch, speaker);
    const bool again = command.value("again") == "yes";  // a re-proposal: payload = parent
    const BlockDigest parent = again ? digest
                               : command.value("parent").empty()
                                   ? facts.parent
                                   : block_named(command.value("parent"));
    const Proposal proposal{epoch,
                            View{command.number("view", facts.view.value)},
                            digest,
                            Height{command.number("height", facts.height.value)},
                            parent,
                            View{command.number("parent_view", 0)},
                            leader.value_or(ReplicaIndex{})};
    SignedProposal signed_proposal{proposal, sim::World::sign(speaker, proposal)};
    if (command.value("bad-signature") == "yes") {
        signed_proposal.signature += "x";
    }
    stage_->remember(signed_proposal);
    say(speaker, command, {signed_proposal, digest, {}});
    return true;
}

bool Script::vote(const Command& command, NodeId speaker) {
    const auto kind = kind_named(command.words.at(1));
    const Epoch epoch{command.number("epoch", 0)};
    const auto own = stage_->world().index_of(epoch, speaker);
    if (!kind || !own) {
        return fail("no such vote");
    }
    const Vote vote{
        epoch, View{command.number("view", 1)}, *kind,
        *kind == VoteKind::kNullify ? BlockDigest{} : block_named(command.value("block"))};
    SignedVote signed_vote{vote, *own, sim::World::sign(speaker, vote)};
    if (command.value("bad-signature") == "yes") {
        signed_vote.signature += "x";
    } else {
        stage_->remember(signed_vote);
        stage_->checker().on_villain_vote(signed_vote);
    }
    say(speaker, command, {signed_vote, {}, {}});
    return true;
}

// A certificate of votes that were really signed; `forge=yes` fills in what is missing with the speaker's signature,
// `twice=N` lists the signer N twice.
bool Script::certificate(const Command& command, NodeId speaker) {
    const auto kind = kind_named(command.words.at(1));
    if (!kind) {
        return fail("no such kind");
    }
    const Epoch epoch{command.number("epoch", 0)};
    Certificate certificate{
        {epoch, View{command.number("view", 1)}, *kind,
         *kind == VoteKind::kNullify ? BlockDigest{} : block_named(command.value("block"))},
        {}};
    for (const NodeId node : nodes_in(command.value("signers"))) {
        const auto index = stage_->world().index_of(epoch, node);
        if (!index) {
            return fail("signer has no seat");
        }
        Bytes signature;
        for (const SignedVote& seen : stage_->votes()) {
            if (seen.vote == certificate.subject && seen.signer == *index) {
                signature = seen.signature;
            }
        }
        if (signature.empty() && stage_->is_villain(node)) {
            signature = sim::World::sign(node, certificate.subject);
            stage_->checker().on_villain_vote({certificate.subject, *index, signature});
        }
        if (signature.empty() && command.value("forge") == "yes") {
            signature = sim::World::sign(speaker, certificate.subject);
        }
        if (signature.empty()) {
            return fail("node " + std::to_string(node) + " signed no such vote");
        }
        certificate.signatures.emplace_back(*index, signature);
        if (command.number("twice", ~0ULL) == node) {
            certificate.signatures.emplace_back(*index, signature);
        }
    }
    std::sort(certificate.signatures.begin(), certificate.signatures.end());
    say(speaker, command, {certificate, {}, {}});
    return true;
}

bool Script::report(const Command& command, NodeId speaker) {
    // Answers the newest question of the node named by `to`: its nonce travelled in a query to this villain.
    const NodeId asker = node_number(command.value("to"));
    const auto link = stage_->links().find({asker, speaker});
    std::optional<ViewQuery> query;
    if (link != stage_->links().end()) {
        for (const NetMessage& message : link->second) {
            if (message.message && std::holds_alternative<ViewQuery>(*message.message)) {
                query = std::get<ViewQuery>(*message.message);
            }
        }
    }
    if (!query) {
        return fail(
            "nobody asked (hold the link to the villain, so that the question waits there)");
    }
    const auto own = stage_->world().index_of(query->epoch, speaker);
    ViewReport report{query->epoch,
                      own.value_or(ReplicaIndex{}),
                      query->nonce,
                      View{command.number("view", 1)},
                      {}};
    say(speaker, command, {SignedViewReport{report, sim::World::sign(speaker, report)}, {}, {}});
    return true;
}

bool Script::expect(const Command& command) {
    Stage& stage = *stage_;
    const std::string& what = command.words.at(0);
    if (what == "evidence") {
        return compare(stage.evidence().size(), command.words, 1) ||
               fail("pieces of evidence: " + std::to_string(stage.evidence().size()));
    }
    if (what == "waiting") {
        // "expect waiting 0->3 <= 8": messages on these links that are held back.
        std::size_t waiting = 0;
        for (const Stage::Link& link : links_in({command.words.at(1)})) {
            const auto found = stage.links().find(link);
            waiting += found == stage.links().end() ? 0 : found->second.size();
        }
        return compare(waiting, command.words, 2) ||
               fail("messages waiting: " + std::to_string(waiting));
    }
    if (what == "quiet") {
        // "expect quiet 300 <= 0": messages sent while so many ticks pass.
        const std::uint64_t before = stage.sent();
        run_ticks(std::stoull(command.words.at(1)));
        return compare(stage.sent() - before, command.words, 2) ||
               fail("messages: " + std::to_string(stage.sent() - before));
    }
    bool good = true;
    for (const NodeId node : nodes_in(command.words.at(1))) {
        if (stage.is_villain(node)) {
            continue;
        }
        good = good &&
               (what == "vote" ? expect_votes(command, node) : expect_status(command, what, node));
    }
    return good;
}

bool Script::expect_votes(const Command& command, NodeId node) {
    const View view{command.number("view", 1)};
    const Epoch epoch{command.number("epoch", 0)};
    const auto own = stage_->world().index_of(epoch, node);
    std::map<std::string, std::set<BlockDigest>> cast;
    for (const SignedVote& vote : stage_->votes()) {
        if (own && vote.signer == *own && vote.vote.view == view && vote.vote.epoch == epoch) {
            cast[std::string(to_string(vote.vote.kind))].insert(vote.vote.digest);
        }
    }
    for (const auto& [kind, wanted] : command.values) {
        if (!kind_named(kind)) {
            continue;
        }
        const auto& seen = cast[kind];
        const bool good = wanted == "none" || wanted == "no" ? seen.empty()
                          : wanted == "any" || wanted == "yes"
                              ? seen.size() == 1
                              : seen == std::set<BlockDigest>{block_named(wanted)};
        if (!good) {
            return fail("node " + std::to_string(node) + " voted " + kind + " " +
                        (seen.empty() ? "not at all" : seen.begin()->short_hex()));
        }
    }
    return true;
}

bool Script::expect_status(const Command& command, const std::string& what, NodeId node) {
    const sim::SimNode& one = stage_->node(node);
    std::uint64_t actual = 0;
    if (what == "height") {
        actual = one.chain().back().facts.height.value;
    } else if (what == "stored") {
        actual = one.has_durable_block(block_named(command.value("block"))) ? 1 : 0;
    } else if (what == "votes-logged") {
        for (const Bytes& bytes : one.log()) {
            const auto record = decode_record(bytes);
            const auto* vote = record ? std::get_if<Vote>(&*record) : nullptr;
            actual += vote != nullptr && vote->view.value == command.number("view", 0) &&
                      kind_named(command.value("kind")) == vote->kind;
        }
    } else if (what == "logged") {
        // How many certificates of this kind and view the vote log holds.
        for (const Bytes& bytes : one.log()) {
            const auto record = decode_record(bytes);
            const auto* certificate = record ? std::get_if<Certificate>(&*record) : nullptr;
            if (certificate != nullptr &&
                certificate->subject.view.value == command.number("view", 0) &&
                to_string(certificate->subject.kind) == command.value("certificate")) {
                ++actual;
            }
        }
    } else {
        if (!one.up()) {
            return fail("node " + std::to_string(node) + " is down");
        }
        const auto status = one.replica().status();
        if (what == "view") {
            actual = status.view.value;
        } else if (what == "finalized") {
            actual = status.finalized_view.value;
        } else if (what == "epoch") {
            actual = status.epoch.value;
        } else if (what == "abstaining") {
            actual = status.abstaining ? 1 : 0;
        } else if (what == "threshold") {
            actual = status.threshold.value_or(View{}).value;
        } else if (what == "halted") {
            actual = status.halted ? 1 : 0;
        } else if (what == "diverged") {
            actual = status.diverged ? 1 : 0;
        } else if (what == "timeout") {
            actual = status.timeout_ticks;
        } else if (what == "state-bytes") {
            actual = one.replica().describe().size();
        } else {
            return fail("unknown expectation");
        }
    }
    return compare(actual, command.words, 2) ||
           fail("node " + std::to_string(node) + " " + what + " is " + std::to_string(actual));
}

}  // namespace sanquan::scenarios
