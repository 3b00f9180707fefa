// GrantMandate: a party lets an exchange trade for it, within assets, prices, sides and term.
#include <algorithm>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/mandate.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

constexpr ByteView kReferenceKind = "mandate";
constexpr int kAssetsMax = 256;

bool is_strictly_ascending(const google::protobuf::RepeatedPtrField<std::string>& list) {
    return std::adjacent_find(list.begin(), list.end(), std::greater_equal<>()) == list.end();
}

// The ids of the index that can still be used or explained: revoked and expired ones make room for
// new ones.
std::vector<std::string> live_mandates(const ReadView& view, const Context& context,
                                       ByteView broker) {
    std::vector<std::string> live;
    const auto index = load<wire::MandateIndexRecord>(view, keys::mandates(context.sender, broker));
    if (!index) {
        return live;
    }
    for (const auto& id : index->mandates()) {
        const auto mandate = load_existing<wire::MandateRecord>(view, keys::mandate(id));
        if (mandate.revoked_ms() == 0 && context.time.value < mandate.terms().valid_until_ms()) {
            live.push_back(id);
        }
    }
    return live;
}

// A floor is a seller's: in the ceiling's currency, above nothing and not above the ceiling.
Verdict check_price_min(const wire::GrantMandate& operation) {
    if (!operation.has_price_min()) {
        return kPass;
    }
    SANQUAN_TRY_PASS(check_money(operation.price_min()));
    const Amount least = amount_of(operation.price_min());
    if (operation.may_sell() && !least.is_zero() &&
        operation.price_min().currency() == operation.price_max().currency() &&
        least <= amount_of(operation.price_max())) {
        return kPass;
    }
    return refuse(
        Code::kMandateShape,
        {fact("may_sell", operation.may_sell() ? "yes" : "no"),
         fact("price_min.currency", operation.price_min().currency()), fact("price_min", least)},
        {fact("may_sell", "yes"), fact("price_min.currency", operation.price_max().currency()),
         fact("price_min_above", Amount()),
         fact("price_min_at_most", amount_of(operation.price_max()))});
}

}  // namespace

Verdict GrantMandate::preflight(const Operation& operation, const Context& context) {
    SANQUAN_TRY_PASS(check_reference(operation.reference()));
    SANQUAN_TRY_PASS(check_money(operation.price_max()));
    SANQUAN_TRY_PASS(check_price_min(operation));
    const auto& assets = operation.assets();
    const bool assets_fit = assets.size() <= kAssetsMax && is_strictly_ascending(assets) &&
                            std::all_of(assets.begin(), assets.end(), [](const std::string& code) {
                                return !code.empty() && code.size() <= limits::kIdentifierBytesMax;
                            });
    if ((!operation.may_buy() && !operation.may_sell()) ||
        amount_of(operation.price_max()).is_zero() || !assets_fit) {
        return refuse(Code::kMandateShape,
                      {fact("assets", static_cast<std::uint64_t>(assets.size()))},
                      {fact("assets_at_most", static_cast<std::uint64_t>(kAssetsMax))});
    }
    if (operation.valid_until_ms() <= context.time.value) {
        return refuse(Code::kBadPeriod, {fact("valid_until", TimeMs{operation.valid_until_ms()}),
                                         fact("now", context.time)});
    }
    return kPass;
}

Verdict GrantMandate::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    SANQUAN_TRY_PASS(
        require_unused_reference(view, context, kReferenceKind, operation.reference()));
    SANQUAN_TRY_PASS(require_active(view, context, operation.broker()));
    if (operation.broker() == context.sender ||
        !holds_role(view, context, operation.broker(), wire::EXCHANGE)) {
        return refuse(Code::kBrokerNotExchange, {fact("broker", operation.broker())});
    }
    SANQUAN_TRY_PASS(require_currency(view, operation.price_max().currency()));
    const std::uint64_t longest = parameter(view, context, Parameter::kMandateTermMsMax);
    if (operation.valid_until_ms() - context.time.value > longest) {
        return refuse(Code::kBadPeriod, {fact("valid_until", TimeMs{operation.valid_until_ms()})},
                      {fact("at_most", TimeMs{context.time.value + longest})});
    }
    const std::uint64_t most = parameter(view, context, Parameter::kMandatesPerBroker);
    const std::size_t live = live_mandates(view, context, operation.broker()).size();
    if (live >= most) {
        return refuse(Code::kTooManyMandates, {fact("mandates", live)}, {fact("below", most)});
    }
    return require_new(view, keys::mandate(make_id("M", context)));
}

Outcome GrantMandate::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const std::string id = make_id("M", context);
    wire::MandateRecord mandate;
    mandate.set_grantor(context.sender);
    *mandate.mutable_terms() = operation;
    mandate.set_granted_ms(context.time.value);
    store(overlay, keys::mandate(id), mandate);
    wire::MandateIndexRecord index;
    for (const std::string& live : live_mandates(overlay, context, operation.broker())) {
        index.add_mandates(live);
    }
    index.add_mandates(id);
    store(overlay, keys::mandates(context.sender, operation.broker()), index);
    use_reference(overlay, context, kReferenceKind, operation.reference(), id);
    return {
        id,
        {fact("broker", operation.broker()), fact("until", TimeMs{operation.valid_until_ms()})}};
}

}  // namespace sanquan::contracts
