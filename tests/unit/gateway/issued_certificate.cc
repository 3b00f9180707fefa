#include "tests/unit/gateway/issued_certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "ledger/base/assert.h"
#include "ledger/crypto/openssl_ptr.h"

namespace sanquan::testing {

struct Issuer::Parts {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = nullptr;
};

namespace {

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    SANQUAN_ASSERT(extension != nullptr && X509_add_ext(certificate, extension, -1) == 1);
    X509_EXTENSION_free(extension);
}

X509* blank(EVP_PKEY* subject, const std::string& name, long not_after_seconds) {
    static long serial = 1;
    X509* certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -7'200);
    X509_gmtime_adj(X509_getm_notAfter(certificate), not_after_seconds);
    X509_set_pubkey(certificate, subject);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.data()),
                               static_cast<int>(name.size()), -1, 0);
    return certificate;
}

Bytes pem_of(X509* certificate) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    SANQUAN_ASSERT(PEM_write_bio_X509(bio.get(), certificate) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Issuer::Issuer() : parts_(std::make_unique<Parts>().release()) {
    X509* root = blank(parts_->key, "test issuer", 7'200);
    X509_set_issuer_name(root, X509_get_subject_name(root));
    add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE");
    add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(root, root, NID_subject_key_identifier, "hash");
    SANQUAN_ASSERT(X509_sign(root, parts_->key, EVP_sha256()) > 0);
    parts_->certificate = root;
}

Issuer::~Issuer() {
    const std::unique_ptr<Parts> parts(parts_);
    X509_free(parts->certificate);
    EVP_PKEY_free(parts->key);
}

Bytes Issuer::root() const { return pem_of(parts_->certificate); }

Bytes Issuer::issue(const SigningKey& subject, const IssuedOptions& options) const {
    const SecretBytes pem = subject.plain_pem();
    const BioPtr bio = memory_bio(pem.view().data(), pem.size());
    EVP_PKEY* key = PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr);
    SANQUAN_ASSERT(key != nullptr);
    const X509Ptr leaf(blank(key, options.name, options.not_after_seconds));
    EVP_PKEY_free(key);
    X509_set_issuer_name(leaf.get(), X509_get_subject_name(parts_->certificate));
    add_extension(leaf.get(), parts_->certificate, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(leaf.get(), parts_->certificate, NID_key_usage, "critical,digitalSignature");
    add_extension(leaf.get(), parts_->certificate, NID_ext_key_usage, options.usage);
    if (!options.alternative.empty()) {
        add_extension(leaf.get(), parts_->certificate, NID_subject_alt_name, options.alternative);
    }
    if (options.key_identifiers) {
        add_extension(leaf.get(), parts_->certificate, NID_authority_key_identifier, "keyid");
    }
    SANQUAN_ASSERT(X509_sign(leaf.get(), parts_->key, EVP_sha256()) > 0);
    return pem_of(leaf.get());
}

}  // namespace sanquan::testing
