#include "contracts/apply_block.h"

#include <utility>

#include "contracts/explain.h"
#include "contracts/invariants/invariant.h"
#include "contracts/registry.h"
#include "ledger/base/assert.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/state/read_cache.h"

namespace sanquan::contracts {
namespace {

constexpr Rule kInvariantRule{"ledger.invariants", 1};

// BOUND: bytes of the facts of one result; receipts cost their sender nothing, so they stay small.
constexpr std::size_t kFactsBytesMax = 1'024;

// Adds facts while there is room; fact() cuts each, whoever wrote it.
void set_facts(google::protobuf::RepeatedPtrField<wire::Fact>& to, const std::vector<Fact>& from,
               std::size_t& room) {
    for (const Fact& whole : from) {
        const Fact fact = contracts::fact(whole.name, whole.value);
        const std::size_t bytes = fact.name.size() + fact.value.size();
        if (bytes > room) {
            return;
        }
        room -= bytes;
        auto& added = *to.Add();
        added.set_name(fact.name);
        added.set_value(fact.value);
    }
}

void set_rule(wire::OperationResult& result, const Rule& rule) {
    result.set_rule(std::string(rule.name));
    result.set_rule_version(rule.version);
}

void set_refusal(wire::OperationResult& result, const Rule& rule, const Refusal& refusal) {
    result.Clear();
    result.set_code(static_cast<std::uint32_t>(refusal.code));
    set_rule(result, rule);
    std::size_t room = kFactsBytesMax;
    set_facts(*result.mutable_facts(), refusal.facts, room);
    set_facts(*result.mutable_would_pass(), refusal.would_pass, room);
}

// Adds what was touched since the innermost savepoint, keeping the oldest value of each key.
void add_changes(const Overlay& overlay, Changes& changes) {
    for (const Bytes& key : overlay.touched()) {
        changes.try_emplace(key, overlay.before(key));
    }
}

class TransactionRun {
  public:
    TransactionRun(const BlockContext& block, const TransactionId& id,
                   const wire::TransactionBody& body, std::set<std::string> signers,
                   Overlay& overlay, std::vector<std::string>& alarms)
        : signers_(std::move(signers)),
          context_{block.chain, block.height, block.time, id, 0, body.sender(), signers_},
          body_(body),
          overlay_(overlay),
          alarms_(alarms) {}

    wire::Receipt run(std::uint32_t index) {
        wire::Receipt receipt;
        receipt.set_transaction_id(context_.transaction.bytes());
        receipt.set_height(context_.height.value);
        receipt.set_index(index);
        if (body_.mode() == wire::ATOMIC) {
            run_atomic(receipt);
        } else {
            run_independent(receipt);
        }
        return receipt;
    }

  private:
    void run_independent(wire::Receipt& receipt) {
        for (int i = 0; i < body_.operations_size(); ++i) {
            Changes changes;
            overlay_.begin();
            wire::OperationResult& result = *receipt.add_results();
            const bool accepted = run_operation(i, changes, result);
            if (accepted && holds(changes, result)) {
                overlay_.commit();
            } else {
                overlay_.rollback();
            }
        }
    }

    void run_atomic(wire::Receipt& receipt) {
        Changes changes;
        overlay_.begin();
        bool accepted = true;
        for (int i = 0; accepted && i < body_.operations_size(); ++i) {
            // A savepoint per operation keeps the look-up of what it changed short.
            overlay_.begin();
            accepted = run_operation(i, changes, *receipt.add_results());
            overlay_.commit();
        }
        wire::OperationResult& last = *receipt.mutable_results(receipt.results_size() - 1);
        if (accepted && holds(changes, last)) {
            overlay_.commit();
        } else {
            receipt.set_code(last.code());
            overlay_.rollback();
        }
    }

    bool run_operation(int index, Changes& changes, wire::OperationResult& result) {
        context_.operation_index = static_cast<std::uint32_t>(index);
        const Execution execution = execute(body_.operations(index), context_, overlay_);
        if (const auto* refusal = std::get_if<Refusal>(&execution.result)) {
            set_refusal(result, execution.rule, *refusal);
            return false;
        }
        const auto& outcome = std::get<Outcome>(execution.result);
        set_rule(result, execution.rule);
        result.set_subject(outcome.subject);
        std::size_t room = kFactsBytesMax;
        set_facts(*result.mutable_facts(), outcome.facts, room);
        add_changes(overlay_, changes);
        return true;
    }

    // Whether the invariants hold after `changes`; else `result` becomes the breach and an alarm is
    // raised.
    bool holds(const Changes& changes, wire::OperationResult& result) {
        const auto breach = find_breach(changes, overlay_);
        if (!breach) {
            return true;
        }
        set_refusal(result, kInvariantRule, *refuse(Code::kInvariantBreach, {{"breach", *breach}}));
        alarms_.push_back(context_.transaction.hex() + ": " + *breach);
        return false;
    }

    const std::set<std::string> signers_;
    Context context_;  // refers to signers_
    const wire::TransactionBody& body_;
    Overlay& overlay_;
    std::vector<std::string>& alarms_;
};

// The sum of what single transactions may do must be what the block may do; a difference is
// nobody's fault but ours.
bool block_holds(const Overlay& overlay, std::vector<std::string>& alarms) {
    Changes changes;
    add_changes(overlay, changes);
    const auto breach = find_breach(changes, overlay);
    if (breach) {
        alarms.push_back("block: " + *breach);
    }
    return !breach;
}

}  // namespace

BlockResult apply_block(const BlockContext& context,
                        const std::vector<const Transaction*>& transactions,
                        const ReadView& parent) {
    BlockResult block;
    const ReadCache before(parent);
    Overlay overlay(before);
    std::uint32_t index = 0;
    for (const Transaction* transaction : transactions) {
        TransactionRun run(context, transaction->id, transaction->body,
                           signers_of(transaction->body), overlay, block.alarms);
        block.receipts.push_back(encode(run.run(index)));
        ++index;
    }
    block.valid = block_holds(overlay, block.alarms);
    block.writes = overlay.writes();
    return block;
}

Bytes dry_run(const BlockContext& context, const TransactionId& id,
              const wire::TransactionBody& body, const std::set<std::string>& signers,
              const ReadView& view) {
    Overlay overlay(view);
    std::vector<std::string> alarms;
    return encode(TransactionRun(context, id, body, signers, overlay, alarms).run(0));
}

}  // namespace sanquan::contracts
