// Env: every file operation of the state log, the vote log and the data directory.
//
// One interface, so that a simulated disk which forgets unsynced bytes, tears and reorders writes
// and fails fsync can stand in its place (tests/support/virtual_disk.h). LevelDB keeps its own Env.
// Thread-safe; files are used by one writer, readers may run beside it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"

namespace sanquan {

// A file that only grows. After an error the file is in an unknown state: the caller stops, it
// never retries.
class AppendFile {
  public:
    AppendFile() = default;
    AppendFile(const AppendFile&) = delete;
    AppendFile& operator=(const AppendFile&) = delete;
    virtual ~AppendFile() = default;
    virtual Status append(ByteView bytes) = 0;
    // Returns once everything appended is durable (fdatasync); kIo.
    virtual Status sync() = 0;
};

class RandomFile {
  public:
    RandomFile() = default;
    RandomFile(const RandomFile&) = delete;
    RandomFile& operator=(const RandomFile&) = delete;
    virtual ~RandomFile() = default;
    // Up to `length` bytes from `offset`; fewer only at the end of the file.
    virtual Result<Bytes> read(std::uint64_t offset, std::size_t length) const = 0;
};

// Held while the object lives.
class FileLock {
  public:
    FileLock() = default;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    virtual ~FileLock() = default;
};

class Env {
  public:
    Env() = default;
    Env(const Env&) = delete;
    Env& operator=(const Env&) = delete;
    virtual ~Env() = default;

    // Opens for appending, creating the file when it is missing. Creation is durable after
    // sync_directory().
    virtual Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) = 0;
    virtual Result<std::unique_ptr<RandomFile>> open_random(const std::string& path) = 0;
    // kNotFound when there is no such file.
    virtual Result<std::uint64_t> file_size(const std::string& path) = 0;
    virtual bool exists(const std::string& path) = 0;
    // Names of the files in a directory, sorted.
    virtual Result<std::vector<std::string>> list(const std::string& directory) = 0;
    // Creates the directory and its parents; done already is no error.
    virtual Status make_directory(const std::string& directory) = 0;
    virtual Status remove_file(const std::string& path) = 0;
    // Replaces `to` atomically.
    virtual Status rename_file(const std::string& from, const std::string& to) = 0;
    // Cuts the file and makes the cut durable.
    virtual Status truncate_file(const std::string& path, std::uint64_t size) = 0;
    // Makes creations, renames and removals in the directory durable.
    virtual Status sync_directory(const std::string& directory) = 0;
    // kDirectoryLocked while another holder, in this process or another, has it.
    virtual Result<std::unique_ptr<FileLock>> lock_file(const std::string& path) = 0;
};

// The operating system's files.
Env& posix_env();

// The whole file; kNotFound, kTooLong above `bytes_max`.
Result<Bytes> read_whole_file(Env& env, const std::string& path, std::uint64_t bytes_max);
// Writes through a temporary name, syncs, renames and syncs the directory: the file is old or new,
// never half.
Status write_file_atomically(Env& env, const std::string& directory, const std::string& name,
                             ByteView bytes);

}  // namespace sanquan
