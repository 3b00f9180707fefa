#include "consensus/vote.h"

#include "ledger/base/assert.h"

namespace sanquan::consensus {

std::string_view to_string(VoteKind kind) {
    switch (kind) {
        case VoteKind::kNotarize:
            return "notarize";
        case VoteKind::kNullify:
            return "nullify";
        case VoteKind::kFinalize:
            return "finalize";
    }
    SANQUAN_ASSERT(false);
}

}  // namespace sanquan::consensus
