#include "client/cli/operation_samples.h"

#include <algorithm>
#include <iterator>

namespace sanquan::cli {
namespace {

constexpr std::string_view kSector = "X-SECTOR-AUTHORITY";
constexpr std::string_view kPlatform = "X-PLATFORM-COMPANY";
constexpr std::string_view kExchange = "X-DATA-EXCHANGE";
constexpr std::string_view kInformatisation = "X-INFORMATISATION-AUTHORITY";
constexpr std::string_view kBank = "X-SETTLEMENT-BANK";
constexpr std::string_view kSecrecy = "X-SECRECY-AUTHORITY";
constexpr std::string_view kLeader = "X-LEADING-GROUP-1";
constexpr std::string_view kSecondLeader = "X-LEADING-GROUP-2";

constexpr OperationSample kSamples[] = {
    {"register_organisation", kInformatisation, "", R"({
        "id": "X-CITY-BUREAU",
        "name": {"zh": "市生态环境局", "en": "City environment bureau"},
        "kind": "GOVERNMENT_BODY", "region": "530000", "source": "city-open-data"})"},
    {"claim_organisation", kInformatisation, "", R"({
        "id": "X-CITY-BUREAU",
        "keys": [{
            "key": {"algorithm": "ED25519",
                    "key": "PUBLIC-KEY"},
            "possession": "POSSESSION"}],
        "threshold": 1,
        "evidence": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})"},
    {"add_key", kExchange, "", R"({
        "key": {
            "key": {"algorithm": "ED25519",
                    "key": "PUBLIC-KEY"},
            "possession": "POSSESSION"}})"},
    {"revoke_key", kExchange, "", R"({
        "key_id": "KEY-ID", "reason": "replaced by a new key"})"},
    {"grant_role", kExchange, "", R"({
        "organisation": "X-INFORMATISATION-AUTHORITY", "role": "DATA_USER"})"},
    {"revoke_role", kExchange, "", R"({
        "organisation": "X-INFORMATISATION-AUTHORITY", "role": "DATA_USER",
        "reason": "no longer buys"})"},
    {"approve_pilot_sector", kInformatisation, "", R"({
        "code": "P01", "name": {"zh": "试点行业", "en": "Pilot sector"},
        "lead": "X-SECTOR-AUTHORITY", "reason": "not covered by the twenty sectors"})"},
    {"submit_proposal", kLeader, "", R"({
        "reference": "proposal-1", "reason": "more time to ratify a freeze",
        "voting_ends_ms": "+30m",
        "set_rule_parameter": {"name": "freeze.ratification_periods", "value": "600",
                               "activation_height": "1000000000"}})"},
    {"cast_vote", kSecondLeader, "", R"({"proposal": "PROPOSAL", "approve": true})"},
    {"open_tender", kSector, "", R"({
        "reference": "tender-1", "sector": "S02", "title": {"en": "Operation of sector S02"},
        "bids_open_ms": "+30d", "bids_close_ms": "+45d", "reveal_ends_ms": "+60d",
        "franchise_term_ms": "94608000000", "exclusive": true})"},
    {"submit_bid", kPlatform, "", R"({
        "tender": "TENDER",
        "commitment": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})"},
    {"reveal_bid", kPlatform, "", R"({
        "tender": "TENDER", "price": {"currency": "CNY", "amount": "990000"},
        "proposal": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "salt": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"})"},
    {"award_tender", kSector, "", R"({
        "tender": "TENDER", "winner": "X-PLATFORM-COMPANY", "reason": "the lowest price"})"},
    {"cancel_tender", kSector, "", R"({"tender": "TENDER", "reason": "the terms change"})"},
    {"issue_money", kBank, "", R"({
        "to": "X-INFORMATISATION-AUTHORITY",
        "money": {"currency": "CNY", "amount": "50000"}, "reference": "booking-1"})"},
    {"redeem_money", kBank, "X-INFORMATISATION-AUTHORITY", R"({
        "from": "X-INFORMATISATION-AUTHORITY",
        "money": {"currency": "CNY", "amount": "12500"}, "reference": "booking-2"})"},
    {"grant_mandate", kPlatform, "", R"({
        "reference": "mandate-1", "broker": "X-DATA-EXCHANGE", "may_buy": true,
        "price_max": {"currency": "CNY", "amount": "50000"}, "valid_until_ms": "+30d"})"},
    {"revoke_mandate", kPlatform, "", R"({"mandate": "MANDATE"})"},
    {"freeze", kSecrecy, "", R"({
        "subject": "asset/530000S0100000001S", "reason": "a leak is being looked into",
        "evidence": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "expires_ms": "+30m"})"},
    {"lift_freeze", kSecrecy, "", R"({
        "subject": "asset/530000S0100000001S", "reason": "there was no leak"})"},
    {"ratify_freeze", kLeader, "", R"({
        "subject": "asset/530000S0100000001S", "expires_ms": "+30m"})"},

    {"register_asset", kSector, "", R"({
        "dataset": {"identifier": "air-2024", "catalogue": "city-open-data",
                    "title": {"en": "Air quality 2024"}, "publisher": "City environment bureau",
                    "media_type": "text/csv", "access": "PUBLIC"},
        "owners": [{"organisation": "X-SECTOR-AUTHORITY", "basis_points": 10000}],
        "sector": "S01", "region": "530000", "level": "GENERAL", "source_class": "PUBLIC_DATA",
        "content": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "responsible_officer": "X-SECTOR-AUTHORITY"})"},
    {"object_to_asset", kPlatform, "", R"({
        "asset": "530000S0100000001S", "reason": "holds data of ours",
        "evidence": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})"},
    {"resolve_objection", kSector, "", R"({
        "asset": "530000S0100000001S", "objector": "X-PLATFORM-COMPANY",
        "reason": "the bureau owns the data"})"},
    {"certify_asset", kSector, "", R"({"asset": "530000S0100000001S"})"},
    {"review_grading", kSector, "", R"({
        "asset": "530000S0100000001S", "level": "GENERAL",
        "evidence": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})"},
    {"change_asset_status", kSector, "", R"({
        "asset": "530000S0100000001S", "change": "SUSPEND", "reason": "the source is corrected"})"},
    {"appeal_objection", kPlatform, "", R"({
        "asset": "530000S0100000001S", "objector": "X-PLATFORM-COMPANY",
        "reason": "the contract shows that the data is ours",
        "evidence": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})"},
    {"grant_right", kSector, "", R"({
        "asset": "530000S0100000001S", "holder": "X-PLATFORM-COMPANY",
        "right": "OPERATION_MANAGEMENT",
        "actions": ["AGGREGATE", "PROCESS", "LIST", "PRICE", "SUBLICENSE"],
        "valid_from_ms": "+0s", "valid_until_ms": "+365d"})"},
    {"revoke_right", kSector, "", R"({"grant": "GRANT", "reason": "the agreement ended"})"},
    {"record_use", kInformatisation, "", R"({
        "grant": "GRANT", "action": "USE", "purpose": "research", "count": "1"})"},
    {"license_asset", kPlatform, "", R"({"asset": "530000S0100000001S", "grant": "GRANT"})"},
    {"aggregate_assets", kPlatform, "X-SECTOR-AUTHORITY", R"({
        "output": {
            "dataset": {"identifier": "air-and-water-2024", "catalogue": "platform",
                        "title": {"en": "Air and water quality 2024"},
                        "publisher": "Industry platform company", "media_type": "text/csv",
                        "access": "PUBLIC"},
            "owners": [{"organisation": "X-SECTOR-AUTHORITY", "basis_points": 10000}],
            "sector": "S01", "region": "530000", "level": "GENERAL",
            "source_class": "PUBLIC_DATA",
            "content": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "responsible_officer": "X-SECTOR-AUTHORITY"},
        "inputs": [{"asset": "530000S0100000001S", "grant": "GRANT"},
                   {"asset": "530000S0100000002Q", "grant": "SECOND-GRANT"}]})"},
    {"process_asset", kPlatform, "", R"({
        "asset": "530000S0100000001S", "grant": "GRANT",
        "steps": [{
            "kind": "STEP_TRANSFORMATION", "tool": "pandas", "tool_version": "1.5.3",
            "input": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "output": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            "operator": "X-PLATFORM-COMPANY", "standard": "GB/T 36344-2018"}]})"},
    {"declare_stage_not_needed", kPlatform, "", R"({
        "asset": "530000S0100000001S", "stage": "AGGREGATED", "reason": "one source only"})"},
    {"record_review", kSecrecy, "", R"({
        "asset": "530000S0100000001S", "kind": "SECRECY", "passed": true,
        "evidence": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "valid_until_ms": "+365d"})"},

    {"create_listing", kPlatform, "", R"({
        "reference": "listing-1", "asset": "530000S0100000001S", "grant": "GRANT",
        "mode": "TRADE_MODE", "price": {"currency": "CNY", "amount": "9900"},
        "split": [
            {"part": "EXCHANGE_FEE", "organisation": "X-DATA-EXCHANGE", "basis_points": 300},
            {"part": "OPERATOR", "organisation": "X-PLATFORM-COMPANY", "basis_points": 4700},
            {"part": "OWNER", "organisation": "X-SECTOR-AUTHORITY", "basis_points": 5000}],
        "actions": ["USE"], "licence_term_ms": "2592000000", "valid_until_ms": "+30d",
        "exchange": "X-DATA-EXCHANGE"})"},
    {"change_listing", kExchange, "", R"({"listing": "LISTING", "change": "APPROVE"})"},
    {"negotiate", kInformatisation, "", R"({
        "listing": "LISTING", "message": "REQUEST",
        "price": {"currency": "CNY", "amount": "9000"}, "reference": "negotiation-1"})"},
    {"place_order", kInformatisation, "", R"({
        "client_reference": "order-1", "listing": "LISTING",
        "price": {"currency": "CNY", "amount": "9900"}, "delivery_deadline_ms": "+1d",
        "acceptance_deadline_ms": "+2d", "purpose": "research"})"},
    {"deliver", kPlatform, "", R"({
        "order": "ORDER",
        "delivered": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})"},
    {"accept_delivery", kInformatisation, "", R"({
        "order": "ORDER",
        "received": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})"},
    {"complain", kInformatisation, "", R"({
        "order": "ORDER", "reason": "half of the rows are missing",
        "evidence": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})"},
    {"resolve_complaint", kExchange, "", R"({
        "order": "ORDER", "refund": true, "reason": "the buyer is right"})"},
    {"cancel_order", kInformatisation, "", R"({"order": "ORDER", "reason": "ordered twice"})"},
    {"settle_order", kExchange, "", R"({"order": "ORDER"})"},
    {"record_application", kInformatisation, "", R"({
        "order": "ORDER", "title": {"en": "Clean air report"}, "purpose": "research",
        "output": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
        "published": true})"},
    {"issue_voucher", kExchange, "", R"({"order": "ORDER"})"},
    {"trade_ownership", kSector, "X-INFORMATISATION-AUTHORITY", R"({
        "asset": "530000S0100000001S", "seller": "X-SECTOR-AUTHORITY",
        "buyer": "X-INFORMATISATION-AUTHORITY",
        "price": {"currency": "CNY", "amount": "9900"}, "client_reference": "sale-1"})"},
};

constexpr std::string_view kPlaceholders[] = {
    "GRANT",      "KEY-ID",   "LISTING",    "MANDATE",      "ORDER",
    "POSSESSION", "PROPOSAL", "PUBLIC-KEY", "SECOND-GRANT", "TENDER"};

}  // namespace

std::span<const std::string_view> placeholders() { return kPlaceholders; }

std::span<const OperationSample> operation_samples() { return kSamples; }

const OperationSample* find_sample(std::string_view operation) {
    const auto* found =
        std::find_if(std::begin(kSamples), std::end(kSamples),
                     [&](const OperationSample& sample) { return sample.operation == operation; });
    return found == std::end(kSamples) ? nullptr : found;
}

}  // namespace sanquan::cli
