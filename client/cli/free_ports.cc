#include "client/cli/free_ports.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "ledger/crypto/random.h"

namespace sanquan::cli {
namespace {

constexpr std::size_t kFirstPort = 20'000;
constexpr std::size_t kPortRange = 12'000;

}  // namespace

Result<std::vector<std::uint16_t>> free_ports(const std::string& host, std::size_t count) {
    using boost::asio::ip::tcp;
    boost::asio::io_context context;
    boost::system::error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (error) {
        return fail(Code::kBadRequest, "'" + host + "' is no address");
    }
    // Below the range from which systems take ports for outgoing connections (32768 up): one of
    // those could occupy a port between now and the start of the node. All stay bound until the
    // last is known.
    std::vector<tcp::acceptor> held;
    std::vector<std::uint16_t> ports;
    std::size_t candidate = random_number() % kPortRange;
    for (std::size_t tried = 0; ports.size() < count; ++tried, ++candidate) {
        if (tried == kPortRange) {
            return fail(Code::kIo, "no free ports on " + host);
        }
        const auto port = static_cast<std::uint16_t>(kFirstPort + candidate % kPortRange);
        tcp::acceptor acceptor(context);
        acceptor.open(tcp::endpoint(address, port).protocol(), error);
        if (!error) {
            acceptor.bind(tcp::endpoint(address, port), error);
        }
        if (!error) {
            ports.push_back(port);
            held.push_back(std::move(acceptor));
        }
    }
    return ports;
}

}  // namespace sanquan::cli
