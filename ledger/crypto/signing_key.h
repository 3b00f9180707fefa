// SigningKey: a private key in memory that can sign and is wiped when it goes.
//
// Made by generate(), from a seed, or by key_store.h from an encrypted file. Signing is const and
// may be done from several threads.
#pragma once

#include <memory>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"
#include "ledger/crypto/secret.h"
#include "ledger/crypto/signature.h"

namespace sanquan {

class SigningKey {
  public:
    // A fresh random key.
    static SigningKey generate(KeyAlgorithm algorithm = KeyAlgorithm::kEd25519);
    // The Ed25519 key of a 32-byte seed (RFC 8032); kKeyInvalid for another length.
    static Result<SigningKey> from_seed(ByteView seed);
    // A PKCS#8 PEM block, "ENCRYPTED PRIVATE KEY" (PBES2 with PBKDF2) when `passphrase` is not
    // empty, "PRIVATE KEY" otherwise; kKeyInvalid, kBadPassphrase.
    static Result<SigningKey> from_pem(ByteView pem, ByteView passphrase);

    SigningKey(SigningKey&&) noexcept;
    SigningKey& operator=(SigningKey&&) noexcept;
    ~SigningKey();

    [[nodiscard]] const PublicKey& public_key() const;
    [[nodiscard]] KeyId id() const { return public_key().id(); }
    // The signature of `message` that verify() accepts: deterministic for Ed25519, DER for the
    // others.
    [[nodiscard]] Bytes sign(ByteView message) const;

    // PKCS#8 PEM, encrypted with AES-256-CBC under PBKDF2-HMAC-SHA256 (100,000 iterations).
    [[nodiscard]] Bytes encrypted_pem(ByteView passphrase) const;
    // PKCS#8 PEM in the clear: only to hand a TLS key to the TLS library.
    [[nodiscard]] SecretBytes plain_pem() const;

  private:
    struct State;
    explicit SigningKey(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;

    friend struct OpensslAccess;  // private_pem.h
};

}  // namespace sanquan
