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
#include "ledger/crypto/signing_key.h"
#include "ledger/crypto/tls_certificate.h"
#include "ledger/model/block.h"
#include "ledger/model/chain.h"

namespace sanquan {

constexpr std::size_t kVoucherBytesMax = 4U << 20U;

enum class FactKind : std::uint8_t {
    kReceipt = 1,     // this receipt stands on the ledger
    kHeld = 2,        // the key has this value after block `height`
    kAbsent = 3,      // the key has no value after block `height`
    kHeldAt = 4,      // the key had this value after block `at`
    kAbsentAt = 5,    // the key had none after block `at`
    kCheckpoint = 6,  // the block `height` with this digest is final: an anchor
};

// An audit node that executed the chain up to a checkpoint and signed it.
struct AuditWitness {
    std::string node;  // as it calls itself; `pin` is what the ledger and profiles know
    SpkiHash pin;
};

// "receipt", "held", "absent", "held-at", "absent-at", "checkpoint"
std::string_view name(FactKind kind);

// What a voucher that verifies shows, and what the reader takes on trust.
struct VerifiedFact {
    FactKind kind = FactKind::kReceipt;
    Height height;  // the block that the fact is about
    TimeMs time;    // of that block
    Bytes receipt;  // canonical wire::Receipt, for kReceipt
    Bytes key;
    Bytes value;                       // for kHeld and kHeldAt
    Height since;                      // the block that set the value
    Height at;                         // for kHeldAt and kAbsentAt
    BlockDigest digest;                // of the block at `height`
    std::vector<AuditWitness> audits;  // for kCheckpoint; their signatures verify

    // Assumptions: nobody stole the keys of a quorum of any set from the anchor to the certifying one.
    Chain chain;  // with the profile: a demo chain's periods are seconds
    std::string network;
    Height anchor_height;       // 0: genesis
    BlockDigest anchor_digest;  // of the checkpoint; the chain id for genesis
    Epoch anchor_epoch;
    TimeMs anchor_time;
    Epoch epoch;                    // of the certifying set
    std::uint64_t set_changes = 0;  // between the anchor and that set
    Height certified_height;        // the block that the certificate finalizes
    TimeMs certified_time;
    std::vector<std::string> signers;  // names of the nodes that signed
    std::size_t validators = 0;        // in the set
};

// kTooLong, kBadEncoding, kNotCanonical, kUnsupported, kProofInvalid, kGenesisInvalid, kBlockInvalid,
// kCertificateInvalid: the context says which part.
Result<VerifiedFact> verify_voucher(const ChainId& genesis, ByteView voucher);

// What a reader trusts instead of genesis: a block, known by height and digest from any channel. Old validator keys may
// be stolen by now; nothing before the anchor's epoch is believed.
struct Anchor {
    Height height;
    BlockDigest digest;
};
// As above from `anchor`; `checkpoint` is a voucher of kCheckpoint for that very block, which brings the bytes that the
// digest stands for (its certificate is not needed). A fact certified before the anchor's epoch is refused with
// kCertificateInvalid, another block at the anchor's height with kProofInvalid.
Result<VerifiedFact> verify_voucher(const Anchor& anchor, ByteView checkpoint, ByteView voucher);

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

// A checkpoint of the first header, signed by `auditor` when there is one (an audit node's TLS key) under `node`.
Result<Bytes> make_checkpoint(const Chain& chain, const VoucherParts& parts,
                              const std::string& node, const SigningKey* auditor);
// `checkpoint` without audit signatures.
Result<Bytes> without_audits(ByteView checkpoint);
// `checkpoint` with the signature of the audit key `pin` added from `other`, a checkpoint of the same block, under the
// name `node`; nothing else of `other` is taken, since whoever serves it may name any key. kProofInvalid when it is of
// another block, is not signed by that key, or both have a witness of that name.
Result<Bytes> add_audit(ByteView checkpoint, ByteView other, const std::string& node,
                        const SpkiHash& pin);

}  // namespace sanquan
