// Answers of the API: stamped JSON, and refusals as problem details (RFC 9457) with the ledger's
// stable codes.
#pragma once

#include <boost/json/object.hpp>

#include "ledger/base/error.h"
#include "node/gateway/api_types.h"

namespace sanquan::node {

// Which state an answer was read from.
struct Stamp {
    Height height;
    StateRoot state_root;
    TimeMs time;
};

// `body` with "stamp" {height, state_root, time_ms} added; the headers X-Sanquan-Height and
// X-Sanquan-State-Root.
Answer json_answer(const Stamp& stamp, boost::json::object body, unsigned status = 200);

// {type, title, status, code, number, detail} with the title in `language`; malformed and
// unauthorised requests cost the address a token.
Answer problem(const Error& error, Language language);
// As above with further members.
Answer problem(const Error& error, Language language, boost::json::object more);

// The HTTP status that stands for a code.
unsigned http_status(Code code);

// "zh" before "en" in Accept-Language (RFC 9110, 12.5.4) chooses Chinese.
Language preferred_language(std::string_view accept_language);

}  // namespace sanquan::node
