// Peer frames as values: consensus messages, transactions, catch-up questions and answers; and the bytes that their
// signatures cover.
//
// Strict both ways: what is decoded here has bounded, well-shaped fields; signatures are the verifier's business.
// Stateless; any thread.
#pragma once

#include <map>
#include <optional>
#include <variant>
#include <vector>

#include "consensus/message.h"
#include "ledger/model/chain.h"
#include "node/net/peer_network.h"

namespace sanquan::node {

// A consensus message; a SignedProposal carries its block.
struct ConsensusMessage {
    consensus::Message message;
    Bytes block;
};
struct TransactionsMessage {
    std::vector<Bytes> transactions;
};
struct FetchBlockMessage {
    BlockDigest digest;
};
struct BlockMessage {
    BlockDigest digest;
    Bytes block;  // empty: the peer has it not
};
struct FetchRangeMessage {
    Height first;
    std::uint32_t blocks_max = 0;
};
// Blocks first, first+1, ...; `certificate` finalizes the last block, or the last of `headers`, which follow them.
struct RangeMessage {
    Height first;
    std::vector<Bytes> blocks;
    std::vector<Bytes> headers;
    std::optional<consensus::Certificate> certificate;  // absent when there are no blocks
    Height finalized;
};

struct FetchWritesMessage {
    Height height;
};
// What a block wrote: key to SHA-256 of the value, or to nothing when it was deleted.
struct WritesMessage {
    Height height;
    std::map<Bytes, std::optional<Digest>> writes;
};

using PeerMessage =
    std::variant<ConsensusMessage, TransactionsMessage, FetchBlockMessage, BlockMessage,
                 FetchRangeMessage, RangeMessage, FetchWritesMessage, WritesMessage>;

// kBadEncoding, kNotCanonical, kPeerProtocol.
Result<PeerMessage> decode_peer_message(ByteView body);

SharedFrame encode_peer_message(const PeerMessage& message);

// Canonical wire::Certificate, as stored and as vouchers hold it.
Bytes encode_certificate(const consensus::Certificate& certificate);
// kBadEncoding, kNotCanonical, kCertificateInvalid.
Result<consensus::Certificate> decode_certificate(ByteView bytes);

// What the signature of a vote, a proposal, a report covers.
Bytes signed_bytes(const Chain& chain, const consensus::Vote& vote);
Bytes signed_bytes(const Chain& chain, const consensus::Proposal& proposal);
Bytes signed_bytes(const Chain& chain, const consensus::ViewReport& report);

}  // namespace sanquan::node
