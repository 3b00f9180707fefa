#include "ledger/model/header_rules.h"

namespace sanquan {
namespace {

Status check(bool holds, const char* what) {
    if (!holds) {
        return fail(Code::kBlockInvalid, what);
    }
    return {};
}

}  // namespace

Status check_header(const BlockHeader& header, const BlockHeader& parent,
                    const BlockDigest& parent_digest) {
    SANQUAN_TRY(check(header.chain == parent.chain, "another chain than its parent"));
    SANQUAN_TRY(check(header.parent == parent_digest, "not a child of this parent"));
    SANQUAN_TRY(
        check(header.height == parent.height.next(), "height does not follow the parent's"));
    SANQUAN_TRY(check(header.history_size == parent.history_size + 1,
                      "history is not one block longer than the parent's"));
    SANQUAN_TRY(check(header.time > parent.time, "not later than its parent"));
    SANQUAN_TRY(check(header.validators == parent.next_validators,
                      "not the validator set that the parent named next"));
    if (parent.is_boundary()) {
        // Views begin anew in every epoch.
        return check(header.epoch == parent.epoch.next() && header.view.value > 0,
                     "the parent is the last block of its epoch");
    }
    return check(header.epoch == parent.epoch && header.view > parent.view,
                 "same epoch as the parent, in a later view");
}

}  // namespace sanquan
