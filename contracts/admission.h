// Admission: whether a transaction may stand in a block at all (D4). Part of block validity,
// decided against the state of the parent block; what fails leaves no trace on the ledger. Business
// rules have no say here.
#pragma once

#include <functional>

#include "contracts/block_context.h"
#include "ledger/base/result.h"
#include "ledger/crypto/signature.h"
#include "ledger/model/transaction.h"
#include "ledger/state/read_view.h"

namespace sanquan::contracts {

// True when `signature` of `key` over `message` verifies; the node answers from its memory of
// verdicts.
using SignatureCheck =
    std::function<bool(const PublicKey& key, ByteView message, ByteView signature)>;

// Whether the sender and every cosigner exist and meet their signature thresholds with keys that are
// valid at the block's time, and nobody else signed. `block` says where the transaction shall stand:
// its chain, height and time. kExpired, kWindowTooLong, kUnknownOrganisation, kUnknownKey,
// kKeyRevoked, kSignerNotNamed, kThresholdNotMet, kSigInvalid.
Status check_admission(const Transaction& transaction, const BlockContext& block,
                       const ReadView& parent, const SignatureCheck& signature_check);

}  // namespace sanquan::contracts
