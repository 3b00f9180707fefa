// Goal: a remembered verdict answers for exactly the same key, message and signature. Method:
// change each, move bytes between them, fill past the bound, use it from several threads.
#include "ledger/crypto/verdict_memory.h"

#include <thread>
#include <vector>

#include "ledger/crypto/signing_key.h"
#include "tests/support/catch.h"

namespace sanquan {
namespace {

TEST_CASE("the key covers key, message and signature", "[crypto][verdict_memory]") {
    const PublicKey key{KeyAlgorithm::kEd25519, "key"};
    const VerdictKey known = verdict_key(key, "message", "signature");
    CHECK(known == verdict_key(key, "message", "signature"));
    CHECK(known != verdict_key({KeyAlgorithm::kSm2, "key"}, "message", "signature"));
    CHECK(known != verdict_key({KeyAlgorithm::kEd25519, "kez"}, "message", "signature"));
    CHECK(known != verdict_key(key, "massage", "signature"));
    CHECK(known != verdict_key(key, "message", "signaturf"));
    // The same bytes cut elsewhere.
    CHECK(known != verdict_key({KeyAlgorithm::kEd25519, "keys"}, "message", "ignature"));
    CHECK(known != verdict_key(key, "emessage", "signatur"));
}

TEST_CASE("verdicts are remembered, good and bad", "[crypto][verdict_memory]") {
    VerdictMemory memory(100);
    const SigningKey key = SigningKey::generate();
    const Bytes signature = key.sign("message");
    CHECK(memory.verify(key.public_key(), "message", signature));
    CHECK(memory.verify(key.public_key(), "message", signature));
    CHECK(memory.counters().hits == 1);
    CHECK(memory.verify(key.public_key(), "other", signature).error().code == Code::kSigInvalid);
    CHECK(memory.verify(key.public_key(), "other", signature).error().code == Code::kSigInvalid);
    CHECK(memory.counters().hits == 2);
    CHECK(memory.counters().misses == 2);
}

TEST_CASE("the memory is bounded and keeps the latest", "[crypto][verdict_memory]") {
    VerdictMemory memory(64);
    const PublicKey key{KeyAlgorithm::kEd25519, "key"};
    const auto entry = [&](int i) { return verdict_key(key, std::to_string(i), "signature"); };
    for (int i = 0; i < 1'000; ++i) {
        memory.remember(entry(i), Code::kOk);
        CHECK(memory.size() <= 64);
    }
    for (int i = 1'000 - 32; i < 1'000; ++i) {
        CHECK(memory.find(entry(i)) == Code::kOk);
    }
    CHECK_FALSE(memory.find(entry(0)));
}

TEST_CASE("threads share the memory", "[crypto][verdict_memory]") {
    VerdictMemory memory(1'000);
    const PublicKey key{KeyAlgorithm::kEd25519, "key"};
    std::vector<std::thread> threads;
    for (int worker = 0; worker < 4; ++worker) {
        threads.emplace_back([&memory, &key, worker] {
            for (int i = 0; i < 2'000; ++i) {
                const auto entry = verdict_key(key, std::to_string(i * worker), "signature");
                memory.remember(entry, Code::kOk);
                (void)memory.find(entry);
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    CHECK(memory.size() <= 1'000);
}

}  // namespace
}  // namespace sanquan
