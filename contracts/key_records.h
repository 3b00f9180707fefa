// Keys as the ledger holds them: when one is live, and how an organisation proves that it holds a
// new one.
//
// Called by admission and by the contracts that register keys; pure.
#pragma once

#include "contracts/contract.h"
#include "ledger/codec/operations_party.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/crypto/signature.h"

namespace sanquan::contracts {

// Whether a signature by this key counts in a block of that time.
bool is_live(const wire::KeyRecord& key, TimeMs time);

// Whether the key's validity is over, so that it will never be live again.
bool has_expired(const wire::KeyRecord& key, TimeMs time);

// How many of the organisation's keys are live.
std::uint64_t count_live_keys(const wire::OrganisationRecord& organisation, const ReadView& view,
                              TimeMs time);

// A key of a record; its algorithm and length were checked at registration (asserted).
PublicKey to_public_key(const wire::PublicKey& key);

// Shape of the keys that an organisation registers together: of a known algorithm, distinct, with a validity that does not
// end before it begins. kKeyInvalid, kKeyTaken, kBadPeriod, kTooManyKeys.
Verdict check_registrations(
    const google::protobuf::RepeatedPtrField<wire::KeyRegistration>& registrations);

// Whether `organisation_id` may have them: kTooManyKeys, kKeyAlgorithmNotAdmitted, kKeyTaken, kBadPeriod, then what is
// costly: kKeyInvalid, kPossessionInvalid. Asked after the question whether the sender may register keys at all, so that
// nobody else can buy signature checks.
Verdict check_new_keys(
    const google::protobuf::RepeatedPtrField<wire::KeyRegistration>& registrations,
    ByteView organisation_id, const wire::OrganisationRecord& organisation, const ReadView& view,
    const Context& context);

// Writes the key records and appends their ids to `organisation`, which the caller stores.
void add_keys(const google::protobuf::RepeatedPtrField<wire::KeyRegistration>& registrations,
              ByteView organisation_id, wire::OrganisationRecord& organisation, Overlay& overlay);

}  // namespace sanquan::contracts
