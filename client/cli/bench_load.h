// Load for `sanquan bench`: many transactions at once, or few at a light and even rate.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
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

// Which transaction may be sent next when number k and number k + `period` trade the same assets:
// the later one waits for the answer to the earlier, whatever order answers come in.
class Rotation {
  public:
    Rotation(std::size_t transactions, std::size_t period);

    // The lowest number whose assets rest; nothing when all that are left wait for an answer.
    std::optional<std::size_t> next();
    void answered(std::size_t number);

  private:
    std::size_t transactions_;
    std::size_t period_;
    std::set<std::size_t> ready_;
};

struct LoadShape {
    std::size_t transactions = 1;
    std::size_t connections = 1;
    std::size_t period = 1;  // of Rotation; no more than so many are under way at once
};

// Signs everything first, then sends with many under way at once; the clock runs from the first
// byte sent to the last answer "final".
Result<LoadResult> run_load(const std::vector<client::NodeAddress>& nodes,
                            const MakeTransaction& make, const LoadShape& shape);

// Milliseconds from sending to the answer, ascending; one transaction at a time, `per_second` of
// them.
Result<std::vector<double>> run_light(client::LedgerClient& ledger, const MakeTransaction& make,
                                      client::Stage stage, std::size_t transactions,
                                      std::size_t per_second);

// Signatures of 300-byte messages that so many cores verify a second, each of them, all at work at once for half a
// second: a core alone is faster than one beside busy ones, and a network under load keeps all of them busy.
double signature_ceiling(unsigned cores);

// The value below which `share` (0 to 1) of the ascending `values` lie; 0 for none.
double percentile(const std::vector<double>& values, double share);

}  // namespace sanquan::cli
