// Goal: a vote-log record has one encoding. Method: what is accepted encodes to itself.
#include "consensus/record_codec.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = sanquan::fuzz::input(data, size);
    if (const auto record = sanquan::consensus::decode_record(bytes)) {
        REQUIRE_THAT(sanquan::consensus::encode_record(*record) == bytes);
    }
    return 0;
}
