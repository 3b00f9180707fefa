// Load for `sanquan bench`: many transactions at once, or few at a light and even rate.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "client/lib/bulk_submitter.h"
#include "client/lib/ledger_client.h"
#include "client/lib/transaction_builder.h"

namespace sanquan::cli {

using MakeTransaction = std::function<Result<client::SignedTransaction>()>;

struct LoadResult {
    std::uint64_t accepted = 0;
    std::uint64_t failed = 0;
    double seconds = 0;
    std::string failure;  // the last one
};

// Signs everything first, then sends with `connections` under way at once; the clock runs from the
// first byte sent to the last answer "final".
Result<LoadResult> run_load(const std::vector<client::NodeAddress>& nodes,
                            const MakeTransaction& make, std::size_t transactions,
                            std::size_t connections);

// Milliseconds from sending to the answer, ascending; one transaction at a time, `per_second` of
// them.
Result<std::vector<double>> run_light(client::LedgerClient& ledger, const MakeTransaction& make,
                                      client::Stage stage, std::size_t transactions,
                                      std::size_t per_second);

// Signatures of 300-byte messages that one core verifies a second, over half a second.
double signature_ceiling();

// The value below which `share` (0 to 1) of the ascending `values` lie; 0 for none.
double percentile(const std::vector<double>& values, double share);

}  // namespace sanquan::cli
