// Goal: a damaged state log is reported, never misread. Method: headers and entries are parsed from any bytes; an entry
// that is accepted lies within them.
#include "ledger/state/log_entry.h"
#include "ledger/state/record_format.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = sanquan::fuzz::input(data, size);
    if (const auto header = sanquan::parse_record_header(bytes)) {
        REQUIRE_THAT(header->body_bytes <= sanquan::kRecordBodyBytesMax);
    }
    (void)sanquan::parse_body_head(bytes);
    if (sanquan::parse_log_entry(bytes)) {
        REQUIRE_THAT(sanquan::log_entry_bytes(bytes).value() <= size);
    }
    return 0;
}
