// Goal: a node neither votes for nor executes a block that breaks a rule of its place, whoever signed it. Method: a
// good block above an unfinalized one, spoiled in one thing a row and made whole again (roots, digest), goes through
// the entrance for blocks, the check before a vote, and the execution of what is certified.
#include "node/executor/block_rules.h"

#include <functional>

#include "consensus/leader_schedule.h"
#include "ledger/base/limits.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/signed_transaction.h"
#include "tests/unit/node/executor_bench.h"

namespace sanquan::testing {
namespace {

struct Candidate {
    ExecutorBench& bench;
    BlockHeader header;
    std::vector<Bytes> transactions;
    consensus::Proposal proposal;
    bool root_follows = true;  // the header names the transactions
};

enum class Fate : std::uint8_t {
    kVotedFor,
    kExecutedOnly,  // no vote of this node, but a certified one is executed
    kRefused,       // neither
    kNotTaken,      // not even held: its bytes are no block
};

struct Row {
    const char* what;
    Fate fate;
    const char* why;  // in the log, or in the refusal of the bytes
    std::function<void(Candidate&)> spoil;
};

// A signed transaction of the bank with one thing changed.
Bytes issue_with(const Candidate& c, const std::function<void(wire::TransactionBody&)>& spoil,
                 const std::string& signer = "X-BANK") {
    auto body = body_of(c.bench.genesis, "X-BANK", {issue("X-OW", 7, "spoiled")});
    spoil(body);
    return sign(c.bench.genesis, body, {signer});
}

// Transactions of `operations` operations each that count for 64 (exclusive grants) and, in the last one, for 1.
void add_weight(Candidate& c, std::size_t heavy_transactions, int grants_in_last,
                int issues_in_last) {
    constexpr int kGrantsMax = 46;  // of weight 64 in one transaction of at most 3,000
    for (std::size_t i = 0; i <= heavy_transactions; ++i) {
        wire::Operation grant;
        grant.mutable_grant_right()->set_exclusive(true);
        const bool last = i == heavy_transactions;
        auto body =
            body_of(c.bench.genesis, "X-BANK",
                    std::vector<wire::Operation>(
                        static_cast<std::size_t>(last ? grants_in_last : kGrantsMax), grant));
        for (int j = 0; last && j < issues_in_last; ++j) {
            *body.add_operations() = issue("X-OW", 1, "light");
        }
        c.transactions.push_back(sign(c.bench.genesis, body, {"X-BANK"}));
    }
}

void set_time(Candidate& c, std::uint64_t time_ms) { c.header.time = TimeMs{time_ms}; }

// clang-format off
const std::vector<Row>& transaction_rows() {
    static const std::vector<Row> kRows = {
        {"as it should be", Fate::kVotedFor, "", [](Candidate&) {}},
        {"empty", Fate::kVotedFor, "", [](Candidate& c) { c.transactions.clear(); }},
        {"an id twice", Fate::kRefused, "stands twice",
         [](Candidate& c) { c.transactions.push_back(c.transactions[0]); }},
        {"an id of the unfinalized parent", Fate::kRefused, "DUPLICATE: in an unfinalized ancestor",
         [](Candidate& c) { c.transactions.push_back(c.bench.second); }},
        {"an id that is final", Fate::kRefused, "DUPLICATE: final already",
         [](Candidate& c) { c.transactions.push_back(c.bench.first); }},
        {"valid to the very time of the block", Fate::kVotedFor, "", [](Candidate& c) {
             c.transactions.push_back(issue_with(c, [&](auto& b) { b.set_valid_until_ms(c.header.time.value); })); }},
        {"expired", Fate::kRefused, "EXPIRED", [](Candidate& c) {
             c.transactions.push_back(issue_with(c, [&](auto& b) { b.set_valid_until_ms(c.header.time.value - 1); })); }},
        {"valid for too long", Fate::kRefused, "WINDOW_TOO_LONG", [](Candidate& c) {
             c.transactions.push_back(issue_with(c, [&](auto& b) { b.set_valid_until_ms(c.header.time.value + 600'001); })); }},
        {"of another chain", Fate::kRefused, "WRONG_CHAIN", [](Candidate& c) {
             c.transactions.push_back(issue_with(c, [](auto& b) { b.set_chain_id(Bytes(32, 'x')); })); }},
        {"signed by another organisation", Fate::kRefused, "SIGNER_NOT_NAMED", [](Candidate& c) {
             c.transactions.push_back(issue_with(c, [](auto&) {}, "X-EX")); }},
        {"the pooled transaction with a forged signature", Fate::kRefused, "SIG_INVALID", [](Candidate& c) {
             c.transactions[0].back() = static_cast<char>(c.transactions[0].back() ^ 1); }},
        {"no transaction at all", Fate::kRefused, "transaction 1: ", [](Candidate& c) {
             c.transactions.emplace_back("nonsense"); }},
        {"as heavy as may be", Fate::kVotedFor, "", [](Candidate& c) {
             c.transactions.clear();
             add_weight(c, 6, 36, 32); }},
        {"too heavy by one", Fate::kRefused, "weight 20001", [](Candidate& c) {
             c.transactions.clear();
             add_weight(c, 6, 36, 33); }},
        {"as many as may be", Fate::kRefused, "transaction ", [](Candidate& c) {
             c.transactions.assign(limits::kTransactionsPerBlockMax, "x"); }},
        {"too many", Fate::kNotTaken, "TOO_LONG", [](Candidate& c) {
             c.transactions.assign(limits::kTransactionsPerBlockMax + 1, "x"); }},
        {"too many bytes", Fate::kNotTaken, "TOO_LONG", [](Candidate& c) {
             c.transactions.assign(5, Bytes(limits::kTransactionBytesMax, 'x')); }},
        {"other transactions than the header names", Fate::kNotTaken, "not those that its header names",
         [](Candidate& c) { c.transactions.push_back(c.bench.issue_money()); c.root_follows = false; }},
        {"transactions left out", Fate::kNotTaken, "not those that its header names",
         [](Candidate& c) { c.transactions.clear(); c.root_follows = false; }},
    };
    return kRows;
}

const std::vector<Row>& header_rows() {
    static const std::vector<Row> kRows = {
        {"state root", Fate::kRefused, "DIVERGED: state_root of block 2",
         [](Candidate& c) { c.header.state_root.octets[0] ^= 1; }},
        {"receipts root", Fate::kRefused, "DIVERGED: receipts_root of block 2",
         [](Candidate& c) { c.header.receipts_root.octets[0] ^= 1; }},
        {"history root", Fate::kRefused, "history_size or history_root",
         [](Candidate& c) { c.header.history_root.octets[0] ^= 1; }},
        {"history size", Fate::kRefused, "history is not one block longer",
         [](Candidate& c) { c.header.history_size += 1; }},
        {"next validators", Fate::kRefused, "next_validator_set",
         [](Candidate& c) { c.header.next_validators.octets[0] ^= 1; }},
        {"validators", Fate::kRefused, "not the validator set that the parent named next",
         [](Candidate& c) { c.header.validators.octets[0] ^= 1; }},
        {"chain", Fate::kNotTaken, "WRONG_CHAIN", [](Candidate& c) { c.header.chain.octets[0] ^= 1; }},
        {"a height too many", Fate::kRefused, "height does not follow",
         [](Candidate& c) { c.header.height = c.header.height.next(); }},
        {"another parent", Fate::kRefused, "height does not follow",
         [](Candidate& c) { c.header.parent = c.bench.final_block->digest; }},
        {"a proposer who does not lead the view", Fate::kRefused, "proposer: not the leader of the view",
         [](Candidate& c) { c.header.proposer = ReplicaIndex{0}; c.proposal.leader = ReplicaIndex{0}; }},
        {"a proposer other than the one who proposes", Fate::kRefused, "proposer: not the leader of the view",
         [](Candidate& c) { c.header.proposer = ReplicaIndex{0}; }},
        {"proposed by another than the leader", Fate::kExecutedOnly, "",
         [](Candidate& c) { c.proposal.leader = ReplicaIndex{0}; }},
        {"the parent's view", Fate::kRefused, "in a later view", [](Candidate& c) {
             c.header.view = c.proposal.view = c.bench.tip->header.view;
             c.header.proposer = c.proposal.leader = c.bench.tip->header.proposer; }},
        {"another view than the proposal's", Fate::kExecutedOnly, "",
         [](Candidate& c) { c.proposal.view = c.proposal.view.next(); }},
        {"another epoch than the parent's", Fate::kRefused, "same epoch as the parent", [](Candidate& c) {
             c.header.epoch = c.proposal.epoch = c.header.epoch.next(); }},
        {"another epoch than the proposal's", Fate::kExecutedOnly, "",
         [](Candidate& c) { c.proposal.epoch = c.proposal.epoch.next(); }},
        {"the parent's time", Fate::kRefused, "not later than its parent",
         [](Candidate& c) { set_time(c, c.bench.tip->header.time.value); }},
        {"a millisecond later", Fate::kVotedFor, "",
         [](Candidate& c) { set_time(c, c.bench.tip->header.time.value + 1); }},
        {"as far ahead of the clock as may be", Fate::kVotedFor, "",
         [](Candidate& c) { set_time(c, c.bench.now.value + ExecutorBench::kDriftMs); }},
        {"too far ahead of the clock", Fate::kExecutedOnly, "",
         [](Candidate& c) { set_time(c, c.bench.now.value + ExecutorBench::kDriftMs + 1); }},
    };
    return kRows;
}
// clang-format on

void judge(const Row& row) {
    INFO(row.what);
    ExecutorBench bench;
    REQUIRE(bench.submit(bench.issue_money()));
    const auto good = bench.build(bench.tip->digest, Height{3}, View{3});
    REQUIRE(good->transactions.size() == 1);
    Candidate candidate{bench, good->header, good->transactions,
                        proposal_of(good->header, good->digest)};
    row.spoil(candidate);
    if (candidate.root_follows) {
        candidate.header.transactions_root =
            node::transactions_root(bench.genesis.chain.hash, candidate.transactions);
    }
    auto decoded = node::decode_whole_block(
        encode_block(encode_header(candidate.header), candidate.transactions), bench.genesis.chain);
    CHECK(decoded.has_value() == (row.fate != Fate::kNotTaken));
    if (!decoded) {
        CHECK(to_string(decoded.error()).find(row.why) != std::string::npos);
        return;
    }
    const auto block = std::make_shared<const Block>(std::move(*decoded));
    candidate.proposal.digest = block->digest;
    CHECK(bench.check(candidate.proposal, block) == (row.fate == Fate::kVotedFor));
    logged_errors();
    CHECK(bench.execute(block) == (row.fate != Fate::kRefused));
    const std::string log = logged_errors();
    INFO(log);
    CHECK(log.empty() == (row.fate != Fate::kRefused));
    CHECK(log.find(row.why) != std::string::npos);
    CHECK(bench.divergences.empty() == !std::string(row.why).starts_with("DIVERGED"));
    CHECK(bench.check(proposal_of(good->header, good->digest), good));  // the next one is served
}

}  // namespace

TEST_CASE("a block with a bad transaction is neither voted for nor executed",
          "[node][block_rules]") {
    for (const Row& row : transaction_rows()) {
        judge(row);
    }
}

TEST_CASE("a block with a bad header gets no vote", "[node][block_rules]") {
    for (const Row& row : header_rows()) {
        judge(row);
    }
}

TEST_CASE("a block that came past the entrance is held against its transactions root again",
          "[node][block_rules]") {
    ExecutorBench bench;
    REQUIRE(bench.submit(bench.issue_money()));
    const auto good = bench.build(bench.tip->digest, Height{3}, View{3});
    auto block = std::make_shared<Block>(*good);
    block->transactions = {bench.issue_money()};
    CHECK_FALSE(bench.check(proposal_of(good->header, good->digest), block));
}

TEST_CASE("a block of an unknown parent waits, and is refused once its height is final",
          "[node][block_rules]") {
    ExecutorBench bench;
    auto orphan = std::make_shared<Block>(*bench.tip);
    orphan->header.parent.octets[0] ^= 1;
    orphan->digest.octets[0] ^= 1;
    std::atomic<int> answers = 0;
    std::atomic<bool> verdict = true;
    bench.executor->check(proposal_of(orphan->header, orphan->digest), orphan, [&](bool ok) {
        verdict = ok;
        ++answers;
    });
    REQUIRE(bench.execute(bench.tip));  // answered in turn: the check has been looked at
    CHECK(answers == 0);
    bench.commit(bench.tip);
    CHECK(answers == 1);
    CHECK_FALSE(verdict);
}

// What this machine cannot read is no fault of the block that it looks at.
TEST_CASE("a failing store is no verdict on a block", "[node][block_rules]") {
    const ExecutorBench bench;
    const Chain& chain = bench.genesis.chain;
    const Bytes raw = bench.issue_money();
    const auto transaction = decode_transaction(raw, chain);
    REQUIRE(transaction);
    Block block;
    block.transactions = {raw};
    block.header.transactions_root = node::transactions_root(chain.hash, block.transactions);
    const node::TxPool pool(node::TxPoolLimits{});
    node::WorkerPool workers(1, {});
    for (const Code code : {Code::kIo, Code::kCorrupt}) {
        const node::TransactionRules rules{
            chain, pool, workers, [](const PublicKey&, ByteView, ByteView) { return true; },
            [code](const TransactionId&) -> Result<bool> { return fail(code, "no descriptor"); }};
        const auto checked = node::check_transactions(rules, block, node::ExecutedBlock{},
                                                      [](const TransactionId&) { return false; });
        REQUIRE_FALSE(checked);
        CHECK(checked.error().code == code);
        CHECK(node::is_operating_failure(checked.error()));
    }
    const node::TransactionRules rules{chain, pool, workers,
                                       [](const PublicKey&, ByteView, ByteView) { return true; },
                                       [](const TransactionId&) -> Result<bool> { return true; }};
    const auto checked = node::check_transactions(rules, block, node::ExecutedBlock{},
                                                  [](const TransactionId&) { return false; });
    REQUIRE_FALSE(checked);
    CHECK_FALSE(node::is_operating_failure(checked.error()));
}

}  // namespace sanquan::testing
