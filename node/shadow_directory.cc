#include "node/shadow_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace sanquan::node {
namespace {

namespace fs = std::filesystem;

// The lock of a running node, asked for on a descriptor that cannot write.
class ReadOnlyLock final : public FileLock {
  public:
    explicit ReadOnlyLock(int descriptor) : descriptor_(descriptor) {}
    ~ReadOnlyLock() override { ::close(descriptor_); }

  private:
    int descriptor_;
};

// Nothing when there is no lock file: no node has run here, so none holds it.
Result<std::unique_ptr<FileLock>> lock_for_reading(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && errno == ENOENT) {
        return std::unique_ptr<FileLock>();
    }
    if (descriptor < 0) {
        return fail(Code::kIo, "cannot open " + path + ": " + std::strerror(errno));
    }
    auto lock = std::make_unique<ReadOnlyLock>(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        return fail(Code::kDirectoryLocked, path + " is locked; stop the node first");
    }
    return std::unique_ptr<FileLock>(std::move(lock));
}

// The operating system's files, but no write goes through a link.
class ShadowEnv final : public Env {
  public:
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override {
        SANQUAN_TRY(replace_link(path));
        return real_.open_append(path);
    }
    Status truncate_file(const std::string& path, std::uint64_t size) override {
        SANQUAN_TRY(replace_link(path));
        return real_.truncate_file(path, size);
    }
    Result<std::unique_ptr<RandomFile>> open_random(const std::string& path) override {
        return real_.open_random(path);
    }
    Result<std::uint64_t> file_size(const std::string& path) override {
        return real_.file_size(path);
    }
    bool exists(const std::string& path) override { return real_.exists(path); }
    Result<std::vector<std::string>> list(const std::string& directory) override {
        return real_.list(directory);
    }
    Status make_directory(const std::string& directory) override {
        return real_.make_directory(directory);
    }
    Status remove_file(const std::string& path) override { return real_.remove_file(path); }
    Status rename_file(const std::string& from, const std::string& to) override {
        return real_.rename_file(from, to);
    }
    Status sync_directory(const std::string& directory) override {
        return real_.sync_directory(directory);
    }
    Result<std::unique_ptr<FileLock>> lock_file(const std::string& path) override {
        SANQUAN_TRY(replace_link(path));
        return real_.lock_file(path);
    }

  private:
    // At most the last segment of a log is written to, and only when it ends torn.
    static Status replace_link(const std::string& path) {
        std::error_code error;
        if (!fs::is_symlink(fs::symlink_status(path, error))) {
            return {};
        }
        const fs::path target = fs::read_symlink(path, error);
        if (!error) {
            fs::remove(path, error);
        }
        if (!error) {
            fs::copy_file(target, path, error);
        }
        if (!error) {
            fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
        }
        return error ? Status(fail(Code::kIo, path + ": " + error.message())) : Status{};
    }

    Env& real_ = posix_env();
};

// LevelDB renames its own log and locks this file: both are of no use to a reader.
bool is_left_out(const fs::path& name) {
    return name == "LOCK" || name == "LOG" || name == "LOG.old" || name == "lock";
}

}  // namespace

ShadowDirectory::ShadowDirectory(fs::path shadow)
    : shadow_(std::move(shadow)), env_(std::make_unique<ShadowEnv>()) {}

ShadowDirectory::~ShadowDirectory() {
    std::error_code ignored;
    fs::remove_all(shadow_, ignored);
}

Result<std::unique_ptr<ShadowDirectory>> ShadowDirectory::make(const fs::path& real,
                                                               const fs::path& shadow) {
    std::error_code error;
    if (!fs::is_directory(real, error)) {
        return fail(Code::kDirectoryMissing, real.string());
    }
    if (!fs::create_directory(shadow, error) || error) {
        return fail(Code::kIo, shadow.string() + ": cannot be made; it must not exist yet");
    }
    std::unique_ptr<ShadowDirectory> made(new ShadowDirectory(shadow));
    SANQUAN_TRY_ASSIGN(made->lock_, lock_for_reading((real / "lock").string()));
    SANQUAN_TRY(made->link_all(fs::absolute(real)));
    return made;
}

Status ShadowDirectory::link_all(const fs::path& real) {
    std::error_code error;
    fs::recursive_directory_iterator at(real, fs::directory_options::follow_directory_symlink,
                                        error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        const fs::path to = shadow_ / at->path().lexically_relative(real);
        if (at->is_directory(error)) {
            fs::create_directory(to, error);
        } else if (!is_left_out(at->path().filename())) {
            fs::create_symlink(at->path(), to, error);
        }
        if (error) {
            break;
        }
    }
    return error ? Status(fail(Code::kIo, real.string() + ": " + error.message())) : Status{};
}

}  // namespace sanquan::node
