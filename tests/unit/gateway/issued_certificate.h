// Certificates that an issuer made, for tests of certification paths; each departs from the profile as asked.
#pragma once

#include <string>

#include "ledger/base/bytes.h"
#include "ledger/crypto/signing_key.h"

namespace sanquan::testing {

struct IssuedOptions {
    std::string name = "leaf";         // common name
    std::string alternative;           // "IP:127.0.0.1"; empty: none
    std::string usage = "serverAuth";  // extended key usage
    bool key_identifiers = true;       // the profile demands them, OpenSSL's defaults do not
    long not_after_seconds = 3'600;    // from now
};

// An issuer: a self-signed root that meets the profile, and what it issues (PEM).
class Issuer {
  public:
    Issuer();
    ~Issuer();
    Issuer(const Issuer&) = delete;
    Issuer& operator=(const Issuer&) = delete;
    [[nodiscard]] Bytes root() const;
    [[nodiscard]] Bytes issue(const SigningKey& subject, const IssuedOptions& options) const;

  private:
    struct Parts;
    Parts* parts_;
};

}  // namespace sanquan::testing
