#include "ledger/model/state_keys.h"

#include <array>

namespace sanquan::keys {
namespace {

// Positions are the numbers of operations_party.proto.
constexpr auto kRoles = std::to_array<ByteView>(
    {"", "leading-group", "office", "sector-authority", "informatisation-authority",
     "secrecy-authority", "cyber-security-authority", "platform-company", "exchange",
     "exchange-member", "asset-owner", "data-user", "service-provider", "settlement-bank",
     "auditor"});
static_assert(kRoles.size() == wire::Role_ARRAYSIZE);

constexpr auto kProviderKinds = std::to_array<ByteView>(
    {"", "collection", "decryption", "desensitising", "cleaning", "annotation", "labelling",
     "valuation", "quality", "liability-insurance", "security"});
static_assert(kProviderKinds.size() == wire::ProviderKind_ARRAYSIZE);

template <std::size_t count>
ByteView at(const std::array<ByteView, count>& words, int position) {
    const auto index = static_cast<std::size_t>(position);  // negative values wrap beyond the end
    return index < count ? words[index] : ByteView();
}

}  // namespace

ByteView word(wire::Role role) { return at(kRoles, static_cast<int>(role)); }
ByteView word(wire::ProviderKind kind) { return at(kProviderKinds, static_cast<int>(kind)); }

}  // namespace sanquan::keys
