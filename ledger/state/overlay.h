// Overlay: writes on top of a ReadView, with nested savepoints for transactions and operations.
//
// The executor makes one per block; contracts read and write it; its writes() become the block's
// state change. A rollback costs what was written since its begin(). Deterministic and
// single-threaded; the parent must outlive it.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "ledger/state/read_view.h"

namespace sanquan {

class Overlay final : public ReadView {
  public:
    explicit Overlay(const ReadView& parent) : parent_(parent) {}
    Overlay(const Overlay&) = delete;
    Overlay& operator=(const Overlay&) = delete;
    ~Overlay() override = default;

    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override;
    // Sets `key`; key and value must keep the limits of read_view.h (asserted: contracts check
    // input before).
    void put(ByteView key, Bytes value);
    // Deletes `key`; deleting an absent key is allowed.
    void erase(ByteView key);

    // Opens a savepoint inside the innermost open one.
    void begin();
    // Keeps what was written since the innermost begin() and closes it.
    void commit();
    // Undoes what was written since the innermost begin() and closes it.
    void rollback();
    [[nodiscard]] std::size_t depth() const { return savepoints_.size(); }

    // Everything written and not rolled back, with its present value.
    [[nodiscard]] const StateWrites& writes() const { return writes_; }
    // The keys written since the innermost begin() (all keys when none is open), sorted.
    [[nodiscard]] std::set<Bytes> touched() const;
    // The value that `key` had at the innermost begin() (in the parent when none is open).
    [[nodiscard]] std::optional<Bytes> before(ByteView key) const;

  private:
    struct Undo {
        Bytes key;
        bool was_written = false;  // false: the key was not in writes_
        std::optional<Bytes> value;
    };
    void write(ByteView key, std::optional<Bytes> value);

    const ReadView& parent_;
    StateWrites writes_;
    std::vector<Undo> journal_;            // only while a savepoint is open
    std::vector<std::size_t> savepoints_;  // journal lengths
};

}  // namespace sanquan
