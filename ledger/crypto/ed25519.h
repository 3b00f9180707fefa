// Ed25519 by one written rule (D2), the same on every node and in every release.
//
// Accepted is a signature (R, S) by A over M exactly when S < L; A is a canonical encoding of a
// curve point; neither A nor R has small order; and R equals the canonical encoding of S*B -
// H(R||A||M)*A (cofactorless). libsodium 1.0.18's crypto_sign_verify_detached accepts the same set.
// RFC 8032 leaves these choices open; two validators that differ in one of them can be split by one
// signature.
#pragma once

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan {

// kKeyInvalid for a key of wrong length, non-canonical or of small order; kSigInvalid for
// everything else (also for a key off the curve, which only the curve arithmetic finds).
Status ed25519_verify(ByteView key, ByteView message, ByteView signature);

// As ed25519_verify's demands on a key, and of prime order: a key with a torsion component has
// several spellings that verify alike for some signatures only. Takes about 0.2 ms; kKeyInvalid.
Status ed25519_check_admissible(ByteView key);

// The public key of a 32-byte seed (RFC 8032, 5.1.5).
Bytes ed25519_public_key(ByteView seed);

// Deterministic signature (RFC 8032, 5.1.6) by the 32-byte seed and its public key; in constant
// time.
Bytes ed25519_sign(ByteView seed, ByteView public_key, ByteView message);

}  // namespace sanquan
