// Receipts and outcomes as the API shows them: codes by name, with a sentence in both languages
// beside each refusal.
#pragma once

#include <boost/json/object.hpp>

#include "ledger/codec/block.pb.h"
#include "node/ledger_service.h"

namespace sanquan::node {

constexpr std::size_t kReceiptBytesMax = 16U << 20U;

// Whether the transaction and every one of its operations was accepted.
bool is_accepted(const wire::Receipt& receipt);

// Everything that the receipt says.
boost::json::object receipt_json(const wire::Receipt& receipt);

// {id, stage, duplicate} and, once final, {height, index, accepted, receipt}; without `in_full` the
// receipt holds codes, rules and subjects only. kCorrupt.
Result<boost::json::object> outcome_json(const TransactionOutcome& outcome, bool in_full);

// {id, code, results: [{code, rule, subject}]}: what everybody may see.
boost::json::object receipt_summary(const wire::Receipt& receipt);

}  // namespace sanquan::node
