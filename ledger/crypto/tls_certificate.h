// The certificate that carries a TLS public key, and the hash that the ledger pins (D3).
//
// A node is its TLS public key; on the peer port certificates are only carriers, so a self-signed
// one serves.
#pragma once

#include <cstdint>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/ids.h"
#include "ledger/base/result.h"
#include "ledger/crypto/signing_key.h"

namespace sanquan {

// SHA-256 over the DER SubjectPublicKeyInfo (RFC 7469, 2.4): the identity of a node on the peer
// port.
using SpkiHash = TypedDigest<struct SpkiHashTag>;

// A self-signed X.509 v3 certificate in PEM for server and client authentication; times in seconds
// since the epoch. kKeyInvalid for an SM2 key (not a TLS 1.3 key here), kBadText for a bad name,
// kBadRequest for a backward validity.
Result<Bytes> make_self_signed_certificate(const SigningKey& key, std::string_view common_name,
                                           std::int64_t not_before, std::int64_t not_after);

// The pin of the first certificate in `certificate_pem`; kBadEncoding.
Result<SpkiHash> spki_hash(ByteView certificate_pem);
// The pin of a certificate in DER, as the TLS library hands it over; kBadEncoding.
Result<SpkiHash> spki_hash_of_der(ByteView certificate_der);
// The pin that a certificate for `key` will have.
Result<SpkiHash> spki_hash(const SigningKey& key);
// The same from the public half; kKeyInvalid for a key that is not of TLS 1.3 (RFC 8410, RFC 5480).
Result<SpkiHash> spki_hash(const PublicKey& key);

}  // namespace sanquan
