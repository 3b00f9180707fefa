// Goal: hashes are the standard ones and domains cannot be confused. Method: published digests,
// near misses.
#include "ledger/crypto/digest.h"

#include "tests/support/catch.h"

namespace sanquan {
namespace {

TEST_CASE("hashes of \"abc\" are the published ones", "[crypto][digest]") {
    // FIPS 180-4 example; GB/T 32905-2016, A.1
    CHECK(hash(HashAlgorithm::kSha256, {"abc"}).hex() ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hash(HashAlgorithm::kSm3, {"abc"}).hex() ==
          "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    CHECK(hash(HashAlgorithm::kSm3, {"a", "", "bc"}) == hash(HashAlgorithm::kSm3, {"abc"}));
}

TEST_CASE("a domain digest differs by type, chain and body", "[crypto][digest]") {
    const ChainId chain{hash(HashAlgorithm::kSha256, {"one"}).octets};
    const ChainId other{hash(HashAlgorithm::kSha256, {"two"}).octets};
    const auto digest = domain_digest(HashAlgorithm::kSha256, "vote", chain, "body");
    CHECK(digest != domain_digest(HashAlgorithm::kSha256, "transaction", chain, "body"));
    CHECK(digest != domain_digest(HashAlgorithm::kSha256, "vote", other, "body"));
    CHECK(digest != domain_digest(HashAlgorithm::kSha256, "vote", chain, "body2"));
    CHECK(digest == hash(HashAlgorithm::kSha256, {domain_message("vote", chain, "body")}));
}

}  // namespace
}  // namespace sanquan
