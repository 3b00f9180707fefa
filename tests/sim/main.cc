// sanquan_sim: runs seeds, prints one line per failure with the command that replays it.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/sim/simulator.h"

namespace {

using namespace sanquan::sim;

struct Arguments {
    std::uint64_t first = 1;
    std::uint64_t last = 20;
    std::uint16_t nodes = 0;    // 0: alternate 4 and 7
    std::uint64_t seconds = 0;  // 0: exactly the seeds given; else until the time is over
    std::uint64_t ticks = 3'000;
    bool trace = false;
    bool twice = false;
};

int usage() {
    std::fprintf(
        stderr,
        "usage: sanquan_sim [--seeds A..B] [--nodes 4|7] [--seconds S | --minutes M] [--ticks T]\n"
        "                   [--twice] [--trace]\n"
        "  --seconds  goes on with further seeds until the time is over\n"
        "  --twice    runs every seed twice and compares the trace hashes\n"
        "  --trace    prints every event\n");
    return 2;
}

bool parse(int argc, char** argv, Arguments& out) {
    for (int i = 1; i < argc; ++i) {
        const std::string flag = argv[i];
        if (flag == "--trace") {
            out.trace = true;
        } else if (flag == "--twice") {
            out.twice = true;
        } else if (i + 1 >= argc) {
            return false;
        } else {
            const std::string value = argv[++i];
            if (flag == "--seeds") {
                const auto dots = value.find("..");
                out.first = std::strtoull(value.c_str(), nullptr, 10);
                out.last = dots == std::string::npos
                               ? out.first
                               : std::strtoull(value.c_str() + dots + 2, nullptr, 10);
            } else if (flag == "--nodes") {
                out.nodes = static_cast<std::uint16_t>(std::strtoul(value.c_str(), nullptr, 10));
            } else if (flag == "--seconds") {
                out.seconds = std::strtoull(value.c_str(), nullptr, 10);
            } else if (flag == "--minutes") {
                out.seconds = 60 * std::strtoull(value.c_str(), nullptr, 10);
            } else if (flag == "--ticks") {
                out.ticks = std::strtoull(value.c_str(), nullptr, 10);
            } else {
                return false;
            }
        }
    }
    return out.first <= out.last;
}

}  // namespace

int main(int argc, char** argv) {
    Arguments arguments;
    if (!parse(argc, argv, arguments)) {
        return usage();
    }
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const auto start = std::chrono::steady_clock::now();
    const auto seconds_passed = [&start] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    std::uint64_t runs = 0, failures = 0, events = 0, crashes = 0, blocks = 0, evidence = 0,
                  epochs = 0, lost = 0;
    for (std::uint64_t seed = arguments.first;; ++seed) {
        if (arguments.seconds > 0 ? seconds_passed() > static_cast<double>(arguments.seconds)
                                  : seed > arguments.last) {
            break;
        }
        SimOptions options;
        options.seed = seed;
        options.nodes = arguments.nodes != 0 ? arguments.nodes : (seed % 3 == 0 ? 7 : 4);
        options.trouble_ticks = arguments.ticks;
        options.trace = arguments.trace;
        auto result = Simulator(options).run();
        if (arguments.twice && Simulator(options).run().trace_hash != result.trace_hash) {
            result.violations.push_back("determinism: the same seed gave another trace");
        }
        ++runs;
        events += result.events;
        crashes += result.crashes;
        blocks += result.height;
        evidence += result.evidence;
        epochs += result.epochs;
        lost += result.lost_logs;
        if (!result.violations.empty()) {
            ++failures;
            std::printf(
                "FAILED seed=%llu nodes=%u villain=%s trace=%016llx\n  %s\n  replay: sanquan_sim "
                "--seeds "
                "%llu --nodes %u --ticks %llu --trace\n",
                static_cast<unsigned long long>(seed), options.nodes, result.villain.c_str(),
                static_cast<unsigned long long>(result.trace_hash),
                result.violations.front().c_str(), static_cast<unsigned long long>(seed),
                options.nodes, static_cast<unsigned long long>(arguments.ticks));
        }
    }
    std::printf(
        "%llu runs, %llu failed: %llu events, %llu blocks, %llu crashes, %llu lost logs, %llu "
        "epochs, "
        "%llu pieces of evidence, %.1f s\n",
        static_cast<unsigned long long>(runs), static_cast<unsigned long long>(failures),
        static_cast<unsigned long long>(events), static_cast<unsigned long long>(blocks),
        static_cast<unsigned long long>(crashes), static_cast<unsigned long long>(lost),
        static_cast<unsigned long long>(epochs), static_cast<unsigned long long>(evidence),
        seconds_passed());
    return failures == 0 && runs > 0 ? 0 : 1;
}
