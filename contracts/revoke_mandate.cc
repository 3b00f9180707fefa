// RevokeMandate: the grantor ends a mandate; the next operation already finds it revoked.
#include "contracts/checks.h"
#include "contracts/explain.h"
#include "contracts/mandate.h"
#include "contracts/records.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"

namespace sanquan::contracts {

Verdict RevokeMandate::preflight(const Operation& operation, const Context& /*context*/) {
    return operation.mandate().empty() ? refuse(Code::kMissingField, {fact("field", "mandate")})
                                       : kPass;
}

Verdict RevokeMandate::check(const Preflighted<Operation>& preflighted, const ReadView& view) {
    const auto& [operation, context] = preflighted;
    const auto mandate = load<wire::MandateRecord>(view, keys::mandate(operation.mandate()));
    if (!mandate) {
        return refuse(Code::kMandateUnknown, {fact("mandate", operation.mandate())});
    }
    if (mandate->grantor() != context.sender) {
        return refuse(Code::kNotMandateGrantor, {fact("sender", context.sender)},
                      {fact("grantor", mandate->grantor())});
    }
    if (mandate->revoked_ms() != 0) {
        return refuse(Code::kMandateRevoked, {fact("mandate", operation.mandate()),
                                              fact("revoked", TimeMs{mandate->revoked_ms()})});
    }
    return kPass;
}

Outcome RevokeMandate::apply(const Checked<Operation>& checked, Overlay& overlay) {
    const auto& [operation, context] = checked;
    const Bytes key = keys::mandate(operation.mandate());
    auto mandate = load_existing<wire::MandateRecord>(overlay, key);
    mandate.set_revoked_ms(context.time.value);
    store(overlay, key, mandate);
    return {operation.mandate(), {fact("broker", mandate.terms().broker())}};
}

}  // namespace sanquan::contracts
