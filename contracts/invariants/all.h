// Makers of all invariants; one line per file of this folder.
#pragma once

#include "contracts/invariants/invariant.h"

namespace sanquan::contracts {

std::unique_ptr<Invariant> make_money_conserved();
std::unique_ptr<Invariant> make_exclusive_franchises();
std::unique_ptr<Invariant> make_governance_alive();
std::unique_ptr<Invariant> make_shares_sum();
std::unique_ptr<Invariant> make_exclusive_grants();
std::unique_ptr<Invariant> make_grant_within_parent();
std::unique_ptr<Invariant> make_escrow_of_orders();
std::unique_ptr<Invariant> make_one_settlement();

}  // namespace sanquan::contracts
