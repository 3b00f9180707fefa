// The state as it was after an earlier block, read from a later version's history.
//
// A read that history cannot answer says "absent" and is remembered, so that nobody takes the gap for a fact: ask
// failure() after the last read. Thread-safe.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "ledger/base/result.h"
#include "ledger/state/read_view.h"
#include "ledger/state/state_version.h"

namespace sanquan::node {

class PastView final : public ReadView {
  public:
    PastView(std::shared_ptr<const StateVersion> version, Height at)
        : version_(std::move(version)), at_(at) {}

    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override {
        auto value = version_->get_at(key, at_);
        if (!value) {
            const std::lock_guard lock(mutex_);
            failure_ = tl::unexpected(value.error());
            return std::nullopt;
        }
        return std::move(*value);
    }

    // The last read that could not be answered; kHistoryPruned, kIo, kCorrupt.
    [[nodiscard]] Status failure() const {
        const std::lock_guard lock(mutex_);
        return failure_;
    }

  private:
    std::shared_ptr<const StateVersion> version_;
    Height at_;
    mutable std::mutex mutex_;
    mutable Status failure_;
};

}  // namespace sanquan::node
