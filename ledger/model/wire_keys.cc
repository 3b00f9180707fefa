#include "ledger/model/wire_keys.h"

namespace sanquan {

static_assert(static_cast<int>(KeyAlgorithm::kEd25519) == wire::ED25519);
static_assert(static_cast<int>(KeyAlgorithm::kSm2) == wire::SM2);
static_assert(static_cast<int>(KeyAlgorithm::kEcdsaP256) == wire::ECDSA_P256);

Result<PublicKey> from_wire(const wire::PublicKey& key) {
    // An open enumeration may carry any number, and one octet of it must not pass for another
    // algorithm.
    if (!wire::KeyAlgorithm_IsValid(static_cast<int>(key.algorithm()))) {
        return fail(Code::kKeyInvalid, "unknown algorithm");
    }
    Bytes encoded(1, static_cast<char>(key.algorithm()));
    encoded += key.key();
    return PublicKey::decode(encoded);
}

wire::PublicKey to_wire(const PublicKey& key) {
    wire::PublicKey message;
    message.set_algorithm(static_cast<wire::KeyAlgorithm>(key.algorithm));
    message.set_key(key.bytes);
    return message;
}

}  // namespace sanquan
