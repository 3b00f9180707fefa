// The ledger as a program sees it: submit and wait, ask, prove; over any of the profile's nodes.
//
// Blocks; belongs to one thread. A node that cannot be reached is left for the next one: reads are
// harmless to repeat and a transaction counts once (D4). Answers name the height and the state root
// that they were read from.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "client/lib/bulk_submitter.h"
#include "client/lib/http_client.h"
#include "client/lib/transaction_builder.h"
#include "ledger/base/result.h"
#include "ledger/crypto/signing_key.h"
#include "ledger/model/chain.h"

namespace sanquan::client {

// What the API answered to a submitted transaction.
struct SubmitAnswer {
    TransactionId id;
    std::string stage;  // "admitted", "final", "sealed"
    std::uint64_t height = 0;
    bool duplicate = false;
    bool accepted = false;     // every operation was accepted; meaningless while admitted
    boost::json::object body;  // the whole answer, receipt included
};

// One event of /v1/events.
struct LedgerEvent {
    std::string type;  // "block", "alarm"
    std::string id;    // the cursor to resume after; a height
    boost::json::object data;
};

class LedgerClient {
  public:
    LedgerClient(const Chain& chain, std::vector<NodeAddress> nodes);

    // Requests of this client carry a signed challenge by `key` from now on; nullptr: anonymous.
    // The key must outlive the client.
    void authenticate_with(const SigningKey* key) { key_ = key; }

    // kTimeout and kUnreachable leave the outcome open: ask again, or send the same bytes again.
    // Admission refusals come as their own codes.
    Result<SubmitAnswer> submit(const SignedTransaction& transaction, Stage wait,
                                std::chrono::milliseconds timeout = std::chrono::seconds(30));

    // The JSON object that GET `target` answers; the problem's code and detail when the API
    // refuses.
    Result<boost::json::object> get(const std::string& target);
    // The file that GET `target` answers (vouchers, trust files, genesis).
    Result<Bytes> get_file(const std::string& target);
    Result<boost::json::object> post(const std::string& target, const boost::json::object& body);

    // Hands every event after height `after` (nothing: from now on) to `on_event` until it answers
    // false; reconnects to the next node and resumes. kUnreachable when no node can be reached.
    Status follow(std::optional<std::uint64_t> after,
                  const std::function<bool(const LedgerEvent&)>& on_event);

  private:
    Result<HttpResponse> send(HttpRequest request, std::chrono::milliseconds timeout);
    void sign(HttpRequest& request) const;

    Chain chain_;
    std::vector<HttpClient> nodes_;
    std::size_t current_ = 0;
    const SigningKey* key_ = nullptr;
};

// The refusal that a problem document (RFC 9457) stands for; kBadAnswer when it is none.
Error problem_error(const HttpResponse& response);

// Reads a submit answer; the problem's error when the API refused.
Result<SubmitAnswer> parse_submit_answer(const HttpResponse& response);

// `text` as a value of a query parameter (RFC 3986).
std::string percent_encode(std::string_view text);

}  // namespace sanquan::client
