// One operation of the vectors interface: a function from a question to an answer.
//
// A group of operations is one .cc file with a table of entries, named in op_table.cc. Fields are
// read through the helpers below: whatever is missing or of another type ends in BAD_REQUEST, never
// in a throw.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan::vectors {

struct Answer {
    bool ok = false;
    Code code = Code::kOk;                       // why not
    std::optional<boost::json::value> computed;  // "out"

    static Answer accepted() { return {true, Code::kOk, std::nullopt}; }
    static Answer accepted(boost::json::value computed) {
        return {true, Code::kOk, std::move(computed)};
    }
    static Answer accepted_text(std::string_view text) {
        return accepted(boost::json::value(boost::json::string_view(text.data(), text.size())));
    }
    // The verdict of a check.
    static Answer of(const Status& status) {
        return status ? accepted() : Answer{false, status.error().code, std::nullopt};
    }
};

using Question = boost::json::object;
// An error is answered with its code, as a refusal is.
using Op = Result<Answer> (*)(const Question& question);

struct OpEntry {
    std::string_view name;
    Op run;
};

// Field readers; kBadRequest names the field.
Result<std::string_view> text_field(const Question& question, std::string_view field);
Result<Bytes> hex_field(const Question& question, std::string_view field);
Result<std::uint64_t> number_field(const Question& question, std::string_view field);
Result<std::vector<std::string_view>> text_list_field(const Question& question,
                                                      std::string_view field);
Result<std::vector<Bytes>> hex_list_field(const Question& question, std::string_view field);
// Absent, null or a string.
Result<std::optional<std::string_view>> optional_text_field(const Question& question,
                                                            std::string_view field);

// Every operation of this build, sorted by name.
std::span<const OpEntry> all_ops();

}  // namespace sanquan::vectors
