// Public keys between their wire form and the one that crypto works with.
#pragma once

#include "ledger/codec/common.pb.h"
#include "ledger/crypto/signature.h"

namespace sanquan {

// The key, if its algorithm is known and its length right; whether it is a point is
// check_key_admissible's question. kKeyInvalid.
Result<PublicKey> from_wire(const wire::PublicKey& key);

wire::PublicKey to_wire(const PublicKey& key);

}  // namespace sanquan
