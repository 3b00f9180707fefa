// RecordApplication 应用与发布: the buyer records what it built or published from the data, under the order that it cites.
#include "contracts/asset_rules.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/base/limits.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict RecordApplicationContract::preflight(const Operation& operation,
                                             const Context& /*context*/) {
    SANQUAN_TRY_PASS(
        check_optional_name("title.zh", operation.title().zh(), limits::kNameBytesMax));
    SANQUAN_TRY_PASS(
        check_optional_name("title.en", operation.title().en(), limits::kNameBytesMax));
    SANQUAN_TRY_PASS(
        check_optional_name("purpose", operation.purpose(), limits::kReferenceBytesMax));
    if (operation.title().zh().empty() && operation.title().en().empty()) {
        return refuse(Code::kMissingField, {fact("field", "title")});
    }
    return check_digest("output", operation.output());
}

Verdict RecordApplicationContract::check(const Preflighted<Operation>& stage,
                                         const ReadView& view) {
    const auto& operation = stage.operation;
    const auto& context = stage.context;
    const auto [order, refusal] = find_order(view, operation.order());
    if (refusal) {
        return refusal;
    }
    SANQUAN_TRY_PASS(require_buyer(order, context));
    if (order.status() != wire::SETTLED) {
        return refuse(Code::kNotSettled,
                      {fact("order.status", wire::OrderStatus_Name(order.status()))});
    }
    if (!order.purpose().empty() && operation.purpose() != order.purpose()) {
        return refuse(Code::kPurposeNotOffered, {fact("purpose", operation.purpose())},
                      {fact("purpose", order.purpose())});
    }
    SANQUAN_TRY_PASS(
        may_act_under(view, context, order.usage_grant(), order.buyer(), order.asset(), wire::USE));
    const auto asset = load_existing<wire::AssetRecord>(view, keys::asset(order.asset()));
    if (operation.published() && asset.access() != wire::PUBLIC) {
        return refuse(Code::kRestrictedPublication,
                      {fact("asset.access", wire::AccessLevel_Name(asset.access()))},
                      {fact("asset.access", "PUBLIC")});
    }
    // The order named no purpose, so nobody has asked for the reviews of this one yet.
    if (order.purpose().empty() && !operation.purpose().empty()) {
        SANQUAN_TRY_PASS(tradable(view, context, order.asset(), {operation.purpose()}));
    }
    return require_new(view, keys::application(make_id("A", context)));
}

Outcome RecordApplicationContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const auto& operation = stage.operation;
    auto order = find_order(overlay, operation.order()).record;
    wire::ApplicationRecord application;
    application.set_id(make_id("A", stage.context));
    application.set_order(order.id());
    application.set_organisation(stage.context.sender);
    *application.mutable_title() = operation.title();
    application.set_purpose(operation.purpose());
    application.set_output(operation.output());
    application.set_published(operation.published());
    application.set_recorded_ms(stage.context.time.value);
    store(overlay, keys::application(application.id()), application);
    order.set_applications(order.applications() + 1);
    store(overlay, keys::order(order.id()), order);
    reach_stage(overlay, order.asset(), wire::APPLIED);
    return {application.id(), {fact("order", order.id()), fact("asset", order.asset())}};
}

}  // namespace sanquan::contracts
