// PKCS#8 PEM in and out of OpenSSL; included by the .cc files of this folder only.
//
// Reading accepts exactly one form of each kind (RFC 5958; PBES2 with PBKDF2 of RFC 8018) and
// bounds the work that a file may ask for, since the iteration count is the file's own.
#pragma once

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"
#include "ledger/crypto/openssl_ptr.h"
#include "ledger/crypto/secret.h"
#include "ledger/crypto/signing_key.h"

namespace sanquan {

// The key of the first PEM block; kKeyInvalid, kBadPassphrase.
Result<EvpKeyPtr> read_private_pem(ByteView pem, ByteView passphrase);

Bytes write_encrypted_pem(const EVP_PKEY* key, ByteView passphrase);
SecretBytes write_plain_pem(const EVP_PKEY* key);

struct OpensslAccess {
    // A reference to (or, for Ed25519, a copy of) the key as OpenSSL sees it.
    static EvpKeyPtr key_of(const SigningKey& key);
};

}  // namespace sanquan
