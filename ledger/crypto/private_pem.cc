#include "ledger/crypto/private_pem.h"

#include <openssl/asn1t.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <string_view>

#include "ledger/base/assert.h"
#include "ledger/crypto/random.h"

namespace sanquan {
namespace {

constexpr std::size_t kPemBytesMax = 16U << 10U;
constexpr int kIterations = 100'000;  // about 40 ms, paid once at start
constexpr std::int64_t kIterationsMax = 2'000'000;
constexpr std::size_t kSaltBytes = 16;

// One PEM block, its parts freed (and wiped: it may hold a plain key).
struct PemBlock {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;

    PemBlock() = default;
    PemBlock(const PemBlock&) = delete;
    PemBlock& operator=(const PemBlock&) = delete;
    ~PemBlock() {
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, static_cast<std::size_t>(size));
    }
};

// BOUND: reads PBES2-params and PBKDF2-params before any work is done for them.
Status check_encryption(const X509_ALGOR* algorithm) {
    const ASN1_OBJECT* object = nullptr;
    int parameter_type = 0;
    const void* parameter = nullptr;
    X509_ALGOR_get0(&object, &parameter_type, &parameter, algorithm);
    if (OBJ_obj2nid(object) != NID_pbes2 || parameter_type != V_ASN1_SEQUENCE) {
        return fail(Code::kKeyInvalid, "only PBES2 encryption is accepted");
    }
    using Pbe2Ptr = std::unique_ptr<PBE2PARAM, OpensslDeleter<PBE2PARAM_free>>;
    using PbkdfPtr = std::unique_ptr<PBKDF2PARAM, OpensslDeleter<PBKDF2PARAM_free>>;
    const Pbe2Ptr scheme(static_cast<PBE2PARAM*>(
        ASN1_item_unpack(static_cast<const ASN1_STRING*>(parameter), ASN1_ITEM_rptr(PBE2PARAM))));
    if (!scheme || OBJ_obj2nid(scheme->keyfunc->algorithm) != NID_id_pbkdf2 ||
        scheme->keyfunc->parameter == nullptr ||
        scheme->keyfunc->parameter->type != V_ASN1_SEQUENCE) {
        return fail(Code::kKeyInvalid, "only PBKDF2 key derivation is accepted");
    }
    const PbkdfPtr derivation(static_cast<PBKDF2PARAM*>(
        ASN1_item_unpack(scheme->keyfunc->parameter->value.sequence, ASN1_ITEM_rptr(PBKDF2PARAM))));
    std::int64_t iterations = 0;
    if (!derivation || ASN1_INTEGER_get_int64(&iterations, derivation->iter) != 1 ||
        iterations < 1 || iterations > kIterationsMax) {
        return fail(Code::kKeyInvalid, "PBKDF2 iterations must lie between 1 and 2,000,000");
    }
    return {};
}

Result<Pkcs8Ptr> decrypt(const PemBlock& block, ByteView passphrase) {
    const unsigned char* at = block.data;
    const X509SigPtr sealed(d2i_X509_SIG(nullptr, &at, block.size));
    if (!sealed || at != block.data + block.size) {
        return fail(Code::kKeyInvalid, "damaged EncryptedPrivateKeyInfo");
    }
    const X509_ALGOR* algorithm = nullptr;
    X509_SIG_get0(sealed.get(), &algorithm, nullptr);
    SANQUAN_TRY(check_encryption(algorithm));
    Pkcs8Ptr opened(
        PKCS8_decrypt(sealed.get(), passphrase.data(), static_cast<int>(passphrase.size())));
    if (!opened) {
        return fail(Code::kBadPassphrase, "the passphrase does not open this key");
    }
    return opened;
}

Result<Pkcs8Ptr> open_block(const PemBlock& block, ByteView passphrase) {
    if (block.header != nullptr && *block.header != '\0') {
        return fail(Code::kKeyInvalid, "PEM header fields are not accepted");
    }
    const std::string_view name(block.name);
    if (name == PEM_STRING_PKCS8 && !passphrase.empty()) {
        return decrypt(block, passphrase);
    }
    if (name == PEM_STRING_PKCS8INF && passphrase.empty()) {
        const unsigned char* at = block.data;
        Pkcs8Ptr info(d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, block.size));
        if (!info || at != block.data + block.size) {
            return fail(Code::kKeyInvalid, "damaged PrivateKeyInfo");
        }
        return info;
    }
    return fail(Code::kKeyInvalid, passphrase.empty()
                                       ? "expected an unencrypted PKCS#8 block (PRIVATE KEY)"
                                       : "expected an ENCRYPTED PRIVATE KEY block");
}

Result<EvpKeyPtr> parse(ByteView pem, ByteView passphrase) {
    const BioPtr bio = memory_bio(pem.data(), pem.size());
    SANQUAN_ASSERT(bio != nullptr);
    PemBlock block;
    if (PEM_read_bio(bio.get(), &block.name, &block.header, &block.data, &block.size) != 1) {
        return fail(Code::kKeyInvalid, "no PEM block");
    }
    SANQUAN_TRY_ASSIGN(const Pkcs8Ptr info, open_block(block, passphrase));
    EvpKeyPtr key(EVP_PKCS82PKEY(info.get()));
    if (!key) {
        return fail(Code::kKeyInvalid, "the PKCS#8 block holds no key that is known here");
    }
    return key;
}

BioPtr secret_bio() {
    BioPtr bio(BIO_new(BIO_s_secmem()));
    SANQUAN_ASSERT(bio != nullptr);
    return bio;
}

}  // namespace

Result<EvpKeyPtr> read_private_pem(ByteView pem, ByteView passphrase) {
    if (pem.size() > kPemBytesMax) {
        return fail(Code::kKeyInvalid, "a key file has at most 16 KiB");
    }
    auto key = parse(pem, passphrase);
    ERR_clear_error();
    return key;
}

Bytes write_encrypted_pem(const EVP_PKEY* key, ByteView passphrase) {
    SANQUAN_ASSERT(!passphrase.empty());
    const Pkcs8Ptr info(EVP_PKEY2PKCS8(key));
    SANQUAN_ASSERT(info != nullptr);
    Bytes salt = random_bytes(kSaltBytes);
    const X509SigPtr sealed(PKCS8_encrypt(
        -1, EVP_aes_256_cbc(), passphrase.data(), static_cast<int>(passphrase.size()),
        octets_of(salt.data()), static_cast<int>(salt.size()), kIterations, info.get()));
    const BioPtr bio(BIO_new(BIO_s_mem()));
    SANQUAN_ASSERT(sealed && bio && PEM_write_bio_PKCS8(bio.get(), sealed.get()) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

SecretBytes write_plain_pem(const EVP_PKEY* key) {
    const BioPtr bio = secret_bio();
    SANQUAN_ASSERT(
        PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return SecretBytes(ByteView(text, static_cast<std::size_t>(size)));
}

}  // namespace sanquan
