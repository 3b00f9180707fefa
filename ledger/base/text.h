// What text the ledger takes: well-formed UTF-8 and, in names, nothing that a reader cannot see.
//
// Names decide who is meant, so two names that look alike because one holds a zero-width or bidirectional control are
// refused. Nothing is normalised: what was signed is what is stored (D1). Ideographs of every plane are welcome.
#pragma once

#include <cstddef>
#include <string_view>

#include "ledger/base/bytes.h"
#include "ledger/base/limits.h"
#include "ledger/base/result.h"

namespace sanquan {

// Whether `bytes` are well-formed UTF-8 (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF); kBadUtf8.
Status check_utf8(ByteView bytes);

// A name or title: 1 to `bytes_max` bytes on one line, no control, format, private-use or unassignable character, no
// space but U+0020 and none at either end; kBadUtf8, kBadText, kTooLong.
Status check_name(std::string_view text, std::size_t bytes_max = limits::kNameBytesMax);

// A description: 0 to `bytes_max` bytes; as check_name, but line feeds, tabs, every kind of space, joiners (U+200C,
// U+200D) and variation selectors are taken, since scripts and emoji need them; kBadUtf8, kBadText, kTooLong.
Status check_free_text(std::string_view text, std::size_t bytes_max = limits::kDescriptionBytesMax);

}  // namespace sanquan
