#include "client/cli/network_plan.h"

#include <array>

#include "ledger/base/limits.h"

namespace sanquan::cli {
namespace {

constexpr std::size_t kSectors = 20;
constexpr std::size_t kIndustries = 12;  // S01-S12; the fields S13-S20 follow

std::string sector_code(std::size_t number) {
    return (number < 10 ? "S0" : "S") + std::to_string(number);
}

std::vector<PlannedRole> sector_roles(std::size_t first, std::size_t last) {
    std::vector<PlannedRole> roles;
    for (std::size_t number = first; number <= last; ++number) {
        roles.push_back({wire::SECTOR_AUTHORITY, sector_code(number)});
    }
    return roles;
}

void add(NetworkPlan& plan, std::string alias, std::string id, std::string zh, std::string en,
         wire::OrganisationKind kind, std::vector<PlannedRole> roles) {
    plan.organisations.push_back(
        {std::move(alias), std::move(id), std::move(zh), std::move(en), kind, std::move(roles)});
}

void add_organisations(NetworkPlan& plan) {
    add(plan, "sector-authority", "X-SECTOR-AUTHORITY", "行业主管部门", "Sector authority",
        wire::GOVERNMENT_BODY, sector_roles(1, kIndustries));
    add(plan, "platform-company", "X-PLATFORM-COMPANY", "行业大数据平台公司",
        "Industry platform company", wire::ENTERPRISE, {{wire::DATA_USER, ""}});
    add(plan, "data-exchange", "X-DATA-EXCHANGE", "数据交易中心", "Data exchange", wire::ENTERPRISE,
        {{wire::EXCHANGE, ""}});
    auto roles = sector_roles(kIndustries + 1, kSectors);
    roles.push_back({wire::INFORMATISATION_AUTHORITY, ""});
    add(plan, "informatisation-authority", "X-INFORMATISATION-AUTHORITY", "信息化主管部门",
        "Informatisation authority", wire::GOVERNMENT_BODY, std::move(roles));
    add(plan, "regulator", "X-REGULATOR", "监管机构", "Regulator", wire::GOVERNMENT_BODY,
        {{wire::AUDITOR, ""}});
    add(plan, "settlement-bank", "X-SETTLEMENT-BANK", "结算银行", "Settlement bank",
        wire::ENTERPRISE, {{wire::SETTLEMENT_BANK, ""}});
    add(plan, "secrecy-authority", "X-SECRECY-AUTHORITY", "保密主管部门", "Secrecy authority",
        wire::GOVERNMENT_BODY, {{wire::SECRECY_AUTHORITY, ""}});
    add(plan, "cyber-security-authority", "X-CYBER-SECURITY-AUTHORITY", "信息安全主管部门",
        "Cyber-security authority", wire::GOVERNMENT_BODY, {{wire::CYBER_SECURITY_AUTHORITY, ""}});
    static constexpr std::array<const char*, 3> kNumerals = {"一", "二", "三"};
    for (std::size_t i = 1; i <= kNumerals.size(); ++i) {
        const std::string number = std::to_string(i);
        add(plan, "leading-group-" + number, "X-LEADING-GROUP-" + number,
            std::string("领导小组成员") + kNumerals[i - 1], "Leading group member " + number,
            wire::GOVERNMENT_BODY, {{wire::LEADING_GROUP, ""}});
    }
}

}  // namespace

Result<NetworkPlan> plan_network(std::size_t validators) {
    if (validators == 0 || validators == 2 || validators == 3 ||
        validators > limits::kValidatorsMax) {
        return fail(Code::kBadRequest,
                    "--validators must be 1, or 4 to 128: two or three cannot survive a fault");
    }
    NetworkPlan plan;
    add_organisations(plan);
    if (validators == 1) {
        plan.nodes.push_back({"informatisation-authority", "X-INFORMATISATION-AUTHORITY", true});
        return plan;
    }
    for (std::size_t i = 0; i < 4; ++i) {
        plan.nodes.push_back({plan.organisations[i].alias, plan.organisations[i].id, true});
    }
    for (std::size_t i = 5; i <= validators; ++i) {
        const std::string number = std::to_string(i);
        add(plan, "operator-" + number, "X-OPERATOR-" + number, "技术运营方" + number,
            "Technical operator " + number, wire::ENTERPRISE, {});
        plan.nodes.push_back({"operator-" + number, "X-OPERATOR-" + number, true});
    }
    plan.nodes.push_back({"regulator-audit", "X-REGULATOR", false});
    return plan;
}

}  // namespace sanquan::cli
