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

// Whether a text can be what the keys of a list hold after their prefix.
using CursorShape = std::function<bool(const std::string& cursor)>;
// The shape of an id that the ledger gave: `letter`, "-" and 24 hexadecimal digits.
CursorShape given_id(char letter);

// Up to ?limit= records with `prefix` after ?cursor=. A request reads a bounded number of records,
// so that a filter that fits little gives short pages rather than long waits. kBadRequest (limit, a
// cursor without the shape), and what `show` refuses.
Result<Page> read_page(const LedgerService& ledger, const Call& call, const std::string& prefix,
                       const CursorShape& shape, const ShowRecord& show);

// kBadRequest: what came as ?cursor= is not what `next_cursor` was.
Error bad_cursor();

// {name: items, next_cursor, stamp}.
Answer page_answer(const std::string& name, Page page);

}  // namespace sanquan::node
