// Index checkpoints: the key index and the twigs' roots as of some block, so that a start need not
// read the whole log.
//
// A checkpoint is written a slice per block while the state goes on changing: a key that moves
// meanwhile is written where it stands when its slice comes, and the replay of the log from the
// checkpoint's block puts it right. It is trusted only if that replay ends in the root that the log
// records.
//
//   file   := "SQIX" ‖ version (4) ‖ front_bytes (8) ‖ front ‖ checksum (4) ‖ block* ‖ end
//   front  := height (8) ‖ root (32) ‖ entries (8) ‖ records (8) ‖ log end (8) ‖ floor (8)
//             ‖ tail_count (4) ‖ 12 digests ‖ twig_count (8) ‖ (leaves (32) ‖ start (8))*
//   block  := bytes (4) ‖ checksum (4) ‖ item*         bytes > 0
//   item   := key_length (1) ‖ key ‖ position (8) ‖ offset (8)
//   end    := 0 (4) ‖ checksum (4) ‖ records when it was finished (8)
// Checksums are CRC-32C of what they follow (front) or precede (block items, the end's number).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/state/state_base.h"
#include "ledger/store/env.h"

namespace sanquan {

class CheckpointWriter {
  public:
    // Begins a checkpoint of the state that `base` holds now.
    static Result<std::unique_ptr<CheckpointWriter>> begin(Env& env, std::string directory,
                                                           const StateBase& base);
    // Writes about `bytes` more; true when the checkpoint is complete and durable under its temporary
    // name.
    Result<bool> step(const StateBase& base, std::size_t bytes);
    // Gives the complete checkpoint its name, durably. From then on a start replays only what comes
    // after it: whatever else the replay would have restored is durable before.
    Status publish();
    // Log records that the replay from this checkpoint will begin with.
    [[nodiscard]] std::uint64_t records() const { return records_; }

  private:
    CheckpointWriter(Env& env, std::string directory, std::uint64_t records)
        : env_(env), directory_(std::move(directory)), records_(records) {}
    Status finish(const StateBase& base);

    Env& env_;
    std::string directory_;
    std::uint64_t records_;
    std::unique_ptr<AppendFile> file_;
    Bytes next_key_;  // the slice that comes next begins here
    std::size_t unsynced_bytes_ = 0;
};

struct CheckpointName {
    std::uint64_t records = 0;
    std::string path;
};

// The complete checkpoints in `directory`, newest first.
Result<std::vector<CheckpointName>> list_checkpoints(Env& env, const std::string& directory);
// Removes what an interrupted write left.
Status remove_unfinished_checkpoints(Env& env, const std::string& directory);

struct LoadedCheckpoint {
    std::uint64_t records_at_finish = 0;
};
// Puts the checkpoint into a fresh base; kCorrupt, kUnsupported, kIo.
Result<LoadedCheckpoint> load_checkpoint(Env& env, const std::string& path, StateBase& base);

// Offset of the first log byte that a start from this checkpoint needs; errors as above.
Result<std::uint64_t> checkpoint_needs_from(Env& env, const std::string& path);

}  // namespace sanquan
