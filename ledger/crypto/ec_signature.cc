#include "ledger/crypto/ec_signature.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/params.h>

#include <array>

#include "ledger/base/assert.h"
#include "ledger/crypto/openssl_ptr.h"
#include "ledger/crypto/signature.h"

namespace sanquan {
namespace {

struct Curve {
    const char* key_type;
    const char* group;
    const char* digest;
};
constexpr Curve kP256{"EC", "prime256v1", "SHA256"};
constexpr Curve kSm2Curve{"SM2", "SM2", "SM3"};
constexpr std::size_t kCompressedPointBytes = 33;
constexpr std::size_t kScalarBytes = 32;
constexpr std::size_t kSignerIdBytesMax = 8'191;  // its length in bits is a 16-bit number

bool has_point_form(ByteView point) {
    if (point.size() == kEcPointBytes) {
        return point.front() == '\x04';
    }
    return point.size() == kCompressedPointBytes &&
           (point.front() == '\x02' || point.front() == '\x03');
}

// OpenSSL checks that the point lies on the curve.
Result<EvpKeyPtr> load_point(const Curve& curve, ByteView point) {
    if (!has_point_form(point)) {
        return fail(Code::kKeyInvalid, "expected a SEC 1 point of 33 or 65 bytes");
    }
    std::string group(curve.group);
    Bytes octets(point);
    const std::array<OSSL_PARAM, 3> parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, octets.data(), octets.size()),
        OSSL_PARAM_construct_end()};
    const EvpKeyCtxPtr context(EVP_PKEY_CTX_new_from_name(nullptr, curve.key_type, nullptr));
    SANQUAN_ASSERT(context != nullptr);
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                          const_cast<OSSL_PARAM*>(parameters.data())) != 1) {
        ERR_clear_error();
        return fail(Code::kKeyInvalid, "not a point of the curve");
    }
    return EvpKeyPtr(key);
}

Status verify_der(const Curve& curve, ByteView point, ByteView message, ByteView signature,
                  const std::string_view* signer_id) {
    SANQUAN_TRY_ASSIGN(const EvpKeyPtr key, load_point(curve, point));
    const EvpMdCtxPtr context(EVP_MD_CTX_new());
    SANQUAN_ASSERT(context != nullptr);
    EVP_PKEY_CTX* key_context = nullptr;
    SANQUAN_ASSERT(EVP_DigestVerifyInit_ex(context.get(), &key_context, curve.digest, nullptr,
                                           nullptr, key.get(), nullptr) == 1);
    if (signer_id != nullptr && EVP_PKEY_CTX_set1_id(key_context, signer_id->data(),
                                                     static_cast<int>(signer_id->size())) != 1) {
        ERR_clear_error();
        return fail(Code::kSigInvalid, "the signer identifier cannot be used");
    }
    const int verdict = EVP_DigestVerify(context.get(), as_octets(signature), signature.size(),
                                         as_octets(message), message.size());
    if (verdict != 1) {
        ERR_clear_error();
        return fail(Code::kSigInvalid);
    }
    return {};
}

Status check_admissible(const Curve& curve, ByteView point) {
    if (point.size() != kEcPointBytes) {
        return fail(Code::kKeyInvalid, "keys are registered as uncompressed points of 65 bytes");
    }
    SANQUAN_TRY_ASSIGN(const EvpKeyPtr key, load_point(curve, point));
    return {};
}

Result<Bytes> der_from_p1363(ByteView signature) {
    using SignaturePtr = std::unique_ptr<ECDSA_SIG, OpensslDeleter<ECDSA_SIG_free>>;
    const SignaturePtr parsed(ECDSA_SIG_new());
    SANQUAN_ASSERT(parsed != nullptr);
    BIGNUM* r = BN_bin2bn(as_octets(signature), kScalarBytes, nullptr);
    BIGNUM* s = BN_bin2bn(as_octets(signature.substr(kScalarBytes)), kScalarBytes, nullptr);
    SANQUAN_ASSERT(ECDSA_SIG_set0(parsed.get(), r, s) == 1);  // takes r and s
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(parsed.get(), &der);
    SANQUAN_ASSERT(size > 0);
    Bytes bytes(as_view(der, static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    return bytes;
}

}  // namespace

Status ecdsa_p256_verify(ByteView point, ByteView message, ByteView der_signature) {
    return verify_der(kP256, point, message, der_signature, nullptr);
}

Status ecdsa_p256_verify_p1363(ByteView point, ByteView message, ByteView signature) {
    if (signature.size() != 2 * kScalarBytes) {
        return fail(Code::kSigInvalid, "expected r and s of 32 bytes each");
    }
    SANQUAN_TRY_ASSIGN(const Bytes der, der_from_p1363(signature));
    return verify_der(kP256, point, message, der, nullptr);
}

Status sm2_verify(ByteView point, ByteView message, ByteView der_signature,
                  std::string_view signer_id) {
    if (signer_id.size() > kSignerIdBytesMax) {
        return fail(Code::kTooLong, "a signer identifier has at most 8191 bytes");
    }
    return verify_der(kSm2Curve, point, message, der_signature, &signer_id);
}

Status ecdsa_p256_check_admissible(ByteView point) { return check_admissible(kP256, point); }

Status sm2_check_admissible(ByteView point) { return check_admissible(kSm2Curve, point); }

}  // namespace sanquan
