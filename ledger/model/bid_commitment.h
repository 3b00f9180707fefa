// Sealed bids: what a bidder commits to, and later opens.
//
// grammar: body = encoded BidOpening (state_party.proto); commitment = domain digest
// "bid-commitment" of body. Tender and bidder stand in it, so that nobody can hand in another's
// commitment as its own.
#pragma once

#include "ledger/codec/canonical.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/chain.h"

namespace sanquan {

// The commitment of SubmitBid that RevealBid `reveal` opens for `bidder`.
inline Digest bid_commitment(const Chain& chain, ByteView bidder, const wire::RevealBid& reveal) {
    wire::BidOpening opening;
    opening.set_bidder(std::string(bidder));
    *opening.mutable_reveal() = reveal;
    return domain_digest(chain.hash, "bid-commitment", chain.id, encode(opening));
}

}  // namespace sanquan
