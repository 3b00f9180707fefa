#include "ledger/model/genesis_checks.h"

#include <algorithm>
#include <map>
#include <set>

#include "ledger/base/ids.h"
#include "ledger/base/limits.h"
#include "ledger/base/text.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/organisation_id.h"
#include "ledger/model/state_keys.h"
#include "ledger/model/wire_keys.h"

namespace sanquan {
namespace {

constexpr std::uint32_t kFormat = 1;
constexpr int kOrganisationsMax = 10'000;
constexpr int kKeysPerOrganisationMax = 64;
constexpr int kAuditNodesMax = 1'000;
constexpr int kRolesMax = 20'000;
constexpr int kCodesMax = 10'000;
// The payments of a usage record are listed by currency.
constexpr int kCurrenciesMax = 1'000;
constexpr int kParametersMax = 1'000;
constexpr std::size_t kWordBytesMax = 32;
constexpr std::uint32_t kExponentMax = 18;
constexpr std::uint32_t kReappendsMax = 8;

tl::unexpected<Error> wrong(const std::string& entry, const std::string& what) {
    return fail(Code::kGenesisInvalid, entry + ": " + what);
}

Status check(bool holds, const std::string& entry, const std::string& what) {
    if (!holds) {
        return wrong(entry, what);
    }
    return {};
}

Status check_count(int count, int least, int most, const std::string& entry) {
    return check(count >= least && count <= most, entry,
                 std::to_string(count) + " entries; " + std::to_string(least) + " to " +
                     std::to_string(most) + " are possible");
}

Status check_text(const std::string& text, const std::string& entry) {
    const Status status = check_name(text);
    return status ? status : wrong(entry, to_string(status.error()));
}

bool is_word(const std::string& text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
           });
}

// The entries' names, strictly ascending, so that one content has one encoding and nothing stands
// twice.
template <typename Entries, typename Name>
Status check_ascending(const Entries& entries, const std::string& list, Name name) {
    for (int i = 1; i < entries.size(); ++i) {
        SANQUAN_TRY(check(name(entries[i - 1]) < name(entries[i]), list,
                          "not strictly ascending at " + name(entries[i])));
    }
    return {};
}

Status check_frame(const wire::Genesis& genesis) {
    SANQUAN_TRY(check(genesis.format() == kFormat, "format", "this build reads format 1"));
    SANQUAN_TRY(check(is_word(genesis.network(), kWordBytesMax), "network",
                      "1 to 32 of a-z, 0-9 and hyphen"));
    SANQUAN_TRY(check(genesis.profile() == wire::PRODUCTION || genesis.profile() == wire::DEMO,
                      "profile", "PRODUCTION or DEMO"));
    SANQUAN_TRY(check(genesis.hash() == wire::SHA256 || genesis.hash() == wire::SM3, "hash",
                      "SHA256 or SM3"));
    SANQUAN_TRY(check(genesis.time_ms() > 0 && genesis.time_ms() < (1ULL << 48U), "time_ms",
                      "milliseconds since 1970"));
    SANQUAN_TRY(check(genesis.heartbeat_ms() >= 1'000 && genesis.heartbeat_ms() <= 3'600'000,
                      "heartbeat_ms", "1,000 to 3,600,000"));
    SANQUAN_TRY(check(genesis.view_timeout_ms() >= 100 && genesis.view_timeout_ms() <= 60'000,
                      "view_timeout_ms", "100 to 60,000"));
    return check(genesis.state_reappends_per_entry() >= 1 &&
                     genesis.state_reappends_per_entry() <= kReappendsMax,
                 "state_reappends_per_entry", "1 to 8");
}

Status check_algorithms(const wire::Genesis& genesis) {
    const auto& algorithms = genesis.key_algorithms();
    SANQUAN_TRY(check_count(algorithms.size(), 1, wire::KeyAlgorithm_MAX, "key_algorithms"));
    for (int i = 0; i < algorithms.size(); ++i) {
        const int algorithm = algorithms.Get(i);
        SANQUAN_TRY(check(algorithm != 0 && wire::KeyAlgorithm_IsValid(algorithm) &&
                              (i == 0 || algorithms.Get(i - 1) < algorithm),
                          "key_algorithms", "known ones, strictly ascending"));
    }
    return {};
}

// A key that the chain admits and that no other entry uses.
Status check_key(const wire::Genesis& genesis, const wire::PublicKey& key, std::set<KeyId>& used,
                 const std::string& entry) {
    const auto& admitted = genesis.key_algorithms();
    SANQUAN_TRY(
        check(std::find(admitted.begin(), admitted.end(), key.algorithm()) != admitted.end(), entry,
              "its key's algorithm is not among key_algorithms"));
    const Result<PublicKey> decoded = from_wire(key);
    if (!decoded || !check_key_admissible(*decoded)) {
        return wrong(entry, "its key is not admissible");
    }
    return check(used.insert(decoded->id()).second, entry, "its key stands twice");
}

Status check_organisations(const wire::Genesis& genesis, std::set<KeyId>& used_keys) {
    const auto& organisations = genesis.organisations();
    SANQUAN_TRY(check_count(organisations.size(), 1, kOrganisationsMax, "organisations"));
    SANQUAN_TRY(check_ascending(organisations, "organisations",
                                [](const auto& entry) { return entry.id(); }));
    std::set<std::string> regions;
    for (const auto& region : genesis.regions()) {
        regions.insert(region.code());
    }
    for (const auto& organisation : organisations) {
        const std::string entry = "organisation " + organisation.id();
        if (const Status id = check_organisation_id(organisation.id()); !id) {
            return wrong("organisations", to_string(id.error()));
        }
        SANQUAN_TRY(check_text(organisation.name().zh(), entry + " name.zh"));
        SANQUAN_TRY(check_text(organisation.name().en(), entry + " name.en"));
        SANQUAN_TRY(check(organisation.kind() != wire::ORGANISATION_KIND_UNSPECIFIED &&
                              organisation.kind() != wire::INDIVIDUAL &&
                              wire::OrganisationKind_IsValid(organisation.kind()),
                          entry, "kind: a legal person's"));
        SANQUAN_TRY(check(regions.contains(organisation.region()), entry,
                          "its region is not among regions"));
        SANQUAN_TRY(
            check_count(organisation.keys_size(), 1, kKeysPerOrganisationMax, entry + " keys"));
        SANQUAN_TRY(check(
            organisation.threshold() >= 1 &&
                organisation.threshold() <= static_cast<std::uint32_t>(organisation.keys_size()),
            entry, "threshold: 1 to the number of keys"));
        for (const auto& key : organisation.keys()) {
            SANQUAN_TRY(check_key(genesis, key, used_keys, entry));
        }
    }
    return {};
}

bool is_known(const wire::Genesis& genesis, const std::string& id) {
    const auto& organisations = genesis.organisations();
    const auto found = std::lower_bound(
        organisations.begin(), organisations.end(), id,
        [](const auto& entry, const std::string& key) { return entry.id() < key; });
    return found != organisations.end() && found->id() == id;
}

Status check_nodes(const wire::Genesis& genesis, std::set<KeyId>& used_keys) {
    SANQUAN_TRY(check_count(genesis.validators_size(), 1, static_cast<int>(limits::kValidatorsMax),
                            "validators"));
    SANQUAN_TRY(check(genesis.validators_size() == 1 || genesis.validators_size() >= 4,
                      "validators",
                      "at least four, or one for a single-node network: two and three cannot "
                      "survive a fault"));
    SANQUAN_TRY(check_count(genesis.audit_nodes_size(), 0, kAuditNodesMax, "audit_nodes"));
    std::set<std::string> names;
    std::set<std::string> tls_keys;
    const auto check_node = [&](const auto& node) -> Status {
        const std::string entry = "node " + node.name();
        SANQUAN_TRY(check(is_word(node.name(), kWordBytesMax), entry,
                          "name: 1 to 32 of a-z, 0-9 and hyphen"));
        SANQUAN_TRY(check(names.insert(node.name()).second, entry, "the name stands twice"));
        SANQUAN_TRY(check(is_known(genesis, node.organisation()), entry,
                          "its organisation is not among organisations"));
        SANQUAN_TRY(check(node.tls_key().size() == kDigestBytes, entry,
                          "tls_key: 32 bytes, SHA-256 of the SubjectPublicKeyInfo"));
        return check(tls_keys.insert(node.tls_key()).second, entry, "its tls_key stands twice");
    };
    for (const auto& validator : genesis.validators()) {
        SANQUAN_TRY(check_node(validator));
        SANQUAN_TRY(
            check_key(genesis, validator.vote_key(), used_keys, "node " + validator.name()));
    }
    for (const auto& node : genesis.audit_nodes()) {
        SANQUAN_TRY(check_node(node));
    }
    return {};
}

// The role's scope in its state key; empty for roles without one, or nothing when sector, kind or
// lead do not fit.
std::optional<std::string> scope_of(const wire::GenesisRole& role) {
    const bool has_sector = !role.sector().empty();
    const bool has_kind = role.provider_kind() != wire::PROVIDER_KIND_UNSPECIFIED;
    const bool is_sector_role = role.role() == wire::SECTOR_AUTHORITY;
    const bool is_provider = role.role() == wire::SERVICE_PROVIDER;
    const std::string kind(keys::word(role.provider_kind()));
    if (has_sector != is_sector_role || has_kind != is_provider || kind.empty() == is_provider ||
        (role.lead() && !is_sector_role)) {
        return std::nullopt;
    }
    return is_sector_role ? role.sector() : kind;
}

Status check_roles(const wire::Genesis& genesis) {
    SANQUAN_TRY(check_count(genesis.roles_size(), 1, kRolesMax, "roles"));
    std::set<std::string> sectors;
    for (const auto& sector : genesis.sectors()) {
        sectors.insert(sector.code());
    }
    std::set<Bytes> held;
    std::set<std::string> led;
    std::map<int, std::uint32_t> holders;
    for (const auto& role : genesis.roles()) {
        const std::string entry = "role of " + role.organisation();
        SANQUAN_TRY(
            check(is_known(genesis, role.organisation()), entry, "it is not among organisations"));
        SANQUAN_TRY(check(!keys::word(role.role()).empty(), entry, "no such role"));
        SANQUAN_TRY(check(role.role() != wire::PLATFORM_COMPANY, entry,
                          "a platform company's role follows from a tender"));
        const auto scope = scope_of(role);
        SANQUAN_TRY(
            check(scope.has_value(), entry, "sector, provider_kind or lead do not fit the role"));
        SANQUAN_TRY(check(role.sector().empty() || sectors.contains(role.sector()), entry,
                          "its sector is not among sectors"));
        SANQUAN_TRY(check(held.insert(keys::role(role.organisation(), role.role(), *scope)).second,
                          entry, "the role stands twice"));
        SANQUAN_TRY(check(!role.lead() || led.insert(role.sector()).second, entry,
                          "the sector has a lead already"));
        ++holders[role.role()];
    }
    SANQUAN_TRY(check(holders[wire::INFORMATISATION_AUTHORITY] == 1, "roles",
                      "exactly one informatisation authority"));
    const std::uint32_t members = holders[wire::LEADING_GROUP];
    const std::uint32_t quorum = genesis.leading_group_quorum();
    return check(members >= 1 && members <= 64 && quorum <= members && 2 * quorum > members,
                 "leading_group_quorum", "more than half of the 1 to 64 leading-group members");
}

Status check_sectors(const wire::Genesis& genesis) {
    SANQUAN_TRY(check_count(genesis.sectors_size(), 1, kCodesMax, "sectors"));
    SANQUAN_TRY(check_ascending(genesis.sectors(), "sectors",
                                [](const auto& entry) { return entry.code(); }));
    for (const auto& sector : genesis.sectors()) {
        const std::string entry = "sector " + sector.code();
        // "P" begins the codes of pilot sectors, which the ledger adds itself.
        SANQUAN_TRY(check(is_sector_shape(sector.code()) && sector.code().front() != 'P', entry,
                          "code: a capital letter other than P and two digits"));
        SANQUAN_TRY(check(is_word(sector.kind(), kWordBytesMax), entry, "kind"));
        SANQUAN_TRY(check_text(sector.name().zh(), entry + " name.zh"));
        SANQUAN_TRY(check_text(sector.name().en(), entry + " name.en"));
    }
    return {};
}

Status check_code_lists(const wire::Genesis& genesis) {
    SANQUAN_TRY(check_sectors(genesis));
    SANQUAN_TRY(check_count(genesis.regions_size(), 1, kCodesMax, "regions"));
    SANQUAN_TRY(check_ascending(genesis.regions(), "regions",
                                [](const auto& entry) { return entry.code(); }));
    for (const auto& region : genesis.regions()) {
        const std::string entry = "region " + region.code();
        SANQUAN_TRY(
            check(is_region_shape(region.code()), entry, "code: six digits, not beginning with 0"));
        SANQUAN_TRY(check(is_word(region.level(), kWordBytesMax), entry, "level"));
        SANQUAN_TRY(check_text(region.name_zh(), entry + " name_zh"));
    }
    SANQUAN_TRY(check_count(genesis.currencies_size(), 1, kCurrenciesMax, "currencies"));
    SANQUAN_TRY(check_ascending(genesis.currencies(), "currencies",
                                [](const auto& entry) { return entry.code(); }));
    for (const auto& currency : genesis.currencies()) {
        const std::string entry = "currency " + currency.code();
        const bool letters = std::all_of(currency.code().begin(), currency.code().end(),
                                         [](char c) { return c >= 'A' && c <= 'Z'; });
        SANQUAN_TRY(check(currency.code().size() == 3 && letters, entry, "code: ISO 4217"));
        SANQUAN_TRY(check(currency.exponent() <= kExponentMax, entry, "exponent: 0 to 18"));
        SANQUAN_TRY(check_text(currency.name(), entry + " name"));
    }
    return {};
}

}  // namespace

Status check_genesis(const wire::Genesis& genesis) {
    SANQUAN_TRY(check_frame(genesis));
    SANQUAN_TRY(check_algorithms(genesis));
    SANQUAN_TRY(check_code_lists(genesis));
    std::set<KeyId> used_keys;
    SANQUAN_TRY(check_organisations(genesis, used_keys));
    SANQUAN_TRY(check_nodes(genesis, used_keys));
    SANQUAN_TRY(check_roles(genesis));
    SANQUAN_TRY(check_count(genesis.parameters_size(), 0, kParametersMax, "parameters"));
    return check_ascending(genesis.parameters(), "parameters",
                           [](const auto& entry) { return entry.name(); });
}

}  // namespace sanquan
