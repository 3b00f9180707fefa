#include "contracts/genesis_state.h"

#include <map>
#include <set>

#include "contracts/rules.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/state_keys.h"
#include "ledger/model/wire_keys.h"

namespace sanquan::contracts {
namespace {

// Writes one record per call; decode_genesis has made sure that no key comes twice.
class Writer {
  public:
    template <typename Record>
    void put(const Bytes& key, const Record& record) {
        const bool is_new = writes_.emplace(key, encode(record)).second;
        SANQUAN_ASSERT(is_new);
    }
    StateWrites take() { return std::move(writes_); }

  private:
    StateWrites writes_;
};

void put_organisations(const wire::Genesis& genesis, Writer& writer) {
    for (const auto& entry : genesis.organisations()) {
        wire::OrganisationRecord record;
        *record.mutable_name() = entry.name();
        record.set_kind(entry.kind());
        record.set_region(entry.region());
        record.set_threshold(entry.threshold());
        record.set_registered_ms(genesis.time_ms());
        for (const auto& key : entry.keys()) {
            const KeyId id = from_wire(key)->id();
            record.add_keys(id.bytes());
            wire::KeyRecord key_record;
            key_record.set_organisation(entry.id());
            *key_record.mutable_key() = key;
            writer.put(keys::key(id.view()), key_record);
        }
        writer.put(keys::organisation(entry.id()), record);
    }
}

void put_roles(const wire::Genesis& genesis, Writer& writer) {
    wire::GovernanceRecord governance;
    std::set<std::string> members;
    for (const auto& entry : genesis.roles()) {
        wire::RoleRecord record;
        record.set_granted_ms(genesis.time_ms());
        record.set_lead(entry.lead());
        const ByteView scope = entry.role() == wire::SECTOR_AUTHORITY
                                   ? ByteView(entry.sector())
                                   : keys::word(entry.provider_kind());
        writer.put(keys::role(entry.organisation(), entry.role(), scope), record);
        if (entry.role() == wire::LEADING_GROUP) {
            members.insert(entry.organisation());
        } else if (entry.role() == wire::INFORMATISATION_AUTHORITY) {
            governance.set_informatisation_authority(entry.organisation());
        }
    }
    for (const auto& member : members) {
        governance.add_members(member);
    }
    writer.put(keys::governance(), governance);
}

void put_code_lists(const wire::Genesis& genesis, Writer& writer) {
    std::map<std::string, std::string> leads;
    for (const auto& role : genesis.roles()) {
        if (role.lead()) {
            leads[role.sector()] = role.organisation();
        }
    }
    for (const auto& entry : genesis.sectors()) {
        wire::SectorRecord record;
        *record.mutable_name() = entry.name();
        record.set_kind(entry.kind());
        record.set_lead(leads[entry.code()]);
        writer.put(keys::sector(entry.code()), record);
    }
    for (const auto& entry : genesis.regions()) {
        wire::RegionRecord record;
        record.set_level(entry.level());
        record.set_name_zh(entry.name_zh());
        writer.put(keys::region(entry.code()), record);
    }
    for (const auto& entry : genesis.currencies()) {
        wire::CurrencyRecord record;
        record.set_exponent(entry.exponent());
        record.set_name(entry.name());
        writer.put(keys::currency(entry.code()), record);
    }
}

void put_nodes(const wire::Genesis& genesis, Writer& writer) {
    const auto put = [&](const auto& entry, const char* role) {
        wire::NodeRecord record;
        record.set_organisation(entry.organisation());
        record.set_name(entry.name());
        record.set_role(role);
        writer.put(keys::node(entry.tls_key()), record);
    };
    for (const auto& entry : genesis.validators()) {
        put(entry, "validator");
    }
    for (const auto& entry : genesis.audit_nodes()) {
        put(entry, "audit");
    }
}

Status put_parameters(const Genesis& genesis, Writer& writer) {
    std::map<std::string, std::uint64_t> values;
    for (const ParameterInfo& entry : all_parameters()) {
        values[std::string(entry.name)] = default_value(entry, genesis.chain.profile);
    }
    for (const auto& entry : genesis.message.parameters()) {
        const auto which = find_parameter(entry.name());
        // The quorum has a field of its own, which is checked against the members.
        if (!which || *which == Parameter::kGovernanceQuorum) {
            return fail(Code::kParameterUnknown, entry.name());
        }
        if (entry.value() < info(*which).least || entry.value() > info(*which).most) {
            return fail(Code::kParameterOutOfBounds, entry.name());
        }
        values[entry.name()] = entry.value();
    }
    values[std::string(info(Parameter::kGovernanceQuorum).name)] =
        genesis.message.leading_group_quorum();
    for (const auto& [name, value] : values) {
        wire::ParameterRecord record;
        auto& version = *record.add_versions();
        version.set_value(value);
        version.set_version(1);
        writer.put(keys::parameter(name), record);
    }
    return {};
}

}  // namespace

Result<StateWrites> genesis_state(const Genesis& genesis) {
    Writer writer;
    wire::NetworkRecord network;
    network.set_name(genesis.message.network());
    network.set_profile(genesis.message.profile());
    *network.mutable_key_algorithms() = genesis.message.key_algorithms();
    writer.put(keys::network(), network);
    put_organisations(genesis.message, writer);
    put_roles(genesis.message, writer);
    put_code_lists(genesis.message, writer);
    put_nodes(genesis.message, writer);
    SANQUAN_TRY(put_parameters(genesis, writer));
    return writer.take();
}

}  // namespace sanquan::contracts
