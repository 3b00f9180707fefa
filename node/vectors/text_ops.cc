// Text, JSON, money and organisation codes.
#include <array>
#include <boost/json/array.hpp>
#include <limits>

#include "ledger/base/amount.h"
#include "ledger/base/text.h"
#include "ledger/codec/strict_json.h"
#include "ledger/model/social_credit_code.h"
#include "node/vectors/groups.h"

namespace sanquan::vectors {
namespace {

namespace json = boost::json;

Result<Answer> json_check_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const Bytes raw, hex_field(question, "raw"));
    const auto value = parse_strict_json(raw);
    return value ? Answer::accepted() : Answer{false, value.error().code, std::nullopt};
}

// ok is well-formedness; "out" says whether the ledger takes the text as a name and as a
// description.
Result<Answer> utf8_check_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const Bytes raw, hex_field(question, "raw"));
    SANQUAN_TRY(check_utf8(raw));
    const auto verdict = [](const Status& status) {
        const std::string_view code = text(status ? Code::kOk : status.error().code);
        return json::string(code.data(), code.size());
    };
    return Answer::accepted(json::object{{"name", verdict(check_name(raw))},
                                         {"free_text", verdict(check_free_text(raw))}});
}

Result<Answer> money_split_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const std::string_view decimal, text_field(question, "total"));
    SANQUAN_TRY_ASSIGN(const Amount total, Amount::parse(decimal));
    const json::value* list = question.if_contains("shares_bp");
    if (list == nullptr || !list->is_array()) {
        return fail(Code::kBadRequest, "shares_bp: expected an array");
    }
    std::vector<std::uint32_t> shares;
    for (const json::value& item : list->get_array()) {
        if (!item.is_int64() || item.get_int64() < 0 ||
            item.get_int64() > std::numeric_limits<std::uint32_t>::max()) {
            return fail(Code::kBadShares, "expected whole basis points");
        }
        shares.push_back(static_cast<std::uint32_t>(item.get_int64()));
    }
    SANQUAN_TRY_ASSIGN(const std::vector<Amount> parts, split_by_basis_points(total, shares));
    json::array texts;
    for (const Amount& part : parts) {
        texts.emplace_back(json::string(part.to_string()));
    }
    return Answer::accepted(std::move(texts));
}

Result<Answer> social_credit_code_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const std::string_view code, text_field(question, "code"));
    return Answer::of(check_social_credit_code(code));
}

}  // namespace

std::span<const OpEntry> text_ops() {
    static constexpr auto kOps = std::to_array<OpEntry>({
        {"json.check", json_check_op},
        {"utf8.check", utf8_check_op},
        {"money.split", money_split_op},
        {"social_credit_code.check", social_credit_code_op},
    });
    return kOps;
}

}  // namespace sanquan::vectors
