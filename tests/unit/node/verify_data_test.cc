// Goal: checking a data directory leaves every byte, file and time in it as it was.
// Method: a real network leaves a directory behind; it is listed before and after, with all write permission taken away.
#include "node/verify_data.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>

#include "ledger/crypto/digest.h"
#include "tests/support/catch.h"
#include "tests/support/test_network.h"

using namespace sanquan;
using namespace sanquan::testing;
namespace fs = std::filesystem;

namespace {

// Path below the directory -> digest and time of the last change.
using Listing = std::map<std::string, std::pair<std::string, fs::file_time_type>>;

Listing list(const fs::path& directory) {
    Listing found;
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        std::string digest;
        if (entry.is_regular_file()) {
            std::ifstream stream(entry.path(), std::ios::binary);
            std::ostringstream bytes;
            bytes << stream.rdbuf();
            digest = hash(HashAlgorithm::kSha256, {bytes.str()}).hex();
        }
        found[entry.path().string()] = {digest, entry.last_write_time()};
    }
    found["."] = {"", fs::last_write_time(directory)};
    return found;
}

void make_read_only(const fs::path& directory) {
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        fs::permissions(entry.path(), entry.is_directory() ? fs::perms(0500) : fs::perms(0400));
    }
    fs::permissions(directory, fs::perms(0500));
}

void make_writable(const fs::path& directory) {
    fs::permissions(directory, fs::perms(0700));
    for (const auto& entry : fs::recursive_directory_iterator(directory)) {
        fs::permissions(entry.path(), entry.is_directory() ? fs::perms(0700) : fs::perms(0600));
    }
}

fs::path last_segment(const fs::path& state) {
    fs::path last;
    for (const auto& entry : fs::directory_iterator(state)) {
        if (entry.path().filename().string().starts_with("state-") && last < entry.path()) {
            last = entry.path();
        }
    }
    return last;
}

}  // namespace

TEST_CASE("verify-data changes nothing, also where it may not write", "[node][network]") {
    TestNetwork network;
    network.start_validators();
    const auto outcome = network.submit(0, network.issue("X-EX", 5, "a"), node::WaitFor::kSealed);
    REQUIRE(outcome);
    const fs::path data = network.config(1).data_dir;
    const TemporaryDirectory scratch;
    const fs::path work = scratch.path() / "work";
    REQUIRE(network.all_agree(outcome->height));
    {
        const auto running = node::verify_data(data, work);
        REQUIRE_FALSE(running);
        CHECK(running.error().code == Code::kDirectoryLocked);
    }
    network.stop(1);

    SECTION("a directory in order") {}
    SECTION("a torn record at the end of the state log") {
        const fs::path segment = last_segment(data / "state");
        REQUIRE_FALSE(segment.empty());
        std::ofstream(segment, std::ios::binary | std::ios::app) << "torn";
    }
    SECTION("tables that a crash left behind, numbered as LevelDB will number its next ones") {
        std::uint64_t last = 0;
        for (const auto& entry : fs::directory_iterator(data / "blocks")) {
            const std::string name = entry.path().filename().string();
            const auto digits = name.find_first_of("0123456789");
            if (digits != std::string::npos) {
                last = std::max<std::uint64_t>(last, std::stoull(name.substr(digits)));
            }
        }
        for (std::uint64_t number = last + 1; number <= last + 8; ++number) {
            char name[32];
            std::snprintf(name, sizeof name, "%06llu.ldb", static_cast<unsigned long long>(number));
            std::ofstream(data / "blocks" / name, std::ios::binary) << "orphan";
        }
    }
    make_read_only(data);
    const Listing before = list(data);
    const auto report = node::verify_data(data, work);
    const Listing after = list(data);
    make_writable(data);
    INFO((report ? std::string("ok") : to_string(report.error())));
    REQUIRE(report);
    CHECK(report->height >= outcome->height);
    CHECK(before == after);
    CHECK_FALSE(fs::exists(work));
    REQUIRE(network.start(1));  // and the node takes it up again
}

TEST_CASE("verify-data names the damaged file by the path that it was given", "[node][network]") {
    TestNetwork network;
    network.start_validators();
    REQUIRE(network.submit(0, network.issue("X-EX", 5, "a"), node::WaitFor::kSealed));
    network.stop(1);
    const fs::path data = network.config(1).data_dir;
    const fs::path segment = last_segment(data / "state");
    REQUIRE(fs::file_size(segment) > 100);
    std::fstream(segment, std::ios::binary | std::ios::in | std::ios::out).seekp(60) << "damage";
    const TemporaryDirectory scratch;
    const auto report = node::verify_data(data, scratch.path() / "work");
    REQUIRE_FALSE(report);
    INFO(to_string(report.error()));
    CHECK(report.error().code == Code::kCorrupt);
    CHECK(report.error().context.find((data / "state").string()) != std::string::npos);
}
