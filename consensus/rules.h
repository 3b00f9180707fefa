// The numbered rules of SPEC.md that have a switch in the tests' build of this library.
//
// In production `enforced` is a constant: there is no switch. The library that tests/scenarios
// links is compiled with SANQUAN_CONSENSUS_MUTATIONS, so that a self-test can prove that each
// rule's scenario fails without the rule.
#pragma once

#include <cstdint>

namespace sanquan::consensus {

enum class Rule : std::uint8_t {
    kJumpAhead,               // SPEC 1.1
    kOneProposalPerView,      // SPEC 1.2
    kLeaderFetches,           // SPEC 1.3
    kLeadersTakeTurns,        // SPEC 1.4
    kOneNotarizePerView,      // SPEC 2.1
    kOnlyCurrentView,         // SPEC 2.2
    kParentNotarized,         // SPEC 2.3
    kNullificationsBetween,   // SPEC 2.4
    kAskForMissing,           // SPEC 2.5
    kHeaderMatches,           // SPEC 2.6
    kFirstProposalCounts,     // SPEC 2.7
    kNoNullifyAfterFinalize,  // SPEC 3.1
    kLateNullify,             // SPEC 3.2
    kNoFinalizeAfterNullify,  // SPEC 4.1
    kFinalizeExecutedOnly,    // SPEC 4.2
    kFinalizeAncestors,       // SPEC 4.3
    kAnswerStale,             // SPEC 5.1
    kServeBoth,               // SPEC 5.2
    kRepeatWhenStuck,         // SPEC 5.3
    kBackOff,                 // SPEC 6.1
    kFailedLeader,            // SPEC 6.2
    kUnreachableLeader,       // SPEC 6.3
    kQuietWhenIdle,           // SPEC 7.1
    kNotarizedIsPending,      // SPEC 7.2
    kJoinNullifies,           // SPEC 7.3
    kLetFinalizationArrive,   // SPEC 7.4
    kPersistVotes,            // SPEC 8.1
    kPersistOpening,          // SPEC 8.2
    kPersistNotarization,     // SPEC 8.3
    kPersistBlock,            // SPEC 8.4
    kRepeatAfterRestart,      // SPEC 8.5
    kKeepMarks,               // SPEC 8.6
    kAbstainAfterLoss,        // SPEC 9.1
    kFreshNonce,              // SPEC 9.2
    kReportsFromOthers,       // SPEC 9.3
    kThresholdPlusTwo,        // SPEC 9.4
    kNoReportWhileWaiting,    // SPEC 9.5
    kDetectOldLog,            // SPEC 9.6
    kAskOnceMore,             // SPEC 9.7
    kPersistRecovery,         // SPEC 9.8
    kBoundaryIsLast,          // SPEC 10.1
    kReproposeBoundaryOnly,   // SPEC 10.2
    kEpochSeparation,         // SPEC 10.3
    kSilentAfterBoundary,     // SPEC 10.4
    kServeOldEpoch,           // SPEC 10.5
    kBaseStaysBase,           // SPEC 10.6
    kCertificateShape,        // SPEC 11.1
    kBoundedFuture,           // SPEC 11.2
    kAnswerBudget,            // SPEC 11.3
    kReportContradictions,    // SPEC 11.4
    kStopWhenDiverged,        // SPEC 11.5
};

#ifdef SANQUAN_CONSENSUS_MUTATIONS
[[nodiscard]] bool enforced(Rule rule);
// Switches one rule off or on; tests only.
void set_enforced(Rule rule, bool on);
#else
[[nodiscard]] constexpr bool enforced(Rule /*rule*/) { return true; }
#endif

}  // namespace sanquan::consensus
