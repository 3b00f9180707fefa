// Admission: whether a transaction may stand in a block at all (D4). Part of block validity,
// decided against the state of the parent block; what fails leaves no trace on the ledger. Business
// rules have no say here.
#pragma once

#include <functional>
#include <set>
#include <string>

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

// The organisations whose signature threshold the transaction meets (the sender among them), or why
// it is refused: kExpired, kWindowTooLong, kUnknownOrganisation, kUnknownKey, kKeyRevoked,
// kSigInvalid, kThresholdNotMet. `block` says where the transaction shall stand: its chain, height
// and time.
Result<std::set<std::string>> check_admission(const Transaction& transaction,
                                              const BlockContext& block, const ReadView& parent,
                                              const SignatureCheck& signature_check);

// The organisations whose threshold the signatures meet, taken as verified already: what
// apply_block asks of a transaction that was admitted against the same parent. Same refusals but
// kSigInvalid.
Result<std::set<std::string>> signing_organisations(const Transaction& transaction, TimeMs time,
                                                    const ReadView& parent);

}  // namespace sanquan::contracts
