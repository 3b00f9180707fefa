// Who takes part in a network that `sanquan network create` makes: organisations, their roles,
// their nodes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/result.h"
#include "ledger/codec/operations_party.pb.h"

namespace sanquan::cli {

struct PlannedRole {
    wire::Role role = wire::ROLE_UNSPECIFIED;
    std::string sector;  // SECTOR_AUTHORITY: held as lead
};

struct PlannedOrganisation {
    std::string alias;  // what a person types: "settlement-bank"
    std::string id;     // "X-SETTLEMENT-BANK"
    std::string name_zh;
    std::string name_en;
    wire::OrganisationKind kind = wire::GOVERNMENT_BODY;
    std::vector<PlannedRole> roles;
};

struct PlannedNode {
    std::string name;          // "data-exchange"
    std::string organisation;  // id
    bool validator = true;     // else an audit node
};

struct NetworkPlan {
    std::vector<PlannedOrganisation> organisations;
    std::vector<PlannedNode> nodes;  // validators first
    std::uint32_t leading_group_quorum = 2;
};

// The four organisations of the 2017 policy (sector authority, platform company, data exchange,
// informatisation authority) with one validator each, an audit node of the regulator, a settlement
// bank, the secrecy and cyber-security authorities and a leading group of three. With more
// validators, technical operators join; with one, the informatisation authority's validator stands
// alone and there is no audit node. kBadRequest (two or three validators, or more than
// limits::kValidatorsMax).
Result<NetworkPlan> plan_network(std::size_t validators);

}  // namespace sanquan::cli
