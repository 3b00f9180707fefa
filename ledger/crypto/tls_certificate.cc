#include "ledger/crypto/tls_certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <string>

#include "ledger/base/assert.h"
#include "ledger/crypto/digest.h"
#include "ledger/crypto/private_pem.h"
#include "ledger/crypto/random.h"

namespace sanquan {
namespace {

constexpr std::size_t kCommonNameBytesMax = 64;  // RFC 5280, ub-common-name
constexpr std::size_t kSerialBytes = 16;
constexpr std::size_t kCertificateBytesMax = 64U << 10U;

bool is_host_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.';
}

// The name goes into a subject alternative name too, so it keeps to the characters of a host name.
Status check_common_name(std::string_view common_name) {
    if (common_name.empty() || common_name.size() > kCommonNameBytesMax ||
        !std::all_of(common_name.begin(), common_name.end(), is_host_name_character)) {
        return fail(Code::kBadText, "a common name has 1 to 64 of a-z A-Z 0-9 - .");
    }
    return {};
}

void set_serial(X509* certificate) {
    Bytes serial = random_bytes(kSerialBytes);
    serial.front() = static_cast<char>((static_cast<unsigned>(serial.front()) & 0x3fU) | 0x40U);
    const BignumPtr number(BN_bin2bn(as_octets(serial), kSerialBytes, nullptr));
    SANQUAN_ASSERT(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr);
}

void set_name(X509* certificate, std::string_view common_name) {
    X509_NAME* subject = X509_get_subject_name(certificate);
    SANQUAN_ASSERT(X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8,
                                              as_octets(common_name),
                                              static_cast<int>(common_name.size()), -1, 0) == 1);
    SANQUAN_ASSERT(X509_set_issuer_name(certificate, subject) == 1);
}

void add_extension(X509* certificate, int nid, const std::string& value) {
    using ExtensionPtr = std::unique_ptr<X509_EXTENSION, OpensslDeleter<X509_EXTENSION_free>>;
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
    SANQUAN_ASSERT(extension != nullptr);
    SANQUAN_ASSERT(X509_add_ext(certificate, extension.get(), -1) == 1);
}

Result<SpkiHash> pin_of(X509* certificate) {
    unsigned char* der = nullptr;
    const int size =
        certificate == nullptr ? -1 : i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
    if (size <= 0) {
        ERR_clear_error();
        return fail(Code::kBadEncoding, "not an X.509 certificate");
    }
    const Digest digest =
        hash(HashAlgorithm::kSha256, {as_view(der, static_cast<std::size_t>(size))});
    OPENSSL_free(der);
    return SpkiHash::from(digest);
}

}  // namespace

Result<Bytes> make_self_signed_certificate(const SigningKey& key, std::string_view common_name,
                                           std::int64_t not_before, std::int64_t not_after) {
    SANQUAN_TRY(check_common_name(common_name));
    if (key.public_key().algorithm == KeyAlgorithm::kSm2) {
        return fail(Code::kKeyInvalid, "a TLS key is Ed25519 or ECDSA P-256");
    }
    if (not_before < 0 || not_after <= not_before) {
        return fail(Code::kBadRequest, "the validity must end after it begins");
    }
    const EvpKeyPtr pair = OpensslAccess::key_of(key);
    const X509Ptr certificate(X509_new());
    SANQUAN_ASSERT(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1);
    set_serial(certificate.get());
    set_name(certificate.get(), common_name);
    if (ASN1_TIME_set(X509_getm_notBefore(certificate.get()), not_before) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(certificate.get()), not_after) == nullptr) {
        ERR_clear_error();
        return fail(Code::kBadRequest, "the validity lies beyond the year 9999");
    }
    SANQUAN_ASSERT(X509_set_pubkey(certificate.get(), pair.get()) == 1);
    add_extension(certificate.get(), NID_basic_constraints, "critical,CA:FALSE");
    add_extension(certificate.get(), NID_key_usage, "critical,digitalSignature");
    add_extension(certificate.get(), NID_ext_key_usage, "serverAuth,clientAuth");
    add_extension(certificate.get(), NID_subject_alt_name, "DNS:" + std::string(common_name));
    add_extension(certificate.get(), NID_subject_key_identifier, "hash");
    const EVP_MD* digest =
        key.public_key().algorithm == KeyAlgorithm::kEd25519 ? nullptr : EVP_sha256();
    SANQUAN_ASSERT(X509_sign(certificate.get(), pair.get(), digest) > 0);

    const BioPtr bio(BIO_new(BIO_s_mem()));
    SANQUAN_ASSERT(bio && PEM_write_bio_X509(bio.get(), certificate.get()) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return Bytes(text, static_cast<std::size_t>(size));
}

Result<SpkiHash> spki_hash(ByteView certificate_pem) {
    if (certificate_pem.size() > kCertificateBytesMax) {
        return fail(Code::kTooLong, "a certificate has at most 64 KiB");
    }
    const BioPtr bio = memory_bio(certificate_pem.data(), certificate_pem.size());
    const X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    return pin_of(certificate.get());
}

Result<SpkiHash> spki_hash_of_der(ByteView certificate_der) {
    if (certificate_der.size() > kCertificateBytesMax) {
        return fail(Code::kTooLong, "a certificate has at most 64 KiB");
    }
    const unsigned char* at = as_octets(certificate_der);
    const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(certificate_der.size())));
    return pin_of(certificate.get());
}

Result<SpkiHash> spki_hash(const SigningKey& key) {
    const EvpKeyPtr pair = OpensslAccess::key_of(key);
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(pair.get(), &der);
    SANQUAN_ASSERT(size > 0);
    const Digest digest =
        hash(HashAlgorithm::kSha256, {as_view(der, static_cast<std::size_t>(size))});
    OPENSSL_free(der);
    return SpkiHash::from(digest);
}

Result<SpkiHash> spki_hash(const PublicKey& key) {
    using namespace std::string_view_literals;
    // DER up to the key bytes: SEQUENCE { AlgorithmIdentifier, BIT STRING }.
    constexpr auto kEd25519 = "\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"sv;
    constexpr auto kP256 =
        "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01"
        "\x07"
        "\x03\x42\x00"sv;
    if (key.algorithm == KeyAlgorithm::kEd25519 && key.bytes.size() == kEd25519KeyBytes) {
        return SpkiHash::from(hash(HashAlgorithm::kSha256, {kEd25519, key.bytes}));
    }
    if (key.algorithm == KeyAlgorithm::kEcdsaP256 && key.bytes.size() == kEcPointBytes) {
        return SpkiHash::from(hash(HashAlgorithm::kSha256, {kP256, key.bytes}));
    }
    return fail(Code::kKeyInvalid, "not a TLS key");
}

}  // namespace sanquan
