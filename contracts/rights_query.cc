#include "contracts/rights_query.h"

#include "contracts/asset_records.h"
#include "contracts/asset_rules.h"
#include "contracts/grant_chain.h"
#include "ledger/base/limits.h"
#include "ledger/model/asset_code.h"

namespace sanquan::contracts {

namespace {

const std::string kNobody;
const std::set<std::string> kNoSigners;

Code code_of(const Verdict& verdict) { return verdict ? verdict->code : Code::kOk; }

HeldGrant describe(const ReadView& view, const Context& context, const std::string& id) {
    HeldGrant held;
    held.id = id;
    for (GrantLink& link : grant_chain(view, id)) {
        if (link.id == id) {
            held.record = std::move(link.record);
        } else {
            held.rests_on.push_back(std::move(link.id));
        }
    }
    held.state = code_of(grant_live(view, context, id));
    return held;
}

std::vector<HeldGrant> describe_all(const ReadView& view, const Context& context,
                                    const google::protobuf::RepeatedPtrField<std::string>& ids) {
    std::vector<HeldGrant> grants;
    for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
        grants.push_back(describe(view, context, *id));
    }
    return grants;
}

}  // namespace

Context question_context(const BlockContext& block) {
    return {block.chain, block.height, block.time, TransactionId{}, 0, kNobody, kNoSigners};
}

std::optional<AssetRights> rights_on_asset(const ReadView& view, const BlockContext& block,
                                           std::string_view asset,
                                           std::optional<std::uint32_t> page) {
    if (require_asset(view, asset)) {
        return std::nullopt;
    }
    const Context context = question_context(block);
    AssetRights rights;
    rights.asset = load_asset(view, asset);
    rights.state = code_of(certified(view, context, asset));
    const auto head = load<wire::GrantIndexRecord>(view, keys::grants(asset));
    if (!page) {
        if (head) {
            rights.grants = describe_all(view, context, head->grants());
            rights.next_page =
                head->full_pages() > 0 ? std::optional(head->full_pages()) : std::nullopt;
        }
        return rights;
    }
    const auto full = load<wire::GrantIndexRecord>(view, keys::grants(asset, *page));
    if (!full) {
        return std::nullopt;
    }
    rights.grants = describe_all(view, context, full->grants());
    rights.next_page = *page > 1 ? std::optional(*page - 1) : std::nullopt;
    return rights;
}

std::vector<HeldGrant> grants_of_holder(const ReadView& view, const BlockContext& block,
                                        std::string_view asset, std::string_view holder) {
    const auto held = load<wire::HolderRecord>(view, holder_proof_key(asset, holder));
    return held ? describe_all(view, question_context(block), held->grants())
                : std::vector<HeldGrant>();
}

Bytes holder_proof_key(std::string_view asset, std::string_view holder) {
    return keys::right(asset, holder);
}

}  // namespace sanquan::contracts
