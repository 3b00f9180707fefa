#include "node/gateway/receipt_json.h"

#include <algorithm>
#include <boost/json/array.hpp>

#include "ledger/codec/canonical.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;

std::string_view code_text(std::uint32_t number) {
    const auto code = code_from_number(number);
    return code ? text(*code) : "UNKNOWN";
}

json::array facts_json(const google::protobuf::RepeatedPtrField<wire::Fact>& facts) {
    json::array list;
    list.reserve(static_cast<std::size_t>(facts.size()));
    for (const auto& fact : facts) {
        list.push_back({{"name", fact.name()}, {"value", fact.value()}});
    }
    return list;
}

json::object result_json(const wire::OperationResult& result) {
    json::object object;
    object["code"] = code_text(result.code());
    object["number"] = result.code();
    object["rule"] = result.rule();
    object["rule_version"] = result.rule_version();
    object["subject"] = result.subject();
    object["facts"] = facts_json(result.facts());
    if (const auto code = code_from_number(result.code()); code && *code != Code::kOk) {
        object["would_pass"] = facts_json(result.would_pass());
        object["en"] = info(*code).english;
        object["zh"] = info(*code).chinese;
    }
    return object;
}

}  // namespace

bool is_accepted(const wire::Receipt& receipt) {
    return receipt.code() == 0 &&
           std::all_of(receipt.results().begin(), receipt.results().end(),
                       [](const auto& result) { return result.code() == 0; });
}

json::object receipt_json(const wire::Receipt& receipt) {
    json::object object;
    object["transaction_id"] = to_hex(receipt.transaction_id());
    object["height"] = std::to_string(receipt.height());
    object["index"] = receipt.index();
    object["code"] = code_text(receipt.code());
    object["number"] = receipt.code();
    json::array results;
    results.reserve(static_cast<std::size_t>(receipt.results_size()));
    for (const auto& result : receipt.results()) {
        results.push_back(result_json(result));
    }
    object["results"] = std::move(results);
    return object;
}

json::object receipt_summary(const wire::Receipt& receipt) {
    json::object summary;
    summary["id"] = to_hex(receipt.transaction_id());
    summary["code"] = code_text(receipt.code());
    json::array results;
    for (const auto& result : receipt.results()) {
        results.push_back({{"code", code_text(result.code())},
                           {"rule", result.rule()},
                           {"subject", result.subject()}});
    }
    summary["results"] = std::move(results);
    return summary;
}

Result<json::object> outcome_json(const TransactionOutcome& outcome, bool in_full) {
    json::object object;
    object["id"] = outcome.id.hex();
    object["duplicate"] = outcome.duplicate;
    if (outcome.receipt == nullptr) {
        object["stage"] = "admitted";
        return object;
    }
    SANQUAN_TRY_ASSIGN(const auto receipt,
                       decode<wire::Receipt>(*outcome.receipt, kReceiptBytesMax));
    object["stage"] = outcome.sealed ? "sealed" : "final";
    object["height"] = std::to_string(outcome.height.value);
    object["index"] = outcome.index;
    object["accepted"] = is_accepted(receipt);
    object["receipt"] = in_full ? receipt_json(receipt) : receipt_summary(receipt);
    return object;
}

}  // namespace sanquan::node
