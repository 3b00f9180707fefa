// Vouchers and other proofs, as the files that `sanquan verify` reads.
#include <algorithm>
#include <boost/json/object.hpp>

#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/model/state_keys.h"
#include "node/gateway/asset_access.h"
#include "node/gateway/problem.h"
#include "node/gateway/receipt_json.h"
#include "node/gateway/record_parties.h"
#include "node/gateway/routes.h"

namespace sanquan::node {
namespace {

constexpr std::string_view kVoucherType = "application/vnd.sanquan.voucher";

Answer file_answer(const LedgerService& ledger, Bytes file, std::string_view content_type) {
    const Stamp stamp = present_stamp(ledger);
    Answer answer;
    answer.content_type = std::string(content_type);
    answer.headers = {{"X-Sanquan-Height", std::to_string(stamp.height.value)},
                      {"X-Sanquan-State-Root", stamp.state_root.hex()}};
    answer.body = std::move(file);
    return answer;
}

Result<wire::TransactionBody> load_body(const LedgerService& ledger,
                                        const TransactionOutcome& outcome) {
    SANQUAN_TRY_ASSIGN(const StoredBlock stored, ledger.block(outcome.height));
    SANQUAN_TRY_ASSIGN(const auto block, decode<wire::Block>(stored.block, limits::kFrameBytesMax));
    if (outcome.index >= static_cast<std::uint32_t>(block.transactions_size())) {
        return fail(Code::kCorrupt, "the index names a transaction that is not in its block");
    }
    SANQUAN_TRY_ASSIGN(const auto envelope, decode<wire::SignedTransaction>(
                                                block.transactions(static_cast<int>(outcome.index)),
                                                limits::kTransactionBytesMax));
    return decode<wire::TransactionBody>(envelope.body(), limits::kTransactionBytesMax);
}

Result<Answer> prove_receipt(const RouteContext& context, const Call& call, const Viewer& viewer) {
    SANQUAN_TRY_ASSIGN(const auto id, parse_transaction_id(call.value("id")));
    SANQUAN_TRY_ASSIGN(const auto outcome, context.ledger.find_transaction(id));
    if (outcome.receipt == nullptr) {
        return fail(Code::kNotSealed, "the transaction is only admitted");
    }
    SANQUAN_TRY_ASSIGN(const auto body, load_body(context.ledger, outcome));
    SANQUAN_TRY_ASSIGN(const auto receipt,
                       decode<wire::Receipt>(*outcome.receipt, kReceiptBytesMax));
    if (!viewer.sees_everything && !names(body, viewer.organisation) &&
        !names(receipt, viewer.organisation)) {
        return fail(Code::kForbidden, "vouchers of a receipt are for its parties and auditors");
    }
    SANQUAN_TRY_ASSIGN(Bytes voucher, context.ledger.prove_receipt(id));
    return file_answer(context.ledger, std::move(voucher), kVoucherType);
}

std::vector<std::string> segments(const std::string& key) {
    std::vector<std::string> parts;
    std::size_t start = 0;
    while (true) {
        const auto slash = key.find('/', start);
        parts.push_back(key.substr(start, slash - start));
        if (slash == std::string::npos) {
            return parts;
        }
        start = slash + 1;
    }
}

// The asset that a record is about: named in its key, or by the grant that the key names.
std::string asset_of_key(const StateSnapshot& state, const std::vector<std::string>& parts) {
    if (parts.size() < 2) {
        return {};
    }
    if (parts.front() != "grant") {
        return parts[1];
    }
    const auto bytes = state.view->get(keys::grant(parts[1]));
    const auto grant = bytes ? decode<wire::GrantRecord>(*bytes, limits::kStateValueBytesMax)
                             : fail(Code::kNotFound);
    return grant ? grant->asset() : std::string();
}

// As for reading it: an open asset's record is everybody's, another one any registered organisation's. That a code is
// not in use is no secret.
Status may_prove_asset(const RouteContext& context, const std::string& key,
                       const std::vector<std::string>& parts, const std::optional<Viewer>& viewer) {
    const StateSnapshot state = context.ledger.state();
    const auto asset = load_asset(state, parts.size() == 2 ? parts[1] : std::string());
    // SECURITY: judged by the record of today; a proof of the past must not undo that an asset was closed since.
    if (asset ? may_list(*asset, viewer) : viewer || !state.view->get(key)) {
        return {};
    }
    return fail(Code::kAuthenticationRequired, "key=" + key + "; this asset is not open");
}

// Code lists, rules and parties' roles are the public register, assets as far as they are open; the rest is for whoever
// the key or the record names, for owner and authority of its asset, and for those who see everything.
Status may_prove(const RouteContext& context, const std::string& key,
                 const std::optional<Viewer>& viewer) {
    const auto parts = segments(key);
    static constexpr std::string_view kPublic[] = {
        "network", "governance", "sector",       "region", "currency",  "parameter",
        "node",    "role",       "organisation", "key",    "franchise", "tender"};
    for (const auto name : kPublic) {
        if (parts.front() == name) {
            return {};
        }
    }
    if (parts.front() == "asset" || parts.front() == "dataset") {
        return may_prove_asset(context, key, parts, viewer);
    }
    if (!viewer) {
        return fail(Code::kAuthenticationRequired, "key=" + key);
    }
    if (viewer->sees_everything) {
        return {};
    }
    // SECURITY: the tail of a reference is free text of its writer, who alone is named before it.
    const auto named_end = parts.begin() + (parts.front() == "reference" && parts.size() > 2
                                                ? 2
                                                : static_cast<std::ptrdiff_t>(parts.size()));
    if (std::find(parts.begin(), named_end, viewer->organisation) != named_end) {
        return {};
    }
    const StateSnapshot state = context.ledger.state();
    const std::string code = asset_of_key(state, parts);
    const auto asset = load_asset(state, code);
    if (asset && sees_asset(state, code, *asset, viewer)) {
        return {};
    }
    const auto record = state.view->get(key);
    if (record && record_names(parts.front(), *record, viewer->organisation)) {
        return {};
    }
    return fail(Code::kForbidden, "this record concerns others");
}

Result<Answer> prove_state(const RouteContext& context, const Call& call,
                           const std::optional<Viewer>& viewer) {
    const auto key = call.parameter("key").value_or("");
    if (key.empty() || key.size() > limits::kStateKeyBytesMax) {
        return fail(Code::kBadRequest, "key: 1 to 255 bytes, such as asset/530000S0100000001S");
    }
    SANQUAN_TRY(may_prove(context, key, viewer));
    std::optional<Height> at;
    if (const auto text = call.parameter("at")) {
        SANQUAN_TRY_ASSIGN(at, parse_height(*text));
    }
    SANQUAN_TRY_ASSIGN(Bytes voucher, context.ledger.prove_state(key, at));
    return file_answer(context.ledger, std::move(voucher), kVoucherType);
}

Result<Answer> prove_consistency(const RouteContext& context, const Call& call) {
    SANQUAN_TRY_ASSIGN(const Height from, parse_height(call.parameter("from").value_or("")));
    SANQUAN_TRY_ASSIGN(const Height to, parse_height(call.parameter("to").value_or("")));
    if (to < from) {
        return fail(Code::kBadRequest, "from must not be above to");
    }
    SANQUAN_TRY_ASSIGN(Bytes proof, context.ledger.prove_consistency(from, to));
    return file_answer(context.ledger, std::move(proof), "application/vnd.sanquan.consistency");
}

Result<Answer> give_checkpoint(const RouteContext& context, const Call& call) {
    std::optional<Height> at;
    if (const auto text = call.parameter("at")) {
        SANQUAN_TRY_ASSIGN(at, parse_height(*text));
    }
    SANQUAN_TRY_ASSIGN(Bytes file, context.ledger.checkpoint(at));
    return file_answer(context.ledger, std::move(file), kVoucherType);
}

Result<Answer> give_trust_file(const RouteContext& context) {
    SANQUAN_TRY_ASSIGN(Bytes file, context.ledger.trust_file());
    return file_answer(context.ledger, std::move(file), "application/vnd.sanquan.trust");
}

}  // namespace

void add_proof_routes(Router& router, const RouteContextPtr& context) {
    using MaybeViewer = std::optional<Viewer>;
    router.add("GET", "/v1/proofs/receipt/{id}", {},
               member_read(context, [context](const Call& call, const Viewer& viewer) {
                   return prove_receipt(*context, call, viewer);
               }));
    router.add("GET", "/v1/proofs/state", {"key", "at"},
               public_read(context, [context](const Call& call, const MaybeViewer& viewer) {
                   return prove_state(*context, call, viewer);
               }));
    router.add("GET", "/v1/proofs/checkpoint", {"at"},
               public_read(context, [context](const Call& call, const MaybeViewer&) {
                   return give_checkpoint(*context, call);
               }));
    router.add("GET", "/v1/proofs/trust", {},
               public_read(context, [context](const Call&, const MaybeViewer&) {
                   return give_trust_file(*context);
               }));
    router.add("GET", "/v1/proofs/consistency", {"from", "to"},
               public_read(context, [context](const Call& call, const MaybeViewer&) {
                   return prove_consistency(*context, call);
               }));
}

}  // namespace sanquan::node
