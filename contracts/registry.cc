#include "contracts/registry.h"

#include <algorithm>

#include "contracts/checks.h"
#include "contracts/explain.h"

namespace sanquan::contracts {
namespace {

constexpr Rule kSenderRule{"party.sender", 1};

}  // namespace

const Registration* find_contract(wire::Operation::KindCase kind) {
    for (const auto table : {party_contracts(), asset_contracts(), market_contracts()}) {
        const auto found = std::find_if(table.begin(), table.end(), [&](const Registration& entry) {
            return entry.kind == kind;
        });
        if (found != table.end()) {
            return &*found;
        }
    }
    return nullptr;
}

Execution execute(const wire::Operation& operation, const Context& context, Overlay& overlay) {
    const Registration* contract = find_contract(operation.kind_case());
    if (contract == nullptr) {
        const auto number = static_cast<std::uint64_t>(operation.kind_case());
        return {kSenderRule, *refuse(Code::kUnsupported, {fact("operation", number)})};
    }
    if (Verdict verdict = require_active(overlay, context, context.sender)) {
        return {kSenderRule, std::move(*verdict)};
    }
    return {contract->rule, contract->run(operation, context, overlay)};
}

}  // namespace sanquan::contracts
