// X.509 certification paths on the client port, checked in full (D3; the profile is
// docs/X509_PROFILE.md).
//
// RFC 5280 with one algorithm list, exact names and no revocation lists (revocation stands on the
// ledger). Called by the node for client certificates and by the client for the server's. All work
// is bounded before it is done: certificates, path length, signatures checked, paths tried.
// Stateless; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan {

enum class X509Purpose : std::uint8_t {
    kServer,  // extended key usage serverAuth where present; the peer name must be an alternative
              // name
    kClient,  // extended key usage clientAuth where present
    kEitherSide  // either of the two, no name asked for
};

struct X509Question {
    std::vector<Bytes>
        chain;  // PEM, the peer's certificate first, then others in any order, used or not
    std::vector<Bytes> roots;       // PEM, self-signed trust anchors
    std::int64_t time_seconds = 0;  // since the epoch
    X509Purpose purpose = X509Purpose::kServer;
    std::string peer_name;  // kServer: a host name or an IP address, matched exactly
};

// Whether some path from the peer's certificate to a root meets the profile; kX509Invalid with the
// reason of the best attempt, kBadEncoding when a certificate does not parse, kTooLong beyond a
// bound.
Status verify_x509_path(const X509Question& question);

}  // namespace sanquan
