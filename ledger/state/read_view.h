// ReadView: the state as contracts see it, a function from keys to values.
//
// Keys are 1 to limits::kStateKeyBytesMax bytes, ordered as unsigned bytes; values at most
// limits::kStateValueBytesMax. Implementations: Overlay (writes of a block in progress),
// StateVersion (a block's result), and fakes in tests.
#pragma once

#include <functional>
#include <map>
#include <optional>

#include "ledger/base/bytes.h"

namespace sanquan {

// What a block writes: key to new value, or to nothing when the key is deleted.
using StateWrites = std::map<Bytes, std::optional<Bytes>, std::less<>>;

class ReadView {
  public:
    ReadView() = default;
    ReadView(const ReadView&) = default;
    ReadView& operator=(const ReadView&) = default;
    virtual ~ReadView() = default;

    // The value of `key`, or nothing when the key is absent.
    [[nodiscard]] virtual std::optional<Bytes> get(ByteView key) const = 0;
};

}  // namespace sanquan
