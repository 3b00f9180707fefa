// The bytes of vote-log records. Strict: a record has one encoding, every length is bounded before
// it is believed.
//
//   record      = kind u8, body
//   init        = 1, epoch u64                      the first record of a log; written once in a
//   node's life vote        = 2, epoch u64, view u64, kind u8, digest[32] proposal    = 3, proposal
//   own proposal, before it is signed signed      = 4, proposal, signature            another
//   leader's proposal, with the first vote for it certificate = 5, vote, count u16, (signer u16,
//   signature)* abstain     = 6, epoch u64                      this log replaces a lost or old one
//   (SPEC 8) threshold   = 7, epoch u64, view u64            no vote below this view of this epoch,
//   ever proposal    := epoch u64, view u64, digest[32], height u64, parent[32], parent_view u64,
//   leader u16 signature   := length u16, bytes
// Integers are big-endian. The log around the records (framing, checksums, sync) is
// ledger/store/vote_log.
#pragma once

#include <variant>

#include "consensus/certificate.h"
#include "consensus/vote.h"
#include "ledger/base/result.h"

namespace sanquan::consensus {

struct InitRecord {
    Epoch epoch;
    auto operator<=>(const InitRecord&) const = default;
};
struct AbstainRecord {
    Epoch epoch;
    auto operator<=>(const AbstainRecord&) const = default;
};
struct ThresholdRecord {
    Epoch epoch;
    View view;
    auto operator<=>(const ThresholdRecord&) const = default;
};

// Alternatives in the order of their kind bytes.
using Record = std::variant<InitRecord, Vote, Proposal, SignedProposal, Certificate, AbstainRecord,
                            ThresholdRecord>;

Bytes encode_record(const Record& record);

// kBadEncoding, kBadLength or kTooLong when the bytes are not exactly one record.
Result<Record> decode_record(ByteView bytes);

// Where a record belongs. The node may drop a record once a finalization of a view >= `view` of the
// same epoch (or of any later epoch) is durable in the block store; records with `keep` set are
// never dropped.
struct RecordPosition {
    Epoch epoch;
    View view;
    bool keep = false;
};
RecordPosition position_of(const Record& record);

}  // namespace sanquan::consensus
