// Finds the contract of an operation and runs it through its gates.
//
// One table per proto file of operations (registry_party.cc, registry_asset.cc,
// registry_market.cc): adding an operation is one line there. Called by apply_block; pure.
#pragma once

#include <span>
#include <variant>

#include "contracts/gate.h"
#include "ledger/codec/transaction.pb.h"

namespace sanquan::contracts {

struct Execution {
    Rule rule;
    std::variant<Outcome, Refusal> result;
};

struct Registration {
    wire::Operation::KindCase kind;
    Rule rule;
    std::variant<Outcome, Refusal> (*run)(const wire::Operation&, const Context&, Overlay&);
};

// The table entry of `Contract`, whose operation stands in the envelope's field `getter`.
template <typename Contract, const typename Contract::Operation& (wire::Operation::*getter)() const>
constexpr Registration registration(wire::Operation::KindCase kind) {
    return {kind, Contract::kRule,
            [](const wire::Operation& operation, const Context& context, Overlay& overlay) {
                return Gate::run<Contract>((operation.*getter)(), context, overlay);
            }};
}

std::span<const Registration> party_contracts();
std::span<const Registration> asset_contracts();
std::span<const Registration> market_contracts();

// The contract of `kind`, or nullptr.
const Registration* find_contract(wire::Operation::KindCase kind);

// Runs the operation's contract on `overlay`. An accepted operation's writes stay; after a refusal
// the caller rolls back. Before the contract: kUnsupported, kPartyUnknown, kPartyUnclaimed,
// kPartyFrozen of the sender.
Execution execute(const wire::Operation& operation, const Context& context, Overlay& overlay);

}  // namespace sanquan::contracts
