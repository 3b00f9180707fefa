// The tests' way to make Verified<T> without checking a signature.
#pragma once

#include <utility>

#include "consensus/message.h"

namespace sanquan::consensus {

struct VerifiedAccess {
    template <typename T>
    static Verified<T> make(T value) {
        return Verified<T>(std::move(value));
    }
};

}  // namespace sanquan::consensus
