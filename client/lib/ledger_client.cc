#include "client/lib/ledger_client.h"

#include <boost/json/serialize.hpp>
#include <charconv>

#include "client/lib/event_parser.h"
#include "ledger/codec/strict_json.h"
#include "ledger/crypto/digest.h"

namespace sanquan::client {
namespace {

namespace json = boost::json;

constexpr std::size_t kAnswerBytesMax = 64U << 20U;
constexpr auto kReadTimeout = std::chrono::milliseconds(30'000);
constexpr auto kEventIdle =
    std::chrono::milliseconds(45'000);  // the server sends a comment every 15 s

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

bool flag_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

Result<json::object> parse_object(const std::string& text) {
    auto document = parse_strict_json(text, kAnswerBytesMax);
    if (!document || !document->is_object()) {
        return fail(Code::kBadAnswer, "the answer is no JSON object");
    }
    return std::move(document->get_object());
}

}  // namespace

std::string percent_encode(std::string_view text) {
    constexpr std::string_view kPlain = "-._~/";
    std::string encoded;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || kPlain.find(c) != std::string_view::npos;
        if (plain) {
            encoded.push_back(c);
        } else {
            constexpr std::string_view kDigits = "0123456789ABCDEF";
            const auto octet = static_cast<unsigned char>(c);
            encoded.push_back('%');
            encoded.push_back(kDigits[octet >> 4U]);
            encoded.push_back(kDigits[octet & 15U]);
        }
    }
    return encoded;
}

Error problem_error(const HttpResponse& response) {
    const auto body = parse_object(response.body);
    if (!body || !body->contains("number") || !body->at("number").is_int64()) {
        return Error{Code::kBadAnswer, "HTTP " + std::to_string(response.status)};
    }
    const auto number = body->at("number").get_int64();
    const auto code =
        number < 0 ? std::nullopt : code_from_number(static_cast<std::uint32_t>(number));
    std::string detail = text_of(*body, "detail");
    if (const std::string id = text_of(*body, "transaction_id"); !id.empty()) {
        detail += (detail.empty() ? "transaction " : "; transaction ") + id;
    }
    return code ? Error{*code, std::move(detail)}
                : Error{Code::kBadAnswer, text_of(*body, "code") + ": " + detail};
}

Result<SubmitAnswer> parse_submit_answer(const HttpResponse& response) {
    if (response.status != 200 && response.status != 202) {
        return tl::unexpected(problem_error(response));
    }
    SANQUAN_TRY_ASSIGN(auto body, parse_object(response.body));
    SubmitAnswer answer;
    const auto id_bytes = from_hex(text_of(body, "id"));
    const auto id = id_bytes ? TransactionId::from_bytes(*id_bytes) : fail(Code::kBadHex);
    if (!id) {
        return fail(Code::kBadAnswer, "the answer names no transaction");
    }
    answer.id = *id;
    answer.stage = text_of(body, "stage");
    const std::string height = text_of(body, "height");
    std::from_chars(height.data(), height.data() + height.size(), answer.height);
    answer.duplicate = flag_of(body, "duplicate");
    answer.accepted = flag_of(body, "accepted");
    answer.body = std::move(body);
    return answer;
}

LedgerClient::LedgerClient(const Chain& chain, std::vector<NodeAddress> nodes) : chain_(chain) {
    for (auto& node : nodes) {
        nodes_.emplace_back(std::move(node));
    }
}

void LedgerClient::sign(HttpRequest& request) const {
    if (key_ == nullptr) {
        return;
    }
    const std::string timestamp = std::to_string(now_ms().value);
    Bytes text(request.method);
    text.append("\n").append(request.target).append("\n").append(timestamp).append("\n");
    text.append(hash(HashAlgorithm::kSha256, {request.body}).hex());
    const Bytes signature = key_->sign(domain_message("api-request", chain_.id, text));
    request.headers.emplace_back("Authorization", "Sanquan key=" + key_->id().hex() +
                                                      ", ts=" + timestamp +
                                                      ", signature=" + to_hex(signature));
}

Result<HttpResponse> LedgerClient::send(HttpRequest request, std::chrono::milliseconds timeout) {
    if (nodes_.empty()) {
        return fail(Code::kBadProfile, "the profile names no node");
    }
    sign(request);
    Result<HttpResponse> response = fail(Code::kUnreachable);
    for (std::size_t tried = 0; tried < nodes_.size(); ++tried) {
        response = nodes_[current_].request(request, timeout);
        const bool elsewhere = (response && response->status == 503) ||
                               (!response && response.error().code == Code::kUnreachable);
        if (!elsewhere) {
            break;
        }
        current_ = (current_ + 1) % nodes_.size();
    }
    return response;
}

Result<SubmitAnswer> LedgerClient::submit(const SignedTransaction& transaction, Stage wait,
                                          std::chrono::milliseconds timeout) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/v1/transactions?wait=" + std::string(name(wait)) +
                     "&timeout_ms=" + std::to_string(timeout.count());
    request.content_type = "application/x-protobuf";
    request.body = transaction.raw;
    SANQUAN_TRY_ASSIGN(const auto response,
                       send(std::move(request), timeout + std::chrono::milliseconds(2'000)));
    return parse_submit_answer(response);
}

Result<json::object> LedgerClient::get(const std::string& target) {
    HttpRequest request;
    request.target = target;
    SANQUAN_TRY_ASSIGN(const auto response, send(std::move(request), kReadTimeout));
    if (response.status != 200) {
        return tl::unexpected(problem_error(response));
    }
    return parse_object(response.body);
}

Result<Bytes> LedgerClient::get_file(const std::string& target) {
    HttpRequest request;
    request.target = target;
    SANQUAN_TRY_ASSIGN(auto response, send(std::move(request), kReadTimeout));
    if (response.status != 200) {
        return tl::unexpected(problem_error(response));
    }
    return std::move(response.body);
}

Result<json::object> LedgerClient::post(const std::string& target, const json::object& body) {
    HttpRequest request;
    request.method = "POST";
    request.target = target;
    request.content_type = "application/json";
    request.body = json::serialize(body);
    SANQUAN_TRY_ASSIGN(const auto response, send(std::move(request), kReadTimeout));
    if (response.status != 200) {
        return tl::unexpected(problem_error(response));
    }
    return parse_object(response.body);
}

Status LedgerClient::follow(std::optional<std::uint64_t> after,
                            const std::function<bool(const LedgerEvent&)>& on_event) {
    std::string cursor = after ? std::to_string(*after) : std::string();
    std::size_t failures = 0;
    while (failures < nodes_.size()) {
        HttpRequest request;
        request.target = "/v1/events";
        if (!cursor.empty()) {
            request.headers.emplace_back("Last-Event-ID", cursor);
        }
        sign(request);
        EventParser parser;
        bool wanted = true;
        const Status status =
            nodes_[current_].stream(request, kEventIdle, [&](std::string_view piece) {
                for (auto& event : parser.feed(piece)) {
                    failures = 0;
                    if (!event.id.empty()) {
                        cursor = event.id;
                    }
                    wanted = wanted && on_event(event);
                }
                return wanted;
            });
        if (!wanted) {
            return {};
        }
        ++failures;
        current_ = (current_ + 1) % nodes_.size();
        if (!status && failures == nodes_.size()) {
            return status;
        }
    }
    return fail(Code::kUnreachable, "no node serves events");
}

}  // namespace sanquan::client
