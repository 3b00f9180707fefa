#include "client/cli/operation_examples.h"

namespace sanquan::cli {
namespace {

struct Sample {
    std::string_view flag;  // "operation.flag" where an operation wants a value of its own
    std::string_view value;
};

constexpr Sample kSamples[] = {
    {"grant_role.role", "DATA_USER"},
    {"revoke_role.role", "DATA_USER"},
    {"grant_role.organisation", "platform-company"},
    {"revoke_role.organisation", "platform-company"},
    {"grant_mandate.reference", "mandate-1"},
    {"grant_right.action", "LIST PRICE"},
    {"create_listing.action", "USE"},
    {"record_use.action", "USE"},
    {"create_listing.mode", "TRADE_MODE"},
    {"create_listing.until", "+30d"},
    {"place_order.purpose", "research"},
    {"record_review.kind", "SECRECY"},
    {"record_review.until", "+365d"},
    {"grant_right.until", "+365d"},
    {"grant_mandate.until", "+30d"},
    {"accept-by", "+2d"},
    {"access", "PUBLIC"},
    {"asset", "530000S0100000001S"},
    {"broker", "data-exchange"},
    {"buyer", "platform-company"},
    {"catalogue", "city-open-data"},
    {"change", "APPROVE"},
    {"count", "1"},
    {"deliver-by", "+1d"},
    {"delivered", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    {"exchange", "data-exchange"},
    {"from", "data-exchange"},
    {"grant", "GRANT"},
    {"holder", "platform-company"},
    {"identifier", "air-2024"},
    {"key", "0123456789abcdef0123456789abcdef"},
    {"level", "GENERAL"},
    {"licence-ms", "31536000000"},
    {"listing", "LISTING"},
    {"mandate", "MANDATE"},
    {"money", "12500:CNY"},
    {"media-type", "text/csv"},
    {"order", "ORDER"},
    {"owner", "sector-authority:10000"},
    {"price", "9900:CNY"},
    {"price-max", "50000:CNY"},
    {"price-min", "10000:CNY"},
    {"publisher", "'City environment bureau'"},
    {"reason", "'as agreed'"},
    {"received", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
    {"reference", "ref-1"},
    {"region", "530000"},
    {"right", "OPERATION_MANAGEMENT"},
    {"sector", "S01"},
    {"seller", "sector-authority"},
    {"source-class", "PUBLIC_DATA"},
    {"title-en", "'Air quality 2024'"},
    {"to", "data-exchange"},
};

struct Sender {
    std::string_view operation;
    std::string_view as;
};

constexpr Sender kSenders[] = {
    {"issue_money", "settlement-bank"},
    {"redeem_money", "settlement-bank --also data-exchange"},
    {"grant_role", "sector-authority"},
    {"revoke_role", "sector-authority"},
    {"revoke_key", "data-exchange"},
    {"grant_mandate", "platform-company"},
    {"revoke_mandate", "platform-company"},
    {"object_to_asset", "platform-company"},
    {"create_listing", "platform-company"},
    {"change_listing", "data-exchange"},
    {"place_order", "platform-company"},
    {"accept_delivery", "platform-company"},
    {"complain", "platform-company"},
    {"record_use", "platform-company"},
    {"settle_order", "data-exchange"},
    {"cancel_order", "data-exchange"},
    {"issue_voucher", "data-exchange"},
    {"record_review", "secrecy-authority"},
    {"trade_ownership", "sector-authority --also platform-company"},
};

std::string_view sender_of(const OperationCommand& command) {
    for (const Sender& sender : kSenders) {
        if (sender.operation == command.operation) {
            return sender.as;
        }
    }
    return "sector-authority";
}

}  // namespace

std::string_view sample_value(const OperationCommand& command, const FieldFlag& field) {
    const std::string own = std::string(command.operation) + "." + std::string(field.flag);
    std::string_view found;
    for (const Sample& sample : kSamples) {
        if (sample.flag == own) {
            return sample.value;
        }
        found = sample.flag == field.flag ? sample.value : found;
    }
    return found;
}

std::string example_of(const OperationCommand& command) {
    std::string text = "sanquan " + std::string(command.group) + " " + std::string(command.name);
    for (const FieldFlag& field : command.fields) {
        if (field.required && field.kind != FieldKind::kFlag) {
            text +=
                " --" + std::string(field.flag) + " " + std::string(sample_value(command, field));
        }
    }
    return text + " --as " + std::string(sender_of(command));
}

}  // namespace sanquan::cli
