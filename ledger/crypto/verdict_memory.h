// VerdictMemory: remembers which signatures were already checked, so that a node checks each once
// (D2).
//
// A verdict is keyed by a digest of key, message and signature, all three: a memory keyed by less
// would let a verdict on one content pass for another (CVE-2025-59941). Bounded by two generations:
// when the young one is full the old one is dropped. Thread-safe.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "ledger/base/ids.h"
#include "ledger/crypto/signature.h"

namespace sanquan {

using VerdictKey = TypedDigest<struct VerdictKeyTag>;

// SHA-256 over the length-framed key, message and signature.
VerdictKey verdict_key(const PublicKey& key, ByteView message, ByteView signature);

class VerdictMemory {
  public:
    // Holds between `verdicts_max` / 2 and `verdicts_max` of the latest verdicts (at least 2);
    // about 50 bytes each.
    explicit VerdictMemory(std::size_t verdicts_max);
    ~VerdictMemory();
    VerdictMemory(const VerdictMemory&) = delete;
    VerdictMemory& operator=(const VerdictMemory&) = delete;

    // The remembered verdict: kOk, kSigInvalid or kKeyInvalid; nothing when it is not known.
    [[nodiscard]] std::optional<Code> find(const VerdictKey& key);
    void remember(const VerdictKey& key, Code verdict);

    // verify() of signature.h, answered from memory where possible.
    Status verify(const PublicKey& key, ByteView message, ByteView signature);

    struct Counters {
        std::uint64_t hits = 0;
        std::uint64_t misses = 0;
    };
    [[nodiscard]] Counters counters() const;
    [[nodiscard]] std::size_t size() const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace sanquan
