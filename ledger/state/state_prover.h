// StateProver: finds entries of the present and the past and makes proofs of them, for one version.
//
// Works on durable versions: everything is read from the log. Takes the base's shared lock only for
// lookups in memory, never while it reads or hashes.
#pragma once

#include <optional>

#include "ledger/proof/state_proof.h"
#include "ledger/state/chain_view.h"

namespace sanquan {

class StateProver {
  public:
    explicit StateProver(const StateVersion& version) : version_(version) {}

    Result<Bytes> held(ByteView key) const;
    Result<Bytes> absent(ByteView key) const;
    Result<Bytes> held_at(ByteView key, Height at) const;
    Result<Bytes> absent_at(ByteView key, Height at) const;
    Result<std::optional<Bytes>> value_at(ByteView key, Height at) const;

  private:
    // A key's newest entry at some height, and the one that replaced it.
    struct Found {
        StatePlaceInLog place;
        std::unique_ptr<OwnedEntry> entry;
        std::optional<StatePlaceInLog> follower;
    };
    [[nodiscard]] Result<std::optional<Found>> find_at(ByteView key, Height at) const;
    [[nodiscard]] Result<std::optional<StatePlaceInLog>> newest_place(ByteView key,
                                                                      Height at) const;
    [[nodiscard]] Result<Found> find_predecessor_at(ByteView key, Height at) const;
    [[nodiscard]] Result<std::optional<Bytes>> candidate_before(ByteView key) const;
    [[nodiscard]] Result<std::optional<Found>> find_near_predecessor_at(Bytes& bound,
                                                                        Height at) const;
    [[nodiscard]] Result<Found> find_old_below(Bytes young, Height at) const;
    [[nodiscard]] Status check_height(Height at) const;
    [[nodiscard]] Result<Bytes> prove(StateClaim claim, const Found& found) const;
    [[nodiscard]] Result<StatePlace> place_of(const StatePlaceInLog& place, bool with_value) const;
    [[nodiscard]] Result<std::shared_ptr<const TwigTree>> twig_tree(std::uint64_t number,
                                                                    const TwigState& twig) const;
    [[nodiscard]] const StateBase& base() const { return *version_.delta().base; }
    [[nodiscard]] const StateTip& tip() const { return version_.delta().tip; }

    const StateVersion& version_;
};

// The value that `key` had at `at`, for a version at or below the base that has been folded; kHistoryPruned, kIo,
// kCorrupt. Without a lock.
Result<std::optional<Bytes>> value_in_history(const StateBase& base, ByteView key, Height at);

}  // namespace sanquan
