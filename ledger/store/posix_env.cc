// Env over the operating system's files.
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <set>

#include "ledger/store/env.h"

namespace sanquan {
namespace {

tl::unexpected<Error> os_failure(const std::string& what, const std::string& path) {
    const int number = errno;
    const Code code = number == ENOENT ? Code::kNotFound : Code::kIo;
    return fail(code, what + " " + path + ": " + std::strerror(number));
}

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    [[nodiscard]] int get() const { return number_; }
    [[nodiscard]] bool valid() const { return number_ >= 0; }

  private:
    int number_;
};

class PosixAppendFile final : public AppendFile {
  public:
    PosixAppendFile(std::string path, int number) : path_(std::move(path)), file_(number) {}
    [[nodiscard]] bool valid() const { return file_.valid(); }
    Status append(ByteView bytes) override {
        while (!bytes.empty()) {
            const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) {
                continue;
            }
            if (written < 0) {
                return os_failure("cannot write", path_);
            }
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
        return {};
    }
    Status sync() override {
        if (::fdatasync(file_.get()) != 0) {
            return os_failure("cannot sync", path_);
        }
        return {};
    }

  private:
    std::string path_;
    Descriptor file_;
};

class PosixRandomFile final : public RandomFile {
  public:
    PosixRandomFile(std::string path, int number) : path_(std::move(path)), file_(number) {}
    [[nodiscard]] bool valid() const { return file_.valid(); }
    Result<Bytes> read(std::uint64_t offset, std::size_t length) const override {
        Bytes bytes(length, '\0');
        std::size_t filled = 0;
        while (filled < length) {
            const ssize_t got = ::pread(file_.get(), bytes.data() + filled, length - filled,
                                        static_cast<off_t>(offset + filled));
            if (got < 0 && errno == EINTR) {
                continue;
            }
            if (got < 0) {
                return os_failure("cannot read", path_);
            }
            if (got == 0) {
                break;
            }
            filled += static_cast<std::size_t>(got);
        }
        bytes.resize(filled);
        return bytes;
    }

  private:
    std::string path_;
    Descriptor file_;
};

// flock() keeps other processes out, the set other holders in this one.
class PosixFileLock final : public FileLock {
  public:
    PosixFileLock(std::string path, int number) : path_(std::move(path)), file_(number) {}
    ~PosixFileLock() override {
        const std::lock_guard lock(mutex());
        held().erase(path_);
    }
    static std::mutex& mutex() {
        static std::mutex instance;
        return instance;
    }
    static std::set<std::string>& held() {
        static std::set<std::string> instance;
        return instance;
    }

  private:
    std::string path_;
    Descriptor file_;
};

class PosixEnv final : public Env {
  public:
    Result<std::unique_ptr<AppendFile>> open_append(const std::string& path) override {
        auto file = std::make_unique<PosixAppendFile>(
            path, ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
        if (!file->valid()) {
            return os_failure("cannot open", path);
        }
        return std::unique_ptr<AppendFile>(std::move(file));
    }
    Result<std::unique_ptr<RandomFile>> open_random(const std::string& path) override {
        auto file =
            std::make_unique<PosixRandomFile>(path, ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file->valid()) {
            return os_failure("cannot open", path);
        }
        return std::unique_ptr<RandomFile>(std::move(file));
    }
    Result<std::uint64_t> file_size(const std::string& path) override {
        struct stat status{};
        if (::stat(path.c_str(), &status) != 0) {
            return os_failure("cannot look at", path);
        }
        return static_cast<std::uint64_t>(status.st_size);
    }
    bool exists(const std::string& path) override { return ::access(path.c_str(), F_OK) == 0; }
    Result<std::vector<std::string>> list(const std::string& directory) override;
    Status make_directory(const std::string& directory) override;
    Status remove_file(const std::string& path) override {
        if (::unlink(path.c_str()) != 0) {
            return os_failure("cannot remove", path);
        }
        return {};
    }
    Status rename_file(const std::string& from, const std::string& to) override {
        if (::rename(from.c_str(), to.c_str()) != 0) {
            return os_failure("cannot rename", from);
        }
        return {};
    }
    Status truncate_file(const std::string& path, std::uint64_t size) override;
    Status sync_directory(const std::string& directory) override;
    Result<std::unique_ptr<FileLock>> lock_file(const std::string& path) override;
};

Result<std::vector<std::string>> PosixEnv::list(const std::string& directory) {
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(directory.c_str()), &::closedir);
    if (stream == nullptr) {
        return os_failure("cannot list", directory);
    }
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(stream.get())) {
        const std::string name = entry->d_name;
        if (name != "." && name != "..") {
            names.push_back(name);
        }
    }
    if (errno != 0) {
        return os_failure("cannot list", directory);
    }
    std::sort(names.begin(), names.end());
    return names;
}

Status PosixEnv::make_directory(const std::string& directory) {
    for (std::size_t at = directory.find('/', 1);; at = directory.find('/', at + 1)) {
        const std::string part = directory.substr(0, at);
        if (::mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) {
            return os_failure("cannot make directory", part);
        }
        if (at == std::string::npos) {
            return {};
        }
    }
}

Status PosixEnv::truncate_file(const std::string& path, std::uint64_t size) {
    const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file.valid() || ::ftruncate(file.get(), static_cast<off_t>(size)) != 0 ||
        ::fsync(file.get()) != 0) {
        return os_failure("cannot cut", path);
    }
    return {};
}

Status PosixEnv::sync_directory(const std::string& directory) {
    const Descriptor file(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!file.valid() || ::fsync(file.get()) != 0) {
        return os_failure("cannot sync directory", directory);
    }
    return {};
}

Result<std::unique_ptr<FileLock>> PosixEnv::lock_file(const std::string& path) {
    const std::lock_guard lock(PosixFileLock::mutex());
    if (PosixFileLock::held().contains(path)) {
        return fail(Code::kDirectoryLocked, path + " is locked by this process");
    }
    const int number = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (number < 0) {
        return os_failure("cannot open", path);
    }
    if (::flock(number, LOCK_EX | LOCK_NB) != 0) {
        ::close(number);
        return fail(Code::kDirectoryLocked, path + " is locked by another process");
    }
    PosixFileLock::held().insert(path);
    return std::unique_ptr<FileLock>(std::make_unique<PosixFileLock>(path, number));
}

}  // namespace

Env& posix_env() {
    static PosixEnv instance;
    return instance;
}

}  // namespace sanquan
