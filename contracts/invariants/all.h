// All invariants; two lines per file of this folder: the maker of the checker of what a transaction
// touched, and the check of a whole state, whose records all parse.
#pragma once

#include "contracts/invariants/invariant.h"
#include "contracts/invariants/records_walk.h"

namespace sanquan::contracts {

std::unique_ptr<Invariant> make_money_conserved();
std::unique_ptr<Invariant> make_exclusive_franchises();
std::unique_ptr<Invariant> make_governance_alive();
std::unique_ptr<Invariant> make_shares_sum();
std::unique_ptr<Invariant> make_objections_counted();
std::unique_ptr<Invariant> make_exclusive_grants();
std::unique_ptr<Invariant> make_grant_within_parent();
std::unique_ptr<Invariant> make_escrow_of_orders();
std::unique_ptr<Invariant> make_one_settlement();

MaybeFlaw whole_money_conserved(const WholeState& state);
MaybeFlaw whole_exclusive_franchises(const WholeState& state);
MaybeFlaw whole_governance_alive(const WholeState& state);
MaybeFlaw whole_shares_sum(const WholeState& state);
// After whole_grant_within_parent(): it walks up the parents.
MaybeFlaw whole_exclusive_grants(const WholeState& state);
MaybeFlaw whole_grant_within_parent(const WholeState& state);
MaybeFlaw whole_escrow_of_orders(const WholeState& state);
MaybeFlaw whole_one_settlement(const WholeState& state);
MaybeFlaw whole_objections_counted(const WholeState& state);

}  // namespace sanquan::contracts
