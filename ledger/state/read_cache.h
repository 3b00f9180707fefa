// ReadCache: remembers what a view answered, for as long as one block is executed.
//
// A block asks for the same few records again and again: roles, parameters, the exchange's keys.
// Deterministic and single-threaded; the parent must outlive it and must not change.
#pragma once

#include <map>
#include <optional>

#include "ledger/state/read_view.h"

namespace sanquan {

class ReadCache final : public ReadView {
  public:
    explicit ReadCache(const ReadView& parent) : parent_(parent) {}

    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override;

  private:
    // BOUND: answers kept; then it begins anew.
    static constexpr std::size_t kAnswersMax = 8'192;

    const ReadView& parent_;
    mutable std::map<Bytes, std::optional<Bytes>, std::less<>> answers_;
};

}  // namespace sanquan
