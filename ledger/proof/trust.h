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
    std::vector<ValidatorSet> sets;  // of epochs `first`, `first` + 1, ...
    Epoch first{};                   // 0, or the epoch of the checkpoint that is trusted

    // The set of that epoch, if the file reaches it.
    [[nodiscard]] const ValidatorSet* set_of(Epoch epoch) const;
};

// Verifies every step; kTooLong, kBadEncoding, kNotCanonical, kUnsupported, kGenesisInvalid, kCertificateInvalid,
// kBlockInvalid.
Result<TrustChain> verify_trust(const ChainId& genesis, ByteView trust_file);

// As verify_trust, but from `start`, which is trusted to be the set of its epoch on the chain of `genesis_head`'s
// digest; changes before that epoch are not looked at.
Result<TrustChain> verify_trust_from(const ChainId& chain, const ValidatorSet& start,
                                     ByteView trust_file);

// The set of `epoch` as the file shows it, unverified: the caller compares its digest with a header that it trusts.
// kCertificateInvalid when the file does not reach the epoch.
Result<ValidatorSet> claimed_set(const ChainId& chain, ByteView trust_file, Epoch epoch);

// Whether the bytes have the form of a trust file; says nothing about what they claim.
bool is_trust_file(ByteView bytes);

// A trust file for a chain whose set never changed.
Bytes make_trust_file(const Genesis& genesis);

// Whether `certificate` is a FINALIZE of `digest` by a quorum of `set`; kCertificateInvalid.
Status check_finalization(const Chain& chain, const ValidatorSet& set,
                          const wire::Certificate& certificate, const BlockDigest& digest);

constexpr std::size_t kTrustBytesMax = 1U << 20U;

}  // namespace sanquan
