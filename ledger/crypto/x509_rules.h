// The rules of docs/X509_PROFILE.md that OpenSSL's own path check leaves open; for x509_profile.cc
// only.
#pragma once

#include <span>

#include "ledger/base/result.h"
#include "ledger/crypto/openssl_ptr.h"
#include "ledger/crypto/x509_profile.h"

namespace sanquan {

// The profile's demands on every certificate of `path` (peer first, root last); kX509Invalid.
Status check_x509_rules(std::span<X509* const> path, X509Purpose purpose);

}  // namespace sanquan
