// Boost.JSON's incremental parser does the grammar (0 of 188 invalid files of JSONTestSuite pass it); the handler below
// adds what the grammar leaves open.
#include "ledger/codec/strict_json.h"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/value_stack.hpp>
#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "ledger/base/text.h"

namespace sanquan {
namespace {

namespace json = boost::json;
using ErrorCode = json::error_code;

// Builds the value and keeps the keys of every open object.
class Handler {
  public:
    static constexpr std::size_t max_object_size = std::size_t{1} << 24U;
    static constexpr std::size_t max_array_size = std::size_t{1} << 24U;
    static constexpr std::size_t max_key_size = std::size_t{1} << 24U;
    static constexpr std::size_t max_string_size = std::size_t{1} << 24U;

    bool on_document_begin(ErrorCode&) { return true; }
    bool on_document_end(ErrorCode&) { return true; }
    bool on_object_begin(ErrorCode&) {
        open_keys_.emplace_back();
        return true;
    }
    bool on_object_end(std::size_t count, ErrorCode&) {
        open_keys_.pop_back();
        stack_.push_object(count);
        return true;
    }
    bool on_array_begin(ErrorCode&) { return true; }
    bool on_array_end(std::size_t count, ErrorCode&) {
        stack_.push_array(count);
        return true;
    }
    bool on_key_part(json::string_view part, std::size_t, ErrorCode&) {
        key_.append(part.data(), part.size());
        stack_.push_chars(part);
        return true;
    }
    bool on_key(json::string_view part, std::size_t, ErrorCode& error) {
        key_.append(part.data(), part.size());
        if (!open_keys_.back().insert(key_).second) {
            return refuse(Code::kDuplicateKey, key_.substr(0, limits::kIdentifierBytesMax), error);
        }
        key_.clear();
        stack_.push_key(part);
        return true;
    }
    bool on_string_part(json::string_view part, std::size_t, ErrorCode&) {
        stack_.push_chars(part);
        return true;
    }
    bool on_string(json::string_view part, std::size_t, ErrorCode&) {
        stack_.push_string(part);
        return true;
    }
    bool on_number_part(json::string_view, ErrorCode&) { return true; }
    bool on_int64(std::int64_t number, json::string_view, ErrorCode&) {
        stack_.push_int64(number);
        return true;
    }
    bool on_uint64(std::uint64_t number, json::string_view, ErrorCode&) {
        stack_.push_uint64(number);
        return true;
    }
    bool on_double(double number, json::string_view, ErrorCode& error) {
        if (!std::isfinite(number)) {
            return refuse(Code::kBadNumber, "a number beyond the range of a double", error);
        }
        stack_.push_double(number);
        return true;
    }
    bool on_bool(bool flag, ErrorCode&) {
        stack_.push_bool(flag);
        return true;
    }
    bool on_null(ErrorCode&) {
        stack_.push_null();
        return true;
    }
    bool on_comment_part(json::string_view, ErrorCode&) { return true; }
    bool on_comment(json::string_view, ErrorCode&) { return true; }

    [[nodiscard]] json::value release() { return stack_.release(); }
    [[nodiscard]] const Error& refusal() const { return refusal_; }
    void start() { stack_.reset(); }

  private:
    bool refuse(Code code, std::string context, ErrorCode& error) {
        refusal_ = Error{code, std::move(context)};
        error = json::error::incomplete;  // any error stops the parser; refusal_ says which it was
        return false;
    }

    json::value_stack stack_;
    std::vector<std::set<std::string>> open_keys_;
    std::string key_;
    Error refusal_{Code::kOk, {}};
};

json::parse_options strict_options() {
    json::parse_options options;
    options.max_depth = limits::kJsonDepthMax;
    options.allow_comments = false;
    options.allow_trailing_commas = false;
    options.allow_invalid_utf8 = false;
    return options;
}

Error refusal_of(const Handler& handler, const ErrorCode& error, std::size_t at) {
    const std::string place = " at byte " + std::to_string(at);
    if (handler.refusal().code != Code::kOk) {
        return {handler.refusal().code, handler.refusal().context + place};
    }
    if (error == json::error::too_deep) {
        return {Code::kTooDeep, "more than 32 levels" + place};
    }
    if (error == json::error::exponent_overflow) {
        return {Code::kBadNumber, "exponent out of range" + place};
    }
    return {Code::kBadEncoding, error.message() + place};
}

}  // namespace

Result<json::value> parse_strict_json(ByteView text, std::size_t bytes_max) {
    if (text.size() > bytes_max) {
        return fail(Code::kTooLong,
                    "a document has at most " + std::to_string(bytes_max) + " bytes");
    }
    SANQUAN_TRY(check_utf8(text));
    json::basic_parser<Handler> parser(strict_options());
    parser.handler().start();
    ErrorCode error;
    const std::size_t used = parser.write_some(/*more=*/false, text.data(), text.size(), error);
    if (error) {
        return tl::unexpected(refusal_of(parser.handler(), error, used));
    }
    if (used != text.size()) {
        return fail(Code::kBadEncoding, "text after the document at byte " + std::to_string(used));
    }
    return parser.handler().release();
}

}  // namespace sanquan
