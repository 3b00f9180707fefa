// Goal: no certificate leads to a root whose key never signed it, and none does harm. Method: the input, DER or PEM, is
// the peer's certificate under a root whose key was thrown away; only its one genuine leaf may pass. It is also its own root.
#include <openssl/evp.h>

#include "ledger/crypto/tls_certificate.h"
#include "ledger/crypto/x509_profile.h"
#include "tests/fuzz/fuzz.h"

namespace {

using sanquan::Bytes;
using sanquan::ByteView;
using sanquan::X509Purpose;
using sanquan::X509Question;

constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----\n";
constexpr std::int64_t kTimeSeconds = 1'900'000'000;  // within both certificates' validity

// Made for this test with openssl(1); nobody has the keys.
const sanquan::Bytes kUnknownRoot =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBlDCCATugAwIBAgIUEXGTca0lNls9mSvZgFpvGlV8RRYwCgYIKoZIzj0EAwIw\n"
    "FzEVMBMGA1UEAwwMVW5rbm93biBSb290MCAXDTI2MTEyNDAwMDIzNFoYDzIxMjYx\n"
    "MDMxMDAwMjM0WjAXMRUwEwYDVQQDDAxVbmtub3duIFJvb3QwWTATBgcqhkjOPQIB\n"
    "BggqhkjOPQMBBwNCAASamizoobemFwtjRPoY4isyc8c4V6l8zGzWSIL3H70A7kQj\n"
    "L+GslSzDM7RzcwrjfpxuCKSBXUwjmVli+XUx9a1jo2MwYTAdBgNVHQ4EFgQULqbK\n"
    "pE6/GeAqShMQ98NkGSGUwZYwHwYDVR0jBBgwFoAULqbKpE6/GeAqShMQ98NkGSGU\n"
    "wZYwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwCgYIKoZIzj0EAwID\n"
    "RwAwRAIgZ8bOTOVFEj4kdB4hbZtF3bakV02v5cJNmMZvblU1HA0CIHAbio+2LDNy\n"
    "BJ4zjeqiGftDW76v54AJ8nJVhbBVIoER\n"
    "-----END CERTIFICATE-----\n";
const sanquan::Bytes kGenuineLeaf =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBwzCCAWmgAwIBAgIUR2JKkbTNviMtd9DLPGHS+uF0Bk8wCgYIKoZIzj0EAwIw\n"
    "FzEVMBMGA1UEAwwMVW5rbm93biBSb290MCAXDTI2MTEyNDAwMDIzNVoYDzIxMjYx\n"
    "MDMxMDAwMjM1WjAPMQ0wCwYDVQQDDARsZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0D\n"
    "AQcDQgAEc42sn9jf/CDaa8j50GspmVPj2mF8yTMelxNC1K8giqKt4p9mhXKfS60V\n"
    "wrPOW5Lmz/6rjxjNH9PRXPZefAgZcqOBmDCBlTAWBgNVHREEDzANggtleGFtcGxl\n"
    "LmNvbTAdBgNVHSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIwDgYDVR0PAQH/BAQD\n"
    "AgeAMAwGA1UdEwEB/wQCMAAwHwYDVR0jBBgwFoAULqbKpE6/GeAqShMQ98NkGSGU\n"
    "wZYwHQYDVR0OBBYEFGJB4marNF3SDhRIeKN9NEN6TASnMAoGCCqGSM49BAMCA0gA\n"
    "MEUCIQCxGIxai3JuABQubk8LExCLADgfnig/07nqUu/hKifCxgIgREdgLGq56wcj\n"
    "CggbW9WooSRADymaADNJhAXUB1VMrmA=\n"
    "-----END CERTIFICATE-----\n";

Bytes to_pem(ByteView der) {
    Bytes base64(4 * (der.size() / 3 + 1) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(base64.data()),
                                       reinterpret_cast<const unsigned char*>(der.data()),
                                       static_cast<int>(der.size()));
    base64.resize(static_cast<std::size_t>(length));
    Bytes pem(kBegin);
    for (std::size_t at = 0; at < base64.size(); at += 64) {
        pem += base64.substr(at, 64) + "\n";
    }
    return pem + "-----END CERTIFICATE-----\n";
}

// One certificate for each BEGIN line; DER counts as one.
std::vector<Bytes> certificates_of(ByteView input) {
    if (input.find("-----BEGIN") == ByteView::npos) {
        return {to_pem(input)};
    }
    std::vector<Bytes> chain;
    for (std::size_t at = input.find("-----BEGIN"); at != ByteView::npos;) {
        const std::size_t next = input.find("-----BEGIN", at + 1);
        chain.emplace_back(input.substr(at, next == ByteView::npos ? next : next - at));
        at = next;
    }
    return chain;
}

void judge(const std::vector<Bytes>& chain) {
    for (const X509Purpose purpose :
         {X509Purpose::kServer, X509Purpose::kClient, X509Purpose::kEitherSide}) {
        X509Question question{chain, {kUnknownRoot}, kTimeSeconds, purpose, "example.com"};
        if (sanquan::verify_x509_path(question)) {
            const auto pin = sanquan::spki_hash(chain.front());
            REQUIRE_THAT(pin && *pin == *sanquan::spki_hash(kGenuineLeaf));
        }
        question.roots = chain;
        (void)sanquan::verify_x509_path(question);
        question.chain = {kGenuineLeaf};
        question.chain.insert(question.chain.end(), chain.begin(), chain.end());
        (void)sanquan::verify_x509_path(question);
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const bool sound =
        sanquan::verify_x509_path(
            {{kGenuineLeaf}, {kUnknownRoot}, kTimeSeconds, X509Purpose::kServer, "example.com"})
            .has_value();
    REQUIRE_THAT(sound);
    if (size <= 16'384) {
        judge(certificates_of(sanquan::fuzz::input(data, size)));
    }
    return 0;
}
