// sanquan_scenarios: runs every script, then proves for every rule a script guards that the script fails without it.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "consensus/rules.h"
#include "tests/scenarios/script.h"

namespace {

using sanquan::consensus::Rule;
using namespace sanquan::scenarios;

const std::map<std::string, Rule>& rule_numbers() {
    static const std::map<std::string, Rule> kRules{
        {"1.1", Rule::kJumpAhead},
        {"1.2", Rule::kOneProposalPerView},
        {"1.3", Rule::kLeaderFetches},
        {"1.4", Rule::kLeadersTakeTurns},
        {"2.1", Rule::kOneNotarizePerView},
        {"2.2", Rule::kOnlyCurrentView},
        {"2.3", Rule::kParentNotarized},
        {"2.4", Rule::kNullificationsBetween},
        {"2.5", Rule::kAskForMissing},
        {"2.6", Rule::kHeaderMatches},
        {"2.7", Rule::kFirstProposalCounts},
        {"3.1", Rule::kNoNullifyAfterFinalize},
        {"3.2", Rule::kLateNullify},
        {"4.1", Rule::kNoFinalizeAfterNullify},
        {"4.2", Rule::kFinalizeExecutedOnly},
        {"4.3", Rule::kFinalizeAncestors},
        {"5.1", Rule::kAnswerStale},
        {"5.2", Rule::kServeBoth},
        {"5.3", Rule::kRepeatWhenStuck},
        {"6.1", Rule::kBackOff},
        {"6.2", Rule::kFailedLeader},
        {"6.3", Rule::kUnreachableLeader},
        {"7.1", Rule::kQuietWhenIdle},
        {"7.2", Rule::kNotarizedIsPending},
        {"7.3", Rule::kJoinNullifies},
        {"7.4", Rule::kLetFinalizationArrive},
        {"8.1", Rule::kPersistVotes},
        {"8.2", Rule::kPersistOpening},
        {"8.3", Rule::kPersistNotarization},
        {"8.4", Rule::kPersistBlock},
        {"8.5", Rule::kRepeatAfterRestart},
        {"8.6", Rule::kKeepMarks},
        {"9.1", Rule::kAbstainAfterLoss},
        {"9.2", Rule::kFreshNonce},
        {"9.3", Rule::kReportsFromOthers},
        {"9.4", Rule::kThresholdPlusTwo},
        {"9.5", Rule::kNoReportWhileWaiting},
        {"9.6", Rule::kDetectOldLog},
        {"9.7", Rule::kAskOnceMore},
        {"9.8", Rule::kPersistRecovery},
        {"10.1", Rule::kBoundaryIsLast},
        {"10.2", Rule::kReproposeBoundaryOnly},
        {"10.3", Rule::kEpochSeparation},
        {"10.4", Rule::kSilentAfterBoundary},
        {"10.5", Rule::kServeOldEpoch},
        {"10.6", Rule::kBaseStaysBase},
        {"11.1", Rule::kCertificateShape},
        {"11.2", Rule::kBoundedFuture},
        {"11.3", Rule::kAnswerBudget},
        {"11.4", Rule::kReportContradictions},
        {"11.5", Rule::kStopWhenDiverged},
    };
    return kRules;
}

// The rules that SPEC.md states ("**2.1** ...") against those that have a switch; answers how many differ.
std::size_t compare_with_spec(const std::string& path) {
    std::ifstream file(path);
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    const std::regex bold(R"(\*\*(\d+\.\d+)\*\*)");
    std::set<std::string> stated;
    for (std::sregex_iterator at(text.begin(), text.end(), bold), end; at != end; ++at) {
        stated.insert((*at)[1]);
    }
    std::size_t failures = 0;
    for (const std::string& number : stated) {
        if (!rule_numbers().contains(number)) {
            std::printf("FAILED rule %s of %s has no switch\n", number.c_str(), path.c_str());
            ++failures;
        }
    }
    for (const auto& [number, rule] : rule_numbers()) {
        if (!stated.contains(number)) {
            std::printf("FAILED rule %s is not stated in %s\n", number.c_str(), path.c_str());
            ++failures;
        }
    }
    return failures;
}

// In a process of its own: without a rule a replica may break its own assertions.
bool fails_without(const std::string& path, Rule rule) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        if (std::freopen("/dev/null", "w", stderr) == nullptr) {
            _exit(2);
        }
        alarm(5);
        sanquan::consensus::set_enforced(rule, false);
        _exit(run_script(path, false).failures.empty() ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> paths;
    bool trace = false, rules = true, all = false;
    std::size_t failures = 0, guarded = 0;
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--trace") == 0) {
            trace = true;
        } else if (std::strcmp(argv[i], "--no-rules") == 0) {
            rules = false;
        } else if (std::strcmp(argv[i], "--spec") == 0 && i + 1 < argc) {
            failures += compare_with_spec(argv[++i]);
        } else if (std::strcmp(argv[i], "--without") == 0 && i + 1 < argc &&
                   rule_numbers().contains(argv[i + 1])) {
            sanquan::consensus::set_enforced(rule_numbers().at(argv[++i]), false);
            rules = false;
        } else if (std::filesystem::is_directory(argv[i])) {
            all = true;
            for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
                if (entry.path().extension() == ".txt" &&
                    entry.path().filename() != "CMakeLists.txt") {
                    paths.push_back(entry.path().string());
                }
            }
        } else {
            paths.emplace_back(argv[i]);
        }
    }
    if (paths.empty()) {
        std::fprintf(stderr,
                     "usage: sanquan_scenarios DIRECTORY|FILE... [--trace] [--spec FILE] "
                     "[--no-rules | --without RULE]\n");
        return 2;
    }
    std::sort(paths.begin(), paths.end());
    std::set<std::string> covered;
    for (const std::string& path : paths) {
        for (const std::string& failure : run_script(path, trace).failures) {
            std::printf("FAILED %s\n", failure.c_str());
            ++failures;
        }
        for (const std::string& number : rules ? guarded_rules(path) : std::vector<std::string>{}) {
            const auto rule = rule_numbers().find(number);
            ++guarded;
            covered.insert(number);
            if (rule == rule_numbers().end() || !fails_without(path, rule->second)) {
                std::printf("FAILED %s: passes without rule %s, which it claims to guard\n",
                            path.c_str(), number.c_str());
                ++failures;
            }
        }
    }
    for (const auto& [number, rule] : rule_numbers()) {
        if (all && rules && !covered.contains(number)) {
            std::printf("FAILED rule %s has no scenario\n", number.c_str());
            ++failures;
        }
    }
    std::printf("%zu scenarios, %zu rules switched off and missed, %zu failures\n", paths.size(),
                guarded, failures);
    return failures == 0 ? 0 : 1;
}
