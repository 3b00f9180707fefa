// ECDSA on P-256 with SHA-256, and SM2 with SM3, through OpenSSL.
//
// Signatures are DER (strict: OpenSSL re-encodes and compares) except where a name says P1363. Both
// halves of a malleable pair verify; therefore no identifier on the ledger ever covers signature
// bytes (D4).
#pragma once

#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan {

// GB/T 32918.2-2016: the signer's distinguishing identifier when none is agreed (GM/T 0009-2012).
constexpr std::string_view kSm2DefaultSignerId = "1234567812345678";

// `point` is SEC 1, compressed or uncompressed; kKeyInvalid, kSigInvalid.
Status ecdsa_p256_verify(ByteView point, ByteView message, ByteView der_signature);

// As ecdsa_p256_verify, for r||s of 32 bytes each (IEEE P1363).
Status ecdsa_p256_verify_p1363(ByteView point, ByteView message, ByteView signature);

// `point` is SEC 1 on the SM2 curve; `signer_id` has at most 8,191 bytes; kKeyInvalid, kSigInvalid,
// kTooLong.
Status sm2_verify(ByteView point, ByteView message, ByteView der_signature,
                  std::string_view signer_id = kSm2DefaultSignerId);

// Whether `point` is an uncompressed point of P-256, not at infinity; kKeyInvalid.
Status ecdsa_p256_check_admissible(ByteView point);
// As ecdsa_p256_check_admissible, on the SM2 curve.
Status sm2_check_admissible(ByteView point);

}  // namespace sanquan
