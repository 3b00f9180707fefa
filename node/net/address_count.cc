#include "node/net/address_count.h"

#include <algorithm>

#include "ledger/base/assert.h"

namespace sanquan::node {
namespace asio = boost::asio;

std::string counted_address(const asio::ip::address& address) {
    if (!address.is_v6()) {
        return address.to_string();
    }
    auto octets = address.to_v6().to_bytes();
    if (address.to_v6().is_v4_mapped()) {
        return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
    }
    std::fill(octets.begin() + 8, octets.end(), std::uint8_t{0});
    return asio::ip::address_v6(octets).to_string() + "/64";
}

std::uint64_t oldest_of_the_most(const std::map<std::uint64_t, std::string>& held) {
    SANQUAN_ASSERT(!held.empty());
    std::map<std::string, std::size_t> counts;
    std::size_t most = 0;
    for (const auto& [ticket, address] : held) {
        most = std::max(most, ++counts[address]);
    }
    return std::find_if(held.begin(), held.end(),
                        [&](const auto& one) { return counts[one.second] == most; })
        ->first;
}

}  // namespace sanquan::node
