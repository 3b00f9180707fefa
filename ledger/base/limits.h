// Every maximum, on one page. Nothing that arrives from outside grows beyond a line here.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sanquan::limits {

// Transactions and blocks
constexpr std::size_t kTransactionBytesMax = 1U << 20U;
constexpr std::size_t kOperationsPerTransactionMax = 1'000;
// What execution costs, in operations: a key that is registered counts for its two curve computations besides.
constexpr std::size_t kKeyWeight = 2;
constexpr std::size_t kWeightPerTransactionMax = 3'000;
constexpr std::size_t kWeightPerBlockMax = 20'000;
constexpr std::size_t kSignaturesPerTransactionMax = 64;
constexpr std::size_t kBlockBytesMax = 4U << 20U;
constexpr std::size_t kTransactionsPerBlockMax = 5'000;
constexpr std::uint64_t kValidityWindowMsMax = 3'600'000;

// Text
constexpr std::size_t kIdentifierBytesMax = 64;
constexpr std::size_t kNameBytesMax = 512;
constexpr std::size_t kDescriptionBytesMax = 8'192;
constexpr std::size_t kReferenceBytesMax = 128;

// Consensus
constexpr std::size_t kValidatorsMax = 128;
constexpr std::size_t kUnfinalizedDepthMax = 64;  // notarized blocks above the last finalized one
constexpr std::size_t kSignatureBytesMax = 128;
constexpr std::uint64_t kFutureViewsMax = 16;  // votes and proposals kept above the current view
constexpr std::uint64_t kFetchViewsMax = 64;   // views asked for in one request
constexpr std::size_t kCertificateBytesMax = kValidatorsMax * 100 + 128;
constexpr std::uint64_t kFetchDepthMax =
    64;  // ancestors fetched one by one before catch-up takes over
constexpr std::uint64_t kViewMax = 1ULL
                                   << 62U;  // larger numbers are refused, so that sums cannot wrap

// State
constexpr std::size_t kStateKeyBytesMax = 255;
constexpr std::size_t kStateValueBytesMax = 64U << 10U;

// Assets and rights
constexpr std::size_t kOwnersMax = 64;
constexpr std::size_t kConstraintsMax = 16;
constexpr std::size_t kRightOperandsMax = 32;        // of one constraint
constexpr std::size_t kRightOperandsTotalMax = 128;  // of a list of constraints
constexpr std::size_t kDelegationDepthMax = 8;
constexpr std::size_t kAggregationInputsMax = 16;
constexpr std::size_t kProcessingStepsMax = 32;
constexpr std::size_t kOpenObjectionsMax = 16;
constexpr std::size_t kHolderGrantsMax = 64;          // live grants of one asset to one holder
constexpr std::size_t kGrantsPerPage = 32;            // of the list of an asset's grants
constexpr std::size_t kExclusiveScanGrantsMax = 128;  // looked at to decide exclusivity

// Network
constexpr std::size_t kWritesAnswerMax = 10'000;  // keys of one block named to a node that diverged
constexpr std::size_t kFrameBytesMax = kBlockBytesMax + (1U << 16U);
constexpr std::size_t kHttpHeaderBytesMax = 16U << 10U;
constexpr std::size_t kHttpBodyBytesMax = 2 * kTransactionBytesMax;
constexpr std::size_t kJsonDepthMax = 32;

}  // namespace sanquan::limits
