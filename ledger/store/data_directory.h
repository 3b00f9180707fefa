// DataDirectory: the lock and the identity of a node's data directory.
//
// The identity file names chain and node, so that a directory of another chain or another node is
// refused before a byte of it is used (a validator that signs on top of someone else's votes has
// none of its own to hold it back).
#pragma once

#include <memory>
#include <string>

#include "ledger/base/ids.h"
#include "ledger/store/env.h"

namespace sanquan {

struct DirectoryIdentity {
    ChainId chain;
    Digest node;  // digest of the node's TLS public key
    auto operator<=>(const DirectoryIdentity&) const = default;
};

class DataDirectory {
  public:
    // Makes the directory and its identity file; kDirectoryExists when it has one already.
    static Status create(Env& env, const std::string& path, const DirectoryIdentity& identity);
    // Locks and checks: kDirectoryMissing, kDirectoryLocked, kWrongChainDirectory,
    // kWrongNodeDirectory, kCorrupt.
    static Result<std::unique_ptr<DataDirectory>> open(Env& env, const std::string& path,
                                                       const DirectoryIdentity& identity);
    // The identity alone, for tools; takes no lock. kDirectoryMissing, kCorrupt.
    static Result<DirectoryIdentity> read_identity(Env& env, const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

  private:
    DataDirectory(std::string path, std::unique_ptr<FileLock> lock)
        : path_(std::move(path)), lock_(std::move(lock)) {}
    std::string path_;
    std::unique_ptr<FileLock> lock_;
};

}  // namespace sanquan
