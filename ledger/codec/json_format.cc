#include "ledger/codec/json_format.h"

#include <google/protobuf/descriptor.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include "ledger/base/amount.h"
#include "ledger/base/bytes.h"

namespace sanquan {
namespace {

namespace json = boost::json;
using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Integers beyond this lose digits in JavaScript and many JSON libraries.
constexpr std::int64_t kExactIntegerMax = std::int64_t{1} << 53U;

bool is_amount(const FieldDescriptor& field) {
    return field.type() == FieldDescriptor::TYPE_BYTES &&
           (field.name() == "amount" || field.name() == "issued" || field.name() == "redeemed");
}

json::value bytes_to_json(const FieldDescriptor& field, const std::string& bytes) {
    if (is_amount(field)) {
        if (const auto amount = Amount::decode(bytes)) {
            return json::string(amount->to_string());
        }
    }
    return json::string(to_hex(bytes));
}

json::value string_to_json(const FieldDescriptor& field, const std::string& text) {
    return field.type() == FieldDescriptor::TYPE_BYTES ? bytes_to_json(field, text)
                                                       : json::value(json::string(text));
}

json::value number_to_json(std::uint64_t number) { return json::string(std::to_string(number)); }
json::value number_to_json(std::int64_t number) { return json::string(std::to_string(number)); }

json::value enum_to_json(const Message& message, const FieldDescriptor& field, int index) {
    const Reflection& reflection = *message.GetReflection();
    const int number = index < 0 ? reflection.GetEnumValue(message, &field)
                                 : reflection.GetRepeatedEnumValue(message, &field, index);
    if (const EnumValueDescriptor* value = field.enum_type()->FindValueByNumber(number)) {
        return json::string(value->name());
    }
    return json::value(number);
}

// The value of a field; `index` is the position in a repeated field, -1 for a single one.
json::value field_to_json(const Message& message, const FieldDescriptor& field, int index) {
    const Reflection& reflection = *message.GetReflection();
    const bool single = index < 0;
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_BOOL:
            return json::value(single ? reflection.GetBool(message, &field)
                                      : reflection.GetRepeatedBool(message, &field, index));
        case FieldDescriptor::CPPTYPE_INT32:
            return json::value(single ? reflection.GetInt32(message, &field)
                                      : reflection.GetRepeatedInt32(message, &field, index));
        case FieldDescriptor::CPPTYPE_UINT32:
            return json::value(single ? reflection.GetUInt32(message, &field)
                                      : reflection.GetRepeatedUInt32(message, &field, index));
        case FieldDescriptor::CPPTYPE_INT64:
            return number_to_json(single ? reflection.GetInt64(message, &field)
                                         : reflection.GetRepeatedInt64(message, &field, index));
        case FieldDescriptor::CPPTYPE_UINT64:
            return number_to_json(single ? reflection.GetUInt64(message, &field)
                                         : reflection.GetRepeatedUInt64(message, &field, index));
        case FieldDescriptor::CPPTYPE_ENUM:
            return enum_to_json(message, field, index);
        case FieldDescriptor::CPPTYPE_STRING:
            return string_to_json(field,
                                  single ? reflection.GetString(message, &field)
                                         : reflection.GetRepeatedString(message, &field, index));
        case FieldDescriptor::CPPTYPE_MESSAGE:
            return to_json(single ? reflection.GetMessage(message, &field)
                                  : reflection.GetRepeatedMessage(message, &field, index));
        case FieldDescriptor::CPPTYPE_DOUBLE:
        case FieldDescriptor::CPPTYPE_FLOAT:
            break;  // D1: no message of ours has one
    }
    return nullptr;
}

// Where in the input we are, kept as a chain on the stack: the text is built only for a refusal.
struct Place {
    const Place* outer = nullptr;
    std::string_view name;
    int index = -1;

    [[nodiscard]] std::string text() const {
        std::string path = outer == nullptr ? std::string() : outer->text();
        if (!path.empty() && !name.empty()) {
            path += '.';
        }
        path += name;
        if (index >= 0) {
            path += '[' + std::to_string(index) + ']';
        }
        return path;
    }
};

auto refuse(Code code, const Place& place, std::string_view what) {
    std::string where = place.text();
    return fail(code,
                (where.empty() ? std::string("the message") : where) + ": " + std::string(what));
}

Result<std::uint64_t> read_unsigned(const json::value& value, const Place& place,
                                    std::uint64_t max) {
    std::uint64_t number = 0;
    if (const auto* small = value.if_int64(); small != nullptr && *small >= 0) {
        number = static_cast<std::uint64_t>(*small);
        if (*small > kExactIntegerMax) {
            return refuse(Code::kBadNumber, place, "write numbers above 2^53 as a string");
        }
    } else if (const auto* text = value.if_string()) {
        const char* end = text->data() + text->size();
        const auto [stop, error] = std::from_chars(text->data(), end, number);
        const bool leading_zero = text->size() > 1 && text->front() == '0';
        if (error != std::errc() || stop != end || text->empty() || leading_zero) {
            return refuse(Code::kBadNumber, place, "not a whole number from 0 to 2^64-1");
        }
    } else {
        return refuse(Code::kBadNumber, place, "a whole number is expected");
    }
    if (number > max) {
        return refuse(Code::kBadNumber, place, "at most " + std::to_string(max));
    }
    return number;
}

Result<std::int64_t> read_signed(const json::value& value, const Place& place, std::int64_t min,
                                 std::int64_t max) {
    const auto* number = value.if_int64();
    if (number == nullptr || *number < min || *number > max) {
        return refuse(Code::kBadNumber, place, "a whole number within its range is expected");
    }
    return *number;
}

Result<std::string> read_string(const json::value& value, const FieldDescriptor& field,
                                const Place& place) {
    const auto* text = value.if_string();
    if (text == nullptr) {
        return is_amount(field)
                   ? refuse(Code::kBadAmount, place, "an amount is a decimal string of minor units")
                   : refuse(Code::kBadEncoding, place, "a string is expected");
    }
    const std::string_view view(text->data(), text->size());
    if (field.type() != FieldDescriptor::TYPE_BYTES) {
        return std::string(view);
    }
    if (is_amount(field)) {
        const auto amount = Amount::parse(view);
        if (!amount) {
            return refuse(amount.error().code, place, amount.error().context);
        }
        return amount->encode();
    }
    auto bytes = from_hex(view);
    if (!bytes) {
        return refuse(bytes.error().code, place, "lower-case hexadecimal is expected");
    }
    return bytes;
}

Result<const EnumValueDescriptor*> read_enum(const json::value& value, const FieldDescriptor& field,
                                             const Place& place) {
    const auto* text = value.if_string();
    const EnumValueDescriptor* found =
        text == nullptr
            ? nullptr
            : field.enum_type()->FindValueByName(std::string(text->data(), text->size()));
    if (found == nullptr) {
        std::string names;
        for (int i = 1; i < field.enum_type()->value_count(); ++i) {
            names += (i > 1 ? ", " : "") + field.enum_type()->value(i)->name();
        }
        return refuse(Code::kBadRequest, place, "one of " + names + " is expected");
    }
    return found;
}

Status read_message(const json::value& value, Message& message, const Place& place);

// Sets a single field or appends to a repeated one.
Status read_value(const json::value& value, const FieldDescriptor& field, Message& message,
                  const Place& place) {
    const Reflection& reflection = *message.GetReflection();
    const bool repeated = field.is_repeated();
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_BOOL: {
            const bool* flag = value.if_bool();
            if (flag == nullptr) {
                return refuse(Code::kBadEncoding, place, "true or false is expected");
            }
            repeated ? reflection.AddBool(&message, &field, *flag)
                     : reflection.SetBool(&message, &field, *flag);
            return {};
        }
        case FieldDescriptor::CPPTYPE_INT32: {
            using Limits = std::numeric_limits<std::int32_t>;
            SANQUAN_TRY_ASSIGN(const auto number,
                               read_signed(value, place, Limits::min(), Limits::max()));
            const auto narrow = static_cast<std::int32_t>(number);
            repeated ? reflection.AddInt32(&message, &field, narrow)
                     : reflection.SetInt32(&message, &field, narrow);
            return {};
        }
        case FieldDescriptor::CPPTYPE_INT64: {
            SANQUAN_TRY_ASSIGN(const auto number,
                               read_signed(value, place, -kExactIntegerMax, kExactIntegerMax));
            repeated ? reflection.AddInt64(&message, &field, number)
                     : reflection.SetInt64(&message, &field, number);
            return {};
        }
        case FieldDescriptor::CPPTYPE_UINT32: {
            SANQUAN_TRY_ASSIGN(
                const auto number,
                read_unsigned(value, place, std::numeric_limits<std::uint32_t>::max()));
            const auto narrow = static_cast<std::uint32_t>(number);
            repeated ? reflection.AddUInt32(&message, &field, narrow)
                     : reflection.SetUInt32(&message, &field, narrow);
            return {};
        }
        case FieldDescriptor::CPPTYPE_UINT64: {
            SANQUAN_TRY_ASSIGN(
                const auto number,
                read_unsigned(value, place, std::numeric_limits<std::uint64_t>::max()));
            repeated ? reflection.AddUInt64(&message, &field, number)
                     : reflection.SetUInt64(&message, &field, number);
            return {};
        }
        case FieldDescriptor::CPPTYPE_ENUM: {
            SANQUAN_TRY_ASSIGN(const auto* named, read_enum(value, field, place));
            repeated ? reflection.AddEnum(&message, &field, named)
                     : reflection.SetEnum(&message, &field, named);
            return {};
        }
        case FieldDescriptor::CPPTYPE_STRING: {
            SANQUAN_TRY_ASSIGN(auto text, read_string(value, field, place));
            repeated ? reflection.AddString(&message, &field, std::move(text))
                     : reflection.SetString(&message, &field, std::move(text));
            return {};
        }
        case FieldDescriptor::CPPTYPE_MESSAGE:
            return read_message(value,
                                repeated ? *reflection.AddMessage(&message, &field)
                                         : *reflection.MutableMessage(&message, &field),
                                place);
        case FieldDescriptor::CPPTYPE_DOUBLE:
        case FieldDescriptor::CPPTYPE_FLOAT:
            break;
    }
    return refuse(Code::kUnsupported, place, "fractions are not part of any message");
}

Status read_field(const json::value& value, const FieldDescriptor& field, Message& message,
                  const Place& outer) {
    if (!field.is_repeated()) {
        return read_value(value, field, message, Place{&outer, field.name(), -1});
    }
    const auto* items = value.if_array();
    if (items == nullptr) {
        return refuse(Code::kBadEncoding, Place{&outer, field.name(), -1}, "a list is expected");
    }
    int index = 0;
    for (const auto& item : *items) {
        SANQUAN_TRY(read_value(item, field, message, Place{&outer, field.name(), index++}));
    }
    return {};
}

Status read_message(const json::value& value, Message& message, const Place& place) {
    const auto* object = value.if_object();
    if (object == nullptr) {
        return refuse(Code::kBadEncoding, place, "an object is expected");
    }
    const Descriptor& type = *message.GetDescriptor();
    for (const auto& entry : *object) {
        const std::string name(entry.key().data(), entry.key().size());
        const FieldDescriptor* field = type.FindFieldByName(name);
        if (field == nullptr) {
            return refuse(Code::kUnknownField, Place{&place, name, -1}, "no such field");
        }
        const auto* choice = field->containing_oneof();
        if (choice != nullptr && message.GetReflection()->HasOneof(message, choice)) {
            return refuse(Code::kBadRequest, Place{&place, name, -1},
                          "only one of these may be given");
        }
        SANQUAN_TRY(read_field(entry.value(), *field, message, place));
    }
    return {};
}

}  // namespace

json::object to_json(const Message& message) {
    const Reflection& reflection = *message.GetReflection();
    const Descriptor& type = *message.GetDescriptor();
    json::object object;
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor& field = *type.field(i);
        if (field.is_repeated()) {
            json::array items;
            for (int at = 0; at < reflection.FieldSize(message, &field); ++at) {
                items.push_back(field_to_json(message, field, at));
            }
            object[field.name()] = std::move(items);
        } else if (!field.has_presence() || reflection.HasField(message, &field)) {
            object[field.name()] = field_to_json(message, field, -1);
        }
    }
    return object;
}

Status from_json(const json::value& value, Message& message, std::string_view path) {
    message.Clear();
    return read_message(value, message, Place{nullptr, path, -1});
}

}  // namespace sanquan
