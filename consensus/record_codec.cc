#include "consensus/record_codec.h"

#include <algorithm>
#include <type_traits>

#include "consensus/rules.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {
namespace {

enum class RecordKind : std::uint8_t {
    kInit = 1,
    kVote = 2,
    kProposal = 3,
    kSignedProposal = 4,
    kCertificate = 5,
    kAbstain = 6,
    kThreshold = 7,
};

class Writer {
  public:
    template <typename Number>
    void number(Number value) {
        for (std::size_t shift = sizeof(Number); shift > 0; --shift) {
            bytes_.push_back(static_cast<char>((value >> ((shift - 1) * 8)) & 0xFFU));
        }
    }
    void kind(RecordKind kind) { number(static_cast<std::uint8_t>(kind)); }
    void digest(const BlockDigest& digest) { bytes_.append(digest.view()); }
    void signature(const Bytes& signature) {
        SANQUAN_ASSERT(signature.size() <= limits::kSignatureBytesMax);
        number(static_cast<std::uint16_t>(signature.size()));
        bytes_.append(signature);
    }
    void vote(const Vote& vote) {
        number(vote.epoch.value);
        number(vote.view.value);
        number(static_cast<std::uint8_t>(vote.kind));
        digest(vote.digest);
    }
    void proposal(const Proposal& proposal) {
        number(proposal.epoch.value);
        number(proposal.view.value);
        digest(proposal.digest);
        number(proposal.height.value);
        digest(proposal.parent);
        number(proposal.parent_view.value);
        number(proposal.leader.value);
    }
    Bytes take() { return std::move(bytes_); }

  private:
    Bytes bytes_;
};

// Reads past the end yield zeros and clear ok(); the caller looks at the end.
class Reader {
  public:
    explicit Reader(ByteView bytes) : rest_(bytes) {}

    template <typename Number>
    Number number() {
        const ByteView part = take(sizeof(Number));
        std::uint64_t value = 0;
        for (const char octet : part) {
            value = (value << 8U) | static_cast<std::uint8_t>(octet);
        }
        return static_cast<Number>(value);
    }
    BlockDigest digest() {
        BlockDigest digest;
        const ByteView part = take(kDigestBytes);
        if (ok_) {
            std::copy(part.begin(), part.end(), digest.octets.begin());
        }
        return digest;
    }
    Bytes signature() {
        const auto size = number<std::uint16_t>();
        if (size > limits::kSignatureBytesMax) {
            ok_ = false;
            return {};
        }
        return Bytes(take(size));
    }
    Vote vote() {
        Vote vote;
        vote.epoch.value = number<std::uint64_t>();
        vote.view.value = number<std::uint64_t>();
        vote.kind = static_cast<VoteKind>(number<std::uint8_t>());
        vote.digest = digest();
        // The shape check knows the three kinds; an unknown one never leaves this function as ok.
        ok_ = ok_ && check_shape(vote).has_value();
        return vote;
    }
    Proposal proposal() {
        Proposal proposal;
        proposal.epoch.value = number<std::uint64_t>();
        proposal.view.value = number<std::uint64_t>();
        proposal.digest = digest();
        proposal.height.value = number<std::uint64_t>();
        proposal.parent = digest();
        proposal.parent_view.value = number<std::uint64_t>();
        proposal.leader.value = number<std::uint16_t>();
        return proposal;
    }
    Certificate certificate() {
        Certificate certificate;
        certificate.subject = vote();
        const auto count = number<std::uint16_t>();
        if (count > limits::kValidatorsMax) {
            ok_ = false;
        }
        for (std::uint16_t i = 0; ok_ && i < count; ++i) {
            const ReplicaIndex signer{number<std::uint16_t>()};
            certificate.signatures.emplace_back(signer, signature());
        }
        return certificate;
    }
    [[nodiscard]] bool done() const { return ok_ && rest_.empty(); }

  private:
    ByteView take(std::size_t size) {
        if (!ok_ || rest_.size() < size) {
            ok_ = false;
            return {};
        }
        const ByteView part = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return part;
    }
    ByteView rest_;
    bool ok_ = true;
};

}  // namespace

Bytes encode_record(const Record& record) {
    Writer out;
    out.kind(static_cast<RecordKind>(record.index() + 1));
    std::visit(
        [&out](const auto& value) {
            using T = std::decay_t<decltype(value)>;
            if constexpr (std::is_same_v<T, Vote>) {
                out.vote(value);
            } else if constexpr (std::is_same_v<T, Proposal>) {
                out.proposal(value);
            } else if constexpr (std::is_same_v<T, SignedProposal>) {
                out.proposal(value.proposal);
                out.signature(value.signature);
            } else if constexpr (std::is_same_v<T, Certificate>) {
                out.vote(value.subject);
                out.number(static_cast<std::uint16_t>(value.signatures.size()));
                for (const auto& [signer, signature] : value.signatures) {
                    out.number(signer.value);
                    out.signature(signature);
                }
            } else if constexpr (std::is_same_v<T, ThresholdRecord>) {
                out.number(value.epoch.value);
                out.number(value.view.value);
            } else {
                out.number(value.epoch.value);
            }
        },
        record);
    return out.take();
}

Result<Record> decode_record(ByteView bytes) {
    Reader in(bytes);
    Record record;
    switch (static_cast<RecordKind>(in.number<std::uint8_t>())) {
        case RecordKind::kInit:
            record = InitRecord{Epoch{in.number<std::uint64_t>()}};
            break;
        case RecordKind::kVote:
            record = in.vote();
            break;
        case RecordKind::kProposal:
            record = in.proposal();
            break;
        case RecordKind::kSignedProposal: {
            SignedProposal proposal;
            proposal.proposal = in.proposal();
            proposal.signature = in.signature();
            record = std::move(proposal);
            break;
        }
        case RecordKind::kCertificate:
            record = in.certificate();
            break;
        case RecordKind::kAbstain:
            record = AbstainRecord{Epoch{in.number<std::uint64_t>()}};
            break;
        case RecordKind::kThreshold: {
            ThresholdRecord threshold;
            threshold.epoch.value = in.number<std::uint64_t>();
            threshold.view.value = in.number<std::uint64_t>();
            record = threshold;
            break;
        }
        default:
            return fail(Code::kBadEncoding, "unknown kind of vote-log record");
    }
    if (!in.done()) {
        return fail(Code::kBadEncoding, "vote-log record is cut, too long, or out of range");
    }
    return record;
}

RecordPosition position_of(const Record& record) {
    RecordPosition position;
    const bool keep = enforced(Rule::kKeepMarks);  // SPEC 8.6
    if (const auto* init = std::get_if<InitRecord>(&record)) {
        position = {init->epoch, View{}, keep};
    } else if (const auto* vote = std::get_if<Vote>(&record)) {
        position = {vote->epoch, vote->view, /*keep=*/false};
    } else if (const auto* own = std::get_if<Proposal>(&record)) {
        position = {own->epoch, own->view, /*keep=*/false};
    } else if (const auto* seen = std::get_if<SignedProposal>(&record)) {
        position = {seen->proposal.epoch, seen->proposal.view, /*keep=*/false};
    } else if (const auto* certificate = std::get_if<Certificate>(&record)) {
        position = {certificate->subject.epoch, certificate->subject.view, /*keep=*/false};
    } else if (const auto* abstain = std::get_if<AbstainRecord>(&record)) {
        position = {abstain->epoch, View{}, keep};
    } else if (const auto* threshold = std::get_if<ThresholdRecord>(&record)) {
        position = {threshold->epoch, threshold->view, keep};
    }
    return position;
}

}  // namespace sanquan::consensus
