#include "contracts/rules.h"

#include <algorithm>
#include <array>

#include "contracts/explain.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr auto kParameters = std::to_array<ParameterInfo>({
#define SANQUAN_PARAMETER(name, text, demo, production, least, most, sentence) \
    {Parameter::name, text, demo, production, least, most, sentence},
#include "contracts/parameters.def"
#undef SANQUAN_PARAMETER
});

constexpr bool defaults_within_bounds() {
    return std::all_of(kParameters.begin(), kParameters.end(), [](const ParameterInfo& entry) {
        return entry.least <= entry.demo && entry.demo <= entry.most &&
               entry.least <= entry.production && entry.production <= entry.most;
    });
}
static_assert(defaults_within_bounds());

}  // namespace

const ParameterInfo& info(Parameter parameter) {
    const auto index = static_cast<std::size_t>(parameter);
    SANQUAN_ASSERT(index < kParameters.size());
    return kParameters[index];
}

std::optional<Parameter> find_parameter(std::string_view name) {
    const auto* found =
        std::find_if(kParameters.begin(), kParameters.end(),
                     [&](const ParameterInfo& entry) { return entry.name == name; });
    return found == kParameters.end() ? std::nullopt : std::optional(found->parameter);
}

std::span<const ParameterInfo> all_parameters() { return kParameters; }

std::uint64_t default_value(const ParameterInfo& info, ChainProfile profile) {
    return profile == ChainProfile::kDemo ? info.demo : info.production;
}

ParameterValue parameter(const ReadView& view, ChainProfile profile, Height height,
                         Parameter parameter) {
    const ParameterInfo& entry = info(parameter);
    ParameterValue found{default_value(entry, profile), 0};
    if (const auto record = load<wire::ParameterRecord>(view, keys::parameter(entry.name))) {
        for (const auto& version : record->versions()) {
            if (version.activation_height() <= height.value) {
                found = {version.value(), version.version()};
            }
        }
    }
    return found;
}

Fact parameter_fact(const ReadView& view, const Context& context, Parameter which) {
    const auto [value, version] = parameter(view, context.chain.profile, context.height, which);
    return {std::string(info(which).name),
            std::to_string(value) + " (version " + std::to_string(version) + ")"};
}

void add_version(wire::ParameterRecord& record, std::uint64_t value, Height activation,
                 Height now) {
    std::uint64_t latest = 0;
    for (const auto& version : record.versions()) {
        latest = std::max(latest, version.version());
    }
    auto& versions = *record.mutable_versions();
    // The one in force is the last that is active; those before it will never be read again.
    while (versions.size() > 1 && versions[1].activation_height() <= now.value) {
        versions.erase(versions.begin());
    }
    auto& added = *versions.Add();
    added.set_value(value);
    added.set_version(latest + 1);
    added.set_activation_height(activation.value);
    std::sort(versions.begin(), versions.end(), [](const auto& a, const auto& b) {
        return a.activation_height() != b.activation_height()
                   ? a.activation_height() < b.activation_height()
                   : a.version() < b.version();
    });
}

}  // namespace sanquan::contracts
