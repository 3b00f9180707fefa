// Submitting, preparing, trying out and looking up transactions.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/strict_json.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/crypto/random.h"
#include "ledger/model/body_rules.h"
#include "ledger/model/transaction.h"
#include "node/gateway/problem.h"
#include "node/gateway/receipt_json.h"
#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kWaitDefault{10'000};
constexpr std::uint64_t kValidityMs = 300'000;
constexpr std::size_t kNonceBytes = 16;
constexpr double kWeightPerToken = 10;

bool is_media_type(const std::string& content_type, std::string_view expected) {
    return content_type.starts_with(expected) &&
           (content_type.size() == expected.size() || content_type[expected.size()] == ';' ||
            content_type[expected.size()] == ' ');
}

Result<Bytes> read_signed_transaction(Call& call) {
    if (is_media_type(call.content_type, "application/x-protobuf")) {
        return std::move(call.body);
    }
    if (!is_media_type(call.content_type, "application/json")) {
        return fail(Code::kUnsupportedMediaType, "Content-Type: " + call.content_type);
    }
    SANQUAN_TRY_ASSIGN(const auto document, parse_strict_json(call.body));
    wire::SignedTransaction transaction;
    SANQUAN_TRY(from_json(document, transaction));
    return encode(transaction);
}

Result<WaitFor> read_wait(const Call& call) {
    const auto wait = call.parameter("wait").value_or("admitted");
    if (wait == "admitted") {
        return WaitFor::kAdmitted;
    }
    if (wait == "final") {
        return WaitFor::kFinal;
    }
    if (wait == "sealed") {
        return WaitFor::kSealed;
    }
    return fail(Code::kBadRequest, "wait must be admitted, final or sealed");
}

Result<std::chrono::milliseconds> read_timeout(const Call& call, std::chrono::milliseconds max) {
    const auto text = call.parameter("timeout_ms");
    if (!text) {
        return kWaitDefault;
    }
    std::uint32_t value = 0;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, value);
    if (error != std::errc() || stop != end || std::chrono::milliseconds(value) > max) {
        return fail(Code::kBadRequest,
                    "timeout_ms must be a whole number up to " + std::to_string(max.count()));
    }
    return std::chrono::milliseconds(value);
}

// The id of the transaction in `raw`, when it can be read at all: told with every refusal, so that
// it can be looked up.
std::optional<TransactionId> readable_id(const Bytes& raw, const Chain& chain) {
    wire::SignedTransaction envelope;
    if (raw.size() > limits::kTransactionBytesMax || !envelope.ParseFromString(raw)) {
        return std::nullopt;
    }
    return transaction_id(chain, envelope.body());
}

Answer outcome_answer(Language language, const LedgerService& ledger,
                      const TransactionOutcome& outcome) {
    auto body = outcome_json(outcome, /*in_full=*/true);
    if (!body) {
        return problem(body.error(), language);
    }
    Answer answer = json_answer(present_stamp(ledger), std::move(*body),
                                outcome.receipt == nullptr ? 202 : 200);
    answer.charge = outcome.duplicate;
    return answer;
}

// What did not enter the pool costs a token, but for a pool that is full, which is not the sender's doing.
Answer refusal_answer(Language language, const Error& error,
                      const std::optional<TransactionId>& id) {
    json::object more;
    if (id) {
        more["transaction_id"] = id->hex();
    }
    Answer answer = problem(error, language, std::move(more));
    answer.charge = error.code != Code::kPoolFull && error.code != Code::kTimeout &&
                    error.code != Code::kStopping;
    return answer;
}

void submit(const RouteContextPtr& context, Call call, const Reply& reply) {
    auto raw = read_signed_transaction(call);
    const auto wait = read_wait(call);
    const auto timeout = read_timeout(call, context->limits.wait_max);
    if (!raw || !wait || !timeout) {
        const Error& error = !raw ? raw.error() : !wait ? wait.error() : timeout.error();
        reply(refusal_answer(call.language, error, std::nullopt));
        return;
    }
    auto on_done =
        [context, language = call.language, reply,
         id = readable_id(*raw, context->ledger.chain())](Result<TransactionOutcome> outcome) {
            Answer answer;
            answer.later = [context, language, id, outcome = std::move(outcome)] {
                return outcome ? outcome_answer(language, context->ledger, *outcome)
                               : refusal_answer(language, outcome.error(), id);
            };
            reply(std::move(answer));
        };
    context->ledger.submit(std::move(*raw), *wait, *timeout, std::move(on_done));
}

// {"sender", "mode", "operations", optionally "valid_until_ms" and "nonce"}, or {"body": hex}.
Result<Bytes> read_body(const Call& call, const Chain& chain) {
    if (!is_media_type(call.content_type, "application/json")) {
        return fail(Code::kUnsupportedMediaType, "Content-Type: " + call.content_type);
    }
    SANQUAN_TRY_ASSIGN(auto document, parse_strict_json(call.body));
    if (auto* object = document.if_object(); object != nullptr && object->contains("body")) {
        wire::SignedTransaction holder;
        SANQUAN_TRY(from_json(document, holder));
        return holder.body();
    }
    wire::TransactionBody body;
    SANQUAN_TRY(from_json(document, body));
    if (!body.chain_id().empty() && body.chain_id() != chain.id.view()) {
        return fail(Code::kWrongChain, "this chain is " + chain.id.hex());
    }
    body.set_chain_id(chain.id.bytes());
    if (body.nonce().empty()) {
        body.set_nonce(random_bytes(kNonceBytes));
    }
    if (body.valid_until_ms() == 0) {
        body.set_valid_until_ms(call.received.value + kValidityMs);
    }
    if (body.mode() == wire::MODE_UNSPECIFIED) {
        body.set_mode(wire::INDEPENDENT);
    }
    return encode(body);
}

// As decode_transaction(), which every submission meets: what no block takes is not tried out either.
Status check_weight(const wire::TransactionBody& body) {
    const std::size_t weight = weight_of(body);
    return weight <= limits::kWeightPerTransactionMax
               ? Status{}
               : fail(Code::kTransactionTooLarge,
                      "weight " + std::to_string(weight) + ": send fewer operations");
}

Result<Answer> prepare(const RouteContextPtr& context, const Call& call) {
    const Chain& chain = context->ledger.chain();
    SANQUAN_TRY_ASSIGN(const Bytes bytes, read_body(call, chain));
    SANQUAN_TRY_ASSIGN(const auto body,
                       decode<wire::TransactionBody>(bytes, limits::kTransactionBytesMax));
    SANQUAN_TRY(check_transaction_body(body, chain));
    SANQUAN_TRY(check_weight(body));
    json::object answer;
    answer["id"] = transaction_id(chain, bytes).hex();
    answer["body"] = to_hex(bytes);
    answer["message"] = to_hex(transaction_message(chain, bytes));
    answer["valid_until_ms"] = std::to_string(body.valid_until_ms());
    return json_answer(present_stamp(context->ledger), std::move(answer));
}

Result<Answer> dry_run(const RouteContextPtr& context, const Call& call, const Viewer& viewer) {
    SANQUAN_TRY_ASSIGN(const Bytes bytes, read_body(call, context->ledger.chain()));
    SANQUAN_TRY_ASSIGN(const auto body,
                       decode<wire::TransactionBody>(bytes, limits::kTransactionBytesMax));
    if (!viewer.sees_everything && body.sender() != viewer.organisation) {
        return fail(Code::kForbidden, "dry runs are for one's own transactions");
    }
    SANQUAN_TRY(check_transaction_body(body, context->ledger.chain()));
    SANQUAN_TRY(check_weight(body));
    SANQUAN_TRY_ASSIGN(const Bytes receipt_bytes, context->ledger.dry_run(bytes));
    SANQUAN_TRY_ASSIGN(const auto receipt, decode<wire::Receipt>(receipt_bytes, kReceiptBytesMax));
    json::object answer;
    answer["receipt"] = receipt_json(receipt);
    answer["accepted"] = is_accepted(receipt);
    Answer shown = json_answer(present_stamp(context->ledger), std::move(answer));
    shown.work = static_cast<double>(weight_of(body)) / kWeightPerToken;
    return shown;
}

// The transaction as it stands in its block.
Result<wire::SignedTransaction> load_transaction(const LedgerService& ledger,
                                                 const TransactionOutcome& outcome) {
    SANQUAN_TRY_ASSIGN(const StoredBlock stored, ledger.block(outcome.height));
    SANQUAN_TRY_ASSIGN(const auto block, decode<wire::Block>(stored.block, limits::kFrameBytesMax));
    if (outcome.index >= static_cast<std::uint32_t>(block.transactions_size())) {
        return fail(Code::kCorrupt, "the index names a transaction that is not in its block");
    }
    return decode<wire::SignedTransaction>(block.transactions(static_cast<int>(outcome.index)),
                                           limits::kTransactionBytesMax);
}

Result<Answer> look_up(const RouteContextPtr& context, const Call& call,
                       const std::optional<Viewer>& viewer) {
    SANQUAN_TRY_ASSIGN(const auto id, parse_transaction_id(call.value("id")));
    SANQUAN_TRY_ASSIGN(const auto outcome, context->ledger.find_transaction(id));
    const Stamp stamp = present_stamp(context->ledger);
    if (outcome.receipt == nullptr) {
        SANQUAN_TRY_ASSIGN(auto waiting, outcome_json(outcome, /*in_full=*/false));
        return json_answer(stamp, std::move(waiting));
    }
    SANQUAN_TRY_ASSIGN(const auto envelope, load_transaction(context->ledger, outcome));
    SANQUAN_TRY_ASSIGN(const auto body, decode<wire::TransactionBody>(
                                            envelope.body(), limits::kTransactionBytesMax));
    SANQUAN_TRY_ASSIGN(const auto receipt,
                       decode<wire::Receipt>(*outcome.receipt, kReceiptBytesMax));
    const bool in_full = viewer && (viewer->sees_everything || names(body, viewer->organisation) ||
                                    names(receipt, viewer->organisation));
    SANQUAN_TRY_ASSIGN(auto answer, outcome_json(outcome, in_full));
    if (in_full) {
        answer["transaction"] = to_json(body);
        if (call.parameter("proof")) {
            SANQUAN_TRY_ASSIGN(const Bytes voucher, context->ledger.prove_receipt(id));
            answer["voucher"] = to_hex(voucher);
        }
    } else if (call.parameter("proof")) {
        return fail(viewer ? Code::kForbidden : Code::kAuthenticationRequired,
                    "proofs of a receipt are for its parties and auditors");
    }
    return json_answer(stamp, std::move(answer));
}

}  // namespace

void add_transaction_routes(Router& router, const RouteContextPtr& context) {
    router.add(
        {"POST",
         "/v1/transactions",
         {"wait", "timeout_ms"},
         [context](Call call, const Reply& reply) { submit(context, std::move(call), reply); }});
    router.add("POST", "/v1/transactions:prepare", {},
               public_read(context, [context](const Call& call, const std::optional<Viewer>&) {
                   return prepare(context, call);
               }));
    router.add("POST", "/v1/transactions:dry-run", {},
               member_read(context, [context](const Call& call, const Viewer& viewer) {
                   return dry_run(context, call, viewer);
               }));
    router.add(
        "GET", "/v1/transactions/{id}", {"proof"},
        public_read(context, [context](const Call& call, const std::optional<Viewer>& viewer) {
            return look_up(context, call, viewer);
        }));
}

}  // namespace sanquan::node
