// The certificate that a client showed in the TLS handshake: whose key it carries and when it is
// valid.
//
// The key counts when the ledger has it registered for an organisation; issuers matter only when
// the node names a CA.
#pragma once

#include <openssl/ssl.h>

#include <optional>

#include "ledger/base/ids.h"
#include "ledger/crypto/signature.h"

namespace sanquan::node {

struct ClientCertificate {
    PublicKey key;  // Ed25519 or P-256
    TimeMs not_before;
    TimeMs not_after;
    [[nodiscard]] bool valid_at(TimeMs time) const {
        return not_before <= time && time <= not_after;
    }
};

// Nothing when there was no certificate or its key is of another kind.
std::optional<ClientCertificate> read_client_certificate(SSL* ssl);

}  // namespace sanquan::node
