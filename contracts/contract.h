// The shape of every rule contract: three gates that cannot be skipped, verdicts as data (D5).
//
//   preflight(operation, context)            no state: shape, limits, references to itself
//   check(Preflighted<Operation>, ReadView)  reads only: rights, existence, deadlines, balances
//   apply(Checked<Operation>, Overlay&)      writes; cannot fail for a business reason
//
// Preflighted and Checked can be made by `Gate` alone (contracts/gate.h), which runs the three in
// order, so no caller can hand a forged stage to apply. Single-threaded; called by the registry on
// the execution strand and in dry runs.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/error.h"
#include "ledger/base/ids.h"
#include "ledger/model/chain.h"
#include "ledger/state/overlay.h"
#include "ledger/state/read_view.h"

namespace sanquan::contracts {

struct Fact {
    std::string name;
    std::string value;
};

// Why an operation is refused: the code, what the rule read, and what would have passed.
struct Refusal {
    Code code = Code::kInternal;
    std::vector<Fact> facts;
    std::vector<Fact> would_pass;
};

using Verdict = std::optional<Refusal>;  // nullopt: passed
inline constexpr std::nullopt_t kPass = std::nullopt;

inline Verdict refuse(Code code, std::vector<Fact> facts = {}, std::vector<Fact> would_pass = {}) {
    return Refusal{code, std::move(facts), std::move(would_pass)};
}

// What an accepted operation did.
struct Outcome {
    std::string subject;      // id of what was created or changed
    std::vector<Fact> facts;  // figures that a reader of the receipt wants
};

// Everything besides the state that a rule may depend on; the same on every node.
struct Context {
    const Chain& chain;
    Height height;
    TimeMs time;  // of the block
    TransactionId transaction;
    std::uint32_t operation_index = 0;
    const std::string& sender;  // organisation id
    const std::set<std::string>&
        signers;  // organisations whose threshold the signatures meet; holds sender
};

// Name and version of a rule, as receipts show them ("money.issue", 1).
struct Rule {
    std::string_view name;
    std::uint32_t version = 1;
};

template <typename Operation>
class Preflighted {
  public:
    const Operation& operation;
    const Context& context;

  private:
    friend struct Gate;
    Preflighted(const Operation& op, const Context& ctx) : operation(op), context(ctx) {}
};

template <typename Operation>
class Checked {
  public:
    const Operation& operation;
    const Context& context;

  private:
    friend struct Gate;
    explicit Checked(const Preflighted<Operation>& from)
        : operation(from.operation), context(from.context) {}
};

}  // namespace sanquan::contracts
