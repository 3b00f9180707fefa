// RecordUse 使用: the holder states one use or several; every constraint of the grant and of what
// it rests on must hold.
//
// Uses are counted at each grant of the chain that limits them, so ten sublicences of a licence for
// ten uses still allow ten. A refused use changes nothing. What a payAmount constraint asks for is
// paid in the same operation, from the holder to the grantor: nobody has to believe that it was.
#include <algorithm>
#include <limits>

#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/balances.h"
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/grant_chain.h"
#include "contracts/odrl.h"
#include "contracts/rights.h"
#include "ledger/base/limits.h"

namespace sanquan::contracts {

namespace {

bool has_operand(const Constraints& constraints, std::string_view operand) {
    return std::any_of(constraints.begin(), constraints.end(), [&](const auto& constraint) {
        return constraint.left_operand() == operand;
    });
}

std::uint64_t used(const ReadView& view, const std::string& grant) {
    const auto usage = load<wire::UsageRecord>(view, keys::use(grant));
    return usage ? usage->count() : 0;
}

Verdict check_count(const wire::RecordUse& operation, const GrantLink& link, std::uint64_t before) {
    const bool paid_each = has_operand(link.record.constraints(), "payAmount");
    if (operation.count() == 0 || (paid_each && operation.count() != 1)) {
        return refuse(Code::kUseCountInvalid, {fact("count", operation.count())},
                      {fact("count", paid_each ? "1" : "1 or more")});
    }
    if (operation.count() > std::numeric_limits<std::uint64_t>::max() - before) {
        return refuse(Code::kUseCountExceeded, {fact("used", before)});
    }
    return kPass;
}

Verdict check_link(const wire::RecordUse& operation, const Context& context, const ReadView& view,
                   const GrantLink& link) {
    const std::uint64_t before = used(view, link.id);
    SANQUAN_TRY_PASS(check_count(operation, link, before));
    UseFacts facts;
    facts.time = context.time;
    facts.count = before + operation.count();
    facts.purpose = operation.purpose();
    facts.recipient = operation.recipient();
    facts.spatial = operation.spatial();
    facts.paid = operation.has_paid() ? &operation.paid() : nullptr;
    Verdict verdict = permits(link.record.constraints(), facts);
    if (verdict) {
        verdict->facts.push_back(fact("grant", link.id));
        verdict->facts.push_back(fact("used_before", before));
    }
    return verdict;
}

void add_paid(wire::UsageRecord& usage, const wire::Money& paid) {
    for (wire::Money& sum : *usage.mutable_paid()) {
        if (sum.currency() == paid.currency()) {
            const auto total = amount_of(sum).plus(amount_of(paid));
            SANQUAN_ASSERT(total.has_value());  // bounded by the supply of the currency
            sum.set_amount(total->encode());
            return;
        }
    }
    *usage.add_paid() = paid;
    std::sort(usage.mutable_paid()->begin(), usage.mutable_paid()->end(),
              [](const auto& a, const auto& b) { return a.currency() < b.currency(); });
}

std::uint64_t add_use(const wire::RecordUse& operation, const Context& context,
                      const GrantLink& link, bool pays, Overlay& overlay) {
    const Bytes key = keys::use(link.id);
    auto usage = load<wire::UsageRecord>(overlay, key).value_or(wire::UsageRecord());
    if (usage.count() == 0) {
        usage.set_first_use_ms(context.time.value);
    }
    usage.set_count(usage.count() + operation.count());
    usage.set_last_use_ms(context.time.value);
    if (pays) {
        add_paid(usage, operation.paid());
    }
    store(overlay, key, usage);
    return usage.count();
}

}  // namespace

Verdict RecordUseContract::preflight(const Operation& operation, const Context& /*context*/) {
    if (!wire::Action_IsValid(operation.action()) ||
        operation.action() == wire::ACTION_UNSPECIFIED) {
        return refuse(Code::kBadChoice, {fact("field", "action")});
    }
    SANQUAN_TRY_PASS(
        check_optional_name("purpose", operation.purpose(), limits::kReferenceBytesMax));
    SANQUAN_TRY_PASS(
        check_optional_name("recipient", operation.recipient(), limits::kIdentifierBytesMax));
    SANQUAN_TRY_PASS(
        check_optional_name("spatial", operation.spatial(), limits::kReferenceBytesMax));
    return operation.has_paid() ? check_money(operation.paid()) : kPass;
}

Verdict RecordUseContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const Operation& operation = stage.operation;
    const Context& context = stage.context;
    SANQUAN_TRY_PASS(require_grant(view, operation.grant()));
    const auto chain = grant_chain(view, operation.grant());
    SANQUAN_TRY_PASS(may_act_under(view, context, operation.grant(), context.sender,
                                   chain.front().record.asset(), operation.action()));
    for (const GrantLink& link : chain) {
        SANQUAN_TRY_PASS(check_link(operation, context, view, link));
    }
    return operation.has_paid() ? require_funds(view, context.sender, operation.paid()) : kPass;
}

Outcome RecordUseContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    const auto chain = grant_chain(overlay, operation.grant());
    std::uint64_t count = 0;
    for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
        const bool own = link->id == operation.grant();
        if (own || has_operand(link->record.constraints(), "count")) {
            count = add_use(operation, stage.context, *link, own && operation.has_paid(), overlay);
        }
    }
    if (operation.has_paid()) {
        debit(overlay, stage.context.sender, operation.paid());
        credit(overlay, chain.front().record.grantor(), operation.paid().currency(),
               amount_of(operation.paid()));
    }
    return {operation.grant(), {fact("used", count), fact("asset", chain.front().record.asset())}};
}

}  // namespace sanquan::contracts
