#include "client/cli/operation_examples.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <set>
#include <sstream>

#include "client/cli/network_plan.h"
#include "client/cli/operation_fields.h"
#include "client/cli/operation_samples.h"
#include "ledger/base/assert.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kLineBytes = 90;

json::object fields_of(const OperationSample& sample) {
    return json::parse(json::string_view(sample.fields.data(), sample.fields.size())).as_object();
}

// The founding organisation's alias, which the profile of every created network knows.
std::string alias_of(const std::string& id) {
    static const auto kPlan = plan_network(4);
    for (const auto& organisation : kPlan->organisations) {
        if (organisation.id == id) {
            return organisation.alias;
        }
    }
    return id;
}

const json::value* value_at(const json::object& fields, std::string_view path) {
    const auto dot = path.find('.');
    const auto name = path.substr(0, dot);
    const auto* value = fields.if_contains(json::string_view(name.data(), name.size()));
    if (value == nullptr || dot == std::string_view::npos) {
        return value;
    }
    return value->is_object() ? value_at(value->get_object(), path.substr(dot + 1)) : nullptr;
}

std::string plain(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
}

// In single quotes where a shell would read something else.
std::string quoted(const std::string& word) {
    return word.find(' ') == std::string::npos ? word : "'" + word + "'";
}

std::string share_text(const json::object& share) {
    const auto* part = share.if_contains("part");
    return (part == nullptr ? "" : plain(*part) + ":") + alias_of(plain(share.at("organisation"))) +
           ":" + plain(share.at("basis_points"));
}

// What a person types after the flag for this value.
std::string typed_value(FieldKind kind, const json::value& value, const json::object& fields) {
    std::string text;
    switch (kind) {
        case FieldKind::kText:
        case FieldKind::kTime:
        case FieldKind::kFlag:
            return quoted(plain(value));
        case FieldKind::kOrganisation:
            return alias_of(plain(value));
        case FieldKind::kMoney:
            return plain(value.at("amount")) + ":" + plain(value.at("currency"));
        case FieldKind::kKeys:
            return plain(fields.at("id"));
        case FieldKind::kTexts:
        case FieldKind::kShares:
            for (const auto& item : value.as_array()) {
                text += (text.empty() ? "" : " ") + (kind == FieldKind::kShares
                                                         ? share_text(item.as_object())
                                                         : quoted(plain(item)));
            }
            break;
    }
    return text;
}

// Relative times as milliseconds since the epoch.
Status fix_times(json::value& value) {
    if (auto* object = value.if_object()) {
        for (auto& member : *object) {
            SANQUAN_TRY(fix_times(member.value()));
        }
    } else if (auto* array = value.if_array()) {
        for (auto& item : *array) {
            SANQUAN_TRY(fix_times(item));
        }
    } else if (const auto* text = value.if_string(); text != nullptr && text->starts_with('+')) {
        SANQUAN_TRY_ASSIGN(const auto time, parse_time_ms(std::string(*text)));
        value = std::to_string(time);
    }
    return {};
}

std::vector<std::string> words_of(std::string_view text) {
    std::istringstream stream{std::string(text)};
    std::vector<std::string> words;
    for (std::string word; stream >> word;) {
        words.push_back(word);
    }
    return words;
}

}  // namespace

std::string example_of(const OperationCommand& command) {
    const OperationSample* sample = find_sample(command.operation);
    SANQUAN_ASSERT(sample != nullptr);
    const json::object fields = fields_of(*sample);
    std::string text;
    std::string line = "sanquan " + std::string(command.group) + " " + std::string(command.name);
    const auto add = [&](const std::string& word) {
        if (line.size() + word.size() > kLineBytes) {
            text += line + " \\\n  ";
            line = "   ";
        }
        line += " " + word;
    };
    for (const FieldFlag& field : command.fields) {
        const json::value* value = value_at(fields, field.path);
        if (value == nullptr || (!field.otherwise.empty() && plain(*value) == field.otherwise)) {
            continue;
        }
        const std::string flag = "--" + std::string(field.flag);
        add(field.kind == FieldKind::kFlag ? flag
                                           : flag + " " + typed_value(field.kind, *value, fields));
    }
    add("--as " + alias_of(std::string(sample->sender)));
    for (const auto& organisation : words_of(sample->also)) {
        add("--also " + alias_of(organisation));
    }
    return text + line;
}

Result<json::object> example_document(std::string_view operation) {
    const OperationSample* sample = find_sample(operation);
    if (sample == nullptr) {
        return fail(Code::kBadRequest, "no operation '" + std::string(operation) + "'");
    }
    json::value fields = fields_of(*sample);
    SANQUAN_TRY(fix_times(fields));
    json::object document{{"as", sample->sender}};
    json::array also;
    for (const auto& organisation : words_of(sample->also)) {
        also.emplace_back(json::string(organisation));
    }
    if (!also.empty()) {
        document["also"] = std::move(also);
    }
    document["operations"] = json::array{json::object{{sample->operation, std::move(fields)}}};
    return document;
}

std::string placeholders_in(const std::string& example) {
    const auto in_word = [](char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
               (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    };
    std::string list;
    std::set<std::string> seen;
    std::string word;
    for (const char letter : example + ' ') {
        if (in_word(letter)) {
            word += letter;
            continue;
        }
        const auto known = placeholders();
        if (std::find(known.begin(), known.end(), word) != known.end() &&
            seen.insert(word).second) {
            list += (list.empty() ? "" : ", ") + word;
        }
        word.clear();
    }
    return list;
}

std::string indented_json(const json::value& value, std::size_t indent) {
    const std::string blanks(indent + 2, ' ');
    std::string text;
    if (value.is_object() && !value.get_object().empty()) {
        for (const auto& member : value.get_object()) {
            text += (text.empty() ? "{\n" : ",\n") + blanks + json::serialize(member.key()) + ": " +
                    indented_json(member.value(), indent + 2);
        }
        return text + "\n" + std::string(indent, ' ') + "}";
    }
    if (value.is_array() && !value.get_array().empty()) {
        for (const auto& item : value.get_array()) {
            text += (text.empty() ? "[\n" : ",\n") + blanks + indented_json(item, indent + 2);
        }
        return text + "\n" + std::string(indent, ' ') + "]";
    }
    return json::serialize(value);
}

}  // namespace sanquan::cli
