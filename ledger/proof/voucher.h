// Vouchers: one self-contained file that shows a fact of the ledger to anyone who knows the genesis digest.
//
//   fact -> root in the next block's header -> headers -> FINALIZE certificate -> validator set -> genesis digest
//
// Needs no node, no network and no clock. Pure; made by node/service/prover.h, verified by clients.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/model/block.h"
#include "ledger/model/chain.h"

namespace sanquan {

constexpr std::size_t kVoucherBytesMax = 4U << 20U;

enum class FactKind : std::uint8_t {
    kReceipt = 1,   // this receipt stands on the ledger
    kHeld = 2,      // the key has this value after block `height`
    kAbsent = 3,    // the key has no value after block `height`
    kHeldAt = 4,    // the key had this value after block `at`
    kAbsentAt = 5,  // the key had none after block `at`
};

// "receipt", "held", "absent", "held-at", "absent-at"
std::string_view name(FactKind kind);

// What a voucher that verifies shows, and what the reader takes on trust.
struct VerifiedFact {
    FactKind kind = FactKind::kReceipt;
    Height height;  // the block that the fact is about
    TimeMs time;    // of that block
    Bytes receipt;  // canonical wire::Receipt, for kReceipt
    Bytes key;
    Bytes value;   // for kHeld and kHeldAt
    Height since;  // the block that set the value
    Height at;     // for kHeldAt and kAbsentAt

    // Assumptions: nobody stole the keys of a quorum of any set from genesis to the certifying one.
    Chain chain;  // with the profile: a demo chain's periods are seconds
    std::string network;
    TimeMs anchor_time;             // of genesis
    Epoch epoch;                    // of the certifying set
    std::uint64_t set_changes = 0;  // between genesis and that set
    Height certified_height;        // the block that the certificate finalizes
    TimeMs certified_time;
    std::vector<std::string> signers;  // names of the nodes that signed
    std::size_t validators = 0;        // in the set
};

// kTooLong, kBadEncoding, kNotCanonical, kUnsupported, kProofInvalid, kGenesisInvalid, kBlockInvalid,
// kCertificateInvalid: the context says which part.
Result<VerifiedFact> verify_voucher(const ChainId& genesis, ByteView voucher);

// What a prover puts together; `headers` and `certificate` as in wire::Voucher.
struct VoucherParts {
    Bytes trust;
    std::vector<Bytes> headers;
    Bytes certificate;  // encoded wire::Certificate
};
// A voucher that the receipt with `index` stands in its block; `receipts` are all of the block's.
Result<Bytes> make_receipt_voucher(const Chain& chain, const VoucherParts& parts,
                                   const std::vector<Bytes>& receipts, std::uint32_t index);
// A voucher for a state proof; `at` for a claim about the past.
Result<Bytes> make_state_voucher(const Chain& chain, const VoucherParts& parts, ByteView key,
                                 ByteView proof, std::optional<Height> at);

}  // namespace sanquan
