// Changed copies of a genuine message, for formats that a checksum or signature closes to blind mutation.
//
// The input is a list of edits of four bytes: position (big-endian), what to do, a byte. The target makes the checksum
// right again where a forger could.
#pragma once

#include "ledger/base/bytes.h"

namespace sanquan::fuzz {

// `original` with each edit of `edits` applied in turn; positions wrap around.
inline Bytes edited(ByteView original, ByteView edits) {
    Bytes result(original);
    for (; edits.size() >= 4 && !result.empty(); edits.remove_prefix(4)) {
        const auto at = [&](std::size_t i) { return static_cast<unsigned char>(edits[i]); };
        const std::size_t place = (at(0) * 256U + at(1)) % result.size();
        switch (at(2) % 4) {
            case 0:
                result[place] = edits[3];
                break;
            case 1:
                result.insert(place, 1, edits[3]);
                break;
            case 2:
                result.erase(place, at(3));
                break;
            default:
                result[place] =
                    static_cast<char>(at(3) ^ static_cast<unsigned char>(result[place]));
                break;
        }
    }
    return result;
}

}  // namespace sanquan::fuzz
