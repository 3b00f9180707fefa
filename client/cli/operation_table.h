// Which flags fill which operation: the table behind `sanquan org | asset | right | market |
// trade`, the words of its help in English and 中文 side by side.
#pragma once

#include <string>
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
    kKeys,          // an organisation whose keys in the profile's folder are registered
};

struct FieldFlag {
    std::string_view flag;  // without the dashes
    std::string_view path;  // of the field in the operation, dotted
    FieldKind kind = FieldKind::kText;
    bool required = false;
    const char* about = "";
    const char* about_zh = "";
    std::string_view otherwise = "";  // the value when the flag is not given
};

struct OperationCommand {
    std::string_view group;
    std::string_view name;
    std::string_view operation;  // member of the oneof in transaction.proto
    const char* about = "";
    const char* about_zh = "";
    std::vector<FieldFlag> fields;
};

struct OperationGroup {
    std::string_view name;
    const char* about = "";
    const char* about_zh = "";
};

const std::vector<OperationCommand>& operation_commands();
// In the order of the help.
const std::vector<OperationGroup>& operation_groups();

// Names of the enum that the field holds, without the unspecified one; empty for another type.
std::vector<std::string> choices_of(const OperationCommand& command, const FieldFlag& field);

// The two halves of operation_commands(), each in a file of its own.
std::vector<OperationCommand> party_commands();
std::vector<OperationCommand> asset_and_market_commands();

}  // namespace sanquan::cli
