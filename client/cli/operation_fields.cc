#include "client/cli/operation_fields.h"

#include <boost/json/array.hpp>
#include <charconv>
#include <limits>

#include "client/lib/transaction_builder.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

// "12500:CNY": minor units and currency.
Result<json::value> parse_money(const std::string& text) {
    const auto colon = text.find(':');
    if (colon == std::string::npos) {
        return fail(Code::kBadAmount,
                    "'" + text + "': write MINOR_UNITS:CURRENCY, such as 12500:CNY");
    }
    return json::value(
        json::object{{"amount", text.substr(0, colon)}, {"currency", text.substr(colon + 1)}});
}

// "X-ORG:2500" as {organisation, basis_points}; "TAX:X-ORG:300" with its part.
Result<json::value> parse_share(const client::Profile& profile, const std::string& text) {
    json::object share;
    std::string rest = text;
    const auto last = rest.rfind(':');
    if (last == std::string::npos) {
        return fail(Code::kBadShares,
                    "'" + text + "': write ORG:BASIS_POINTS or PART:ORG:BASIS_POINTS");
    }
    share["basis_points"] = json::value(json::string(rest.substr(last + 1)));
    rest.resize(last);
    if (const auto first = rest.find(':'); first != std::string::npos) {
        share["part"] = rest.substr(0, first);
        rest = rest.substr(first + 1);
    }
    share["organisation"] = profile.organisation_id(rest);
    return json::value(std::move(share));
}

Result<json::value> parse_value(const client::Profile& profile, FieldKind kind,
                                const std::string& text) {
    switch (kind) {
        case FieldKind::kText:
        case FieldKind::kTexts:
        case FieldKind::kFlag:
        case FieldKind::kKeys:
            return json::value(json::string(text));
        case FieldKind::kOrganisation:
            return json::value(json::string(profile.organisation_id(text)));
        case FieldKind::kMoney:
            return parse_money(text);
        case FieldKind::kTime: {
            SANQUAN_TRY_ASSIGN(const auto time, parse_time_ms(text));
            return json::value(json::string(std::to_string(time)));
        }
        case FieldKind::kShares:
            return parse_share(profile, text);
    }
    return fail(Code::kInternal);
}

// Sets `value` at a dotted path ("dataset.title.en").
void set_path(json::object& object, std::string_view path, json::value value) {
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) {
        object[path] = std::move(value);
        return;
    }
    auto& inner = object[path.substr(0, dot)];
    if (!inner.is_object()) {
        inner = json::object();
    }
    set_path(inner.get_object(), path.substr(dot + 1), std::move(value));
}

Result<json::array> parse_values(const client::Profile& profile,
                                 const RegistrationsOf& registrations, const FieldFlag& field,
                                 const std::vector<std::string>& texts) {
    json::array list;
    for (const auto& text : texts) {
        if (field.kind == FieldKind::kKeys) {
            SANQUAN_TRY_ASSIGN(auto keys, registrations(profile.organisation_id(text)));
            list.insert(list.end(), keys.begin(), keys.end());
            continue;
        }
        SANQUAN_TRY_ASSIGN(auto value, parse_value(profile, field.kind, text));
        list.push_back(std::move(value));
    }
    return list;
}

}  // namespace

bool is_list(FieldKind kind) {
    return kind == FieldKind::kTexts || kind == FieldKind::kShares || kind == FieldKind::kKeys;
}

Result<std::uint64_t> parse_time_ms(const std::string& text) {
    std::uint64_t number = 0;
    const bool relative = text.starts_with('+');
    const char* begin = text.data() + (relative ? 1 : 0);
    const auto [stop, error] = std::from_chars(begin, text.data() + text.size(), number);
    const std::string unit(stop, text.data() + text.size());
    const std::uint64_t factor = unit == "s"   ? 1'000
                                 : unit == "m" ? 60'000
                                 : unit == "h" ? 3'600'000
                                 : unit == "d" ? 86'400'000
                                               : 0;
    if (error != std::errc() || (relative ? factor == 0 : !unit.empty())) {
        return fail(Code::kBadRequest,
                    "'" + text + "': write +90s, +15m, +12h, +30d, or milliseconds since 1970");
    }
    if (!relative) {
        return number;
    }
    const std::uint64_t now = client::now_ms().value;
    if (number > (std::numeric_limits<std::uint64_t>::max() - now) / factor) {
        return fail(Code::kBadRequest,
                    "'" + text + "': beyond the last moment that can be written");
    }
    return now + number * factor;
}

TypedFields no_fields(const OperationCommand& command) {
    TypedFields typed;
    typed.command = &command;
    typed.values.resize(command.fields.size());
    typed.flags.resize(command.fields.size());
    return typed;
}

Result<json::object> build_fields(const client::Profile& profile,
                                  const RegistrationsOf& registrations, const TypedFields& typed) {
    json::object fields;
    for (std::size_t i = 0; i < typed.command->fields.size(); ++i) {
        const FieldFlag& field = typed.command->fields[i];
        if (field.kind == FieldKind::kFlag) {
            if (typed.flags[i] != 0) {
                set_path(fields, field.path, true);
            }
            continue;
        }
        std::vector<std::string> texts = typed.values[i];
        if (texts.empty() && !field.otherwise.empty()) {
            texts.emplace_back(field.otherwise);
        }
        SANQUAN_TRY_ASSIGN(auto list, parse_values(profile, registrations, field, texts));
        if (!list.empty()) {
            set_path(fields, field.path,
                     is_list(field.kind) ? json::value(std::move(list)) : list[0]);
        }
    }
    return fields;
}

}  // namespace sanquan::cli
