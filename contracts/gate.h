// Runs one contract through its three gates: the only maker of Preflighted and Checked.
#pragma once

#include <variant>

#include "contracts/contract.h"

namespace sanquan::contracts {

struct Gate {
    // Contract has: `using Operation`, `static constexpr Rule kRule`, and static preflight, check,
    // apply.
    template <typename Contract>
    static std::variant<Outcome, Refusal> run(const typename Contract::Operation& operation,
                                              const Context& context, Overlay& overlay) {
        if (Verdict verdict = Contract::preflight(operation, context)) {
            return std::move(*verdict);
        }
        const Preflighted<typename Contract::Operation> preflighted(operation, context);
        if (Verdict verdict = Contract::check(preflighted, overlay)) {
            return std::move(*verdict);
        }
        return Contract::apply(Checked<typename Contract::Operation>(preflighted), overlay);
    }
};

}  // namespace sanquan::contracts
