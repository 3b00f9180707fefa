// Under which name an address is counted, and which of many connections gives way. Used by peers' and clients' listeners.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <map>
#include <string>

namespace sanquan::node {

// An IPv4 address itself, an IPv6 address by its /64, all of which a single machine may have.
std::string counted_address(const boost::asio::ip::address& address);

// Of ticket -> address: the oldest ticket of the address that has the most of them, so that a flood from one place cuts
// itself first. Between addresses that have equally many the oldest ticket decides, never the address, else who holds
// many addresses could always choose whom to cut. `held` is not empty.
std::uint64_t oldest_of_the_most(const std::map<std::uint64_t, std::string>& held);

}  // namespace sanquan::node
