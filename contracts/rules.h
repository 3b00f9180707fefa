// Rule parameters: figures that the leading group may tune, versioned by activation height and
// stored in the state.
//
// Replaying a block reads the version that was active at its height (D5). The list is
// parameters.def.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "contracts/block_context.h"
#include "contracts/contract.h"
#include "ledger/codec/state_party.pb.h"

namespace sanquan::contracts {

enum class Parameter : std::uint8_t {
#define SANQUAN_PARAMETER(name, text, demo, production, least, most, sentence) name,
#include "contracts/parameters.def"
#undef SANQUAN_PARAMETER
};

struct ParameterInfo {
    Parameter parameter;
    std::string_view name;
    std::uint64_t demo;  // default by profile
    std::uint64_t production;
    std::uint64_t least;
    std::uint64_t most;
    std::string_view sentence;
};

struct ParameterValue {
    std::uint64_t value = 0;
    std::uint64_t version = 0;
};

const ParameterInfo& info(Parameter parameter);
std::optional<Parameter> find_parameter(std::string_view name);
std::span<const ParameterInfo> all_parameters();
// The value that `info` names for `profile`.
std::uint64_t default_value(const ParameterInfo& info, ChainProfile profile);

// The version in force at `height`; the profile's default as version 0 when the chain was begun
// before the parameter.
ParameterValue parameter(const ReadView& view, ChainProfile profile, Height height,
                         Parameter parameter);
inline std::uint64_t parameter(const ReadView& view, const Context& context, Parameter which) {
    return parameter(view, context.chain.profile, context.height, which).value;
}

// "tender.notice_periods" = "20 (version 1)": for receipts.
Fact parameter_fact(const ReadView& view, const Context& context, Parameter parameter);

// Adds a version to `record`; versions that can no longer be read at or after `now` are dropped.
void add_version(wire::ParameterRecord& record, std::uint64_t value, Height activation, Height now);

}  // namespace sanquan::contracts
