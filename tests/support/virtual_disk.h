// VirtualDisk: an Env in memory that can lose power, tear and reorder unsynced writes, and fail a
// sync.
//
// Every mutating call counts as one step; arm() names the step at which the power goes: that step
// and all later ones fail. restart() then shows what a disk may hold afterwards. Bytes survive for
// certain only when they were synced and the file's name was synced with its directory.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>

#include "ledger/store/env.h"

namespace sanquan::tests {

class VirtualDisk final : public Env {
  public:
    enum class Loss : std::uint8_t {
        kNothing,    // all that was written is there (the process died, not the machine)
        kUnsynced,   // only what was synced
        kTorn,       // a prefix of what was not synced
        kReordered,  // some sectors of what was not synced, the others zero
    };

    // The power goes at the `step`-th mutating call from now (1 = the next); 0: never.
    void arm(std::uint64_t step);
    [[nodiscard]] bool power_is_off() const { return off_; }
    // The `count`-th sync from now fails once and loses what it should have made durable.
    void fail_sync(std::uint64_t count) { failing_sync_ = count; }
    void restart(Loss loss, std::uint64_t seed);
    [[nodiscard]] std::uint64_t steps() const { return steps_; }

    // For damage: the file's present bytes, and setting them (durably).
    [[nodiscard]] Bytes content(const std::string& path) const;
    void set_content(const std::string& path, Bytes bytes);
    // Takes the file away, durably.
    void lose_file(const std::string& path);
    [[nodiscard]] std::vector<std::string> files() const;

    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override;
    Result<std::unique_ptr<RandomFile>> open_random(const std::string& path) override;
    Result<std::uint64_t> file_size(const std::string& path) override;
    bool exists(const std::string& path) override;
    Result<std::vector<std::string>> list(const std::string& directory) override;
    Status make_directory(const std::string& directory) override;
    Status remove_file(const std::string& path) override;
    Status rename_file(const std::string& from, const std::string& to) override;
    Status truncate_file(const std::string& path, std::uint64_t size) override;
    Status sync_directory(const std::string& directory) override;
    Result<std::unique_ptr<FileLock>> lock_file(const std::string& path) override;

  private:
    struct Inode {
        Bytes now;
        Bytes synced;
    };
    using Names = std::map<std::string, std::shared_ptr<Inode>>;
    class Append;
    class Random;
    class Lock;

    Status step();
    Status sync_inode(Inode& inode);
    void lose(Inode& inode, Loss loss, std::mt19937_64& random) const;

    mutable std::mutex mutex_;
    Names names_;
    Names synced_names_;
    std::set<std::string> locks_;
    std::uint64_t steps_ = 0;
    std::uint64_t off_at_ = 0;
    std::uint64_t failing_sync_ = 0;
    bool off_ = false;
};

}  // namespace sanquan::tests
