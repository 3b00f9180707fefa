// Divergence: names the first key that this node executed otherwise than the certified chain did.
//
// A root tells that a block's result differs, not where. A node that diverged asks its peers what the block wrote (they
// execute it again on the state before it) and compares with what it wrote itself. The answer is a hint for people, not
// a proof. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "ledger/state/read_view.h"
#include "ledger/store/block_store.h"
#include "ledger/store/state_store.h"
#include "node/net/peer_message.h"

namespace sanquan::node {

// What block `height` writes when it is executed again on the stored state before it; kNotFound, kHistoryPruned.
Result<WritesMessage> writes_of(const Chain& chain, const BlockStore& blocks,
                                const StateStore& state, Height height);

class Divergence {
  public:
    // The first one counts, later ones follow from it: false when one was recorded before. `ours` is what the block
    // wrote here.
    bool record(Height height, std::string why, const StateWrites& ours);
    // What a peer says that the block wrote; true when a differing key was found now.
    bool compare(const WritesMessage& theirs, const std::string& peer);

    [[nodiscard]] std::optional<Height> height() const;
    // "block 7: state_root ...; first key that differs (says node-2): asset/1"; empty: none.
    [[nodiscard]] std::string text() const;

  private:
    mutable std::mutex mutex_;
    std::optional<Height> height_;
    std::string why_;
    std::map<Bytes, std::optional<Digest>> ours_;
    bool key_found_ = false;
};

}  // namespace sanquan::node
