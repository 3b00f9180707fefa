#include "node/gateway/client_certificate.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <ctime>
#include <memory>

namespace sanquan::node {
namespace {

std::optional<PublicKey> public_key_of(EVP_PKEY* key) {
    if (key == nullptr) {
        return std::nullopt;
    }
    Bytes bytes(kEcPointBytes, '\0');
    std::size_t size = bytes.size();
    auto* octets = reinterpret_cast<unsigned char*>(bytes.data());
    if (EVP_PKEY_is_a(key, "ED25519") == 1) {
        if (EVP_PKEY_get_raw_public_key(key, octets, &size) != 1 || size != kEd25519KeyBytes) {
            return std::nullopt;
        }
        bytes.resize(size);
        return PublicKey{KeyAlgorithm::kEd25519, std::move(bytes)};
    }
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        if (EVP_PKEY_get_octet_string_param(key, "encoded-pub-key", octets, size, &size) != 1 ||
            size != kEcPointBytes) {
            return std::nullopt;
        }
        return PublicKey{KeyAlgorithm::kEcdsaP256, std::move(bytes)};
    }
    return std::nullopt;
}

std::optional<TimeMs> milliseconds(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
        return std::nullopt;
    }
    const std::time_t seconds = timegm(&parts);
    return seconds < 0 ? std::nullopt
                       : std::optional(TimeMs{static_cast<std::uint64_t>(seconds) * 1'000});
}

}  // namespace

std::optional<ClientCertificate> read_client_certificate(SSL* ssl) {
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl),
                                                                  &X509_free);
    if (certificate == nullptr) {
        return std::nullopt;
    }
    auto key = public_key_of(X509_get0_pubkey(certificate.get()));
    const auto not_before = milliseconds(X509_get0_notBefore(certificate.get()));
    const auto not_after = milliseconds(X509_get0_notAfter(certificate.get()));
    if (!key || !not_before || !not_after) {
        return std::nullopt;
    }
    return ClientCertificate{std::move(*key), *not_before, *not_after};
}

}  // namespace sanquan::node
