#include "node/gateway/listing.h"

#include <boost/json/object.hpp>
#include <charconv>

#include "ledger/base/bytes.h"

namespace sanquan::node {
namespace {

constexpr std::size_t kLimitDefault = 100;
constexpr std::size_t kLimitMax = 500;
constexpr std::size_t kScanStep = 500;
constexpr std::size_t kGivenIdDigits = 24;
constexpr std::size_t kScannedMax = 5'000;  // BOUND: per request
constexpr double kRecordsPerToken = 100;

}  // namespace

Result<std::size_t> read_limit(const Call& call) {
    const auto text = call.parameter("limit");
    if (!text) {
        return kLimitDefault;
    }
    std::size_t limit = 0;
    const char* end = text->data() + text->size();
    const auto [stop, error] = std::from_chars(text->data(), end, limit);
    if (error != std::errc() || stop != end || limit == 0 || limit > kLimitMax) {
        return fail(Code::kBadRequest, "limit must be 1 to 500");
    }
    return limit;
}

CursorShape given_id(char letter) {
    return [letter](const std::string& cursor) {
        return cursor.size() == 2 + kGivenIdDigits && cursor[0] == letter && cursor[1] == '-' &&
               from_hex(cursor.substr(2)).has_value();
    };
}

Error bad_cursor() {
    return {Code::kBadRequest, "cursor: pass next_cursor back as it came, or leave it away"};
}

Result<Page> read_page(const LedgerService& ledger, const Call& call, const std::string& prefix,
                       const CursorShape& shape, const ShowRecord& show) {
    SANQUAN_TRY_ASSIGN(const std::size_t limit, read_limit(call));
    if (const auto given = call.parameter("cursor"); given && !shape(*given)) {
        return tl::unexpected(bad_cursor());
    }
    Page page;
    const StateSnapshot state = ledger.state();
    page.stamp = {state.height, state.root, state.time};
    std::string cursor = call.parameter("cursor").value_or("");
    while (true) {
        const auto records = ledger.scan(prefix, cursor.empty() ? "" : prefix + cursor, kScanStep);
        for (const auto& [key, value] : records) {
            const std::string rest = key.substr(prefix.size());
            SANQUAN_TRY_ASSIGN(auto shown, show(rest, value));
            cursor = rest;
            ++page.scanned;
            if (shown) {
                page.items.push_back(std::move(*shown));
            }
            if (page.items.size() == limit || page.scanned == kScannedMax) {
                page.next_cursor = cursor;
                return page;
            }
        }
        if (records.size() < kScanStep) {
            return page;
        }
    }
}

Answer page_answer(const std::string& name, Page page) {
    boost::json::object body;
    body[name] = std::move(page.items);
    if (!page.next_cursor.empty()) {
        body["next_cursor"] = page.next_cursor;
    }
    Answer answer = json_answer(page.stamp, std::move(body));
    answer.work = static_cast<double>(page.scanned) / kRecordsPerToken;
    return answer;
}

}  // namespace sanquan::node
