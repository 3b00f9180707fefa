// Goal: a configuration is refused with a place, or taken; never a crash. Method: any text; a refusal names the file.
#include "node/config.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = sanquan::fuzz::input(data, size);
    const auto config = sanquan::node::parse_config(text, "/fuzz/node.toml");
    if (!config) {
        REQUIRE_THAT(config.error().context.find("node.toml") != std::string::npos);
    }
    (void)sanquan::node::parse_endpoint(text);
    return 0;
}
