// Pages over state records: bounded scans with a cursor that stays valid while the ledger grows.
#pragma once

#include <boost/json/array.hpp>
#include <functional>
#include <optional>
#include <string>

#include "node/gateway/api_types.h"
#include "node/gateway/problem.h"
#include "node/ledger_service.h"

namespace sanquan::node {

struct Page {
    Stamp stamp;
    boost::json::array items;
    std::string next_cursor;  // empty: this was the last page
    std::size_t scanned = 0;  // records read
};

// ?limit=, 1 to 500, 100 when absent; kBadRequest.
Result<std::size_t> read_limit(const Call& call);

// Shows `value` under `key` (without its prefix), or nothing to leave it out.
using ShowRecord = std::function<Result<std::optional<boost::json::value>>(const std::string& rest,
                                                                           const Bytes& value)>;

// Up to ?limit= records with `prefix` after ?cursor=. A request reads a bounded number of records,
// so that a filter that fits little gives short pages rather than long waits. kBadRequest (limit),
// and what `show` refuses.
Result<Page> read_page(const LedgerService& ledger, const Call& call, const std::string& prefix,
                       const ShowRecord& show);

// {name: items, next_cursor, stamp}.
Answer page_answer(const std::string& name, Page page);

}  // namespace sanquan::node
