#include "ledger/crypto/x509_chain.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "ledger/base/assert.h"
#include "ledger/crypto/openssl_ptr.h"

namespace sanquan {
namespace {

constexpr std::size_t kCertificatesMax = 256;

Bytes pem_of(X509* certificate) {
    const BioPtr bio(BIO_new(BIO_s_mem()));
    SANQUAN_ASSERT(bio != nullptr && PEM_write_bio_X509(bio.get(), certificate) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Result<std::vector<Bytes>> split_pem_certificates(ByteView pem) {
    const BioPtr bio = memory_bio(pem.data(), pem.size());
    std::vector<Bytes> certificates;
    ERR_clear_error();
    for (;;) {
        const X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!certificate) {
            break;
        }
        if (certificates.size() == kCertificatesMax) {
            return fail(Code::kTooLong, "more than 256 certificates");
        }
        certificates.push_back(pem_of(certificate.get()));
    }
    const unsigned long error = ERR_peek_last_error();
    ERR_clear_error();
    if (certificates.empty() || ERR_GET_REASON(error) != PEM_R_NO_START_LINE) {
        return fail(Code::kBadEncoding, "not a list of certificates in PEM");
    }
    return certificates;
}

std::vector<Bytes> pem_chain(X509* peer, const STACK_OF(X509) * others) {
    std::vector<Bytes> chain = {pem_of(peer)};
    for (int i = 0; i < sk_X509_num(others); ++i) {  // a null stack has -1
        X509* other = sk_X509_value(others, i);
        if (X509_cmp(other, peer) != 0) {
            chain.push_back(pem_of(other));
        }
    }
    return chain;
}

}  // namespace sanquan
