#include "ledger/crypto/verdict_memory.h"

#include <cstring>
#include <mutex>
#include <unordered_map>

#include "ledger/crypto/digest.h"
#include "ledger/crypto/random.h"

namespace sanquan {
namespace {

std::array<char, 8> length_octets(std::size_t length) {
    std::array<char, 8> octets{};
    for (std::size_t i = 0; i < octets.size(); ++i) {
        octets[i] = static_cast<char>(static_cast<std::uint8_t>(length >> (8 * i)));
    }
    return octets;
}

// SECURITY: salted, because senders choose the digests and could grind many into one bucket.
struct SaltedHash {
    std::uint64_t salt;
    std::size_t operator()(const VerdictKey& key) const {
        std::uint64_t word = 0;
        std::memcpy(&word, key.octets.data(), sizeof(word));
        word = (word ^ salt) * 0x9e3779b97f4a7c15U;
        return word ^ (word >> 32U);
    }
};

using Generation = std::unordered_map<VerdictKey, Code, SaltedHash>;

}  // namespace

VerdictKey verdict_key(const PublicKey& key, ByteView message, ByteView signature) {
    const auto tag = static_cast<char>(key.algorithm);
    const auto key_length = length_octets(key.bytes.size());
    const auto signature_length = length_octets(signature.size());
    return VerdictKey::from(
        hash(HashAlgorithm::kSha256,
             {ByteView(&tag, 1), ByteView(key_length.data(), key_length.size()), key.bytes,
              ByteView(signature_length.data(), signature_length.size()), signature, message}));
}

struct VerdictMemory::State {
    explicit State(std::size_t verdicts_max)
        : generation_max(verdicts_max < 2 ? 1 : verdicts_max / 2),
          young(0, SaltedHash{random_number()}),
          old(0, young.hash_function()) {}

    const std::size_t generation_max;
    mutable std::mutex mutex;
    Generation young;  // protected by mutex, as all below
    Generation old;
    Counters counters;

    std::optional<Code> find(const VerdictKey& key) {
        for (const Generation* generation : {&young, &old}) {
            if (const auto found = generation->find(key); found != generation->end()) {
                return found->second;
            }
        }
        return std::nullopt;
    }
};

VerdictMemory::VerdictMemory(std::size_t verdicts_max)
    : state_(std::make_unique<State>(verdicts_max)) {}
VerdictMemory::~VerdictMemory() = default;

std::optional<Code> VerdictMemory::find(const VerdictKey& key) {
    const std::lock_guard lock(state_->mutex);
    const auto verdict = state_->find(key);
    ++(verdict ? state_->counters.hits : state_->counters.misses);
    return verdict;
}

void VerdictMemory::remember(const VerdictKey& key, Code verdict) {
    const std::lock_guard lock(state_->mutex);
    if (state_->young.size() >= state_->generation_max) {
        state_->old.swap(state_->young);
        state_->young.clear();
    }
    state_->young.insert_or_assign(key, verdict);
}

Status VerdictMemory::verify(const PublicKey& key, ByteView message, ByteView signature) {
    const VerdictKey digest = verdict_key(key, message, signature);
    if (const auto known = find(digest)) {
        return *known == Code::kOk ? Status() : Status(fail(*known));
    }
    Status verdict = sanquan::verify(key, message, signature);
    remember(digest, verdict ? Code::kOk : verdict.error().code);
    return verdict;
}

VerdictMemory::Counters VerdictMemory::counters() const {
    const std::lock_guard lock(state_->mutex);
    return state_->counters;
}

std::size_t VerdictMemory::size() const {
    const std::lock_guard lock(state_->mutex);
    return state_->young.size() + state_->old.size();
}

}  // namespace sanquan
