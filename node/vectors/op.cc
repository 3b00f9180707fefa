#include "node/vectors/op.h"

#include <string>

namespace sanquan::vectors {
namespace {

namespace json = boost::json;

tl::unexpected<Error> bad(std::string_view field, std::string_view expected) {
    return fail(Code::kBadRequest, std::string(field) + ": expected " + std::string(expected));
}

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

Result<const json::array*> array_field(const Question& question, std::string_view field) {
    const json::value* value = question.if_contains({field.data(), field.size()});
    if (value == nullptr || !value->is_array()) {
        return bad(field, "an array");
    }
    return &value->get_array();
}

}  // namespace

Result<std::string_view> text_field(const Question& question, std::string_view field) {
    const json::value* value = question.if_contains({field.data(), field.size()});
    if (value == nullptr || !value->is_string()) {
        return bad(field, "a string");
    }
    return view(value->get_string());
}

Result<std::optional<std::string_view>> optional_text_field(const Question& question,
                                                            std::string_view field) {
    const json::value* value = question.if_contains({field.data(), field.size()});
    if (value == nullptr || value->is_null()) {
        return std::optional<std::string_view>();
    }
    if (!value->is_string()) {
        return bad(field, "a string");
    }
    return std::optional(view(value->get_string()));
}

Result<Bytes> hex_field(const Question& question, std::string_view field) {
    SANQUAN_TRY_ASSIGN(const std::string_view text, text_field(question, field));
    auto bytes = from_hex(text);
    return bytes ? bytes : Result<Bytes>(bad(field, "lower-case hexadecimal"));
}

Result<std::uint64_t> number_field(const Question& question, std::string_view field) {
    const json::value* value = question.if_contains({field.data(), field.size()});
    if (value != nullptr && value->is_uint64()) {
        return value->get_uint64();
    }
    if (value != nullptr && value->is_int64() && value->get_int64() >= 0) {
        return static_cast<std::uint64_t>(value->get_int64());
    }
    return bad(field, "a whole number from 0 to 2^64-1");
}

Result<std::vector<std::string_view>> text_list_field(const Question& question,
                                                      std::string_view field) {
    SANQUAN_TRY_ASSIGN(const json::array* const array, array_field(question, field));
    std::vector<std::string_view> texts;
    for (const json::value& item : *array) {
        if (!item.is_string()) {
            return bad(field, "strings");
        }
        texts.push_back(view(item.get_string()));
    }
    return texts;
}

Result<std::vector<Bytes>> hex_list_field(const Question& question, std::string_view field) {
    SANQUAN_TRY_ASSIGN(const std::vector<std::string_view> texts, text_list_field(question, field));
    std::vector<Bytes> list;
    for (const std::string_view text : texts) {
        auto bytes = from_hex(text);
        if (!bytes) {
            return bad(field, "lower-case hexadecimal");
        }
        list.push_back(std::move(*bytes));
    }
    return list;
}

}  // namespace sanquan::vectors
