// StateVersion: the state after one block, as a small change on top of its parent's.
//
// The node executes notarized blocks before they are final: their versions form a tree over the
// durable state. A version is immutable; it holds its block's log record (all values it wrote) and
// the changed parts of the tree. Made by StateStore::extend, never directly. Reading is
// thread-safe.
#pragma once

#include <memory>

#include "ledger/base/ids.h"
#include "ledger/state/read_view.h"

namespace sanquan {

class StateBase;
struct StateDelta;

class StateVersion final : public ReadView {
  public:
    explicit StateVersion(std::unique_ptr<StateDelta> delta);
    ~StateVersion() override;

    // A value that cannot be read back intact ends the process (StateOptions::on_damage): a node
    // never answers, signs or executes on damaged state.
    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override;
    // Up to `limit` pairs whose keys start with `prefix` and are greater than `after`, in key
    // order.
    [[nodiscard]] std::vector<std::pair<Bytes, Bytes>> scan(ByteView prefix, ByteView after,
                                                            std::size_t limit) const;
    // As scan(); nothing when the state has moved on so far that this version can only be read key by key (see
    // StateStore::head): ask the head anew.
    [[nodiscard]] std::optional<std::vector<std::pair<Bytes, Bytes>>> try_scan(
        ByteView prefix, ByteView after, std::size_t limit) const;

    [[nodiscard]] Height height() const;
    [[nodiscard]] const StateRoot& root() const;
    // Keys present, and entries ever appended.
    [[nodiscard]] std::uint64_t live_keys() const;
    [[nodiscard]] std::uint64_t entries() const;

    // Proof bytes (ledger/proof/state_proof.h) against root(); kNotFound when the claim is not
    // true; kNotSealed as try_scan(); kTooLong (read_meter.h); kIo, kCorrupt.
    [[nodiscard]] Result<Bytes> prove_held(ByteView key) const;
    [[nodiscard]] Result<Bytes> prove_absent(ByteView key) const;
    // As above for an earlier height; kHistoryPruned when the entries are gone from this node.
    [[nodiscard]] Result<Bytes> prove_held_at(ByteView key, Height at) const;
    [[nodiscard]] Result<Bytes> prove_absent_at(ByteView key, Height at) const;
    // The value that `key` had at `at` (nothing: absent); kHistoryPruned, kNotFound for a height
    // above height().
    [[nodiscard]] Result<std::optional<Bytes>> get_at(ByteView key, Height at) const;

    [[nodiscard]] const StateDelta& delta() const { return *delta_; }

  private:
    std::unique_ptr<StateDelta> delta_;
};

}  // namespace sanquan
