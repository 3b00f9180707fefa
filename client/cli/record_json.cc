#include "client/cli/record_json.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <functional>
#include <memory>

#include "ledger/base/error.h"
#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/codec/state_party.pb.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kReceiptBytesMax = 16U << 20U;

using MakeMessage = std::unique_ptr<google::protobuf::Message> (*)();

template <typename Message>
std::unique_ptr<google::protobuf::Message> make() {
    return std::make_unique<Message>();
}

struct RecordType {
    std::string_view word;
    MakeMessage make;
};

constexpr RecordType kTypes[] = {
    {"application", &make<wire::ApplicationRecord>},
    {"asset", &make<wire::AssetRecord>},
    {"asset-serial", &make<wire::AssetSerialRecord>},
    {"balance", &make<wire::BalanceRecord>},
    {"bid", &make<wire::BidRecord>},
    {"currency", &make<wire::CurrencyRecord>},
    {"dataset", &make<wire::DatasetRecord>},
    {"dataset-id", &make<wire::DatasetIdRecord>},
    {"derivation", &make<wire::DerivationRecord>},
    {"escrow", &make<wire::EscrowRecord>},
    {"franchise", &make<wire::FranchiseRecord>},
    {"freeze", &make<wire::FreezeRecord>},
    {"governance", &make<wire::GovernanceRecord>},
    {"grant", &make<wire::GrantRecord>},
    {"grants", &make<wire::GrantIndexRecord>},
    {"key", &make<wire::KeyRecord>},
    {"listing", &make<wire::ListingRecord>},
    {"mandate", &make<wire::MandateRecord>},
    {"mandates", &make<wire::MandateIndexRecord>},
    {"negotiation", &make<wire::NegotiationRecord>},
    {"network", &make<wire::NetworkRecord>},
    {"node", &make<wire::NodeRecord>},
    {"not-needed", &make<wire::NotNeededRecord>},
    {"objection", &make<wire::ObjectionRecord>},
    {"order", &make<wire::OrderRecord>},
    {"organisation", &make<wire::OrganisationRecord>},
    {"parameter", &make<wire::ParameterRecord>},
    {"processing", &make<wire::ProcessingRecord>},
    {"proposal", &make<wire::ProposalRecord>},
    {"reference", &make<wire::ReferenceRecord>},
    {"region", &make<wire::RegionRecord>},
    {"review", &make<wire::ReviewRecord>},
    {"right", &make<wire::HolderRecord>},
    {"role", &make<wire::RoleRecord>},
    {"sector", &make<wire::SectorRecord>},
    {"supply", &make<wire::SupplyRecord>},
    {"tender", &make<wire::TenderRecord>},
    {"use", &make<wire::UsageRecord>},
    {"voucher", &make<wire::VoucherRecord>},
};

void name_codes(json::object& receipt) {
    const auto name_one = [](json::object& object) {
        const auto* number = object.if_contains("code");
        if (number != nullptr && number->is_int64()) {
            const auto code = code_from_number(static_cast<std::uint32_t>(number->get_int64()));
            object["code"] = code ? json::value(text(*code)) : json::value("UNKNOWN");
        } else if (number != nullptr && number->is_uint64()) {
            const auto code = code_from_number(static_cast<std::uint32_t>(number->get_uint64()));
            object["code"] = code ? json::value(text(*code)) : json::value("UNKNOWN");
        }
    };
    name_one(receipt);
    for (auto& result : receipt["results"].as_array()) {
        name_one(result.as_object());
    }
}

}  // namespace

json::value decoded_record(const Bytes& key, const Bytes& value) {
    const auto word = std::string_view(key).substr(0, key.find('/'));
    for (const auto& type : kTypes) {
        if (type.word == word) {
            const auto message = type.make();
            if (decode_canonical(value, limits::kStateValueBytesMax, *message)) {
                return to_json(*message);
            }
        }
    }
    return json::string(to_hex(value));
}

json::value decoded_receipt(const Bytes& receipt) {
    const auto message = decode<wire::Receipt>(receipt, kReceiptBytesMax);
    if (!message) {
        return json::string(to_hex(receipt));
    }
    json::object object = to_json(*message);
    name_codes(object);
    return object;
}

std::string pretty_json(const json::value& value, std::size_t indent) {
    const std::string blanks(indent, ' ');
    if (value.is_object() && !value.get_object().empty()) {
        std::string text;
        for (const auto& member : value.get_object()) {
            const bool nested =
                (member.value().is_object() && !member.value().get_object().empty()) ||
                (member.value().is_array() && !member.value().get_array().empty());
            text += blanks + std::string(member.key()) + ":" +
                    (nested ? "\n" + pretty_json(member.value(), indent + 2)
                            : " " + pretty_json(member.value(), 0) + "\n");
        }
        return text;
    }
    if (value.is_array() && !value.get_array().empty()) {
        std::string text;
        for (const auto& item : value.get_array()) {
            std::string inner = pretty_json(item, indent + 2);
            if (item.is_object() || item.is_array()) {
                inner.replace(indent, 1, "-");
                text += inner;
            } else {
                text += blanks + "- " + pretty_json(item, 0) + "\n";
            }
        }
        return text;
    }
    return value.is_string() ? visible(value.get_string()) : json::serialize(value);
}

std::string visible(std::string_view text) {
    std::string shown;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        const std::string_view piece = text.substr(i, length);
        i += length;
        std::uint32_t point = length == 1 ? lead : lead & (0x7fU >> length);
        for (std::size_t k = 1; k < piece.size(); ++k) {
            point = point << 6U | (static_cast<unsigned char>(piece[k]) & 0x3fU);
        }
        const bool hidden =
            point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x61c ||
            (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
            (point >= 0x2060 && point <= 0x206f) || point == 0xfeff || piece.size() != length;
        if (!hidden) {
            shown += piece;
            continue;
        }
        char number[16];
        const int size = std::snprintf(number, sizeof number, "\\u{%x}", point);
        shown.append(number, static_cast<std::size_t>(size));
    }
    return shown;
}

}  // namespace sanquan::cli
