// Blocks that must be executed and are not here: which of them to ask whom for, and when.
//
// The replica asks for a certified block until it knows its header, once. A block that went from memory after that
// (block_memory.h), or never came, is asked for here, of one validator after the other, less and less often. Owned by the
// effects runner; single-threaded.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/base/limits.h"

namespace sanquan::node {

class MissingBlocks {
  public:
    using Clock = std::chrono::steady_clock;
    // The replica's own question goes first.
    static constexpr auto kFirstWait = std::chrono::milliseconds(500);
    static constexpr auto kLongestWait = std::chrono::seconds(8);
    static constexpr std::size_t kAtOnceMax = 16;
    // Nothing that is to be executed stands further above the last final block.
    static constexpr std::uint64_t kReach = 4 * limits::kFetchDepthMax;

    struct Question {
        BlockDigest digest;
        std::uint32_t turn = 0;  // how often it was asked for before
    };

    // `digest` is to be executed; `head` is final.
    void add(const BlockDigest& digest, Height head, Clock::time_point now);
    // It is here; whether it was missing.
    bool arrived(const BlockDigest& digest) { return blocks_.erase(digest) > 0; }
    // What to ask for now; asked for again after a longer wait.
    std::vector<Question> due(Clock::time_point now);
    // What was far above what was final then is decided by now.
    void forget_final(Height height);

    [[nodiscard]] std::size_t size() const { return blocks_.size(); }

  private:
    struct Missing {
        Height head;
        Clock::time_point next;
        Clock::duration wait;
        std::uint32_t turn = 0;
    };
    std::map<BlockDigest, Missing> blocks_;
};

}  // namespace sanquan::node
