// Goal: nothing that members do grows a state record or key beyond what the state may hold, which
// would stop every node. Method: every field of every record is filled up to the bound that the
// contracts keep (a field without a bound here fails), and the bounds that hold for long lists are
// held against the contracts that keep them.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <map>
#include <memory>

#include "contracts/mandate.h"
#include "contracts/market.h"
#include "contracts/odrl.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "contracts/sources.h"
#include "contracts/stages.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/world.h"

namespace sanquan::contracts::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr std::size_t kDigest = 32;
constexpr std::size_t kAmount = 16;
constexpr std::size_t kId = limits::kIdentifierBytesMax;
constexpr std::size_t kName = limits::kNameBytesMax;
constexpr std::size_t kReference = limits::kReferenceBytesMax;

// Bytes of a text or of bytes, by field name, unless the message says otherwise.
const std::map<std::string, std::size_t> kBytes = {
    {"amount", kAmount},
    {"appealed_by", kId},
    {"approvals", kId},
    {"approved_by", kId},
    {"asset", kId},
    {"assets", kId},
    {"broker", kId},
    {"buyer", kId},
    {"by", kId},
    {"certificate", kId},
    {"claim_evidence", kDigest},
    {"commitment", kDigest},
    {"complaint", kDigest},
    {"consumer", kId},
    {"content", kDigest},
    {"currency", 3},
    {"declared_by", kId},
    {"delivered", kDigest},
    {"description", kDigest},
    {"en", kName},
    {"evidence", kDigest},
    {"exchange", kId},
    {"exclusive", kId},
    {"foreign_sectors", 3},
    {"franchise", kId},
    {"franchises", kId},
    {"grant", kId},
    {"granted_by", kId},
    {"grantor", kId},
    {"grants", kId},
    {"holder", kId},
    {"id", kId},
    {"informatisation_authority", kId},
    {"input", kDigest},
    {"issued", kAmount},
    {"key", 65},
    {"keys", 16},
    {"kind", 8},
    {"lead", kId},
    {"left_operand", 16},
    {"level", 16},
    {"listing", kId},
    {"mandates", kId},
    {"member", kId},
    {"members", kId},
    {"name", kName},
    {"negotiation", kId},
    {"number", kId},
    {"operator", kId},
    {"order", kId},
    {"organisation", kId},
    {"organiser", kId},
    {"output", kDigest},
    {"parent", kId},
    {"platform", kId},
    {"profile", 10},
    {"proposal", kDigest},
    {"proposer", kId},
    {"provider", kId},
    {"purpose", kReference},
    {"purposes", kReference},
    {"reason", kName},
    {"redeemed", kAmount},
    {"reference", kReference},
    {"region", 6},
    {"registered_by", kId},
    {"rejections", kId},
    {"resolution", kName},
    {"resolved_by", kId},
    {"responsible_officer", kId},
    {"reviewer", kId},
    {"revoked_by", kId},
    {"right_operand", kReference},
    {"role", 16},
    {"sector", 3},
    {"seller", kId},
    {"source", kName},
    {"standard", kReference},
    {"subject", kId},
    {"tender", kId},
    {"tool", kReference},
    {"tool_version", kReference},
    {"unit", 3},
    {"usage_grant", kId},
    {"voucher", kId},
    {"winner", kId},
    {"zh", kName},
    // The catalogue entry of an asset.
    {"Dataset.identifier", kName},
    {"Dataset.catalogue", kReference},
    {"Dataset.publisher", kName},
    {"Dataset.media_type", kReference},
    {"Dataset.accrual_periodicity", kReference},
    {"Dataset.spatial", kName},
    {"Dataset.temporal", kName},
    {"Dataset.license", kName},
    {"Dataset.landing_page", 2 * kName},
    {"Dataset.keywords", kReference},
    {"Dataset.issued", kId},
    {"Dataset.modified", kId},
    {"Constraint.operator", 16},
    {"RegionRecord.name_zh", kName},
};

constexpr std::size_t kVotes = 512;            // cast_vote.cc, ratify_freeze.cc
constexpr std::size_t kSectors = kSourcesMax;  // of a derived asset

// Entries of a list.
const std::map<std::string, std::size_t> kCounts = {
    {"NetworkRecord.key_algorithms", 3},
    {"OrganisationRecord.keys", 64},  // the most that parameter party.keys_max may be
    {"GovernanceRecord.members", 64},
    {"SectorRecord.franchises", 65},
    {"ParameterRecord.versions", 10},
    {"ProposalRecord.approvals", kVotes},
    {"ProposalRecord.rejections", 0},  // counted with the approvals
    {"MandateIndexRecord.mandates", 64},
    {"GrantMandate.assets", 256},
    {"FreezeRecord.ratifications", kVotes},
    {"AssetRecord.owners", limits::kOwnersMax},
    {"AssetRecord.reviews", 3 + kSectors},
    {"Dataset.keywords", 64},
    {"DerivationRecord.inputs", limits::kAggregationInputsMax},
    {"DerivationRecord.constraints", limits::kConstraintsMax},
    {"DerivationRecord.foreign_sectors", kSectors},
    {"Constraint.right_operand", limits::kRightOperandsTotalMax / limits::kConstraintsMax},
    {"ProcessingRecord.steps", limits::kProcessingStepsMax},
    {"GrantRecord.actions", wire::Action_ARRAYSIZE},
    {"GrantRecord.constraints", limits::kConstraintsMax},
    {"HolderRecord.grants", limits::kHolderGrantsMax},
    {"GrantIndexRecord.grants", limits::kGrantsPerPage},
    {"GrantIndexRecord.exclusive", limits::kHolderGrantsMax + 1},
    {"UsageRecord.paid", 1'000},  // currencies of the genesis: ledger/model/genesis_checks.cc
    {"CreateListing.split", 32},
    {"CreateListing.actions", wire::Action_ARRAYSIZE},
    {"CreateListing.constraints", limits::kConstraintsMax},
    {"CreateListing.purposes", 32},
    {"OrderRecord.paid", 32},
};

std::size_t bound(const std::map<std::string, std::size_t>& bounds, const FieldDescriptor& field) {
    const std::string own = field.containing_type()->name() + "." + field.name();
    const auto found = bounds.contains(own) ? bounds.find(own) : bounds.find(field.name());
    INFO(own << " has no bound in this test");
    REQUIRE(found != bounds.end());
    return found->second;
}

void fill(Message& message);

void fill_field(Message& message, const FieldDescriptor& field) {
    const auto& reflection = *message.GetReflection();
    const std::size_t count = field.is_repeated() ? bound(kCounts, field) : 1;
    for (std::size_t i = 0; i < count; ++i) {
        switch (field.cpp_type()) {
            case FieldDescriptor::CPPTYPE_STRING: {
                const std::string text(bound(kBytes, field), 'x');
                field.is_repeated() ? reflection.AddString(&message, &field, text)
                                    : reflection.SetString(&message, &field, text);
                break;
            }
            case FieldDescriptor::CPPTYPE_MESSAGE:
                fill(field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                         : *reflection.MutableMessage(&message, &field));
                break;
            case FieldDescriptor::CPPTYPE_ENUM:
                // Any value takes one byte.
                field.is_repeated() ? reflection.AddEnumValue(&message, &field, 1)
                                    : reflection.SetEnumValue(&message, &field, 1);
                break;
            case FieldDescriptor::CPPTYPE_UINT64:
                reflection.SetUInt64(&message, &field, ~0ULL);
                break;
            case FieldDescriptor::CPPTYPE_UINT32:
                reflection.SetUInt32(&message, &field, ~0U);
                break;
            case FieldDescriptor::CPPTYPE_BOOL:
                reflection.SetBool(&message, &field, true);
                break;
            case FieldDescriptor::CPPTYPE_INT32:
            case FieldDescriptor::CPPTYPE_INT64:
            case FieldDescriptor::CPPTYPE_DOUBLE:
            case FieldDescriptor::CPPTYPE_FLOAT:
                FAIL(field.full_name() << " has a type that this test does not know");
        }
    }
}

void fill(Message& message) {
    for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
        fill_field(message, *message.GetDescriptor()->field(i));
    }
}

template <typename Operation>
Code preflight_code(const World& world, const Operation& operation,
                    Verdict (*preflight)(const Operation&, const Context&)) {
    const Verdict verdict = preflight(operation, world.context());
    return verdict ? verdict->code : Code::kOk;
}

wire::Constraint purposes(int count) {
    wire::Constraint constraint;
    constraint.set_left_operand("purpose");
    constraint.set_operator_("isAnyOf");
    for (int i = 0; i < count; ++i) {
        constraint.add_right_operand(std::string(kReference, 'p'));
    }
    return constraint;
}

}  // namespace

TEST_CASE("the largest record of each kind fits into a state value", "[contracts][limits]") {
    auto* factory = google::protobuf::MessageFactory::generated_factory();
    std::size_t records = 0;
    for (const auto* file :
         {wire::OrganisationRecord::descriptor()->file(), wire::AssetRecord::descriptor()->file(),
          wire::OrderRecord::descriptor()->file()}) {
        for (int i = 0; i < file->message_type_count(); ++i) {
            const auto* type = file->message_type(i);
            if (!type->name().ends_with("Record")) {
                continue;
            }
            const std::unique_ptr<Message> record(factory->GetPrototype(type)->New());
            fill(*record);
            INFO(type->name() << ": " << record->ByteSizeLong() << " bytes");
            CHECK(record->ByteSizeLong() <= limits::kStateValueBytesMax);
            ++records;
        }
    }
    CHECK(records >= 39);
}

TEST_CASE("the bounds of long lists are those of the contracts", "[contracts][limits]") {
    const World world;
    wire::GrantMandate mandate;
    mandate.set_reference("m");
    mandate.set_may_buy(true);
    mandate.mutable_price_max()->set_currency("CNY");
    mandate.mutable_price_max()->set_amount("1");
    mandate.set_valid_until_ms(~0ULL);
    for (std::size_t i = 0; i < 256; ++i) {
        mandate.add_assets(std::to_string(1'000 + i) + std::string(kId - 4, 'a'));
    }
    CHECK(preflight_code(world, mandate, &GrantMandate::preflight) == Code::kOk);
    mandate.add_assets("2000");
    CHECK(preflight_code(world, mandate, &GrantMandate::preflight) == Code::kMandateShape);

    wire::CreateListing listing;
    listing.set_reference("l");
    listing.set_mode(wire::AUTHORISE_MODE);
    listing.add_actions(wire::USE);
    listing.set_licence_term_ms(1);
    listing.set_valid_until_ms(~0ULL);
    for (int i = 0; i < 32; ++i) {
        listing.add_purposes(std::string(kReference, 'p'));
    }
    CHECK(preflight_code(world, listing, &CreateListingContract::preflight) == Code::kOk);
    listing.add_purposes("p");
    CHECK(preflight_code(world, listing, &CreateListingContract::preflight) == Code::kListingTerms);

    wire::ProcessAsset processing;
    for (std::size_t i = 0; i < limits::kProcessingStepsMax; ++i) {
        wire::ProcessingStep& step = *processing.add_steps();
        step.set_kind(wire::STEP_CLEANING);
        step.set_tool(std::string(kReference, 't'));
        step.set_tool_version(std::string(kReference, 'v'));
        step.set_operator_("PC");
        step.set_input(Bytes(kDigest, 'i'));
        step.set_output(Bytes(kDigest, 'o'));
        step.set_standard(std::string(kReference, 's'));
    }
    CHECK(preflight_code(world, processing, &ProcessAssetContract::preflight) == Code::kOk);
    *processing.add_steps() = processing.steps(0);
    CHECK(preflight_code(world, processing, &ProcessAssetContract::preflight) == Code::kBadStep);

    Constraints constraints;
    for (int i = 0; i < 4; ++i) {
        *constraints.Add() = purposes(32);
    }
    CHECK_FALSE(check_constraints(constraints));
    *constraints.Add() = purposes(1);
    CHECK(check_constraints(constraints)->code == Code::kConstraintLimit);

    CHECK(info(Parameter::kKeysPerOrganisation).most == kCounts.at("OrganisationRecord.keys"));
    CHECK(info(Parameter::kMandatesPerBroker).most == kCounts.at("MandateIndexRecord.mandates"));
}

TEST_CASE("the longest state keys fit", "[contracts][limits]") {
    const std::string party(kId, 'X');
    const std::string text(kReference, 'r');
    for (const char* kind : {"issue", "redeem", "order", "listing", "negotiation", "mandate",
                             "tender", "proposal", "trade"}) {
        CHECK(keys::reference(party, kind, text).size() <= limits::kStateKeyBytesMax);
    }
    CHECK(keys::freeze(std::string(128, 's')).size() <= limits::kStateKeyBytesMax);  // freeze.cc
    CHECK(keys::mandates(party, party).size() <= limits::kStateKeyBytesMax);
    CHECK(keys::bid(party, party).size() <= limits::kStateKeyBytesMax);
    CHECK(keys::right(party, party).size() <= limits::kStateKeyBytesMax);
}

}  // namespace sanquan::contracts::testing
