// A small valid genesis for tests, and the keys of its parties: every key comes from a seed, so
// tests can sign.
#pragma once

#include <string>

#include "ledger/codec/genesis.pb.h"
#include "ledger/crypto/signing_key.h"
#include "ledger/model/genesis.h"

namespace sanquan::testing {

// The Ed25519 key whose seed is the SHA-256 of `name`.
SigningKey key_of(const std::string& name);

// Demo profile. Organisations "X-" and: IA (informatisation authority), LG1, LG2, LG3 (leading
// group, quorum 2), OFFICE, KA, CA (secrecy, cyber-security), SA1, SA2 (lead authorities of S01,
// S02), EX (exchange), BANK, PC1, PC2, OW, US; DUO has the keys "X-DUO" and "X-DUO-2" and needs
// both. The key of each is key_of(id). Four validators of IA, SA1, PC1, EX with vote keys
// key_of("vote-0".."vote-3"); one audit node of LG1. Currencies CNY (2), XTS (18). Region 530000.
wire::Genesis sample_genesis();

// decode_genesis of the sample's encoding; must succeed.
Genesis decoded_sample();

}  // namespace sanquan::testing
