// Goal: headers, blocks and validator sets have one encoding each. Method: what is accepted encodes to itself.
#include "ledger/model/block.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = sanquan::fuzz::input(data, size);
    if (const auto header = sanquan::decode_header(bytes)) {
        REQUIRE_THAT(sanquan::encode_header(*header) == bytes);
    }
    if (const auto set = sanquan::decode_validator_set(bytes)) {
        REQUIRE_THAT(sanquan::encode_validator_set(*set) == bytes);
    }
    if (const auto block = sanquan::decode_block(sanquan::Bytes(bytes), sanquan::Chain{})) {
        REQUIRE_THAT(block->raw == bytes);
    }
    return 0;
}
