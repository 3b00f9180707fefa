#include "contracts/admission.h"

#include <algorithm>

#include "contracts/explain.h"
#include "contracts/key_records.h"
#include "contracts/records.h"
#include "contracts/rules.h"
#include "ledger/base/limits.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {
namespace {

using SignatureCounts = std::map<std::string, std::uint32_t>;  // by organisation

// Finds the key of one signature and counts it for its organisation; the key itself goes to `key`.
Status count_signature(const wire::Signature& signature, TimeMs time, const ReadView& parent,
                       SignatureCounts& counts, wire::PublicKey* key) {
    auto record = load<wire::KeyRecord>(parent, keys::key(signature.key_id()));
    if (!record) {
        return fail(Code::kUnknownKey, "key " + to_hex(signature.key_id()));
    }
    if (!is_live(*record, time)) {
        return fail(Code::kKeyRevoked, "key " + to_hex(signature.key_id()) + " of " +
                                           record->organisation() + " at " + iso_time(time));
    }
    ++counts[record->organisation()];
    if (key != nullptr) {
        *key = std::move(*record->mutable_key());
    }
    return {};
}

// Each signer named in the body meets its threshold, and nobody else signed.
Status check_thresholds(const std::set<std::string>& signers, const SignatureCounts& counts,
                        const ReadView& parent) {
    for (const auto& [id, count] : counts) {
        if (!signers.contains(id)) {
            return fail(Code::kSignerNotNamed, id + " is neither sender nor cosigner");
        }
    }
    for (const auto& id : signers) {
        const auto record = load_existing<wire::OrganisationRecord>(parent, keys::organisation(id));
        const auto counted = counts.find(id);
        const std::uint32_t count = counted == counts.end() ? 0 : counted->second;
        if (count < std::max<std::uint32_t>(record.threshold(), 1)) {
            return fail(Code::kThresholdNotMet, std::to_string(count) + " of " +
                                                    std::to_string(record.threshold()) +
                                                    " signatures of " + id);
        }
    }
    return {};
}

Status check_window(const Transaction& transaction, const BlockContext& block,
                    const ReadView& parent) {
    const std::uint64_t valid_until = transaction.body.valid_until_ms();
    if (valid_until < block.time.value) {
        return fail(Code::kExpired, "valid until " + iso_time(TimeMs{valid_until}) +
                                        ", the block's time is " + iso_time(block.time));
    }
    const std::uint64_t window =
        parameter(parent, block.chain.profile, block.height, Parameter::kValidityWindowMs).value;
    if (valid_until - block.time.value > window) {
        return fail(Code::kWindowTooLong, "valid until " + iso_time(TimeMs{valid_until}) +
                                              ", at most " + std::to_string(window) + " ms after " +
                                              iso_time(block.time));
    }
    return {};
}

Status check_signers_exist(const std::set<std::string>& signers, const ReadView& parent) {
    for (const auto& id : signers) {
        if (!exists(parent, keys::organisation(id))) {
            return fail(Code::kUnknownOrganisation, id);
        }
    }
    return {};
}

}  // namespace

Status check_admission(const Transaction& transaction, const BlockContext& block,
                       const ReadView& parent, const SignatureCheck& signature_check) {
    // Cheap questions first: a flood of bad transactions must not buy signature checks.
    SANQUAN_TRY(check_window(transaction, block, parent));
    const std::set<std::string> signers = signers_of(transaction.body);
    SANQUAN_TRY(check_signers_exist(signers, parent));
    SignatureCounts counts;
    std::vector<PublicKey> keys_used;
    for (const auto& signature : transaction.signatures) {
        wire::PublicKey key;
        SANQUAN_TRY(count_signature(signature, block.time, parent, counts, &key));
        keys_used.push_back(to_public_key(key));
    }
    SANQUAN_TRY(check_thresholds(signers, counts, parent));
    const Bytes message = transaction_message(block.chain, transaction.body_bytes);
    for (std::size_t i = 0; i < keys_used.size(); ++i) {
        const wire::Signature& signature = transaction.signatures[i];
        if (!signature_check(keys_used[i], message, signature.signature())) {
            return fail(Code::kSigInvalid, "signature " + std::to_string(i + 1) + " of " +
                                               std::to_string(keys_used.size()) + " by key " +
                                               to_hex(signature.key_id()));
        }
    }
    return {};
}

}  // namespace sanquan::contracts
