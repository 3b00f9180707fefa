// StateModel: the rules of design D6 written down naively, as an oracle: a list of all entries,
// everything recomputed.
//
// Shares only the hash function with the product.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "ledger/crypto/digest.h"
#include "ledger/state/read_view.h"

namespace sanquan::tests {

class StateModel {
  public:
    StateModel(HashAlgorithm hash, std::uint64_t reappends) : hash_(hash), reappends_(reappends) {
        entries_.push_back({1, 0, 0, kNone, "", "", "", true});
    }

    void apply(std::uint64_t height, const StateWrites& writes) {
        const std::map<Bytes, Bytes> before = values_;
        for (const auto& [key, value] : writes) {
            value ? void(values_[key] = *value) : void(values_.erase(key));
        }
        std::map<Bytes, bool> touched;  // key to "written"
        for (const auto& [key, value] : writes) {
            const bool was = before.contains(key);
            if (value || was) {
                touched[key] = true;
            }
            if (was != value.has_value()) {
                touched.emplace(predecessor(key), false);
            }
        }
        for (const auto& [key, written] : touched) {
            append(height, key, written);
        }
        move_floor(height, touched.size());
    }

    [[nodiscard]] const std::map<Bytes, Bytes>& values() const { return values_; }

    [[nodiscard]] StateRoot root() const {
        std::vector<Digest> twigs;
        for (std::size_t first = 0; first < entries_.size(); first += 2048) {
            std::vector<Digest> leaves(2048);
            Bytes bitmap(256, '\0');
            for (std::size_t i = 0; i < 2048 && first + i < entries_.size(); ++i) {
                const Entry& entry = entries_[first + i];
                leaves[i] =
                    sanquan::hash(hash_, {Bytes(1, '\0'), head(entry),
                                          sanquan::hash(hash_, {"\5", entry.value}).view()});
                if (entry.current) {
                    bitmap[i / 8] = static_cast<char>(static_cast<unsigned char>(bitmap[i / 8]) |
                                                      (1U << (i % 8)));
                }
            }
            twigs.push_back(sanquan::hash(hash_, {"\2", fold(leaves, "\1").view(), bitmap}));
        }
        std::size_t width = 1;
        while (width < twigs.size()) {
            width *= 2;
        }
        // Absent twigs are zero at the lowest level, and inner nodes over them are hashes like all
        // others.
        twigs.resize(width);
        return StateRoot::from(sanquan::hash(
            hash_, {"\4", number(entries_.size()), number(floor_), fold(twigs, "\3").view()}));
    }

  private:
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};
    struct Entry {
        int kind;
        std::uint64_t height;
        std::uint64_t since;
        std::uint64_t previous;
        Bytes key;
        Bytes next;
        Bytes value;
        bool current;
    };

    static Bytes number(std::uint64_t n) {
        Bytes out;
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.push_back(static_cast<char>(n >> shift));
        }
        return out;
    }
    static Bytes head(const Entry& entry) {
        return Bytes(1, static_cast<char>(entry.kind)) + number(entry.height) +
               number(entry.since) + number(entry.previous) +
               Bytes(1, static_cast<char>(entry.key.size())) + entry.key +
               Bytes(1, static_cast<char>(entry.next.size())) + entry.next;
    }
    [[nodiscard]] Digest fold(std::vector<Digest> level, std::string_view tag) const {
        while (level.size() > 1) {
            std::vector<Digest> above;
            for (std::size_t i = 0; i < level.size(); i += 2) {
                above.push_back(sanquan::hash(hash_, {tag, level[i].view(), level[i + 1].view()}));
            }
            level = std::move(above);
        }
        return level.front();
    }
    [[nodiscard]] Bytes predecessor(const Bytes& key) const {
        const auto at = values_.lower_bound(key);
        return at == values_.begin() ? Bytes() : std::prev(at)->first;
    }
    [[nodiscard]] Bytes successor(const Bytes& key) const {
        const auto at = values_.upper_bound(key);
        return at == values_.end() ? Bytes() : at->first;
    }
    [[nodiscard]] std::uint64_t current_of(const Bytes& key) const {
        for (std::uint64_t i = entries_.size(); i-- > 0;) {
            if (entries_[i].key == key && entries_[i].current) {
                return i;
            }
        }
        return kNone;
    }
    void append(std::uint64_t height, const Bytes& key, bool written) {
        const std::uint64_t old = current_of(key);
        const bool present = key.empty() || values_.contains(key);
        Entry entry{present ? 1 : 2, height, height, old, key, present ? successor(key) : "", "",
                    present};
        if (present && !key.empty()) {
            entry.value = values_.at(key);
        }
        if (!written) {
            entry.since = entries_[old].since;
        }
        if (old != kNone) {
            entries_[old].current = false;
        }
        entries_.push_back(entry);
    }
    void move_floor(std::uint64_t height, std::uint64_t appended) {
        const std::uint64_t end = entries_.size() - appended;
        std::uint64_t moves = appended * reappends_;
        for (std::uint64_t steps = appended * 8; steps > 0 && floor_ < end; --steps) {
            const std::uint64_t live = values_.size() + 1;
            if (entries_.size() - floor_ <= std::max<std::uint64_t>(2 * live, 4096)) {
                break;
            }
            if (entries_[floor_].current) {
                if (moves-- == 0) {
                    break;
                }
                Entry moved = entries_[floor_];
                moved.height = height;
                moved.previous = floor_;
                entries_[floor_].current = false;
                entries_.push_back(moved);
            }
            ++floor_;
        }
    }

    HashAlgorithm hash_;
    std::uint64_t reappends_;
    std::map<Bytes, Bytes> values_;
    std::vector<Entry> entries_;
    std::uint64_t floor_ = 0;
};

}  // namespace sanquan::tests
