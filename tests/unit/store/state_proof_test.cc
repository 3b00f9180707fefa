// Goal: every true claim about the present and the past has a proof that verifies, no false claim
// has one, and no changed proof verifies. Method: a random history with deletions, re-creations and
// floor moves; claims are checked against a list of maps, one per height; then proofs are mutated
// byte by byte, field by field and at random.
#include "ledger/proof/state_proof.h"

#include <random>

#include "ledger/state/read_meter.h"
#include "ledger/store/memory_kv_store.h"
#include "ledger/store/state_store.h"
#include "tests/support/catch.h"
#include "tests/support/virtual_disk.h"

namespace sanquan {
namespace {

using tests::VirtualDisk;
using Values = std::map<Bytes, Bytes>;
constexpr auto kHash = HashAlgorithm::kSha256;

Bytes key_of(std::uint64_t number) { return "key/" + std::to_string(number); }

// A chain of random blocks: enough entries that several twigs fill and the floor moves.
struct History {
    History() {
        StateOptions options;
        options.tombstones = std::make_shared<MemoryKvStore>();
        store = *StateStore::open(disk, "/state", options);
        std::mt19937_64 random(11);
        Values values;
        past.push_back(values);
        for (std::uint64_t height = 1; height <= 120; ++height) {
            StateWrites writes;
            for (int i = 0; i < 60; ++i) {
                const Bytes key = key_of(random() % 300);
                if (random() % 3 == 0) {
                    writes[key] = std::nullopt;
                    values.erase(key);
                } else {
                    writes[key] = values[key] = "v" + std::to_string(random() % 1'000);
                }
            }
            const auto version = store->extend(store->head(), Height{height}, writes);
            REQUIRE(version.has_value());
            REQUIRE(store->commit(*version));
            past.push_back(values);
        }
    }
    VirtualDisk disk;
    std::unique_ptr<StateStore> store;
    std::vector<Values> past;  // [height]
};

History& history() {
    static History instance;
    return instance;
}

TEST_CASE("claims about the present", "[state][proof]") {
    const auto version = history().store->snapshot();
    const Values& now = history().past.back();
    for (std::uint64_t i = 0; i < 310; ++i) {
        const Bytes key = key_of(i);
        const auto found = now.find(key);
        const auto held = version->prove_held(key);
        const auto absent = version->prove_absent(key);
        REQUIRE(held.has_value() == (found != now.end()));
        REQUIRE(absent.has_value() == (found == now.end()));
        if (held) {
            const auto shown = verify_held(kHash, version->root(), key, *held);
            REQUIRE(shown.has_value());
            REQUIRE(shown->value == found->second);
            REQUIRE_FALSE(verify_held(kHash, version->root(), key_of(i + 1), *held));
            REQUIRE_FALSE(verify_absent(kHash, version->root(), key, *held));
            REQUIRE(held->size() < 1'300);
        } else {
            REQUIRE(verify_absent(kHash, version->root(), key, *absent));
            REQUIRE_FALSE(verify_held(kHash, version->root(), key, *absent));
        }
    }
    CHECK(version->prove_held("").error().code == Code::kBadLength);
    CHECK(version->prove_absent(Bytes(256, 'a')).error().code == Code::kBadLength);
}

TEST_CASE("claims about the past", "[state][proof]") {
    const auto version = history().store->snapshot();
    const StateRoot& root = version->root();
    const Height top = version->height();
    for (std::uint64_t at = 0; at <= top.value; at += 7) {
        for (std::uint64_t i = 0; i < 305; i += 3) {
            const Bytes key = key_of(i);
            const Values& then = history().past[at];
            const auto found = then.find(key);
            const auto value = version->get_at(key, Height{at});
            INFO(key << " at " << at << (value ? "" : to_string(value.error())));
            REQUIRE(value.has_value());
            REQUIRE(value->value_or("absent") == (found == then.end() ? "absent" : found->second));
            if (found != then.end()) {
                const auto proof = version->prove_held_at(key, Height{at});
                REQUIRE(proof.has_value());
                REQUIRE(version->prove_absent_at(key, Height{at}).error().code == Code::kNotFound);
                const auto shown = verify_held_at(kHash, root, top, key, Height{at}, *proof);
                REQUIRE(shown.has_value());
                REQUIRE(shown->value == found->second);
                REQUIRE(shown->since <= Height{at});
            } else {
                const auto proof = version->prove_absent_at(key, Height{at});
                REQUIRE(proof.has_value());
                REQUIRE(version->prove_held_at(key, Height{at}).error().code == Code::kNotFound);
                REQUIRE(verify_absent_at(kHash, root, top, key, Height{at}, *proof));
            }
        }
    }
}

// Many keys that are younger than the height in question: none of them may cost a step.
TEST_CASE("absence before a great load of younger keys is proven in few steps", "[state][proof]") {
    VirtualDisk disk;
    StateOptions options;
    options.tombstones = std::make_shared<MemoryKvStore>();
    const auto store = *StateStore::open(disk, "/state", options);
    const auto commit = [&](std::uint64_t height, const StateWrites& writes) {
        const auto version = store->extend(store->head(), Height{height}, writes);
        REQUIRE(version.has_value());
        REQUIRE(store->commit(*version));
    };
    commit(1, {{"asset/a", "1"}, {"asset/b", "2"}, {"asset/m", "3"}, {"other", "4"}});
    commit(2, {{"asset/m", std::nullopt}});
    constexpr std::uint64_t kYoung = 12'000;
    for (std::uint64_t height = 3; height < 15; ++height) {
        StateWrites writes;
        for (std::uint64_t i = 0; i < kYoung / 12; ++i) {
            writes["asset/c" + std::to_string(height * kYoung + i)] = "young";
        }
        commit(height, writes);
    }
    const auto version = store->snapshot();
    for (const auto& [key, at] : std::vector<std::pair<Bytes, Height>>{{"asset/zzzz", Height{1}},
                                                                       {"asset/zzzz", Height{2}},
                                                                       {"asset/m", Height{2}},
                                                                       {"asset/c999", Height{1}},
                                                                       {"asset/b0", Height{1}}}) {
        const ReadAllowance allowance(200);
        const auto proof = version->prove_absent_at(key, at);
        INFO(key << " at " << at.value << (proof ? "" : to_string(proof.error())));
        REQUIRE(proof.has_value());
        CHECK(verify_absent_at(kHash, version->root(), version->height(), key, at, *proof));
    }
    CHECK(version->prove_absent_at("asset/m", Height{1}).error().code == Code::kNotFound);
    const ReadAllowance allowance(3);
    const auto refused = version->prove_absent_at("asset/zzzz", Height{2});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::kTooLong);
    CHECK(allowance.bytes() > 0);
}

TEST_CASE("a proof of one time shows nothing of another", "[state][proof]") {
    const auto version = history().store->snapshot();
    const Height top = version->height();
    std::size_t refused = 0;
    for (std::uint64_t i = 0; i < 300; i += 11) {
        const Bytes key = key_of(i);
        for (std::uint64_t at = 5; at <= 115; at += 10) {
            const bool held = history().past[at].contains(key);
            const auto proof = held ? version->prove_held_at(key, Height{at})
                                    : version->prove_absent_at(key, Height{at});
            REQUIRE(proof.has_value());
            for (std::uint64_t other = 1; other <= 120; ++other) {
                const Values& then = history().past[other];
                const auto found = then.find(key);
                if (held) {
                    const auto shown =
                        verify_held_at(kHash, version->root(), top, key, Height{other}, *proof);
                    REQUIRE((!shown || (found != then.end() && found->second == shown->value)));
                    refused += shown ? 0U : 1U;
                } else {
                    const Status shown =
                        verify_absent_at(kHash, version->root(), top, key, Height{other}, *proof);
                    REQUIRE((!shown || found == then.end()));
                    refused += shown ? 0U : 1U;
                }
            }
            const Height ahead{121};
            REQUIRE_FALSE(verify_held_at(kHash, version->root(), top, key, ahead, *proof));
            REQUIRE_FALSE(verify_absent_at(kHash, version->root(), top, key, ahead, *proof));
        }
    }
    CHECK(refused > 1'000);
}

struct Case {
    StateClaim claim;
    Bytes key;
    Height at;
    Bytes proof;
};

std::vector<Case> cases() {
    const auto version = history().store->snapshot();
    const Values& now = history().past.back();
    const Values& then = history().past[60];
    std::vector<Case> all;
    for (std::uint64_t i = 0; all.size() < 24; ++i) {
        const Bytes key = key_of(i);
        const Height at{60};
        if (now.contains(key)) {
            all.push_back({StateClaim::kHeld, key, at, *version->prove_held(key)});
        } else {
            all.push_back({StateClaim::kAbsent, key, at, *version->prove_absent(key)});
        }
        if (then.contains(key)) {
            all.push_back({StateClaim::kHeldAt, key, at, *version->prove_held_at(key, at)});
        } else {
            all.push_back({StateClaim::kAbsentAt, key, at, *version->prove_absent_at(key, at)});
        }
    }
    return all;
}

bool holds(const Case& claim, ByteView proof) {
    const auto version = history().store->head();
    const StateRoot& root = version->root();
    const Height top = version->height();
    switch (claim.claim) {
        case StateClaim::kHeld:
            return verify_held(kHash, root, claim.key, proof).has_value();
        case StateClaim::kAbsent:
            return verify_absent(kHash, root, claim.key, proof).has_value();
        case StateClaim::kHeldAt:
            return verify_held_at(kHash, root, top, claim.key, claim.at, proof).has_value();
        case StateClaim::kAbsentAt:
            return verify_absent_at(kHash, root, top, claim.key, claim.at, proof).has_value();
    }
    return false;
}

TEST_CASE("every changed byte and every cut is refused", "[state][proof]") {
    std::size_t mutants = 0;
    for (const Case& claim : cases()) {
        REQUIRE(holds(claim, claim.proof));
        for (std::size_t i = 0; i < claim.proof.size(); ++i) {
            for (const unsigned change : {1U, 0x80U, 0xFFU}) {
                Bytes mutant = claim.proof;
                mutant[i] = static_cast<char>(static_cast<std::uint8_t>(mutant[i]) ^ change);
                ++mutants;
                REQUIRE_FALSE(holds(claim, mutant));
            }
            REQUIRE_FALSE(holds(claim, ByteView(claim.proof).substr(0, i)));
        }
        REQUIRE_FALSE(holds(claim, claim.proof + '\0'));
    }
    CHECK(mutants > 60'000);
}

TEST_CASE("a hundred thousand structured mutants are refused", "[state][proof]") {
    const std::vector<Case> all = cases();
    std::mt19937_64 random(5);
    const auto other_digest = [&](Digest& digest, const StateProof& donor) {
        switch (random() % 3) {
            case 0:
                digest = donor.place.path[random() % kTwigDepth];
                break;
            case 1:
                digest = Digest{};
                break;
            default:
                digest.octets[random() % 32] ^= static_cast<std::uint8_t>(1U << random() % 8);
        }
    };
    std::size_t refused = 0;
    for (std::size_t i = 0; i < 100'000; ++i) {
        const Case& claim = all[random() % all.size()];
        StateProof proof = *decode_state_proof(claim.proof);
        const StateProof donor = *decode_state_proof(all[random() % all.size()].proof);
        StatePlace& place = proof.follower && random() % 2 == 0 ? *proof.follower : proof.place;
        switch (random() % 11) {
            case 0:
                place.position = random() % proof.entries;
                break;
            case 1:
                place.position ^= std::uint64_t{1} << (random() % 12);
                break;
            case 2:
                proof.entries += random() % 5'000;
                break;
            case 3:
                proof.floor ^= random() % 8;
                break;
            case 4:
                place.head = donor.place.head;
                break;
            case 5:
                place.value += "x";
                place.value_digest.octets[0] ^= 1;
                break;
            case 6:
                place.bitmap[random() % kBitmapBytes] ^=
                    static_cast<std::uint8_t>(1U << random() % 8);
                break;
            case 7:
                other_digest(place.path[random() % kTwigDepth], donor);
                break;
            case 8:
                if (!place.upper_path.empty()) {
                    other_digest(place.upper_path[random() % place.upper_path.size()], donor);
                }
                break;
            case 9:
                proof.follower = proof.follower ? std::nullopt : std::optional(donor.place);
                break;
            default:
                proof.claim = static_cast<StateClaim>(1 + random() % 4);
        }
        if (proof.claim == StateClaim::kHeld || proof.claim == StateClaim::kAbsent) {
            proof.follower.reset();
        }
        proof.place.upper_path.resize(upper_depth(twig_count(proof.entries)));
        const Bytes mutant = encode_state_proof(proof);
        if (mutant != claim.proof) {
            REQUIRE_FALSE(holds(claim, mutant));
            ++refused;
        }
    }
    CHECK(refused > 90'000);
}

TEST_CASE("a forger without the tree finds no proof", "[state][proof]") {
    // Entries that look right but were never appended: each field as the claim wants it, over the
    // true paths.
    for (const Case& claim : cases()) {
        StateProof proof = *decode_state_proof(claim.proof);
        EntryHead head;
        head.key = claim.key;
        head.height = Height{1};
        head.since = Height{1};
        proof.claim = StateClaim::kHeld;
        proof.follower.reset();
        proof.place.head.clear();
        append_head(proof.place.head, head);
        proof.place.value = "mine";
        REQUIRE_FALSE(
            verify_held(kHash, history().store->root(), claim.key, encode_state_proof(proof)));
    }
}

}  // namespace
}  // namespace sanquan
