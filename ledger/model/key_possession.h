// How an organisation proves that it holds a key that it registers.
#pragma once

#include "ledger/crypto/signature.h"
#include "ledger/model/chain.h"

namespace sanquan {

// The bytes that the key signs for KeyRegistration.possession: domain message "key-possession" over
// organisation id, 0x00, encoded key. The chain and the organisation stand in it, so that no proof
// can be taken elsewhere.
inline Bytes possession_message(const Chain& chain, ByteView organisation, const PublicKey& key) {
    Bytes body(organisation);
    body.push_back('\0');
    body += key.encode();
    return domain_message("key-possession", chain.id, body);
}

}  // namespace sanquan
