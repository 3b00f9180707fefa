#include "node/gateway/problem.h"

#include <boost/json/serialize.hpp>

namespace sanquan::node {
namespace {

namespace json = boost::json;

std::string stamp_height(const Stamp& stamp) { return std::to_string(stamp.height.value); }

}  // namespace

unsigned http_status(Code code) {
    // The few codes for which HTTP has a word of its own; the rest follow from their group.
    if (code == Code::kNotFound || code == Code::kNoSuchResource) {
        return 404;
    }
    if (code == Code::kMethodNotAllowed) {
        return 405;
    }
    if (code == Code::kUnsupportedMediaType) {
        return 415;
    }
    if (code == Code::kAuthenticationRequired || code == Code::kAuthenticationFailed) {
        return 401;
    }
    if (code == Code::kTransactionTooLarge || code == Code::kTooLong) {
        return 413;
    }
    // What was sent is beyond a bound: sending it again later cannot help, as 429 would say.
    if (code == Code::kAmountOverflow || code == Code::kTooDeep || code == Code::kWindowTooLong ||
        code == Code::kConstraintLimit) {
        return 400;
    }
    if (code == Code::kTimeout) {
        return 504;
    }
    switch (info(code).group) {
        case CodeGroup::kOk:
            return 200;
        case CodeGroup::kMalformed:
            return 400;
        case CodeGroup::kUnauthorised:
            return 403;
        case CodeGroup::kConflict:
        case CodeGroup::kExpired:
            return 409;
        case CodeGroup::kLimit:
            return 429;
        case CodeGroup::kOperating:
            return 503;
    }
    return 500;
}

Answer json_answer(const Stamp& stamp, json::object body, unsigned status) {
    json::object mark;
    mark["height"] = stamp_height(stamp);
    mark["state_root"] = stamp.state_root.hex();
    mark["time_ms"] = std::to_string(stamp.time.value);
    body["stamp"] = std::move(mark);
    Answer answer;
    answer.status = status;
    answer.body = json::serialize(body);
    answer.headers = {{"X-Sanquan-Height", stamp_height(stamp)},
                      {"X-Sanquan-State-Root", stamp.state_root.hex()}};
    return answer;
}

Answer problem(const Error& error, Language language, json::object more) {
    const CodeInfo& code = info(error.code);
    Answer answer;
    answer.status = http_status(error.code);
    answer.content_type = "application/problem+json";
    json::object body = std::move(more);
    body["type"] = "urn:sanquan:code:" + std::string(code.text);
    body["title"] = language == Language::kChinese ? code.chinese : code.english;
    body["status"] = answer.status;
    body["code"] = code.text;
    body["number"] = static_cast<std::uint32_t>(error.code);
    body["detail"] = error.context;
    answer.body = json::serialize(body);
    answer.charge = answer.status == 400 || answer.status == 401 || answer.status == 403;
    if (answer.status == 429 || answer.status == 503) {
        answer.headers.emplace_back("Retry-After", "1");
    }
    if (answer.status == 405) {
        answer.headers.emplace_back("Allow", error.context);  // RFC 9110, 15.5.6
    }
    if (answer.status == 401) {
        answer.headers.emplace_back("WWW-Authenticate", "Sanquan");
    }
    return answer;
}

Answer problem(const Error& error, Language language) { return problem(error, language, {}); }

Language preferred_language(std::string_view accept_language) {
    const auto chinese = accept_language.find("zh");
    const auto english = accept_language.find("en");
    return chinese != std::string_view::npos && chinese < english ? Language::kChinese
                                                                  : Language::kEnglish;
}

}  // namespace sanquan::node
