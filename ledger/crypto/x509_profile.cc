// Paths are enumerated here and judged one by one, since OpenSSL builds a single path and gives up
// with it: of two certificates of one intermediate the wrong one must not hide the right one.
#include "ledger/crypto/x509_profile.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>

#include "ledger/base/assert.h"
#include "ledger/crypto/x509_names.h"
#include "ledger/crypto/x509_rules.h"

namespace sanquan {
namespace {

constexpr std::size_t kPemBytesMax = 64U << 10U;
constexpr std::size_t kChainMax = 32;
constexpr std::size_t kRootsMax = 256;
constexpr std::size_t kPathMax = 8;  // peer and root included
constexpr std::size_t kSignatureChecksMax = 64;
constexpr std::size_t kPathsMax = 16;

using StorePtr = std::unique_ptr<X509_STORE, OpensslDeleter<X509_STORE_free>>;
using StoreCtxPtr = std::unique_ptr<X509_STORE_CTX, OpensslDeleter<X509_STORE_CTX_free>>;
using StackPtr =
    std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * stack) { sk_X509_free(stack); })>;

Result<std::vector<X509Ptr>> parse_all(const std::vector<Bytes>& pems, std::size_t count_max) {
    if (pems.size() > count_max) {
        return fail(Code::kTooLong, "more than " + std::to_string(count_max) + " certificates");
    }
    std::vector<X509Ptr> certificates;
    for (const Bytes& pem : pems) {
        if (pem.size() > kPemBytesMax) {
            return fail(Code::kTooLong, "a certificate has at most 64 KiB");
        }
        const BioPtr bio = memory_bio(pem.data(), pem.size());
        X509Ptr certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
        if (!certificate) {
            return fail(Code::kBadEncoding, "not a certificate in PEM");
        }
        certificates.push_back(std::move(certificate));
    }
    return certificates;
}

class PathSearch {
  public:
    PathSearch(const X509Question& question, const std::vector<X509Ptr>& chain,
               const std::vector<X509Ptr>& roots)
        : question_(question), chain_(chain), roots_(roots) {}

    // Depth first from the peer's certificate; the first path that meets the profile ends it.
    Status run() {
        path_.push_back(chain_.front().get());
        if (extend()) {
            return {};
        }
        return tl::unexpected(refusal_);
    }

  private:
    bool extend() {
        for (const X509Ptr& root : roots_) {
            if (issues(root.get()) && judge(root.get())) {
                return true;
            }
        }
        if (path_.size() + 1 >= kPathMax) {
            return false;
        }
        for (auto next = chain_.begin() + 1; next != chain_.end(); ++next) {
            if (is_new(next->get()) && issues(next->get())) {
                path_.push_back(next->get());
                if (extend()) {
                    return true;
                }
                path_.pop_back();
            }
        }
        return false;
    }

    [[nodiscard]] bool is_new(const X509* certificate) const {
        return std::none_of(path_.begin(), path_.end(),
                            [&](const X509* member) { return X509_cmp(member, certificate) == 0; });
    }

    // Whether `issuer` signed the last certificate of the path. BOUND: counts every signature that
    // is checked.
    bool issues(X509* issuer) {
        X509* subject = path_.back();
        EVP_PKEY* key = X509_get0_pubkey(issuer);
        if (X509_NAME_cmp(X509_get_issuer_name(subject), X509_get_subject_name(issuer)) != 0 ||
            key == nullptr || EVP_PKEY_get_bits(key) > 8'192) {
            return false;
        }
        if (signature_checks_ == kSignatureChecksMax) {
            refusal_ = Error{Code::kX509Invalid, "too many certificates to try"};
            return false;
        }
        ++signature_checks_;
        return X509_verify(subject, key) == 1;
    }

    bool judge(X509* root) {
        if (paths_ == kPathsMax) {
            refusal_ = Error{Code::kX509Invalid, "too many paths to try"};
            return false;
        }
        ++paths_;
        std::vector<X509*> path = path_;
        path.push_back(root);
        if (auto status = judge_path(path); !status) {
            refusal_ = status.error();
            return false;
        }
        return true;
    }

    [[nodiscard]] Status judge_path(const std::vector<X509*>& path) const {
        SANQUAN_TRY(check_x509_rules(path, question_.purpose));
        SANQUAN_TRY(check_validity(path));
        SANQUAN_TRY(check_with_openssl(path));
        return question_.purpose == X509Purpose::kServer
                   ? check_x509_name(path.front(), question_.peer_name)
                   : Status();
    }

    // RFC 5280, 4.1.2.5: valid through notAfter, inclusive. OpenSSL's own check calls that very
    // second expired.
    [[nodiscard]] Status check_validity(const std::vector<X509*>& path) const {
        std::time_t now = question_.time_seconds;
        std::time_t second_before = question_.time_seconds - 1;
        for (const X509* certificate : path) {
            // X509_cmp_time: -1 earlier or equal, 1 later, 0 malformed
            if (X509_cmp_time(X509_get0_notBefore(certificate), &now) != -1) {
                return fail(Code::kX509Invalid, "not yet valid");
            }
            if (X509_cmp_time(X509_get0_notAfter(certificate), &second_before) != 1) {
                return fail(Code::kX509Invalid, "expired");
            }
        }
        return {};
    }

    // RFC 5280 section 6 over exactly this path: path length, name constraints, critical
    // extensions.
    [[nodiscard]] Status check_with_openssl(const std::vector<X509*>& path) const {
        const StorePtr store(X509_STORE_new());
        const StoreCtxPtr context(X509_STORE_CTX_new());
        const StackPtr untrusted(sk_X509_new_null());
        SANQUAN_ASSERT(store && context && untrusted);
        SANQUAN_ASSERT(X509_STORE_add_cert(store.get(), path.back()) == 1);
        for (std::size_t i = 1; i + 1 < path.size(); ++i) {
            SANQUAN_ASSERT(sk_X509_push(untrusted.get(), path[i]) > 0);
        }
        SANQUAN_ASSERT(
            X509_STORE_CTX_init(context.get(), store.get(), path.front(), untrusted.get()) == 1);
        X509_VERIFY_PARAM* parameters = X509_STORE_CTX_get0_param(context.get());
        X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT |
                                                    X509_V_FLAG_CHECK_SS_SIGNATURE |
                                                    X509_V_FLAG_NO_CHECK_TIME);
        X509_VERIFY_PARAM_set_depth(parameters, kPathMax);
        if (X509_verify_cert(context.get()) != 1) {
            return fail(Code::kX509Invalid,
                        X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get())));
        }
        return {};
    }

    const X509Question& question_;
    const std::vector<X509Ptr>& chain_;
    const std::vector<X509Ptr>& roots_;
    std::vector<X509*> path_;
    std::size_t signature_checks_ = 0;
    std::size_t paths_ = 0;
    Error refusal_{Code::kX509Invalid, "no path to a trusted root"};
};

Status verify_parsed(const X509Question& question) {
    if (question.chain.empty()) {
        return fail(Code::kX509Invalid, "no certificate");
    }
    SANQUAN_TRY_ASSIGN(const std::vector<X509Ptr> chain, parse_all(question.chain, kChainMax));
    SANQUAN_TRY_ASSIGN(const std::vector<X509Ptr> roots, parse_all(question.roots, kRootsMax));
    return PathSearch(question, chain, roots).run();
}

}  // namespace

Status verify_x509_path(const X509Question& question) {
    Status verdict = verify_parsed(question);
    ERR_clear_error();
    return verdict;
}

}  // namespace sanquan
