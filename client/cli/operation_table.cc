#include "client/cli/operation_table.h"

namespace sanquan::cli {
namespace {

using K = FieldKind;

constexpr bool kMust = true;
constexpr bool kMay = false;

std::vector<OperationCommand> party_commands() {
    return {
        {"org",
         "grant-role",
         "grant_role",
         "Give an organisation a role",
         {{"organisation", "organisation", K::kOrganisation, kMust, "Who receives it"},
          {"role", "role", K::kText, kMust, "EXCHANGE_MEMBER, ASSET_OWNER, SERVICE_PROVIDER, …"},
          {"sector", "sector", K::kText, kMay, "For SECTOR_AUTHORITY"},
          {"provider-kind", "provider_kind", K::kText, kMay,
           "For SERVICE_PROVIDER: DESENSITISING, …"},
          {"lead", "lead", K::kFlag, kMay, "The one lead of a shared sector"},
          {"until", "valid_until_ms", K::kTime, kMay, "End (default: until revoked)"}}},
        {"org",
         "revoke-role",
         "revoke_role",
         "Take a role away",
         {{"organisation", "organisation", K::kOrganisation, kMust, "From whom"},
          {"role", "role", K::kText, kMust, "Which role"},
          {"sector", "sector", K::kText, kMay, "For SECTOR_AUTHORITY"},
          {"provider-kind", "provider_kind", K::kText, kMay, "For SERVICE_PROVIDER"},
          {"reason", "reason", K::kText, kMay, "Why"}}},
        {"org",
         "revoke-key",
         "revoke_key",
         "Revoke a signing key",
         {{"key", "key_id", K::kText, kMust, "Key id, 32 hexadecimal digits"},
          {"organisation", "organisation", K::kOrganisation, kMay,
           "Another's key (authority only)"},
          {"reason", "reason", K::kText, kMust, "Why"}}},
        {"org",
         "issue-money",
         "issue_money",
         "Settlement bank: credit a balance",
         {{"to", "to", K::kOrganisation, kMust, "Whose balance"},
          {"money", "money", K::kMoney, kMust, "MINOR_UNITS:CURRENCY, such as 12500:CNY"},
          {"reference", "reference", K::kText, kMust, "The bank's own booking, unique"}}},
        {"org",
         "redeem-money",
         "redeem_money",
         "Settlement bank: debit a balance (its owner signs too)",
         {{"from", "from", K::kOrganisation, kMust, "Whose balance"},
          {"money", "money", K::kMoney, kMust, "MINOR_UNITS:CURRENCY"},
          {"reference", "reference", K::kText, kMust, "The bank's own booking, unique"}}},
        {"org",
         "grant-mandate",
         "grant_mandate",
         "Let an exchange trade in one's name",
         {{"reference", "reference", K::kText, kMust, "Unique per sender"},
          {"broker", "broker", K::kOrganisation, kMust, "The exchange"},
          {"may-buy", "may_buy", K::kFlag, kMay, "It may buy"},
          {"may-sell", "may_sell", K::kFlag, kMay, "It may sell"},
          {"price-max", "price_max", K::kMoney, kMust, "Per operation"},
          {"price-min", "price_min", K::kMoney, kMay, "Per sale (default: no floor)"},
          {"asset", "assets", K::kTexts, kMay, "Only these assets (default: all)"},
          {"until", "valid_until_ms", K::kTime, kMust, "End, such as +30d"}}},
        {"org",
         "revoke-mandate",
         "revoke_mandate",
         "End a mandate",
         {{"mandate", "mandate", K::kText, kMust, "Its id"}}},
    };
}

std::vector<OperationCommand> asset_commands() {
    return {
        {"asset",
         "register",
         "register_asset",
         "Register a data asset",
         {{"identifier", "dataset.identifier", K::kText, kMust, "Unique in its catalogue"},
          {"catalogue", "dataset.catalogue", K::kText, kMust, "Name of the catalogue"},
          {"title-zh", "dataset.title.zh", K::kText, kMay, "标题; it or --title-en"},
          {"title-en", "dataset.title.en", K::kText, kMay, "Title in English"},
          {"publisher", "dataset.publisher", K::kText, kMust, "Who publishes it"},
          {"media-type", "dataset.media_type", K::kText, kMust, "IANA media type"},
          {"access", "dataset.access", K::kText, kMust, "PUBLIC, RESTRICTED_PUBLIC or NON_PUBLIC"},
          {"owner", "owners", K::kShares, kMust, "ORG:BASIS_POINTS, summing to 10000"},
          {"sector", "sector", K::kText, kMust, "S01 to S20, or a pilot sector"},
          {"region", "region", K::kText, kMust, "GB/T 2260, such as 530000"},
          {"level", "level", K::kText, kMust, "GENERAL, IMPORTANT or CORE"},
          {"source-class", "source_class", K::kText, kMust,
           "PUBLIC_DATA, ENTERPRISE_DATA or PERSONAL_DATA"},
          {"content", "content", K::kText, kMay, "Salted commitment to the data, hexadecimal"},
          {"officer", "responsible_officer", K::kOrganisation, kMay, "Who answers for security"}}},
        {"asset",
         "object",
         "object_to_asset",
         "Object during the notice period",
         {{"asset", "asset", K::kText, kMust, "Asset code"},
          {"reason", "reason", K::kText, kMust, "Why"}}},
        {"asset",
         "certify",
         "certify_asset",
         "Certify after the notice period",
         {{"asset", "asset", K::kText, kMust, "Asset code"}}},
        {"asset",
         "grade",
         "review_grading",
         "Review the level of an asset",
         {{"asset", "asset", K::kText, kMust, "Asset code"},
          {"level", "level", K::kText, kMust, "GENERAL, IMPORTANT or CORE"},
          {"evidence", "evidence", K::kText, kMay, "SHA-256, hexadecimal"},
          {"reason", "reason", K::kText, kMay, "Mandatory when the level falls"}}},
        {"asset",
         "review",
         "record_review",
         "Record a secrecy, security or ethics review",
         {{"asset", "asset", K::kText, kMust, "Asset code"},
          {"kind", "kind", K::kText, kMust, "SECRECY, SECURITY_REVIEW or ETHICS"},
          {"passed", "passed", K::kFlag, kMay, "Without it: not passed"},
          {"evidence", "evidence", K::kText, kMay, "SHA-256, hexadecimal"},
          {"until", "valid_until_ms", K::kTime, kMust, "End of its validity"},
          {"reason", "reason", K::kText, kMay, "Why"}}},
        {"asset",
         "license",
         "license_asset",
         "Stage 1: licence of every owner",
         {{"asset", "asset", K::kText, kMust, "Asset code"},
          {"grant", "grant", K::kText, kMust, "Operation-management grant"}}},
    };
}

std::vector<OperationCommand> right_commands() {
    return {
        {"right",
         "grant",
         "grant_right",
         "Grant an operation-management or usage right",
         {{"asset", "asset", K::kText, kMust, "Asset code"},
          {"holder", "holder", K::kOrganisation, kMust, "Who receives it"},
          {"right", "right", K::kText, kMust, "OPERATION_MANAGEMENT or USAGE"},
          {"action", "actions", K::kTexts, kMust,
           "AGGREGATE, PROCESS, LIST, PRICE, USE, … in order"},
          {"exclusive", "exclusive", K::kFlag, kMay, "No second such grant"},
          {"from", "valid_from_ms", K::kTime, kMay, "Begin"},
          {"until", "valid_until_ms", K::kTime, kMust, "End, such as +365d"},
          {"parent", "parent", K::kText, kMay, "Grant under which a delegate grants"},
          {"depth", "delegation_depth", K::kText, kMay, "Further levels that may follow"}}},
        {"right",
         "revoke",
         "revoke_right",
         "Revoke a grant and all that rests on it",
         {{"grant", "grant", K::kText, kMust, "Its id"},
          {"reason", "reason", K::kText, kMay, "Why"}}},
        {"right",
         "use",
         "record_use",
         "Record a use of a usage right",
         {{"grant", "grant", K::kText, kMust, "Its id"},
          {"action", "action", K::kText, kMust, "USE, …"},
          {"purpose", "purpose", K::kText, kMay, "ODRL purpose"},
          {"recipient", "recipient", K::kText, kMay, "ODRL recipient"},
          {"spatial", "spatial", K::kText, kMay, "ODRL spatial"},
          {"count", "count", K::kText, kMust, "How many uses"},
          {"paid", "paid", K::kMoney, kMay, "MINOR_UNITS:CURRENCY"}}},
    };
}

std::vector<OperationCommand> market_commands() {
    return {
        {"market",
         "offer",
         "create_listing",
         "Offer an asset on an exchange",
         {{"reference", "reference", K::kText, kMust, "Unique per sender"},
          {"asset", "asset", K::kText, kMust, "Asset code"},
          {"grant", "grant", K::kText, kMust, "Grant with LIST and PRICE"},
          {"mode", "mode", K::kText, kMust, "TRADE_MODE, AUTHORISE_MODE, …"},
          {"price", "price", K::kMoney, kMay, "MINOR_UNITS:CURRENCY"},
          {"split", "split", K::kShares, kMay, "PART:ORG:BASIS_POINTS in waterfall order"},
          {"action", "actions", K::kTexts, kMust, "What the buyer may do"},
          {"licence-ms", "licence_term_ms", K::kText, kMust, "Term of the buyer's right"},
          {"until", "valid_until_ms", K::kTime, kMust, "End of the listing"},
          {"exclusive", "exclusive", K::kFlag, kMay, "Exclusive to one buyer"},
          {"exchange", "exchange", K::kOrganisation, kMust, "Where it is listed"},
          {"purpose", "purposes", K::kTexts, kMay, "Allowed purposes"}}},
        {"market",
         "change",
         "change_listing",
         "Approve, pause, resume, delist or revoke a listing",
         {{"listing", "listing", K::kText, kMust, "Its id"},
          {"change", "change", K::kText, kMust, "APPROVE, PAUSE, UNPAUSE, DELIST, REVOKE_LISTING"},
          {"reason", "reason", K::kText, kMay, "Why"}}},
        {"trade",
         "order",
         "place_order",
         "Order at the listed or negotiated price; the money goes into escrow",
         {{"reference", "client_reference", K::kText, kMust, "Unique while the order lives"},
          {"listing", "listing", K::kText, kMust, "Listing id"},
          {"negotiation", "negotiation", K::kText, kMay, "A concluded one"},
          {"price", "price", K::kMoney, kMust, "MINOR_UNITS:CURRENCY"},
          {"deliver-by", "delivery_deadline_ms", K::kTime, kMust, "Such as +1d"},
          {"accept-by", "acceptance_deadline_ms", K::kTime, kMust, "Such as +2d"},
          {"purpose", "purpose", K::kText, kMust, "What it is for"}}},
        {"trade",
         "deliver",
         "deliver",
         "Seller: the data was handed over",
         {{"order", "order", K::kText, kMust, "Order id"},
          {"delivered", "delivered", K::kText, kMust, "SHA-256 of it, hexadecimal"}}},
        {"trade",
         "accept",
         "accept_delivery",
         "Buyer: it arrived unchanged",
         {{"order", "order", K::kText, kMust, "Order id"},
          {"received", "received", K::kText, kMust, "SHA-256 of it, hexadecimal"}}},
        {"trade",
         "complain",
         "complain",
         "Buyer: something is wrong",
         {{"order", "order", K::kText, kMust, "Order id"},
          {"reason", "reason", K::kText, kMust, "What"}}},
        {"trade",
         "settle",
         "settle_order",
         "Split and pay out the escrow",
         {{"order", "order", K::kText, kMust, "Order id"}}},
        {"trade",
         "cancel",
         "cancel_order",
         "Give the escrow back",
         {{"order", "order", K::kText, kMust, "Order id"},
          {"reason", "reason", K::kText, kMay, "Why"}}},
        {"trade",
         "voucher",
         "issue_voucher",
         "Issue the voucher of a settled order",
         {{"order", "order", K::kText, kMust, "Order id"}}},
        {"trade",
         "ownership",
         "trade_ownership",
         "Sell an asset outright against money",
         {{"asset", "asset", K::kText, kMust, "Asset code"},
          {"seller", "seller", K::kOrganisation, kMust, "Present owner (signs, or has a mandate)"},
          {"buyer", "buyer", K::kOrganisation, kMust, "New owner (signs, or has a mandate)"},
          {"price", "price", K::kMoney, kMust, "MINOR_UNITS:CURRENCY"},
          {"reference", "client_reference", K::kText, kMust, "Unique per sender"}}},
    };
}

}  // namespace

const std::vector<OperationCommand>& operation_commands() {
    static const std::vector<OperationCommand> kAll = [] {
        auto all = party_commands();
        for (auto* more : {&asset_commands, &right_commands, &market_commands}) {
            auto list = more();
            all.insert(all.end(), list.begin(), list.end());
        }
        return all;
    }();
    return kAll;
}

std::string_view group_about(std::string_view group) {
    if (group == "org") {
        return "Organisations, roles, money and mandates";
    }
    if (group == "asset") {
        return "Data assets: register, review, look at";
    }
    if (group == "right") {
        return "Grants of operation-management and usage rights";
    }
    if (group == "market") {
        return "Listings";
    }
    return "Orders, delivery, settlement, ownership sales";
}

}  // namespace sanquan::cli
