// A stand-in for a data directory, for those who only look: LevelDB and the state store write when they open.
//
// A tree of its own whose files are links to the real ones, so that nothing is copied. What is written, cut or renamed
// lands in the stand-in: its Env puts a copy in place of a link before it writes there, LevelDB writes only files of its
// own making. The real directory is opened for reading alone, so it may be mounted read-only.
#pragma once

#include <filesystem>
#include <memory>

#include "ledger/base/result.h"
#include "ledger/store/env.h"

namespace sanquan::node {

class ShadowDirectory {
  public:
    // Links what stands in `real` under `shadow`, which is made, and keeps a node from starting on `real` meanwhile.
    // kDirectoryMissing, kDirectoryLocked (a node runs on it), kIo.
    static Result<std::unique_ptr<ShadowDirectory>> make(const std::filesystem::path& real,
                                                         const std::filesystem::path& shadow);
    // Removes the stand-in.
    ~ShadowDirectory();
    ShadowDirectory(const ShadowDirectory&) = delete;
    ShadowDirectory& operator=(const ShadowDirectory&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const {
        return (shadow_ / name).string();
    }
    // Use no other Env in the stand-in: it would write through the links.
    [[nodiscard]] Env& env() { return *env_; }

  private:
    explicit ShadowDirectory(std::filesystem::path shadow);
    Status link_all(const std::filesystem::path& real);

    std::filesystem::path shadow_;
    std::unique_ptr<Env> env_;
    std::unique_ptr<FileLock> lock_;
};

}  // namespace sanquan::node
