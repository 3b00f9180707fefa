// What passes between the HTTP session and the routes: a checked request in, an answer out. No HTTP
// library here.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/base/result.h"
#include "ledger/crypto/signature.h"

namespace sanquan::node {

enum class Language : std::uint8_t { kEnglish, kChinese };

// A request whose head, target and size have been checked.
struct Call {
    std::string method;
    std::string target;  // as received: signed challenges cover it
    std::string path;    // decoded, without query
    std::map<std::string, std::string> query;
    std::map<std::string, std::string> path_values;  // {code} and the like, filled by the router
    std::string content_type;
    std::string authorization;
    std::string last_event_id;
    bool accepts_protobuf = false;
    Language language = Language::kEnglish;
    std::string body;
    std::string remote;                        // address without port
    std::optional<PublicKey> certificate_key;  // of a TLS client certificate that is valid now
    TimeMs received{};

    [[nodiscard]] const std::string& value(const std::string& name) const;
    [[nodiscard]] std::optional<std::string> parameter(const std::string& name) const;
};

struct Answer {
    unsigned status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::optional<Height>
        events_after;     // the session turns into an event stream from the next height on
    bool charge = false;  // costs the address a token of its anonymous budget
    double work = 0;      // further tokens that the answer has cost, see AdmissionGate::charge
    // Makes the answer that stands for this one, on the session's thread: whoever replies from a thread of the node
    // leaves the spelling to the gateway.
    std::function<Answer()> later = nullptr;
};

using Reply = std::function<void(Answer)>;
// Calls the reply exactly once, from any thread.
using Handler = std::function<void(Call, Reply)>;

// Splits and decodes a request target into path and query; kBadRequest (bad escapes, a parameter
// twice, NUL).
Status parse_target(std::string_view target, Call& call);

}  // namespace sanquan::node
