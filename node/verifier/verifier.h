// Verifier: the only maker of consensus::Verified values, and the memory of all signature verdicts.
//
// Knows the validator sets of the present and the neighbouring epochs. verify() runs on the consensus strand: a vote is
// one check of about 60 us, less than handing it to another thread and back would take at n <= 31; transactions are
// checked on the worker pool. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "consensus/message.h"
#include "ledger/crypto/verdict_memory.h"
#include "ledger/model/block.h"
#include "ledger/model/chain.h"

namespace sanquan::node {

class Verifier {
  public:
    Verifier(Chain chain, std::size_t verdicts_max);

    // Learns the set that certifies the blocks of set.epoch; keeps the last few epochs.
    void set_validators(const ValidatorSet& set);

    // Checks shape and every signature, nested certificates included. kUnknownKey for an epoch or index that is not
    // known, kCertificateInvalid, kSigInvalid.
    Result<consensus::Incoming> verify(consensus::Message message);
    // Of a certificate alone: at least a quorum of its epoch's set.
    Status check(const consensus::Certificate& certificate);

    // One transaction signature, answered from memory where possible.
    bool check(const PublicKey& key, ByteView message, ByteView signature);

    [[nodiscard]] VerdictMemory::Counters counters() const { return memory_.counters(); }

  private:
    std::optional<PublicKey> key_of(Epoch epoch, ReplicaIndex index) const;
    std::optional<std::uint16_t> validators_of(Epoch epoch) const;
    Status check_signature(Epoch epoch, ReplicaIndex index, ByteView message, ByteView signature);

    Result<consensus::Incoming> admit(consensus::SignedProposal proposal);
    Result<consensus::Incoming> admit(consensus::SignedVote vote);
    Result<consensus::Incoming> admit(consensus::Certificate certificate);
    Result<consensus::Incoming> admit(consensus::SignedViewReport report);
    Result<consensus::Incoming> admit(consensus::FetchCertificates fetch);
    Result<consensus::Incoming> admit(consensus::FetchProposal fetch);
    Result<consensus::Incoming> admit(consensus::StatusHint hint);
    Result<consensus::Incoming> admit(consensus::ViewQuery query);

    const Chain chain_;
    VerdictMemory memory_;
    mutable std::mutex mutex_;  // guards sets_
    std::map<Epoch, std::vector<PublicKey>> sets_;
};

}  // namespace sanquan::node
