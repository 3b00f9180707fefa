#include "contracts/key_records.h"

#include <algorithm>

#include "contracts/explain.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "ledger/model/key_possession.h"
#include "ledger/model/state_keys.h"
#include "ledger/model/wire_keys.h"

namespace sanquan::contracts {
namespace {

using Registrations = google::protobuf::RepeatedPtrField<wire::KeyRegistration>;

// Beyond any value of Parameter::kKeysPerOrganisation: bounds the signature checks of one
// operation.
constexpr int kKeysPerOperationMax = 64;

Result<PublicKey> admissible_key(const wire::PublicKey& key) {
    SANQUAN_TRY_ASSIGN(PublicKey decoded, from_wire(key));
    SANQUAN_TRY(check_key_admissible(decoded));
    return decoded;
}

Verdict check_registration(const wire::KeyRegistration& registration, ByteView organisation,
                           const Context& context) {
    const Result<PublicKey> key = admissible_key(registration.key());
    if (!key) {
        return refuse(key.error(), "key");
    }
    if (!verify(*key, possession_message(context.chain, organisation, *key),
                registration.possession())) {
        return refuse(Code::kPossessionInvalid, {fact("key", key->id().hex())});
    }
    if (registration.valid_until_ms() != 0 &&
        registration.valid_until_ms() <= registration.valid_from_ms()) {
        return refuse(Code::kBadPeriod,
                      {fact("valid_from", TimeMs{registration.valid_from_ms()}),
                       fact("valid_until", TimeMs{registration.valid_until_ms()})});
    }
    return kPass;
}

}  // namespace

bool is_live(const wire::KeyRecord& key, TimeMs time) {
    return key.revoked_ms() == 0 && key.valid_from_ms() <= time.value &&
           (key.valid_until_ms() == 0 || time.value < key.valid_until_ms());
}

std::uint64_t count_live_keys(const wire::OrganisationRecord& organisation, const ReadView& view,
                              TimeMs time) {
    return static_cast<std::uint64_t>(
        std::count_if(organisation.keys().begin(), organisation.keys().end(), [&](const Bytes& id) {
            return is_live(load_existing<wire::KeyRecord>(view, keys::key(id)), time);
        }));
}

PublicKey to_public_key(const wire::PublicKey& key) {
    Result<PublicKey> decoded = from_wire(key);
    SANQUAN_ASSERT(decoded.has_value());
    return std::move(*decoded);
}

Verdict check_registrations(const Registrations& registrations, ByteView organisation,
                            const Context& context) {
    if (registrations.size() > kKeysPerOperationMax) {
        return refuse(Code::kTooManyKeys,
                      {fact("keys", static_cast<std::uint64_t>(registrations.size()))},
                      {fact("at_most", static_cast<std::uint64_t>(kKeysPerOperationMax))});
    }
    std::set<Bytes> seen;
    for (const auto& registration : registrations) {
        SANQUAN_TRY_PASS(check_registration(registration, organisation, context));
        if (!seen.insert(registration.key().key()).second) {
            return refuse(Code::kKeyTaken, {hex_fact("key", registration.key().key())});
        }
    }
    return kPass;
}

Verdict check_new_keys(const Registrations& registrations,
                       const wire::OrganisationRecord& organisation, const ReadView& view,
                       const Context& context) {
    const auto most = parameter(view, context, Parameter::kKeysPerOrganisation);
    const auto total = static_cast<std::uint64_t>(organisation.keys_size() + registrations.size());
    if (total > most) {
        return refuse(Code::kTooManyKeys, {fact("keys", total)}, {fact("at_most", most)});
    }
    const auto network = load_existing<wire::NetworkRecord>(view, keys::network());
    for (const auto& registration : registrations) {
        const auto& admitted = network.key_algorithms();
        if (std::find(admitted.begin(), admitted.end(), registration.key().algorithm()) ==
            admitted.end()) {
            const PublicKey key = to_public_key(registration.key());
            return refuse(Code::kKeyAlgorithmNotAdmitted, {fact("algorithm", name(key.algorithm))});
        }
        const KeyId id = to_public_key(registration.key()).id();
        if (const auto taken = load<wire::KeyRecord>(view, keys::key(id.view()))) {
            return refuse(Code::kKeyTaken,
                          {fact("key", id.hex()), fact("organisation", taken->organisation())});
        }
        if (registration.valid_until_ms() != 0 &&
            registration.valid_until_ms() <= context.time.value) {
            return refuse(Code::kBadPeriod,
                          {fact("valid_until", TimeMs{registration.valid_until_ms()}),
                           fact("now", context.time)});
        }
    }
    return kPass;
}

void add_keys(const Registrations& registrations, ByteView organisation_id,
              wire::OrganisationRecord& organisation, Overlay& overlay) {
    for (const auto& registration : registrations) {
        wire::KeyRecord record;
        record.set_organisation(std::string(organisation_id));
        *record.mutable_key() = registration.key();
        record.set_valid_from_ms(registration.valid_from_ms());
        record.set_valid_until_ms(registration.valid_until_ms());
        const KeyId id = to_public_key(registration.key()).id();
        store(overlay, keys::key(id.view()), record);
        organisation.add_keys(id.bytes());
    }
}

}  // namespace sanquan::contracts
