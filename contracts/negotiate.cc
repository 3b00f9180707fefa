// Negotiate: the contract negotiation of the Dataspace Protocol (2025-1, section 7), each message a signed operation.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/market.h"
#include "contracts/market_rules.h"
#include "contracts/records.h"
#include "ledger/base/limits.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

enum class Side : std::uint8_t { kConsumer, kProvider };

struct Edge {
    wire::NegotiationState from;
    wire::NegotiationMessage message;
    Side side;
    wire::NegotiationState to;
};

// Section 7.1 of the protocol; TERMINATE is open to both sides until FINALIZED.
constexpr Edge kEdges[] = {
    {wire::REQUESTED, wire::OFFER, Side::kProvider, wire::OFFERED},
    {wire::REQUESTED, wire::AGREE, Side::kProvider, wire::AGREED},
    {wire::OFFERED, wire::REQUEST, Side::kConsumer, wire::REQUESTED},
    {wire::OFFERED, wire::ACCEPT, Side::kConsumer, wire::ACCEPTED},
    {wire::ACCEPTED, wire::AGREE, Side::kProvider, wire::AGREED},
    {wire::AGREED, wire::VERIFY, Side::kConsumer, wire::VERIFIED},
    {wire::VERIFIED, wire::CONCLUDE, Side::kProvider, wire::FINALIZED},
};

std::optional<wire::NegotiationState> next_state(const wire::NegotiationRecord& negotiation,
                                                 wire::NegotiationMessage message, Side side) {
    if (message == wire::TERMINATE) {
        const bool open =
            negotiation.state() != wire::FINALIZED && negotiation.state() != wire::TERMINATED;
        return open ? std::optional(wire::TERMINATED) : std::nullopt;
    }
    for (const Edge& edge : kEdges) {
        if (edge.from == negotiation.state() && edge.message == message && edge.side == side) {
            return edge.to;
        }
    }
    return std::nullopt;
}

bool opens(const wire::Negotiate& operation) { return operation.negotiation().empty(); }

bool carries_price(wire::NegotiationMessage message) {
    return message == wire::REQUEST || message == wire::OFFER;
}

Verdict check_opening(const Preflighted<wire::Negotiate>& stage, const ReadView& view) {
    const auto& operation = stage.operation;
    const auto [listing, refusal] = find_listing(view, operation.listing());
    if (refusal) {
        return refusal;
    }
    SANQUAN_TRY_PASS(require_open(view, stage.context, listing));
    if (listing.seller() == stage.context.sender) {
        return refuse(Code::kSelfDeal, {{"seller", listing.seller()}});
    }
    if (operation.price().currency() != listing.terms().price().currency()) {
        return refuse(Code::kPriceMismatch, {{"currency", operation.price().currency()}},
                      {{"currency", listing.terms().price().currency()}});
    }
    SANQUAN_TRY_PASS(
        require_unused_reference(view, stage.context, "negotiation", operation.reference()));
    return require_new(view, keys::negotiation(make_id("N", stage.context)));
}

}  // namespace

Verdict NegotiateContract::preflight(const Operation& operation, const Context& /*context*/) {
    if (operation.message() == wire::NEGOTIATION_MESSAGE_UNSPECIFIED ||
        carries_price(operation.message()) != operation.has_price() ||
        opens(operation) == operation.reference().empty() ||
        (opens(operation) && operation.message() != wire::REQUEST) ||
        (operation.message() == wire::TERMINATE && operation.reason().empty())) {
        return refuse(Code::kNegotiationTerms, {},
                      {{"first message", "REQUEST with reference and price"},
                       {"REQUEST, OFFER", "a price"},
                       {"TERMINATE", "a reason"}});
    }
    SANQUAN_TRY_PASS(check_optional_name("reason", operation.reason(), limits::kNameBytesMax));
    if (opens(operation)) {
        SANQUAN_TRY_PASS(check_reference(operation.reference()));
    }
    return operation.has_price() ? check_price(operation.price()) : kPass;
}

Verdict NegotiateContract::check(const Preflighted<Operation>& stage, const ReadView& view) {
    const auto& operation = stage.operation;
    if (opens(operation)) {
        return check_opening(stage, view);
    }
    const auto negotiation =
        load<wire::NegotiationRecord>(view, keys::negotiation(operation.negotiation()));
    if (!negotiation || negotiation->listing() != operation.listing()) {
        return refuse(Code::kNegotiationUnknown, {{"negotiation", operation.negotiation()}});
    }
    const bool consumer = stage.context.sender == negotiation->consumer();
    if (!consumer && stage.context.sender != negotiation->provider()) {
        return refuse(Code::kNegotiationStep, {{"sender", stage.context.sender}},
                      {{"sender", negotiation->consumer() + " or " + negotiation->provider()}});
    }
    if (!next_state(*negotiation, operation.message(),
                    consumer ? Side::kConsumer : Side::kProvider)) {
        return refuse(Code::kNegotiationStep,
                      {{"negotiation.state", wire::NegotiationState_Name(negotiation->state())},
                       {"message", wire::NegotiationMessage_Name(operation.message())}});
    }
    if (operation.has_price() && operation.price().currency() != negotiation->price().currency()) {
        return refuse(Code::kPriceMismatch, {{"currency", operation.price().currency()}},
                      {{"currency", negotiation->price().currency()}});
    }
    return operation.message() == wire::TERMINATE
               ? kPass
               : require_not_frozen(view, stage.context, keys::listing(operation.listing()));
}

Outcome NegotiateContract::apply(const Checked<Operation>& stage, Overlay& overlay) {
    const auto& operation = stage.operation;
    wire::NegotiationRecord negotiation;
    if (opens(operation)) {
        negotiation.set_id(make_id("N", stage.context));
        negotiation.set_listing(operation.listing());
        negotiation.set_consumer(stage.context.sender);
        negotiation.set_provider(find_listing(overlay, operation.listing()).record.seller());
        negotiation.set_state(wire::REQUESTED);
        use_reference(overlay, stage.context, "negotiation", operation.reference(),
                      negotiation.id());
    } else {
        negotiation =
            *load<wire::NegotiationRecord>(overlay, keys::negotiation(operation.negotiation()));
        const Side side =
            stage.context.sender == negotiation.consumer() ? Side::kConsumer : Side::kProvider;
        negotiation.set_state(*next_state(negotiation, operation.message(), side));
    }
    if (operation.has_price()) {
        *negotiation.mutable_price() = operation.price();
    }
    negotiation.set_reason(operation.reason());
    store(overlay, keys::negotiation(negotiation.id()), negotiation);
    return {negotiation.id(),
            {{"state", wire::NegotiationState_Name(negotiation.state())},
             {"price", price_text(negotiation.price())}}};
}

}  // namespace sanquan::contracts
