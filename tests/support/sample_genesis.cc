#include "tests/support/sample_genesis.h"

#include "ledger/base/assert.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/wire_keys.h"

namespace sanquan::testing {
namespace {

void add_organisation(wire::Genesis& genesis, const std::string& id) {
    auto& organisation = *genesis.add_organisations();
    organisation.set_id(id);
    organisation.mutable_name()->set_zh("机构" + id);
    organisation.mutable_name()->set_en("Organisation " + id);
    organisation.set_kind(wire::ENTERPRISE);
    organisation.set_region("530000");
    *organisation.add_keys() = to_wire(key_of(id).public_key());
    organisation.set_threshold(1);
}

void add_role(wire::Genesis& genesis, const std::string& id, wire::Role role,
              const std::string& sector = {}) {
    auto& entry = *genesis.add_roles();
    entry.set_organisation(id);
    entry.set_role(role);
    entry.set_sector(sector);
    entry.set_lead(role == wire::SECTOR_AUTHORITY);
}

void add_parties(wire::Genesis& genesis) {
    for (const char* id :
         {"X-BANK", "X-CA", "X-DUO", "X-EX", "X-IA", "X-KA", "X-LG1", "X-LG2", "X-LG3", "X-OFFICE",
          "X-OW", "X-PC1", "X-PC2", "X-SA1", "X-SA2", "X-US"}) {
        add_organisation(genesis, id);
    }
    auto& duo = *genesis.mutable_organisations(2);
    *duo.add_keys() = to_wire(key_of("X-DUO-2").public_key());
    duo.set_threshold(2);
    add_role(genesis, "X-IA", wire::INFORMATISATION_AUTHORITY);
    add_role(genesis, "X-LG1", wire::LEADING_GROUP);
    add_role(genesis, "X-LG2", wire::LEADING_GROUP);
    add_role(genesis, "X-LG3", wire::LEADING_GROUP);
    add_role(genesis, "X-OFFICE", wire::OFFICE);
    add_role(genesis, "X-KA", wire::SECRECY_AUTHORITY);
    add_role(genesis, "X-CA", wire::CYBER_SECURITY_AUTHORITY);
    add_role(genesis, "X-SA1", wire::SECTOR_AUTHORITY, "S01");
    add_role(genesis, "X-SA2", wire::SECTOR_AUTHORITY, "S02");
    add_role(genesis, "X-EX", wire::EXCHANGE);
    add_role(genesis, "X-BANK", wire::SETTLEMENT_BANK);
    genesis.set_leading_group_quorum(2);
}

void add_nodes(wire::Genesis& genesis) {
    const char* organisations[] = {"X-IA", "X-SA1", "X-PC1", "X-EX"};
    for (int i = 0; i < 4; ++i) {
        auto& validator = *genesis.add_validators();
        validator.set_organisation(organisations[i]);
        validator.set_name("node-" + std::to_string(i));
        *validator.mutable_vote_key() = to_wire(key_of("vote-" + std::to_string(i)).public_key());
        validator.set_tls_key(Bytes(kDigestBytes, static_cast<char>('a' + i)));
    }
    auto& audit = *genesis.add_audit_nodes();
    audit.set_organisation("X-LG1");
    audit.set_name("audit-0");
    audit.set_tls_key(Bytes(kDigestBytes, 'z'));
}

void add_codes(wire::Genesis& genesis) {
    for (const char* code : {"S01", "S02"}) {
        auto& sector = *genesis.add_sectors();
        sector.set_code(code);
        sector.set_kind("industry");
        sector.mutable_name()->set_zh("行业");
        sector.mutable_name()->set_en("Sector");
    }
    auto& region = *genesis.add_regions();
    region.set_code("530000");
    region.set_level("province");
    region.set_name_zh("云南省");
    for (const auto& [code, exponent] : {std::pair("CNY", 2U), std::pair("XTS", 18U)}) {
        auto& currency = *genesis.add_currencies();
        currency.set_code(code);
        currency.set_exponent(exponent);
        currency.set_name(code);
    }
}

}  // namespace

SigningKey key_of(const std::string& name) {
    auto key = SigningKey::from_seed(hash(HashAlgorithm::kSha256, {name}).view());
    SANQUAN_ASSERT(key.has_value());
    return std::move(*key);
}

wire::Genesis sample_genesis() {
    wire::Genesis genesis;
    genesis.set_format(1);
    genesis.set_network("sample");
    genesis.set_profile(wire::DEMO);
    genesis.set_hash(wire::SHA256);
    genesis.set_time_ms(1'700'000'000'000);
    genesis.add_key_algorithms(wire::ED25519);
    genesis.set_heartbeat_ms(10'000);
    genesis.set_view_timeout_ms(1'000);
    genesis.set_state_reappends_per_entry(2);
    add_parties(genesis);
    add_nodes(genesis);
    add_codes(genesis);
    return genesis;
}

Genesis decoded_sample() {
    auto genesis = decode_genesis(encode(sample_genesis()));
    SANQUAN_ASSERT(genesis.has_value());
    return std::move(*genesis);
}

}  // namespace sanquan::testing
