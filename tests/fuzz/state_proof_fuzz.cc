// Goal: no bytes prove anything about a state that nobody has. Method: proofs are decoded and re-encoded, and judged
// against a root without preimage.
#include "ledger/proof/state_proof.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr auto kHash = sanquan::HashAlgorithm::kSha256;
    const auto bytes = sanquan::fuzz::input(data, size);
    const sanquan::StateRoot root{};
    const sanquan::Height height{7};
    REQUIRE_THAT(!sanquan::verify_held(kHash, root, "key", bytes).has_value());
    REQUIRE_THAT(!sanquan::verify_absent(kHash, root, "key", bytes).has_value());
    REQUIRE_THAT(!sanquan::verify_held_at(kHash, root, height, "key", height, bytes).has_value());
    REQUIRE_THAT(!sanquan::verify_absent_at(kHash, root, height, "key", height, bytes).has_value());
    if (const auto proof = sanquan::decode_state_proof(bytes)) {
        REQUIRE_THAT(sanquan::encode_state_proof(*proof) == bytes);
    }
    return 0;
}
