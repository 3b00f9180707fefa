// Which flags fill which operation: the table behind `sanquan org | asset | right | market |
// trade`.
#pragma once

#include <string_view>
#include <vector>

namespace sanquan::cli {

enum class FieldKind {
    kText,
    kTexts,         // one or more
    kFlag,          // present: true
    kOrganisation,  // alias or id
    kMoney,         // MINOR_UNITS:CURRENCY
    kTime,          // +30d, or milliseconds since the epoch
    kShares,        // ORG:BASIS_POINTS, or PART:ORG:BASIS_POINTS
};

struct FieldFlag {
    std::string_view flag;  // without the dashes
    std::string_view path;  // of the field in the operation, dotted
    FieldKind kind = FieldKind::kText;
    bool required = false;
    std::string_view about;
};

struct OperationCommand {
    std::string_view group;
    std::string_view name;
    std::string_view operation;  // member of the oneof in transaction.proto
    std::string_view about;
    std::vector<FieldFlag> fields;
};

const std::vector<OperationCommand>& operation_commands();
std::string_view group_about(std::string_view group);

}  // namespace sanquan::cli
