// The state as text: for diagnosis, and for the explorer to recognise a state it has seen.
#include "consensus/core.h"

namespace sanquan::consensus {
namespace {

std::string text(const Certificate& certificate) {
    std::string out(to_string(certificate.subject.kind));
    out += ' ' + certificate.subject.digest.short_hex() + " by";
    for (const auto& [signer, signature] : certificate.signatures) {
        out += ' ' + std::to_string(signer.value);
    }
    return out;
}

std::string text(const Proposal& proposal) {
    return proposal.digest.short_hex() + " on " + proposal.parent.short_hex() + " of view " +
           std::to_string(proposal.parent_view.value);
}

std::string text(const ViewState& view) {
    std::string out;
    if (view.own_proposal) {
        out += " own-proposal(" + text(*view.own_proposal) + ")";
    }
    if (view.proposal) {
        out += " proposal(" + text(view.proposal->proposal) + ")";
    }
    out += view.building ? " building" : "";
    out += view.checked ? (*view.checked ? " checked" : " invalid") : "";
    out += view.refused ? " refused" : "";
    out += view.certificates_asked ? " asked" : "";
    for (const auto& [slot, vote] : view.votes) {
        out += ' ' + std::string(to_string(slot.first)) + '(' + std::to_string(slot.second.value) +
               ' ' + vote.vote.digest.short_hex() + ')';
    }
    for (const auto* certificate : {&view.notarization, &view.nullification}) {
        if (*certificate) {
            out += " certificate(" + text(**certificate) + ")";
        }
    }
    out += view.own.notarize ? " voted-notarize(" + view.own.notarize->short_hex() + ")" : "";
    out += view.own.nullify ? " voted-nullify" : "";
    out += view.own.finalize ? " voted-finalize(" + view.own.finalize->short_hex() + ")" : "";
    return out;
}

}  // namespace

std::string Replica::Core::describe() const {
    std::string out = "epoch " + std::to_string(info_.epoch.value) + " view " +
                      std::to_string(view_.value) + " finalized " +
                      std::to_string(finalized_.view.value) + ' ' + finalized_.digest.short_hex() +
                      " committed " + std::to_string(committed_.height.value) + ' ' +
                      committed_.digest.short_hex();
    out += work_pending() ? " pending" : "";
    out += timer_armed() ? " armed" : "";
    out += abstaining() ? " abstaining" : "";
    out += recovery_durable_ ? " recovered" : "";
    out += halted_ ? " halted" : "";
    out += diverged_ ? " diverged" : "";
    out += epoch_finished_ ? " epoch-finished" : "";
    for (const auto& [epoch, view] : thresholds_) {
        out += " threshold(" + std::to_string(epoch.value) + ' ' + std::to_string(view.value) + ')';
    }
    for (const auto& [at, view] : views_) {
        out += "\nview " + std::to_string(at.value) + ':' + text(view);
    }
    for (const auto& [digest, block] : blocks_.all()) {
        out += "\nblock " + digest.short_hex();
        out += block.facts ? " height " + std::to_string(block.facts->height.value) : " unknown";
        out += block.wanted ? " wanted" : "";
        out += block.executed ? (*block.executed ? " executed" : " impossible") : "";
    }
    return out;
}

}  // namespace sanquan::consensus
