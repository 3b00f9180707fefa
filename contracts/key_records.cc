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

// What costs a hundred times more than a look into the state, so it is asked last.
Verdict check_proof(const wire::KeyRegistration& registration, ByteView organisation,
                    const Context& context) {
    const PublicKey key = to_public_key(registration.key());
    if (const Status status = check_key_admissible(key); !status) {
        return refuse(status.error(), "key");
    }
    if (!verify(key, possession_message(context.chain, organisation, key),
                registration.possession())) {
        return refuse(Code::kPossessionInvalid, {fact("key", key.id().hex())});
    }
    return kPass;
}

Verdict check_registration(const wire::KeyRegistration& registration) {
    if (const Result<PublicKey> key = from_wire(registration.key()); !key) {
        return refuse(key.error(), "key");
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
    return key.revoked_ms() == 0 && key.valid_from_ms() <= time.value && !has_expired(key, time);
}

bool has_expired(const wire::KeyRecord& key, TimeMs time) {
    return key.valid_until_ms() != 0 && key.valid_until_ms() <= time.value;
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

Verdict check_registrations(const Registrations& registrations) {
    if (registrations.size() > kKeysPerOperationMax) {
        return refuse(Code::kTooManyKeys,
                      {fact("keys", static_cast<std::uint64_t>(registrations.size()))},
                      {fact("at_most", static_cast<std::uint64_t>(kKeysPerOperationMax))});
    }
    std::set<Bytes> seen;
    for (const auto& registration : registrations) {
        SANQUAN_TRY_PASS(check_registration(registration));
        if (!seen.insert(registration.key().key()).second) {
            return refuse(Code::kKeyTaken, {hex_fact("key", registration.key().key())});
        }
    }
    return kPass;
}

Verdict check_new_keys(const Registrations& registrations, ByteView organisation_id,
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
    for (const auto& registration : registrations) {
        SANQUAN_TRY_PASS(check_proof(registration, organisation_id, context));
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
