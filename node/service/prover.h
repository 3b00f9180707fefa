// Prover: puts vouchers together from the node's stores.
//
// A fact about block h is certified by the header of h + 1, so what is provable ends one block below the head. Made for
// one request; thread-safe.
#pragma once

#include <optional>

#include "ledger/model/genesis.h"
#include "ledger/proof/voucher.h"
#include "ledger/store/block_store.h"
#include "ledger/store/state_store.h"

namespace sanquan::node {

class Prover {
  public:
    Prover(const Genesis& genesis, const BlockStore& blocks, const StateStore& state)
        : genesis_(genesis), blocks_(blocks), state_(state) {}

    // kNotFound, kNotSealed.
    [[nodiscard]] Result<Bytes> receipt(const TransactionId& id) const;
    // Of the newest sealed state, or of the state after block `at` (kHistoryPruned when that is gone).
    [[nodiscard]] Result<Bytes> state(ByteView key, std::optional<Height> at) const;
    [[nodiscard]] Result<Bytes> trust_file() const;
    // Of block `at`, or of the newest sealed one; signed by `auditor` when there is one. kNotSealed, kNotFound.
    [[nodiscard]] Result<Bytes> checkpoint(std::optional<Height> at, const std::string& node,
                                           const SigningKey* auditor) const;
    // Between the logs of all blocks up to `older` and up to `newer`; kNotFound.
    [[nodiscard]] Result<Bytes> consistency(Height older, Height newer) const;

  private:
    // Headers from `first` to the one that the certificate of its successor finalizes.
    [[nodiscard]] Result<VoucherParts> parts_from(Height first) const;
    [[nodiscard]] Result<Block> load(Height height) const;

    const Genesis& genesis_;
    const BlockStore& blocks_;
    const StateStore& state_;
};

}  // namespace sanquan::node
