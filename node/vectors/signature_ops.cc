// Signatures and hashes.
#include <array>

#include "ledger/crypto/digest.h"
#include "ledger/crypto/ec_signature.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/crypto/signature.h"
#include "ledger/crypto/signing_key.h"
#include "node/vectors/groups.h"

namespace sanquan::vectors {
namespace {

struct SignedMessage {
    Bytes key;
    Bytes message;
    Bytes signature;
};

Result<SignedMessage> signed_message(const Question& question) {
    SANQUAN_TRY_ASSIGN(Bytes key, hex_field(question, "key"));
    SANQUAN_TRY_ASSIGN(Bytes message, hex_field(question, "msg"));
    SANQUAN_TRY_ASSIGN(Bytes signature, hex_field(question, "sig"));
    return SignedMessage{std::move(key), std::move(message), std::move(signature)};
}

Result<Answer> ed25519_verify_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const SignedMessage given, signed_message(question));
    return Answer::of(verify({KeyAlgorithm::kEd25519, given.key}, given.message, given.signature));
}

Result<Answer> ed25519_sign_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const Bytes seed, hex_field(question, "seed"));
    SANQUAN_TRY_ASSIGN(const Bytes message, hex_field(question, "msg"));
    SANQUAN_TRY_ASSIGN(const SigningKey key, SigningKey::from_seed(seed));
    return Answer::accepted_text(to_hex(key.sign(message)));
}

Result<Answer> ed25519_key_admissible_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(Bytes key, hex_field(question, "key"));
    return Answer::of(check_key_admissible({KeyAlgorithm::kEd25519, std::move(key)}));
}

Result<Answer> ecdsa_p256_verify_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const SignedMessage given, signed_message(question));
    SANQUAN_TRY_ASSIGN(const auto form, optional_text_field(question, "form"));
    if (!form || *form == "der") {
        return Answer::of(ecdsa_p256_verify(given.key, given.message, given.signature));
    }
    if (*form == "p1363") {
        return Answer::of(ecdsa_p256_verify_p1363(given.key, given.message, given.signature));
    }
    return fail(Code::kBadRequest, "form: expected der or p1363");
}

Result<Answer> sm2_verify_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const SignedMessage given, signed_message(question));
    SANQUAN_TRY_ASSIGN(const auto signer_id, optional_text_field(question, "signer_id"));
    return Answer::of(sm2_verify(given.key, given.message, given.signature,
                                 signer_id.value_or(kSm2DefaultSignerId)));
}

Result<Answer> hash_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const Bytes message, hex_field(question, "msg"));
    SANQUAN_TRY_ASSIGN(const std::string_view algorithm, text_field(question, "alg"));
    if (algorithm == "sha256") {
        return Answer::accepted_text(hash(HashAlgorithm::kSha256, {message}).hex());
    }
    if (algorithm == "sm3") {
        return Answer::accepted_text(hash(HashAlgorithm::kSm3, {message}).hex());
    }
    return fail(Code::kUnsupported, "alg: expected sha256 or sm3");
}

}  // namespace

std::span<const OpEntry> signature_ops() {
    static constexpr auto kOps = std::to_array<OpEntry>({
        {"ed25519.verify", ed25519_verify_op},
        {"ed25519.sign", ed25519_sign_op},
        {"ed25519.key_admissible", ed25519_key_admissible_op},
        {"ecdsa_p256.verify", ecdsa_p256_verify_op},
        {"sm2.verify", sm2_verify_op},
        {"hash", hash_op},
    });
    return kOps;
}

}  // namespace sanquan::vectors
