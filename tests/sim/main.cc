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
    bool crash_steps = false;
    std::uint64_t crash_step = 0;
    bool crash_after = false;
};

int usage() {
    std::fprintf(
        stderr,
        "usage: sanquan_sim [--seeds A..B] [--nodes 4|7] [--seconds S | --minutes M] [--ticks T]\n"
        "                   [--twice] [--trace] [--crash-steps | --crash-step K [--crash-after]]\n"
        "  --seconds  goes on with further seeds until the time is over\n"
        "  --crash-steps  no trouble but one crash, in a run for each durable step, before and "
        "after it\n"
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
        } else if (flag == "--crash-steps") {
            out.crash_steps = true;
        } else if (flag == "--crash-after") {
            out.crash_after = true;
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
            } else if (flag == "--crash-step") {
                out.crash_step = std::strtoull(value.c_str(), nullptr, 10);
            } else if (flag == "--ticks") {
                out.ticks = std::strtoull(value.c_str(), nullptr, 10);
            } else {
                return false;
            }
        }
    }
    return out.first <= out.last;
}

struct Totals {
    std::uint64_t runs = 0, failures = 0, events = 0, crashes = 0, blocks = 0, evidence = 0,
                  epochs = 0, lost = 0;
};

SimResult run_one(const SimOptions& options, bool twice, Totals& totals) {
    auto result = Simulator(options).run();
    if (twice && Simulator(options).run().trace_hash != result.trace_hash) {
        result.violations.push_back("determinism: the same seed gave another trace");
    }
    ++totals.runs;
    totals.events += result.events;
    totals.crashes += result.crashes;
    totals.blocks += result.height;
    totals.evidence += result.evidence;
    totals.epochs += result.epochs;
    totals.lost += result.lost_logs;
    if (!result.violations.empty()) {
        ++totals.failures;
        std::string step;
        if (options.steady) {
            step = " --crash-step " + std::to_string(options.crash_step) +
                   (options.crash_after ? " --crash-after" : "");
        }
        std::printf(
            "FAILED seed=%llu nodes=%u villain=%s trace=%016llx\n  %s\n"
            "  replay: sanquan_sim --seeds %llu --nodes %u --ticks %llu%s --trace\n",
            static_cast<unsigned long long>(options.seed), options.nodes, result.villain.c_str(),
            static_cast<unsigned long long>(result.trace_hash), result.violations.front().c_str(),
            static_cast<unsigned long long>(options.seed), options.nodes,
            static_cast<unsigned long long>(options.trouble_ticks), step.c_str());
    }
    return result;
}

// The run without a crash tells how many durable steps there are.
void run_crash_steps(SimOptions options, bool twice, Totals& totals) {
    options.steady = true;
    const std::uint64_t steps = run_one(options, twice, totals).durable_steps;
    for (options.crash_step = 1; options.crash_step <= steps; ++options.crash_step) {
        for (const bool after : {false, true}) {
            options.crash_after = after;
            run_one(options, twice, totals);
        }
    }
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
    Totals totals;
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
        options.steady = arguments.crash_step > 0;
        options.crash_step = arguments.crash_step;
        options.crash_after = arguments.crash_after;
        if (arguments.crash_steps) {
            run_crash_steps(options, arguments.twice, totals);
        } else {
            run_one(options, arguments.twice, totals);
        }
    }
    std::printf(
        "%llu runs, %llu failed: %llu events, %llu blocks, %llu crashes, %llu lost logs, %llu "
        "epochs, "
        "%llu pieces of evidence, %.1f s\n",
        static_cast<unsigned long long>(totals.runs),
        static_cast<unsigned long long>(totals.failures),
        static_cast<unsigned long long>(totals.events),
        static_cast<unsigned long long>(totals.blocks),
        static_cast<unsigned long long>(totals.crashes),
        static_cast<unsigned long long>(totals.lost),
        static_cast<unsigned long long>(totals.epochs),
        static_cast<unsigned long long>(totals.evidence), seconds_passed());
    return totals.failures == 0 && totals.runs > 0 ? 0 : 1;
}
