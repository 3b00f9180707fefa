#include "ledger/crypto/signing_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>

#include "ledger/base/assert.h"
#include "ledger/crypto/ec_signature.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/crypto/private_pem.h"
#include "ledger/crypto/random.h"

namespace sanquan {

// Either the seed (Ed25519) or the OpenSSL key (the others) is set.
struct SigningKey::State {
    PublicKey public_key;
    SecretBytes seed;
    EvpKeyPtr key;
};

namespace {

constexpr std::size_t kSeedBytes = 32;

Result<Bytes> public_point(const EVP_PKEY* key) {
    Bytes point(kEcPointBytes, '\0');
    std::size_t size = 0;
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, octets_of(point.data()),
                                        point.size(), &size) != 1 ||
        size != point.size()) {
        ERR_clear_error();
        return fail(Code::kKeyInvalid, "the key has no uncompressed public point");
    }
    return point;
}

Result<KeyAlgorithm> algorithm_of(const EVP_PKEY* key) {
    if (EVP_PKEY_is_a(key, "ED25519") == 1) {
        return KeyAlgorithm::kEd25519;
    }
    if (EVP_PKEY_is_a(key, "SM2") == 1) {
        return KeyAlgorithm::kSm2;
    }
    std::array<char, 32> group{};
    if (EVP_PKEY_is_a(key, "EC") == 1 &&
        EVP_PKEY_get_group_name(key, group.data(), group.size(), nullptr) == 1 &&
        std::string_view(group.data()) == "prime256v1") {
        return KeyAlgorithm::kEcdsaP256;
    }
    ERR_clear_error();
    return fail(Code::kKeyInvalid, "expected an Ed25519, SM2 or P-256 key");
}

// The private scalar must belong to the public point beside it.
Status check_pair(EVP_PKEY* key) {
    const EvpKeyCtxPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
    if (!context || EVP_PKEY_pairwise_check(context.get()) != 1) {
        ERR_clear_error();
        return fail(Code::kKeyInvalid, "private and public key do not belong together");
    }
    return {};
}

Bytes sign_with(EVP_PKEY* key, const char* digest, ByteView message) {
    const EvpMdCtxPtr context(EVP_MD_CTX_new());
    SANQUAN_ASSERT(context != nullptr);
    EVP_PKEY_CTX* key_context = nullptr;
    SANQUAN_ASSERT(EVP_DigestSignInit_ex(context.get(), &key_context, digest, nullptr, nullptr, key,
                                         nullptr) == 1);
    if (EVP_PKEY_is_a(key, "SM2") == 1) {
        SANQUAN_ASSERT(EVP_PKEY_CTX_set1_id(key_context, kSm2DefaultSignerId.data(),
                                            static_cast<int>(kSm2DefaultSignerId.size())) == 1);
    }
    Bytes signature(kSignatureBytesMax, '\0');
    std::size_t size = signature.size();
    SANQUAN_ASSERT(EVP_DigestSign(context.get(), octets_of(signature.data()), &size,
                                  as_octets(message), message.size()) == 1);
    signature.resize(size);
    return signature;
}

}  // namespace

SigningKey::SigningKey(std::unique_ptr<State> state) : state_(std::move(state)) {}
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;
SigningKey::~SigningKey() = default;

SigningKey SigningKey::generate(KeyAlgorithm algorithm) {
    if (algorithm == KeyAlgorithm::kEd25519) {
        SecretBytes seed(kSeedBytes);
        fill_random(seed.data(), seed.size());
        return std::move(from_seed(seed.view()).value());
    }
    EvpKeyPtr key(algorithm == KeyAlgorithm::kSm2
                      ? EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2")
                      : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"));
    SANQUAN_ASSERT(key != nullptr);
    Bytes point = public_point(key.get()).value();
    return SigningKey(std::make_unique<State>(
        State{PublicKey{algorithm, std::move(point)}, SecretBytes(), std::move(key)}));
}

Result<SigningKey> SigningKey::from_seed(ByteView seed) {
    if (seed.size() != kSeedBytes) {
        return fail(Code::kKeyInvalid, "an Ed25519 seed has 32 bytes");
    }
    return SigningKey(std::make_unique<State>(State{
        PublicKey{KeyAlgorithm::kEd25519, ed25519_public_key(seed)}, SecretBytes(seed), nullptr}));
}

Result<SigningKey> SigningKey::from_pem(ByteView pem, ByteView passphrase) {
    SANQUAN_TRY_ASSIGN(EvpKeyPtr key, read_private_pem(pem, passphrase));
    SANQUAN_TRY_ASSIGN(const KeyAlgorithm algorithm, algorithm_of(key.get()));
    if (algorithm == KeyAlgorithm::kEd25519) {
        SecretBytes seed(kSeedBytes);
        std::size_t size = seed.size();
        if (EVP_PKEY_get_raw_private_key(key.get(), octets_of(seed.data()), &size) != 1 ||
            size != kSeedBytes) {
            ERR_clear_error();
            return fail(Code::kKeyInvalid, "the file holds no private key");
        }
        return from_seed(seed.view());
    }
    SANQUAN_TRY(check_pair(key.get()));
    SANQUAN_TRY_ASSIGN(Bytes point, public_point(key.get()));
    return SigningKey(std::make_unique<State>(
        State{PublicKey{algorithm, std::move(point)}, SecretBytes(), std::move(key)}));
}

const PublicKey& SigningKey::public_key() const { return state_->public_key; }

Bytes SigningKey::sign(ByteView message) const {
    switch (public_key().algorithm) {
        case KeyAlgorithm::kEd25519:
            return ed25519_sign(state_->seed.view(), public_key().bytes, message);
        case KeyAlgorithm::kSm2:
            return sign_with(state_->key.get(), "SM3", message);
        case KeyAlgorithm::kEcdsaP256:
            return sign_with(state_->key.get(), "SHA256", message);
    }
    SANQUAN_ASSERT(false);
}

EvpKeyPtr OpensslAccess::key_of(const SigningKey& key) {
    const SigningKey::State& state = *key.state_;
    if (state.key) {
        SANQUAN_ASSERT(EVP_PKEY_up_ref(state.key.get()) == 1);
        return EvpKeyPtr(state.key.get());
    }
    EvpKeyPtr built(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr,
                                                 as_octets(state.seed.view()), state.seed.size()));
    SANQUAN_ASSERT(built != nullptr);
    return built;
}

Bytes SigningKey::encrypted_pem(ByteView passphrase) const {
    return write_encrypted_pem(OpensslAccess::key_of(*this).get(), passphrase);
}

SecretBytes SigningKey::plain_pem() const {
    return write_plain_pem(OpensslAccess::key_of(*this).get());
}

}  // namespace sanquan
