// Goal: a genesis file is refused or complete. Method: what is accepted has validators and gives a header.
#include "ledger/model/genesis.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto genesis = sanquan::decode_genesis(sanquan::fuzz::input(data, size));
    if (genesis) {
        REQUIRE_THAT(!sanquan::genesis_validators(*genesis).validators.empty());
        REQUIRE_THAT(sanquan::genesis_header(*genesis).height == sanquan::Height{});
    }
    return 0;
}
