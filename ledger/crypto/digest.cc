// The low-level SHA256_* functions reach the processor's SHA instructions without the allocations
// of an EVP context: 75 ns against 190 ns for a Merkle node (design, D6).
#define OPENSSL_SUPPRESS_DEPRECATED
#include "ledger/crypto/digest.h"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <memory>

namespace sanquan {
namespace {

Digest sha256(std::initializer_list<ByteView> parts) {
    SHA256_CTX context;
    SHA256_Init(&context);
    for (const ByteView part : parts) {
        SHA256_Update(&context, part.data(), part.size());
    }
    Digest digest;
    SHA256_Final(digest.octets.data(), &context);
    return digest;
}

Digest sm3(std::initializer_list<ByteView> parts) {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    SANQUAN_ASSERT(context != nullptr);
    SANQUAN_ASSERT(EVP_DigestInit_ex(context.get(), EVP_sm3(), nullptr) == 1);
    for (const ByteView part : parts) {
        SANQUAN_ASSERT(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
    }
    Digest digest;
    SANQUAN_ASSERT(EVP_DigestFinal_ex(context.get(), digest.octets.data(), nullptr) == 1);
    return digest;
}

constexpr std::string_view kPrefix = "sanquan/";
constexpr std::string_view kSuffix("/v1\0", 4);

}  // namespace

Digest hash(HashAlgorithm algorithm, std::initializer_list<ByteView> parts) {
    return algorithm == HashAlgorithm::kSm3 ? sm3(parts) : sha256(parts);
}

Digest domain_digest(HashAlgorithm algorithm, std::string_view type, const ChainId& chain,
                     ByteView body) {
    return hash(algorithm, {kPrefix, type, kSuffix, chain.view(), body});
}

Bytes domain_message(std::string_view type, const ChainId& chain, ByteView body) {
    Bytes message;
    message.reserve(kPrefix.size() + type.size() + kSuffix.size() + kDigestBytes + body.size());
    message.append(kPrefix).append(type).append(kSuffix).append(chain.view()).append(body);
    return message;
}

}  // namespace sanquan
