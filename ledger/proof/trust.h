// Trust files: which validators may certify which epoch, shown from the genesis digest on.
//
// The genesis head names the set of epoch 0; every change is a block finalized by the set before. Verified once, a trust
// file serves all vouchers of its chain. Pure; used by client and node.
#pragma once

#include <vector>

#include "ledger/model/block.h"
#include "ledger/model/genesis.h"

namespace sanquan::wire {
class Certificate;
}

namespace sanquan {

struct TrustChain {
    Chain chain;
    std::string network;
    TimeMs genesis_time;
    std::vector<ValidatorSet> sets;  // of epochs 0, 1, ...

    // The set of that epoch, if the file reaches it.
    [[nodiscard]] const ValidatorSet* set_of(Epoch epoch) const;
};

// Verifies every step; kTooLong, kBadEncoding, kNotCanonical, kUnsupported, kGenesisInvalid, kCertificateInvalid,
// kBlockInvalid.
Result<TrustChain> verify_trust(const ChainId& genesis, ByteView trust_file);

// A trust file for a chain whose set never changed.
Bytes make_trust_file(const Genesis& genesis);

// Whether `certificate` is a FINALIZE of `digest` by a quorum of `set`; kCertificateInvalid.
Status check_finalization(const Chain& chain, const ValidatorSet& set,
                          const wire::Certificate& certificate, const BlockDigest& digest);

constexpr std::size_t kTrustBytesMax = 1U << 20U;

}  // namespace sanquan
