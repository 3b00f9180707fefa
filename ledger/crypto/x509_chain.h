// Certificates as a TLS connection or a CA file holds them, in the form that verify_x509_path asks for.
#pragma once

#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

struct x509_st;
struct stack_st_X509;

namespace sanquan {

// The certificates of a PEM file, one by one; kBadEncoding (none, or one that does not parse), kTooLong (above 256).
Result<std::vector<Bytes>> split_pem_certificates(ByteView pem);

// The peer's certificate first, then what it sent with it (may be null, may hold the peer's again), each in PEM.
std::vector<Bytes> pem_chain(x509_st* peer, const stack_st_X509* others);

}  // namespace sanquan
