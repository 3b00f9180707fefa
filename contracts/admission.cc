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

// The organisations whose threshold is met; the sender must be one of them.
Result<std::set<std::string>> meeting_threshold(const std::string& sender,
                                                const SignatureCounts& counts,
                                                const ReadView& parent) {
    std::set<std::string> organisations;
    for (const auto& [id, count] : counts) {
        const auto record = load_existing<wire::OrganisationRecord>(parent, keys::organisation(id));
        if (count >= record.threshold()) {
            organisations.insert(id);
        } else if (id == sender) {
            return fail(Code::kThresholdNotMet, std::to_string(count) + " of " +
                                                    std::to_string(record.threshold()) +
                                                    " signatures of " + id);
        }
    }
    if (!organisations.contains(sender)) {
        return fail(Code::kThresholdNotMet, "no signature of the sender " + sender);
    }
    return organisations;
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

Status check_sender(const Transaction& transaction, const ReadView& parent) {
    const std::string& sender = transaction.body.sender();
    if (sender.size() > limits::kIdentifierBytesMax ||
        !exists(parent, keys::organisation(sender))) {
        return fail(Code::kUnknownOrganisation, sender.substr(0, limits::kIdentifierBytesMax));
    }
    return {};
}

}  // namespace

Result<std::set<std::string>> signing_organisations(const Transaction& transaction, TimeMs time,
                                                    const ReadView& parent) {
    SANQUAN_TRY(check_sender(transaction, parent));
    SignatureCounts counts;
    for (const auto& signature : transaction.signatures) {
        SANQUAN_TRY(count_signature(signature, time, parent, counts, nullptr));
    }
    return meeting_threshold(transaction.body.sender(), counts, parent);
}

Result<std::set<std::string>> check_admission(const Transaction& transaction,
                                              const BlockContext& block, const ReadView& parent,
                                              const SignatureCheck& signature_check) {
    // Cheap questions first: a flood of bad transactions must not buy signature checks.
    SANQUAN_TRY(check_window(transaction, block, parent));
    SANQUAN_TRY(check_sender(transaction, parent));
    SignatureCounts counts;
    std::vector<PublicKey> keys_used;
    for (const auto& signature : transaction.signatures) {
        wire::PublicKey key;
        SANQUAN_TRY(count_signature(signature, block.time, parent, counts, &key));
        keys_used.push_back(to_public_key(key));
    }
    SANQUAN_TRY_ASSIGN(auto organisations,
                       meeting_threshold(transaction.body.sender(), counts, parent));
    const Bytes message = transaction_message(block.chain, transaction.body_bytes);
    for (std::size_t i = 0; i < keys_used.size(); ++i) {
        const wire::Signature& signature = transaction.signatures[i];
        if (!signature_check(keys_used[i], message, signature.signature())) {
            return fail(Code::kSigInvalid, "signature " + std::to_string(i + 1) + " of " +
                                               std::to_string(keys_used.size()) + " by key " +
                                               to_hex(signature.key_id()));
        }
    }
    return organisations;
}

}  // namespace sanquan::contracts
