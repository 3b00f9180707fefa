// Names in certificates: their form, and whether the peer's is among them; for x509_profile.cc and
// x509_rules.cc only.
//
// Host names are exact: a wildcard names machines that nobody registered, and the places where
// wildcards and name constraints meet are where verifiers differ (CVE-2025-61727).
#pragma once

#include <string_view>

#include "ledger/base/result.h"
#include "ledger/crypto/openssl_ptr.h"

namespace sanquan {

// A host name by RFC 1034 and 1123: labels of letters, digits and inner hyphens, at most 253
// characters.
bool is_host_name(std::string_view name);

// Every alternative name has the form of its kind, and the extension is critical exactly when the
// subject is empty; kX509Invalid.
Status check_alternative_names(X509* certificate);

// Name constraints hold something, and each constraint has the form of RFC 5280, 4.2.1.10;
// kX509Invalid.
Status check_name_constraints_form(X509* certificate);

// Whether `name` (host name, IPv4 or IPv6 address) is one of the alternative names; the common name
// is never read (RFC 9525, 6.3); kX509Invalid.
Status check_x509_name(X509* certificate, std::string_view name);

}  // namespace sanquan
