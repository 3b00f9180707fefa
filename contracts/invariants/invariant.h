// A ledger invariant, checked in production after every operation (or whole ATOMIC transaction) on
// what it touched (D5).
//
// One named checker per file. A fresh checker sees every changed key once, then says whether the
// invariant still holds. A breach rolls the work back with INVARIANT_BREACH and an alarm: it means
// that a contract has a bug. What nothing touched is looked at by check_whole_state (whole_state.h).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/state/read_view.h"

namespace sanquan::contracts {

class Invariant {
  public:
    Invariant() = default;
    Invariant(const Invariant&) = delete;
    Invariant& operator=(const Invariant&) = delete;
    virtual ~Invariant() = default;

    // As in docs and alarms: "money_conserved".
    [[nodiscard]] virtual std::string_view name() const = 0;
    // `before` and `after` differ; nothing stands for an absent record.
    virtual void visit(ByteView key, const std::optional<Bytes>& before,
                       const std::optional<Bytes>& after) = 0;
    // What is broken, or nothing. `view` is the state with the changes.
    [[nodiscard]] virtual std::optional<std::string> finalize(const ReadView& view) = 0;
};

// What stood at each changed key before the work.
using Changes = std::map<Bytes, std::optional<Bytes>, std::less<>>;

// Runs every invariant over `changes`; the first breach as "name: what", or nothing.
std::optional<std::string> find_breach(const Changes& changes, const ReadView& view);

// True when `key` is of that record type: begins with `type` and a slash.
inline bool is_record(ByteView key, ByteView type) {
    return key.size() > type.size() && key.starts_with(type) && key[type.size()] == '/';
}

}  // namespace sanquan::contracts
