#include "node/net/peer_message.h"

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/peer.pb.h"
#include "node/net/framing.h"

namespace sanquan::node {
namespace {

using consensus::Certificate;
using consensus::Proposal;
using consensus::SignedProposal;
using consensus::SignedVote;
using consensus::ViewReport;
using consensus::Vote;
using consensus::VoteKind;

constexpr std::size_t kSignedPartBytesMax = 512;
constexpr std::size_t kSignatureBytes = kSignatureBytesMax;

Result<ReplicaIndex> to_index(std::uint32_t index) {
    if (index >= limits::kValidatorsMax) {
        return fail(Code::kPeerProtocol, "validator index " + std::to_string(index));
    }
    return ReplicaIndex{static_cast<std::uint16_t>(index)};
}

Status check_signature_size(const Bytes& signature) {
    return signature.empty() || signature.size() > kSignatureBytes
               ? Status(fail(Code::kPeerProtocol, "a signature has 1 to 80 bytes"))
               : Status{};
}

wire::Vote to_wire(const Vote& vote) {
    wire::Vote out;
    out.set_epoch(vote.epoch.value);
    out.set_view(vote.view.value);
    out.set_kind(static_cast<wire::VoteKind>(vote.kind));
    if (vote.kind != VoteKind::kNullify) {
        out.set_digest(vote.digest.bytes());
    }
    return out;
}

Result<Vote> to_vote(ByteView bytes) {
    SANQUAN_TRY_ASSIGN(const auto in, decode<wire::Vote>(bytes, kSignedPartBytesMax));
    if (in.kind() < wire::NOTARIZE || in.kind() > wire::FINALIZE) {
        return fail(Code::kPeerProtocol, "a vote of unknown kind");
    }
    Vote vote{Epoch{in.epoch()}, View{in.view()}, static_cast<VoteKind>(in.kind()), {}};
    if (vote.kind == VoteKind::kNullify) {
        if (!in.digest().empty()) {
            return fail(Code::kPeerProtocol, "a nullify vote names no block");
        }
    } else {
        SANQUAN_TRY_ASSIGN(vote.digest, BlockDigest::from_bytes(in.digest()));
    }
    SANQUAN_TRY(check_shape(vote));
    return vote;
}

wire::Certificate to_wire(const Certificate& certificate) {
    wire::Certificate out;
    out.set_vote(encode(to_wire(certificate.subject)));
    for (const auto& [index, signature] : certificate.signatures) {
        auto* entry = out.add_signatures();
        entry->set_index(index.value);
        entry->set_signature(signature);
    }
    return out;
}

Result<Certificate> to_certificate(const wire::Certificate& in) {
    Certificate certificate;
    SANQUAN_TRY_ASSIGN(certificate.subject, to_vote(in.vote()));
    if (static_cast<std::size_t>(in.signatures_size()) > limits::kValidatorsMax) {
        return fail(Code::kCertificateInvalid, "more signatures than validators");
    }
    for (const auto& entry : in.signatures()) {
        SANQUAN_TRY_ASSIGN(const auto index, to_index(entry.index()));
        SANQUAN_TRY(check_signature_size(entry.signature()));
        if (!certificate.signatures.empty() && index <= certificate.signatures.back().first) {
            return fail(Code::kCertificateInvalid, "signers stand in strictly increasing order");
        }
        certificate.signatures.emplace_back(index, entry.signature());
    }
    return certificate;
}

wire::Proposal to_wire(const Proposal& proposal) {
    wire::Proposal out;
    out.set_epoch(proposal.epoch.value);
    out.set_view(proposal.view.value);
    out.set_digest(proposal.digest.bytes());
    out.set_height(proposal.height.value);
    out.set_parent(proposal.parent.bytes());
    out.set_parent_view(proposal.parent_view.value);
    out.set_leader(proposal.leader.value);
    return out;
}

Result<PeerMessage> to_message(wire::SignedProposal& in) {
    SANQUAN_TRY_ASSIGN(const auto body, decode<wire::Proposal>(in.proposal(), kSignedPartBytesMax));
    SANQUAN_TRY(check_signature_size(in.signature()));
    SignedProposal out;
    out.proposal.epoch = Epoch{body.epoch()};
    out.proposal.view = View{body.view()};
    out.proposal.height = Height{body.height()};
    out.proposal.parent_view = View{body.parent_view()};
    SANQUAN_TRY_ASSIGN(out.proposal.digest, BlockDigest::from_bytes(body.digest()));
    SANQUAN_TRY_ASSIGN(out.proposal.parent, BlockDigest::from_bytes(body.parent()));
    SANQUAN_TRY_ASSIGN(out.proposal.leader, to_index(body.leader()));
    out.signature = in.signature();
    return ConsensusMessage{std::move(out), std::move(*in.mutable_block())};
}

Result<PeerMessage> to_message(const wire::SignedVote& in) {
    SignedVote out;
    SANQUAN_TRY_ASSIGN(out.vote, to_vote(in.vote()));
    SANQUAN_TRY_ASSIGN(out.signer, to_index(in.signer()));
    SANQUAN_TRY(check_signature_size(in.signature()));
    out.signature = in.signature();
    return ConsensusMessage{std::move(out), {}};
}

Result<PeerMessage> to_message(const wire::FetchCertificates& in) {
    if (in.last_view() < in.first_view() ||
        in.last_view() - in.first_view() >= limits::kFetchViewsMax) {
        return fail(Code::kPeerProtocol, "a request for too many views");
    }
    return ConsensusMessage{consensus::FetchCertificates{Epoch{in.epoch()}, View{in.first_view()},
                                                         View{in.last_view()}},
                            {}};
}

Result<consensus::Nonce> to_nonce(const Bytes& bytes) {
    consensus::Nonce nonce{};
    if (bytes.size() != nonce.size()) {
        return fail(Code::kBadLength, "a nonce has 16 bytes");
    }
    std::copy(bytes.begin(), bytes.end(), nonce.begin());
    return nonce;
}

Bytes from_nonce(const consensus::Nonce& nonce) {
    return Bytes(as_view(nonce.data(), nonce.size()));
}

wire::ViewReport to_wire(const ViewReport& report) {
    wire::ViewReport out;
    out.set_epoch(report.epoch.value);
    out.set_reporter(report.reporter.value);
    out.set_nonce(from_nonce(report.nonce));
    out.set_view(report.view.value);
    return out;
}

Result<PeerMessage> to_message(const wire::SignedViewReport& in) {
    SANQUAN_TRY_ASSIGN(const auto body, decode<wire::ViewReport>(in.report(), kSignedPartBytesMax));
    SANQUAN_TRY(check_signature_size(in.signature()));
    consensus::SignedViewReport out;
    out.report.epoch = Epoch{body.epoch()};
    out.report.view = View{body.view()};
    SANQUAN_TRY_ASSIGN(out.report.reporter, to_index(body.reporter()));
    SANQUAN_TRY_ASSIGN(out.report.nonce, to_nonce(body.nonce()));
    if (in.has_opening()) {
        SANQUAN_TRY_ASSIGN(out.report.opening, to_certificate(in.opening()));
    }
    out.signature = in.signature();
    return ConsensusMessage{std::move(out), {}};
}

Result<PeerMessage> to_message(wire::TransactionBatch& in) {
    TransactionsMessage out;
    for (auto& transaction : *in.mutable_transactions()) {
        if (transaction.size() > limits::kTransactionBytesMax) {
            return fail(Code::kTransactionTooLarge, "in a peer's batch");
        }
        out.transactions.push_back(std::move(transaction));
    }
    if (out.transactions.size() > limits::kTransactionsPerBlockMax) {
        return fail(Code::kPeerProtocol, "too many transactions in one batch");
    }
    return out;
}

Result<PeerMessage> to_message(wire::RangeAnswer& in) {
    RangeMessage out;
    out.first = Height{in.first_height()};
    out.finalized = Height{in.finalized_height()};
    for (auto& block : *in.mutable_blocks()) {
        out.blocks.push_back(std::move(block));
    }
    for (auto& header : *in.mutable_headers()) {
        out.headers.push_back(std::move(header));
    }
    if (in.has_certificate()) {
        SANQUAN_TRY_ASSIGN(out.certificate, to_certificate(in.certificate()));
    }
    if (out.blocks.empty() == out.certificate.has_value()) {
        return fail(Code::kPeerProtocol, "blocks and their certificate travel together");
    }
    return out;
}

Result<PeerMessage> to_message(const wire::WritesAnswer& in) {
    WritesMessage out;
    out.height = Height{in.height()};
    if (static_cast<std::size_t>(in.writes_size()) > limits::kWritesAnswerMax) {
        return fail(Code::kPeerProtocol, "more writes than one answer holds");
    }
    for (const auto& write : in.writes()) {
        if (write.key().empty() || write.key().size() > limits::kStateKeyBytesMax) {
            return fail(Code::kPeerProtocol, "a state key has 1 to 255 bytes");
        }
        std::optional<Digest> value;
        if (!write.value_digest().empty()) {
            SANQUAN_TRY_ASSIGN(value, Digest::from_bytes(write.value_digest()));
        }
        out.writes[write.key()] = value;
    }
    return out;
}

struct FrameWriter {
    wire::PeerFrame& frame;

    void operator()(const SignedVote& vote) const {
        frame.mutable_vote()->set_vote(encode(to_wire(vote.vote)));
        frame.mutable_vote()->set_signer(vote.signer.value);
        frame.mutable_vote()->set_signature(vote.signature);
    }
    void operator()(const SignedProposal& proposal) const {
        frame.mutable_proposal()->set_proposal(encode(to_wire(proposal.proposal)));
        frame.mutable_proposal()->set_signature(proposal.signature);
    }
    void operator()(const Certificate& certificate) const {
        *frame.mutable_certificate() = to_wire(certificate);
    }
    void operator()(const consensus::FetchCertificates& fetch) const {
        frame.mutable_fetch_certificates()->set_epoch(fetch.epoch.value);
        frame.mutable_fetch_certificates()->set_first_view(fetch.first.value);
        frame.mutable_fetch_certificates()->set_last_view(fetch.last.value);
    }
    void operator()(const consensus::FetchProposal& fetch) const {
        frame.mutable_fetch_proposal()->set_epoch(fetch.epoch.value);
        frame.mutable_fetch_proposal()->set_view(fetch.view.value);
    }
    void operator()(const consensus::StatusHint& hint) const {
        frame.mutable_status_hint()->set_epoch(hint.epoch.value);
        frame.mutable_status_hint()->set_view(hint.view.value);
        frame.mutable_status_hint()->set_finalized_view(hint.finalized.value);
    }
    void operator()(const consensus::ViewQuery& query) const {
        frame.mutable_view_query()->set_epoch(query.epoch.value);
        frame.mutable_view_query()->set_nonce(from_nonce(query.nonce));
    }
    void operator()(const consensus::SignedViewReport& report) const {
        auto& out = *frame.mutable_view_report();
        out.set_report(encode(to_wire(report.report)));
        out.set_signature(report.signature);
        if (report.report.opening) {
            *out.mutable_opening() = to_wire(*report.report.opening);
        }
    }

    void operator()(const ConsensusMessage& message) const {
        std::visit(*this, message.message);
        if (frame.has_proposal()) {
            frame.mutable_proposal()->set_block(message.block);
        }
    }
    void operator()(const TransactionsMessage& message) const {
        for (const Bytes& transaction : message.transactions) {
            frame.mutable_transactions()->add_transactions(transaction);
        }
    }
    void operator()(const FetchBlockMessage& message) const {
        frame.mutable_fetch_block()->set_digest(message.digest.bytes());
    }
    void operator()(const BlockMessage& message) const {
        frame.mutable_block()->set_digest(message.digest.bytes());
        frame.mutable_block()->set_block(message.block);
    }
    void operator()(const FetchRangeMessage& message) const {
        frame.mutable_fetch_range()->set_first_height(message.first.value);
        frame.mutable_fetch_range()->set_blocks_max(message.blocks_max);
    }
    void operator()(const FetchWritesMessage& message) const {
        frame.mutable_fetch_writes()->set_height(message.height.value);
    }
    void operator()(const WritesMessage& message) const {
        frame.mutable_writes()->set_height(message.height.value);
        for (const auto& [key, value] : message.writes) {
            auto& write = *frame.mutable_writes()->add_writes();
            write.set_key(key);
            write.set_value_digest(value ? value->bytes() : Bytes{});
        }
    }
    void operator()(const RangeMessage& message) const {
        auto& out = *frame.mutable_range();
        out.set_first_height(message.first.value);
        out.set_finalized_height(message.finalized.value);
        for (const Bytes& block : message.blocks) {
            out.add_blocks(block);
        }
        for (const Bytes& header : message.headers) {
            out.add_headers(header);
        }
        if (message.certificate) {
            *out.mutable_certificate() = to_wire(*message.certificate);
        }
    }
};

Result<PeerMessage> to_message(wire::PeerFrame& frame) {
    switch (frame.kind_case()) {
        case wire::PeerFrame::kProposal:
            return to_message(*frame.mutable_proposal());
        case wire::PeerFrame::kVote:
            return to_message(frame.vote());
        case wire::PeerFrame::kCertificate: {
            SANQUAN_TRY_ASSIGN(auto certificate, to_certificate(frame.certificate()));
            return ConsensusMessage{std::move(certificate), {}};
        }
        case wire::PeerFrame::kFetchCertificates:
            return to_message(frame.fetch_certificates());
        case wire::PeerFrame::kFetchProposal:
            return ConsensusMessage{consensus::FetchProposal{Epoch{frame.fetch_proposal().epoch()},
                                                             View{frame.fetch_proposal().view()}},
                                    {}};
        case wire::PeerFrame::kStatusHint:
            return ConsensusMessage{
                consensus::StatusHint{Epoch{frame.status_hint().epoch()},
                                      View{frame.status_hint().view()},
                                      View{frame.status_hint().finalized_view()}},
                {}};
        case wire::PeerFrame::kViewQuery: {
            SANQUAN_TRY_ASSIGN(const auto nonce, to_nonce(frame.view_query().nonce()));
            return ConsensusMessage{consensus::ViewQuery{Epoch{frame.view_query().epoch()}, nonce},
                                    {}};
        }
        case wire::PeerFrame::kViewReport:
            return to_message(frame.view_report());
        case wire::PeerFrame::kTransactions:
            return to_message(*frame.mutable_transactions());
        case wire::PeerFrame::kFetchBlock: {
            SANQUAN_TRY_ASSIGN(const auto digest,
                               BlockDigest::from_bytes(frame.fetch_block().digest()));
            return FetchBlockMessage{digest};
        }
        case wire::PeerFrame::kBlock: {
            SANQUAN_TRY_ASSIGN(const auto digest, BlockDigest::from_bytes(frame.block().digest()));
            return BlockMessage{digest, std::move(*frame.mutable_block()->mutable_block())};
        }
        case wire::PeerFrame::kFetchRange:
            return FetchRangeMessage{Height{frame.fetch_range().first_height()},
                                     frame.fetch_range().blocks_max()};
        case wire::PeerFrame::kRange:
            return to_message(*frame.mutable_range());
        case wire::PeerFrame::kFetchWrites:
            return FetchWritesMessage{Height{frame.fetch_writes().height()}};
        case wire::PeerFrame::kWrites:
            return to_message(frame.writes());
        case wire::PeerFrame::kHello:
        case wire::PeerFrame::kGoodbye:
        case wire::PeerFrame::KIND_NOT_SET:
            break;
    }
    return fail(Code::kPeerProtocol, "a frame that has no place here");
}

}  // namespace

Result<PeerMessage> decode_peer_message(ByteView body) {
    wire::PeerFrame frame;
    SANQUAN_TRY(decode_canonical(body, limits::kFrameBytesMax, frame));
    return to_message(frame);
}

SharedFrame encode_peer_message(const PeerMessage& message) {
    wire::PeerFrame frame;
    std::visit(FrameWriter{frame}, message);
    return std::make_shared<const Bytes>(make_frame(encode(frame)));
}

Bytes encode_certificate(const Certificate& certificate) { return encode(to_wire(certificate)); }

Result<Certificate> decode_certificate(ByteView bytes) {
    SANQUAN_TRY_ASSIGN(const auto in,
                       decode<wire::Certificate>(bytes, limits::kCertificateBytesMax));
    return to_certificate(in);
}

Bytes signed_bytes(const Chain& chain, const Vote& vote) {
    return domain_message("vote", chain.id, encode(to_wire(vote)));
}
Bytes signed_bytes(const Chain& chain, const Proposal& proposal) {
    return domain_message("proposal", chain.id, encode(to_wire(proposal)));
}
Bytes signed_bytes(const Chain& chain, const ViewReport& report) {
    return domain_message("view-report", chain.id, encode(to_wire(report)));
}

}  // namespace sanquan::node
