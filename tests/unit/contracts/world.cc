#include "tests/unit/contracts/world.h"

#include "contracts/checks.h"
#include "contracts/invariants/invariant.h"
#include "contracts/records.h"
#include "contracts/registry.h"
#include "ledger/base/amount.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts::testing {

World::World() {
    chain_.profile = ChainProfile::kDemo;
    for (const char* id :
         {"SA1", "SA2", "IA", "KA", "CA", "PC", "EX", "OW1", "OW2", "US", "SP", "US2"}) {
        organisation(id, "530000", 1);
    }
    organisation("UN", "530000", 0);
    organisation("FAR", "440000", 1);
    role("SA1", wire::SECTOR_AUTHORITY, "S01");
    role("SA1", wire::SECTOR_AUTHORITY, "P01");
    role("SA2", wire::SECTOR_AUTHORITY, "S02");
    role("IA", wire::INFORMATISATION_AUTHORITY);
    role("KA", wire::SECRECY_AUTHORITY);
    role("CA", wire::CYBER_SECURITY_AUTHORITY);
    role("EX", wire::EXCHANGE);
    role("OW1", wire::EXCHANGE_MEMBER);
    role("OW2", wire::EXCHANGE_MEMBER);
    for (const wire::ProviderKind kind :
         {wire::DESENSITISING, wire::DECRYPTION, wire::ANNOTATION, wire::CLEANING}) {
        role("SP", wire::SERVICE_PROVIDER, std::string(keys::word(kind)));
    }
    for (const auto& [code, lead] : {std::pair("S01", "SA1"), {"S02", "SA2"}, {"P01", "SA1"}}) {
        wire::SectorRecord sector;
        sector.set_kind(code[0] == 'P' ? "pilot" : "industry");
        sector.set_lead(lead);
        store(overlay_, keys::sector(code), sector);
    }
    wire::CurrencyRecord currency;
    currency.set_exponent(2);
    store(overlay_, keys::currency("CNY"), currency);
    currency.set_exponent(18);
    store(overlay_, keys::currency("XTS"), currency);
    store(overlay_, keys::region("530000"), wire::RegionRecord());
    wire::NetworkRecord network;
    network.add_key_algorithms(wire::ED25519);
    store(overlay_, keys::network(), network);
    organisation("BANK", "530000", 1);
    role("BANK", wire::SETTLEMENT_BANK);
    governance();
}

void World::governance() {
    wire::GovernanceRecord record;
    for (const char* member : {"LG1", "LG2", "LG3"}) {
        organisation(member, "530000", 1);
        role(member, wire::LEADING_GROUP);
        record.add_members(member);
    }
    record.set_informatisation_authority("IA");
    store(overlay_, keys::governance(), record);
    parameter("governance.quorum_members", 2);
    organisation("OFFICE", "530000", 1);
    role("OFFICE", wire::OFFICE);
}

namespace {

TransactionId id_of(std::uint64_t number) {
    TransactionId id;
    std::memcpy(id.octets.data(), &number, sizeof number);
    return id;
}

}  // namespace

std::string World::next_id(const std::string& prefix) const {
    Context next = context();
    next.transaction = id_of(transactions_ + 1);
    return make_id(prefix, next);
}

void World::organisation(const std::string& id, const std::string& region,
                         std::uint32_t threshold) {
    wire::OrganisationRecord record;
    record.mutable_name()->set_en(id);
    // Authorities have an A as their second letter: SA1, IA, KA, CA.
    record.set_kind(id.size() > 1 && id[1] == 'A' && id != "FAR" ? wire::GOVERNMENT_BODY
                                                                 : wire::ENTERPRISE);
    record.set_region(region);
    record.set_threshold(threshold);
    if (threshold > 0) {
        record.add_keys("key-of-" + id);
    }
    store(overlay_, keys::organisation(id), record);
}

void World::role(const std::string& id, int role, const std::string& scope) {
    wire::RoleRecord record;
    record.set_lead(role == wire::SECTOR_AUTHORITY);
    store(overlay_, keys::role(id, static_cast<wire::Role>(role), scope), record);
}

void World::franchise(const std::string& sector, const std::string& platform,
                      std::uint64_t until_ms) {
    const std::string id = "F-" + sector + "-" + platform;
    wire::FranchiseRecord record;
    record.set_sector(sector);
    record.set_platform(platform);
    record.set_exclusive(true);
    record.set_valid_until_ms(until_ms);
    store(overlay_, keys::franchise(id), record);
    auto owner = load_existing<wire::SectorRecord>(overlay_, keys::sector(sector));
    owner.add_franchises(id);
    store(overlay_, keys::sector(sector), owner);
}

void World::balance(const std::string& organisation, const std::string& currency,
                    std::uint64_t amount) {
    const Bytes key = keys::balance(organisation, currency);
    const auto was = load<wire::BalanceRecord>(overlay_, key).value_or(wire::BalanceRecord());
    wire::BalanceRecord record;
    record.set_amount(Amount(amount).encode());
    store(overlay_, key, record);
    auto supply =
        load<wire::SupplyRecord>(overlay_, keys::supply(currency)).value_or(wire::SupplyRecord());
    const auto others = Amount::decode(supply.issued())->minus(*Amount::decode(was.amount()));
    supply.set_issued(others->plus(Amount(amount))->encode());
    store(overlay_, keys::supply(currency), supply);
}

void World::parameter(const std::string& name, std::uint64_t value) {
    wire::ParameterRecord record;
    wire::ParameterVersion& version = *record.add_versions();
    version.set_value(value);
    version.set_version(1);
    store(overlay_, keys::parameter(name), record);
}

void World::serial(const std::string& region, const std::string& sector, std::uint64_t last) {
    wire::AssetSerialRecord record;
    record.set_last(last);
    store(overlay_, keys::asset_serial(region, sector), record);
}

void World::freeze(const std::string& subject_key, std::uint64_t until_ms) {
    wire::FreezeRecord record;
    record.set_by("IA");
    record.set_expires_ms(until_ms);
    record.set_ratified(true);
    record.set_ratify_until_ms(until_ms);
    store(overlay_, keys::freeze(subject_key), record);
}

StateScan scan_of(const Overlay& overlay) {
    return [&overlay](ByteView prefix, ByteView after, std::size_t limit) {
        std::vector<std::pair<Bytes, Bytes>> found;
        const StateWrites& all = overlay.writes();
        for (auto at = after < prefix ? all.lower_bound(prefix) : all.upper_bound(after);
             at != all.end() && at->first.starts_with(prefix) && found.size() < limit; ++at) {
            if (at->second) {
                found.emplace_back(at->first, *at->second);
            }
        }
        return found;
    };
}

std::string whole_breach_of(const Overlay& state) {
    const Status status = check_whole_state(state, scan_of(state));
    return status ? "" : to_string(status.error());
}

Context World::context() const {
    static const std::string kNobody;
    static const std::set<std::string> kNone;
    return {chain_, height_, time_, TransactionId{}, 0, kNobody, kNone};
}

Ran World::run(const std::string& sender, const std::set<std::string>& signers,
               const wire::Operation& operation) {
    const TransactionId id = id_of(++transactions_);
    std::set<std::string> all = signers;
    all.insert(sender);
    const Context context{chain_, height_, time_, id, 0, sender, all};

    overlay_.begin();
    const Execution execution = execute(operation, context, overlay_);
    if (const auto* refusal = std::get_if<Refusal>(&execution.result)) {
        overlay_.rollback();
        return {refusal->code, {}, refusal->facts, refusal->would_pass};
    }
    Changes changes;
    for (const Bytes& key : overlay_.touched()) {
        changes.emplace(key, overlay_.before(key));
    }
    if (const auto breach = find_breach(changes, overlay_)) {
        overlay_.rollback();
        return {Code::kInvariantBreach, {}, {{"breach", *breach}}, {}};
    }
    overlay_.commit();
    const auto& outcome = std::get<Outcome>(execution.result);
    return {Code::kOk, outcome.subject, outcome.facts, {}};
}

std::string breach_of(World& world, const std::function<void(Overlay&)>& write) {
    world.state().begin();
    write(world.state());
    Changes changes;
    for (const Bytes& key : world.state().touched()) {
        changes.emplace(key, world.state().before(key));
    }
    const auto breach = find_breach(changes, world.state());
    world.state().rollback();
    return breach.value_or("");
}

}  // namespace sanquan::contracts::testing
