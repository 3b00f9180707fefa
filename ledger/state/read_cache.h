// ReadCache: remembers what a view answered, for as long as one block is executed.
//
// A block asks for the same few records again and again: roles, parameters, the exchange's keys.
// Deterministic and single-threaded; the parent must outlive it and must not change.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ledger/state/read_view.h"

namespace sanquan {

class ReadCache final : public ReadView {
  public:
    explicit ReadCache(const ReadView& parent);

    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override;

  private:
    // BOUND: answers kept; then it begins anew. Half of the places at most are taken, so that one is found soon.
    static constexpr std::size_t kAnswersMax = 8'192;
    static constexpr std::size_t kPlaces = 2 * kAnswersMax;

    struct Answer {
        std::uint64_t hash = 0;
        Bytes key;
        std::optional<Bytes> value;
    };

    const ReadView& parent_;
    // Looked up by key alone, never gone through in an order that the hash decides.
    mutable std::vector<Answer> answers_;
    mutable std::vector<std::uint16_t> places_;  // by hash: 1 + index into answers_; 0: free
};

}  // namespace sanquan
