#include "contracts/invariants/whole_state.h"

#include <array>

#include "contracts/invariants/all.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/codec/state_party.pb.h"

namespace sanquan::contracts {
namespace {

struct WholeCheck {
    std::string_view invariant;
    MaybeFlaw (*find_flaw)(const WholeState& state);
};

constexpr auto kChecks = std::to_array<WholeCheck>({
    {"money_conserved", &whole_money_conserved},
    {"exclusive_franchises", &whole_exclusive_franchises},
    {"governance_alive", &whole_governance_alive},
    {"shares_sum", &whole_shares_sum},
    {"grant_within_parent", &whole_grant_within_parent},  // before the next
    {"exclusive_grants", &whole_exclusive_grants},
    {"escrow_of_orders", &whole_escrow_of_orders},
    {"one_settlement", &whole_one_settlement},
    {"objections_counted", &whole_objections_counted},
});

template <typename Record>
MaybeFlaw all_parse(const WholeState& state, ByteView prefix) {
    return walk_records<Record>(
        state, prefix,
        [](const Bytes&, const Bytes&, const Record&) -> MaybeFlaw { return std::nullopt; });
}

// The records that the checks come to by their names: load() takes it for granted that they parse.
constexpr auto kReadByName = std::to_array<MaybeFlaw (*)(const WholeState&)>({
    [](const WholeState& state) { return all_parse<wire::GovernanceRecord>(state, "governance"); },
    [](const WholeState& state) { return all_parse<wire::KeyRecord>(state, "key/"); },
    [](const WholeState& state) { return all_parse<wire::SectorRecord>(state, "sector/"); },
    [](const WholeState& state) { return all_parse<wire::FranchiseRecord>(state, "franchise/"); },
    [](const WholeState& state) { return all_parse<wire::GrantRecord>(state, "grant/"); },
    [](const WholeState& state) { return all_parse<wire::GrantIndexRecord>(state, "grants/"); },
    [](const WholeState& state) { return all_parse<wire::OrderRecord>(state, "order/"); },
    [](const WholeState& state) { return all_parse<wire::EscrowRecord>(state, "escrow/"); },
});

// Keys are readable text, but for what somebody else wrote.
std::string readable(ByteView key) {
    for (const char c : key) {
        if (c < 0x20 || c > 0x7E) {
            return to_hex(key);
        }
    }
    return std::string(key);
}

}  // namespace

Status check_whole_state(const ReadView& view, const StateScan& scan) {
    const WholeState state{view, scan};
    for (const auto& find_unreadable : kReadByName) {
        if (const MaybeFlaw flaw = find_unreadable(state)) {
            return fail(Code::kCorrupt, readable(flaw->key) + ": " + flaw->what);
        }
    }
    for (const WholeCheck& check : kChecks) {
        if (const MaybeFlaw flaw = check.find_flaw(state)) {
            return fail(Code::kInvariantBreach, std::string(check.invariant) + ": " +
                                                    readable(flaw->key) + ": " + flaw->what);
        }
    }
    return {};
}

}  // namespace sanquan::contracts
