#include "consensus/certificate.h"
#include "consensus/quorum.h"
#include "ledger/base/limits.h"

namespace sanquan::consensus {

Status check_shape(const Vote& vote) {
    if (vote.view.value == 0 || vote.view.value > limits::kViewMax) {
        return fail(Code::kBadRequest, "view out of range");
    }
    switch (vote.kind) {
        case VoteKind::kNullify:
            if (!vote.digest.is_zero()) {
                return fail(Code::kBadRequest, "nullify names no block");
            }
            return {};
        case VoteKind::kNotarize:
        case VoteKind::kFinalize:
            if (vote.digest.is_zero()) {
                return fail(Code::kBadRequest, "the vote names no block");
            }
            return {};
    }
    return fail(Code::kBadRequest, "unknown kind of vote");
}

Status check_shape(const Certificate& certificate, Epoch epoch, std::uint16_t validators) {
    if (!check_shape(certificate.subject)) {
        return fail(Code::kCertificateInvalid, "the subject is not a vote");
    }
    if (certificate.subject.epoch != epoch) {
        return fail(Code::kCertificateInvalid, "certificate of another epoch");
    }
    const auto& signatures = certificate.signatures;
    if (validators == 0 || signatures.size() < quorum_size(validators) ||
        signatures.size() > validators) {
        return fail(Code::kCertificateInvalid, "not a quorum");
    }
    for (std::size_t i = 0; i < signatures.size(); ++i) {
        const auto& [signer, signature] = signatures[i];
        if (signer.value >= validators) {
            return fail(Code::kCertificateInvalid, "signer is no validator of the epoch");
        }
        // SECURITY: strictly increasing, so that no signer counts twice (monad-bft 1991, 2086).
        if (i > 0 && signer <= signatures[i - 1].first) {
            return fail(Code::kCertificateInvalid, "signers are not strictly increasing");
        }
        if (signature.empty() || signature.size() > limits::kSignatureBytesMax) {
            return fail(Code::kCertificateInvalid, "signature length out of range");
        }
    }
    return {};
}

}  // namespace sanquan::consensus
