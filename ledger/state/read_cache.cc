#include "ledger/state/read_cache.h"

#include "ledger/proof/big_endian.h"

namespace sanquan {
namespace {

// Spreads keys over the places; what it gives is seen nowhere else. Who makes keys that collide makes look-ups walk, at
// most over kAnswersMax numbers.
std::uint64_t spread(ByteView key) {
    std::uint64_t hash = key.size();
    for (; key.size() >= 8; key.remove_prefix(8)) {
        hash = (hash ^ load_u64(key)) * 0x9E37'79B9'7F4A'7C15U;
        hash ^= hash >> 29U;
    }
    for (const char octet : key) {
        hash = (hash ^ static_cast<unsigned char>(octet)) * 0x9E37'79B9'7F4A'7C15U;
    }
    return hash ^ (hash >> 32U);
}

}  // namespace

ReadCache::ReadCache(const ReadView& parent) : parent_(parent), places_(kPlaces) {}

std::optional<Bytes> ReadCache::get(ByteView key) const {
    const std::uint64_t hash = spread(key);
    std::size_t place = hash % kPlaces;
    for (; places_[place] != 0; place = (place + 1) % kPlaces) {
        const Answer& known = answers_[places_[place] - 1U];
        if (known.hash == hash && known.key == key) {
            return known.value;
        }
    }
    if (answers_.size() >= kAnswersMax) {
        answers_.clear();
        places_.assign(kPlaces, 0);
        place = hash % kPlaces;
    }
    answers_.push_back({hash, Bytes(key), parent_.get(key)});
    places_[place] = static_cast<std::uint16_t>(answers_.size());
    return answers_.back().value;
}

}  // namespace sanquan
