#include "node/verifier/verifier.h"

#include "node/net/peer_message.h"

namespace sanquan::node {
namespace {

constexpr std::size_t kEpochsKept = 4;

}  // namespace

Verifier::Verifier(Chain chain, std::size_t verdicts_max) : chain_(chain), memory_(verdicts_max) {}

void Verifier::set_validators(const ValidatorSet& set) {
    std::vector<PublicKey> keys;
    for (const Validator& validator : set.validators) {
        keys.push_back(validator.vote_key);
    }
    const std::lock_guard lock(mutex_);
    sets_[set.epoch] = std::move(keys);
    while (sets_.size() > kEpochsKept) {
        sets_.erase(sets_.begin());
    }
}

std::optional<PublicKey> Verifier::key_of(Epoch epoch, ReplicaIndex index) const {
    const std::lock_guard lock(mutex_);
    const auto found = sets_.find(epoch);
    if (found == sets_.end() || index.value >= found->second.size()) {
        return std::nullopt;
    }
    return found->second[index.value];
}

std::optional<std::uint16_t> Verifier::validators_of(Epoch epoch) const {
    const std::lock_guard lock(mutex_);
    const auto found = sets_.find(epoch);
    if (found == sets_.end()) {
        return std::nullopt;
    }
    return static_cast<std::uint16_t>(found->second.size());
}

Status Verifier::check_signature(Epoch epoch, ReplicaIndex index, ByteView message,
                                 ByteView signature) {
    const auto key = key_of(epoch, index);
    if (!key) {
        return fail(Code::kUnknownKey, "validator " + std::to_string(index.value) + " of epoch " +
                                           std::to_string(epoch.value));
    }
    return memory_.verify(*key, message, signature);
}

Status Verifier::check(const consensus::Certificate& certificate) {
    const Epoch epoch = certificate.subject.epoch;
    const auto validators = validators_of(epoch);
    if (!validators) {
        return fail(Code::kUnknownKey, "epoch " + std::to_string(epoch.value));
    }
    // SECURITY: the shape holds that signers are distinct and a quorum; in release builds too.
    SANQUAN_TRY(check_shape(certificate, epoch, *validators));
    const Bytes message = signed_bytes(chain_, certificate.subject);
    for (const auto& [index, signature] : certificate.signatures) {
        if (!check_signature(epoch, index, message, signature)) {
            return fail(Code::kCertificateInvalid,
                        "the signature of validator " + std::to_string(index.value));
        }
    }
    return {};
}

bool Verifier::check(const PublicKey& key, ByteView message, ByteView signature) {
    return memory_.verify(key, message, signature).has_value();
}

Result<consensus::Incoming> Verifier::admit(consensus::SignedProposal proposal) {
    const auto& body = proposal.proposal;
    SANQUAN_TRY(
        check_signature(body.epoch, body.leader, signed_bytes(chain_, body), proposal.signature));
    return consensus::Incoming(consensus::Verified<consensus::SignedProposal>(std::move(proposal)));
}

Result<consensus::Incoming> Verifier::admit(consensus::SignedVote vote) {
    SANQUAN_TRY(check_signature(vote.vote.epoch, vote.signer, signed_bytes(chain_, vote.vote),
                                vote.signature));
    return consensus::Incoming(consensus::Verified<consensus::SignedVote>(std::move(vote)));
}

Result<consensus::Incoming> Verifier::admit(consensus::Certificate certificate) {
    SANQUAN_TRY(check(certificate));
    return consensus::Incoming(consensus::Verified<consensus::Certificate>(std::move(certificate)));
}

Result<consensus::Incoming> Verifier::admit(consensus::SignedViewReport report) {
    const auto& body = report.report;
    SANQUAN_TRY(
        check_signature(body.epoch, body.reporter, signed_bytes(chain_, body), report.signature));
    if (body.opening) {
        SANQUAN_TRY(check(*body.opening));
    }
    return consensus::Incoming(consensus::Verified<consensus::SignedViewReport>(std::move(report)));
}

Result<consensus::Incoming> Verifier::admit(consensus::FetchCertificates fetch) { return fetch; }
Result<consensus::Incoming> Verifier::admit(consensus::FetchProposal fetch) { return fetch; }
Result<consensus::Incoming> Verifier::admit(consensus::StatusHint hint) { return hint; }
Result<consensus::Incoming> Verifier::admit(consensus::ViewQuery query) { return query; }

Result<consensus::Incoming> Verifier::verify(consensus::Message message) {
    return std::visit([this](auto&& part) { return admit(std::move(part)); }, std::move(message));
}

}  // namespace sanquan::node
