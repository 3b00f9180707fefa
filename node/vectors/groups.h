// The groups of operations; one .cc file each. A new group is declared here and listed in
// op_table.cc.
#pragma once

#include <span>

#include "node/vectors/op.h"

namespace sanquan::vectors {

std::span<const OpEntry> signature_ops();  // ed25519.*, ecdsa_p256.verify, sm2.verify, hash
std::span<const OpEntry> merkle_ops();     // merkle.*
std::span<const OpEntry>
text_ops();  // json.check, utf8.check, money.split, social_credit_code.check
std::span<const OpEntry> x509_ops();         // x509.verify
std::span<const OpEntry> ledger_ops();       // proto.check, state.prove_check, tx.check
std::span<const OpEntry> certificate_ops();  // cert.verify, voucher.verify
std::span<const OpEntry> http_ops();         // http.check

}  // namespace sanquan::vectors
