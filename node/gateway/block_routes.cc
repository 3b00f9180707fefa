// Blocks and headers.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/model/block.h"
#include "node/gateway/problem.h"
#include "node/gateway/receipt_json.h"
#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

namespace json = boost::json;

Result<json::object> header_json(const Block& block) {
    SANQUAN_TRY_ASSIGN(const auto header,
                       decode<wire::BlockHeader>(block.header_bytes, limits::kFrameBytesMax));
    json::object object = to_json(header);
    object["digest"] = block.digest.hex();
    return object;
}

Result<StoredBlock> load_block(const LedgerService& ledger, const std::string& height_text) {
    SANQUAN_TRY_ASSIGN(const Height height, parse_height(height_text));
    if (height.value == 0) {
        return fail(Code::kNotFound, "block 0 is the genesis file: /v1/genesis");
    }
    return ledger.block(height);
}

Result<Answer> show_header(const RouteContext& context, const Call& call) {
    SANQUAN_TRY_ASSIGN(auto stored, load_block(context.ledger, call.value("height")));
    SANQUAN_TRY_ASSIGN(const auto block,
                       decode_block(std::move(stored.block), context.ledger.chain()));
    SANQUAN_TRY_ASSIGN(auto header, header_json(block));
    json::object body;
    body["header"] = std::move(header);
    body["header_bytes"] = to_hex(block.header_bytes);
    body["certificate"] = to_hex(stored.certificate);
    return json_answer(present_stamp(context.ledger), std::move(body));
}

// One transaction of a block: in full for whoever is named in it, else what everybody may see.
Result<json::object> transaction_json(const Bytes& raw, const Bytes& receipt_bytes,
                                      const Viewer& viewer) {
    SANQUAN_TRY_ASSIGN(const auto envelope,
                       decode<wire::SignedTransaction>(raw, limits::kTransactionBytesMax));
    SANQUAN_TRY_ASSIGN(const auto body, decode<wire::TransactionBody>(
                                            envelope.body(), limits::kTransactionBytesMax));
    SANQUAN_TRY_ASSIGN(const auto receipt, decode<wire::Receipt>(receipt_bytes, kReceiptBytesMax));
    if (!viewer.sees_everything && !names(body, viewer.organisation) &&
        !names(receipt, viewer.organisation)) {
        return json::object{{"receipt", receipt_summary(receipt)}};
    }
    return json::object{{"transaction", to_json(body)}, {"receipt", receipt_json(receipt)}};
}

Result<Answer> show_block(const RouteContext& context, const Call& call, const Viewer& viewer) {
    SANQUAN_TRY_ASSIGN(auto stored, load_block(context.ledger, call.value("height")));
    SANQUAN_TRY_ASSIGN(const auto block,
                       decode_block(std::move(stored.block), context.ledger.chain()));
    if (block.transactions.size() != stored.receipts.size()) {
        return fail(Code::kCorrupt, "a block has one receipt per transaction");
    }
    json::array transactions;
    for (std::size_t i = 0; i < block.transactions.size(); ++i) {
        SANQUAN_TRY_ASSIGN(auto one,
                           transaction_json(block.transactions[i], stored.receipts[i], viewer));
        transactions.push_back(std::move(one));
    }
    SANQUAN_TRY_ASSIGN(auto header, header_json(block));
    json::object body;
    body["header"] = std::move(header);
    body["transactions"] = std::move(transactions);
    body["certificate"] = to_hex(stored.certificate);
    return json_answer(present_stamp(context.ledger), std::move(body));
}

}  // namespace

void add_block_routes(Router& router, const RouteContextPtr& context) {
    router.add("GET", "/v1/headers/{height}", {},
               public_read(context, [context](const Call& call, const std::optional<Viewer>&) {
                   return show_header(*context, call);
               }));
    router.add("GET", "/v1/blocks/{height}", {},
               member_read(context, [context](const Call& call, const Viewer& viewer) {
                   return show_block(*context, call, viewer);
               }));
}

}  // namespace sanquan::node
