#include "contracts/mandate.h"

#include <algorithm>

#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/records.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

// How near a mandate came to covering a trade; the nearest miss explains a refusal best.
enum class Fit : std::uint8_t { kMissing, kRevoked, kExpired, kAsset, kPrice, kCovers };

Fit fit_of(const wire::MandateRecord& mandate, const Context& context, Side side, ByteView asset,
           const wire::Money& price) {
    const wire::GrantMandate& terms = mandate.terms();
    const bool side_allowed = side == Side::kBuy ? terms.may_buy() : terms.may_sell();
    if (!side_allowed || terms.price_max().currency() != price.currency()) {
        return Fit::kMissing;
    }
    if (mandate.revoked_ms() != 0) {
        return Fit::kRevoked;
    }
    if (context.time.value >= terms.valid_until_ms()) {
        return Fit::kExpired;
    }
    const auto& assets = terms.assets();
    if (!assets.empty() &&
        !std::binary_search(assets.begin(), assets.end(), asset, std::less<>())) {
        return Fit::kAsset;
    }
    const bool above = amount_of(price) > amount_of(terms.price_max());
    const bool below = side == Side::kSell && terms.has_price_min() &&
                       amount_of(price) < amount_of(terms.price_min());
    return above || below ? Fit::kPrice : Fit::kCovers;
}

struct Nearest {
    Fit fit = Fit::kMissing;
    std::string id;
    wire::MandateRecord mandate;
};

std::vector<Fact> price_limits(const wire::GrantMandate& terms, Side side) {
    std::vector<Fact> limits{fact("price_at_most", amount_of(terms.price_max()))};
    if (side == Side::kSell && terms.has_price_min()) {
        limits.push_back(fact("price_at_least", amount_of(terms.price_min())));
    }
    return limits;
}

Verdict explain(const Nearest& nearest, const Context& context, ByteView party, Side side,
                const wire::Money& price) {
    std::vector<Fact> facts{fact("party", party), fact("side", side == Side::kBuy ? "buy" : "sell"),
                            fact("broker", context.sender)};
    if (nearest.fit != Fit::kMissing) {
        facts.push_back(fact("mandate", nearest.id));
    }
    switch (nearest.fit) {
        case Fit::kCovers:
            return kPass;
        case Fit::kMissing:
            facts.push_back(fact("currency", price.currency()));
            return refuse(Code::kMandateMissing, std::move(facts), {fact("signature_of", party)});
        case Fit::kRevoked:
            facts.push_back(fact("revoked", TimeMs{nearest.mandate.revoked_ms()}));
            return refuse(Code::kMandateRevoked, std::move(facts), {fact("signature_of", party)});
        case Fit::kExpired:
            facts.push_back(fact("expired", TimeMs{nearest.mandate.terms().valid_until_ms()}));
            return refuse(Code::kMandateExpired, std::move(facts), {fact("signature_of", party)});
        case Fit::kAsset:
            return refuse(Code::kMandateAsset, std::move(facts));
        case Fit::kPrice:
            facts.push_back(fact("price", amount_of(price)));
            return refuse(Code::kMandatePrice, std::move(facts),
                          price_limits(nearest.mandate.terms(), side));
    }
    SANQUAN_ASSERT(false);
    return kPass;
}

}  // namespace

Verdict require_mandate(const ReadView& view, const Context& context, ByteView party, Side side,
                        ByteView asset, const wire::Money& price) {
    if (!holds_role(view, context, context.sender, wire::EXCHANGE)) {
        return refuse(Code::kBrokerNotExchange, {fact("sender", context.sender)});
    }
    Nearest nearest;
    const auto index = load<wire::MandateIndexRecord>(view, keys::mandates(party, context.sender));
    if (index) {
        for (const auto& id : index->mandates()) {
            auto mandate = load_existing<wire::MandateRecord>(view, keys::mandate(id));
            const Fit fit = fit_of(mandate, context, side, asset, price);
            if (fit == Fit::kCovers) {
                return kPass;
            }
            if (fit > nearest.fit) {
                nearest = {fit, id, std::move(mandate)};
            }
        }
    }
    return explain(nearest, context, party, side, price);
}

Verdict require_consent(const ReadView& view, const Context& context, ByteView party, Side side,
                        ByteView asset, const wire::Money& price) {
    if (context.signers.contains(std::string(party.substr(0, limits::kIdentifierBytesMax)))) {
        return require_signer(view, context, party);
    }
    // Without a mandate in sight the plain answer is that a signature is missing.
    if (!holds_role(view, context, context.sender, wire::EXCHANGE)) {
        return require_signer(view, context, party);
    }
    SANQUAN_TRY_PASS(require_mandate(view, context, party, side, asset, price));
    return require_active(view, context, party);
}

}  // namespace sanquan::contracts
