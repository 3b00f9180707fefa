// Admission: whether a transaction may stand in a block at all (D4). Part of block validity, decided against the state
// of the parent block; what fails leaves no trace on the ledger. Business rules have no say here.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "ledger/base/result.h"
#include "ledger/crypto/signature.h"
#include "ledger/model/transaction.h"
#include "ledger/state/read_view.h"

namespace sanquan::contracts {

// True when `signature` of `key` over `message` verifies; the node answers from its memory of verdicts.
using SignatureCheck =
    std::function<bool(const PublicKey& key, ByteView message, ByteView signature)>;

// The organisations whose signature threshold the transaction meets (the sender among them), or why it is refused:
// kExpired, kWindowTooLong, kUnknownOrganisation, kUnknownKey, kKeyRevoked, kSigInvalid, kThresholdNotMet.
// `time` is the time of the block that shall hold the transaction.
Result<std::set<std::string>> check_admission(const Transaction& transaction, const Chain& chain,
                                              TimeMs time, const ReadView& parent,
                                              const SignatureCheck& signature_check);

}  // namespace sanquan::contracts
