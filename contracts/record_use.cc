// RecordUse 使用: the holder states one use or several; every constraint of the grant and of what
// it rests on must hold.
//
// Uses are counted at each grant of the chain that limits them, so ten sublicences of a licence for
// ten uses still allow ten. A refused use changes nothing. What a payAmount constraint asks for is
// paid in the same operation, by the holder to the grantor of every such grant of the chain: nobody
// has to believe that it was, and no reseller keeps what the owner asked for. A payment is taken
// only for an asset that may be traded at that moment, for the purpose of that use.
#include <algorithm>
#include <limits>
#include <set>

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

bool asks_for_payment(const std::vector<GrantLink>& chain) {
    return std::any_of(chain.begin(), chain.end(), [](const GrantLink& link) {
        return has_operand(link.record.constraints(), "payAmount");
    });
}

// Whom one use pays, each the whole of `paid`: the grantors of the links that ask for a payment, or
// the grant's own when none does.
std::set<std::string> payees_of(const std::vector<GrantLink>& chain) {
    std::set<std::string> payees;
    for (const GrantLink& link : chain) {
        if (has_operand(link.record.constraints(), "payAmount")) {
            payees.insert(link.record.grantor());
        }
    }
    if (payees.empty()) {
        payees.insert(chain.front().record.grantor());
    }
    return payees;
}

// What was paid under the grant so far in `currency`; the same money may come round at every use,
// so nothing but this check bounds the sum.
Amount paid_before(const wire::UsageRecord& usage, const std::string& currency) {
    for (const wire::Money& sum : usage.paid()) {
        if (sum.currency() == currency) {
            return amount_of(sum);
        }
    }
    return {};
}

// What the holder pays with this use, and the sum that its record would then show.
struct Payment {
    Amount now;
    Amount sum;
};

Result<Payment> payment_of(const wire::RecordUse& operation, const std::vector<GrantLink>& chain,
                           const ReadView& view) {
    const auto usage =
        load<wire::UsageRecord>(view, keys::use(operation.grant())).value_or(wire::UsageRecord());
    Payment payment;
    SANQUAN_TRY_ASSIGN(payment.now, amount_of(operation.paid()).times(payees_of(chain).size()));
    SANQUAN_TRY_ASSIGN(payment.sum,
                       paid_before(usage, operation.paid().currency()).plus(payment.now));
    return payment;
}

// Money for a use sells the use now, asked for or not: what a review or a grading found since the
// licence was granted counts. One that operates prepares data for the market, so no stage or review
// is asked of it yet, unless its licence names no price.
Verdict check_sale(const wire::RecordUse& operation, const std::vector<GrantLink>& chain,
                   const Context& context, const ReadView& view) {
    const wire::GrantRecord& grant = chain.front().record;
    if (grant.right() == wire::OPERATION_MANAGEMENT && asks_for_payment(chain)) {
        return ownership_tradable(view, context, grant.asset());
    }
    return tradable(view, context, grant.asset(), {operation.purpose()});
}

Verdict check_payment(const wire::RecordUse& operation, const std::vector<GrantLink>& chain,
                      const Context& context, const ReadView& view) {
    if (!operation.has_paid()) {
        return kPass;
    }
    SANQUAN_TRY_PASS(require_currency(view, operation.paid().currency()));
    const Result<Payment> payment = payment_of(operation, chain, view);
    if (!payment) {
        return refuse(payment.error(), "paid");
    }
    SANQUAN_TRY_PASS(
        require_funds(view, context.sender, make_money(operation.paid().currency(), payment->now)));
    return check_sale(operation, chain, context, view);
}

void set_paid(wire::UsageRecord& usage, const wire::Money& sum) {
    for (wire::Money& present : *usage.mutable_paid()) {
        if (present.currency() == sum.currency()) {
            present = sum;
            return;
        }
    }
    *usage.add_paid() = sum;
    std::sort(usage.mutable_paid()->begin(), usage.mutable_paid()->end(),
              [](const auto& a, const auto& b) { return a.currency() < b.currency(); });
}

void pay(const wire::RecordUse& operation, const std::vector<GrantLink>& chain,
         const Context& context, Overlay& overlay) {
    const std::string& currency = operation.paid().currency();
    const Result<Payment> payment = payment_of(operation, chain, overlay);
    SANQUAN_ASSERT(payment.has_value());  // check_payment has asked
    debit(overlay, context.sender, make_money(currency, payment->now));
    for (const std::string& payee : payees_of(chain)) {
        credit(overlay, payee, currency, amount_of(operation.paid()));
    }
    const Bytes key = keys::use(operation.grant());
    auto usage = load_existing<wire::UsageRecord>(overlay, key);
    set_paid(usage, make_money(currency, payment->sum));
    store(overlay, key, usage);
}

std::uint64_t add_use(const wire::RecordUse& operation, const Context& context,
                      const GrantLink& link, Overlay& overlay) {
    const Bytes key = keys::use(link.id);
    auto usage = load<wire::UsageRecord>(overlay, key).value_or(wire::UsageRecord());
    if (usage.count() == 0) {
        usage.set_first_use_ms(context.time.value);
    }
    usage.set_count(usage.count() + operation.count());
    usage.set_last_use_ms(context.time.value);
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
    return check_payment(operation, chain, context, view);
}

Outcome RecordUseContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const Operation& operation = stage.operation;
    const auto chain = grant_chain(overlay, operation.grant());
    std::uint64_t count = 0;
    for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
        if (link->id == operation.grant() || has_operand(link->record.constraints(), "count")) {
            count = add_use(operation, stage.context, *link, overlay);
        }
    }
    if (operation.has_paid()) {
        pay(operation, chain, stage.context, overlay);
    }
    return {operation.grant(), {fact("used", count), fact("asset", chain.front().record.asset())}};
}

}  // namespace sanquan::contracts
