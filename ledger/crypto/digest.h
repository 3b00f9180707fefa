// Hashing: SHA-256 by default, SM3 when the genesis file says so; one algorithm per chain.
//
// Every hash of a message is domain-separated, so that bytes of one kind can never be read as
// another (D1).
#pragma once

#include <initializer_list>
#include <string_view>

#include "ledger/base/ids.h"

namespace sanquan {

enum class HashAlgorithm : std::uint8_t { kSha256 = 1, kSm3 = 2 };  // FIPS 180-4; GB/T 32905-2016

// Hash of the concatenated parts.
Digest hash(HashAlgorithm algorithm, std::initializer_list<ByteView> parts);

// H("sanquan/" type "/v1" 0x00 || chain || body). `type` is a lower-case word such as "transaction"
// or "vote".
Digest domain_digest(HashAlgorithm algorithm, std::string_view type, const ChainId& chain,
                     ByteView body);

// The bytes that a signature covers: the same prefix as domain_digest, unhashed (Ed25519 hashes for
// itself).
Bytes domain_message(std::string_view type, const ChainId& chain, ByteView body);

}  // namespace sanquan
