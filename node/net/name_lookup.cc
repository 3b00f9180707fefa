#include "node/net/name_lookup.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>

#include <thread>

namespace sanquan::node {
namespace {

Result<std::vector<std::string>> addresses_of(const std::string& host) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int status = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    if (status != 0) {
        return fail(Code::kUnreachable, host + ": " + ::gai_strerror(status));
    }
    std::vector<std::string> addresses;
    for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
        char text[NI_MAXHOST];
        if (::getnameinfo(entry->ai_addr, entry->ai_addrlen, text, sizeof text, nullptr, 0,
                          NI_NUMERICHOST) == 0) {
            addresses.emplace_back(text);
        }
    }
    ::freeaddrinfo(found);
    return addresses;
}

}  // namespace

void look_up_host(std::string host, std::function<void(Result<std::vector<std::string>>)> done) {
    std::thread([host = std::move(host), done = std::move(done)] {
        done(addresses_of(host));
    }).detach();
}

}  // namespace sanquan::node
