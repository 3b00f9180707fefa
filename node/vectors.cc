#include "node/vectors.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <istream>
#include <optional>
#include <ostream>
#include <string>

#include "ledger/codec/strict_json.h"
#include "node/vectors/op.h"

namespace sanquan {
namespace {

namespace json = boost::json;
using vectors::Answer;
using vectors::OpEntry;
using vectors::Question;

// BOUND: the largest question is an HTTP request of 2 MiB in hexadecimal.
constexpr std::size_t kLineBytesMax = std::size_t{16} << 20U;

// The next line without its end; longer lines come back cut to one byte over the limit. False at
// the end of input.
bool read_line(std::istream& in, std::string& line) {
    line.clear();
    std::streambuf* buffer = in.rdbuf();
    int c = buffer->sbumpc();
    if (c == std::char_traits<char>::eof()) {
        return false;
    }
    for (; c != std::char_traits<char>::eof() && c != '\n'; c = buffer->sbumpc()) {
        if (line.size() <= kLineBytesMax) {
            line.push_back(static_cast<char>(c));
        }
    }
    return true;
}

Answer refused(Code code) { return {false, code, std::nullopt}; }

Answer run_op(const OpEntry& entry, const Question& question) {
    // Libraries below may throw (memory, length); the answers after this one must still come.
    try {
        auto answer = entry.run(question);
        return answer ? std::move(*answer) : refused(answer.error().code);
    } catch (const std::exception&) {
        return refused(Code::kInternal);
    }
}

Answer answer_question(const Question& question) {
    const auto op = vectors::text_field(question, "op");
    if (!op) {
        return refused(Code::kBadRequest);
    }
    const auto ops = vectors::all_ops();
    const auto found = std::find_if(ops.begin(), ops.end(),
                                    [&](const OpEntry& entry) { return entry.name == *op; });
    return found == ops.end() ? refused(Code::kUnsupported) : run_op(*found, question);
}

std::string line_of(json::value id, Answer answer) {
    json::object fields;
    fields["id"] = std::move(id);
    fields["ok"] = answer.ok;
    if (!answer.ok) {
        const std::string_view code = text(answer.code);
        fields["code"] = json::string_view(code.data(), code.size());
    }
    if (answer.computed) {
        fields["out"] = std::move(*answer.computed);
    }
    return json::serialize(fields);
}

std::string answer_line(const std::string& line) {
    const auto document = parse_strict_json(line, kLineBytesMax);
    if (!document || !document->is_object()) {
        return line_of(nullptr, refused(Code::kBadRequest));
    }
    const Question& question = document->get_object();
    const json::value* id = question.if_contains("id");
    if (id == nullptr || id->is_structured() || id->is_null()) {
        return line_of(nullptr, refused(Code::kBadRequest));
    }
    return line_of(*id, answer_question(question));
}

}  // namespace

int run_vectors(std::istream& in, std::ostream& out, std::string_view build_id) {
    json::array names;
    for (const OpEntry& entry : vectors::all_ops()) {
        names.emplace_back(json::string_view(entry.name.data(), entry.name.size()));
    }
    json::object head;
    head["build"] = json::string_view(build_id.data(), build_id.size());
    head["ops"] = std::move(names);
    out << json::serialize(head) << std::endl;
    std::string line;
    while (out && read_line(in, line)) {
        out << answer_line(line) << std::endl;  // flushed: the asker may wait for it
    }
    return out ? 0 : 1;
}

}  // namespace sanquan
