#include "tests/support/virtual_disk.h"

#include <algorithm>

namespace sanquan::tests {
namespace {

constexpr std::size_t kSectorBytes = 512;

std::string parent_of(const std::string& path) { return path.substr(0, path.rfind('/')); }

}  // namespace

class VirtualDisk::Append final : public AppendFile {
  public:
    Append(VirtualDisk& disk, std::shared_ptr<Inode> inode)
        : disk_(disk), inode_(std::move(inode)) {}
    Status append(ByteView bytes) override {
        const std::lock_guard lock(disk_.mutex_);
        const Status status = disk_.step();
        // The step at which the power goes may still have reached the cache.
        if (status || disk_.steps_ == disk_.off_at_) {
            inode_->now.append(bytes);
        }
        return status;
    }
    Status sync() override {
        const std::lock_guard lock(disk_.mutex_);
        SANQUAN_TRY(disk_.step());
        return disk_.sync_inode(*inode_);
    }

  private:
    VirtualDisk& disk_;
    std::shared_ptr<Inode> inode_;
};

class VirtualDisk::Random final : public RandomFile {
  public:
    Random(const VirtualDisk& disk, std::shared_ptr<Inode> inode)
        : disk_(disk), inode_(std::move(inode)) {}
    Result<Bytes> read(std::uint64_t offset, std::size_t length) const override {
        const std::lock_guard lock(disk_.mutex_);
        return offset >= inode_->now.size() ? Bytes() : inode_->now.substr(offset, length);
    }

  private:
    const VirtualDisk& disk_;
    std::shared_ptr<Inode> inode_;
};

class VirtualDisk::Lock final : public FileLock {
  public:
    Lock(VirtualDisk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
    ~Lock() override {
        const std::lock_guard lock(disk_.mutex_);
        disk_.locks_.erase(path_);
    }

  private:
    VirtualDisk& disk_;
    std::string path_;
};

void VirtualDisk::arm(std::uint64_t step) { off_at_ = step == 0 ? 0 : steps_ + step; }

Status VirtualDisk::step() {
    if (!off_) {
        ++steps_;
        off_ = off_at_ != 0 && steps_ >= off_at_;
    } else {
        ++steps_;
    }
    return off_ ? fail(Code::kIo, "the power is off") : Status{};
}

Status VirtualDisk::sync_inode(Inode& inode) {
    if (failing_sync_ > 0 && --failing_sync_ == 0) {
        // As Linux does: the pages count as clean afterwards, the bytes are gone at the next crash.
        return fail(Code::kIo, "sync failed");
    }
    inode.synced = inode.now;
    return {};
}

void VirtualDisk::lose(Inode& inode, Loss loss, std::mt19937_64& random) const {
    const std::size_t kept = inode.synced.size();
    const bool grew = inode.now.size() > kept && inode.now.compare(0, kept, inode.synced) == 0;
    if (loss == Loss::kUnsynced || !grew) {
        inode.now = inode.synced;
    } else if (loss == Loss::kTorn) {
        inode.now.resize(kept + random() % (inode.now.size() - kept + 1));
    } else if (loss == Loss::kReordered) {
        for (std::size_t at = kept; at < inode.now.size();) {
            const std::size_t end =
                std::min(inode.now.size(), (at / kSectorBytes + 1) * kSectorBytes);
            if (random() % 2 == 0) {
                std::fill(inode.now.begin() + static_cast<std::ptrdiff_t>(at),
                          inode.now.begin() + static_cast<std::ptrdiff_t>(end), '\0');
            }
            at = end;
        }
    }
    inode.synced = inode.now;
}

void VirtualDisk::restart(Loss loss, std::uint64_t seed) {
    const std::lock_guard lock(mutex_);
    std::mt19937_64 random(seed);
    if (loss == Loss::kUnsynced) {
        names_ = synced_names_;
    }
    if (loss != Loss::kNothing) {
        for (auto& [path, inode] : names_) {
            lose(*inode, loss, random);
        }
    }
    for (auto& [path, inode] : names_) {
        inode->synced = inode->now;
    }
    synced_names_ = names_;
    off_ = false;
    off_at_ = 0;
    failing_sync_ = 0;
    locks_.clear();
}

Bytes VirtualDisk::content(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    return names_.at(path)->now;
}

void VirtualDisk::set_content(const std::string& path, Bytes bytes) {
    const std::lock_guard lock(mutex_);
    auto& inode = names_[path];
    if (inode == nullptr) {
        inode = std::make_shared<Inode>();
    }
    inode->now = std::move(bytes);
    inode->synced = inode->now;
    synced_names_[path] = inode;
}

void VirtualDisk::lose_file(const std::string& path) {
    const std::lock_guard lock(mutex_);
    names_.erase(path);
    synced_names_.erase(path);
}

std::vector<std::string> VirtualDisk::files() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> paths;
    for (const auto& [path, inode] : names_) {
        paths.push_back(path);
    }
    return paths;
}

Result<std::unique_ptr<AppendFile>> VirtualDisk::open_append(const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (!names_.contains(path)) {
        SANQUAN_TRY(step());
        names_[path] = std::make_shared<Inode>();
    }
    return std::unique_ptr<AppendFile>(std::make_unique<Append>(*this, names_[path]));
}

Result<std::unique_ptr<RandomFile>> VirtualDisk::open_random(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(path);
    if (found == names_.end()) {
        return fail(Code::kNotFound, path);
    }
    return std::unique_ptr<RandomFile>(std::make_unique<Random>(*this, found->second));
}

Result<std::uint64_t> VirtualDisk::file_size(const std::string& path) {
    const std::lock_guard lock(mutex_);
    const auto found = names_.find(path);
    if (found == names_.end()) {
        return fail(Code::kNotFound, path);
    }
    return found->second->now.size();
}

bool VirtualDisk::exists(const std::string& path) {
    const std::lock_guard lock(mutex_);
    return names_.contains(path);
}

Result<std::vector<std::string>> VirtualDisk::list(const std::string& directory) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> found;
    for (const auto& [path, inode] : names_) {
        if (parent_of(path) == directory) {
            found.push_back(path.substr(directory.size() + 1));
        }
    }
    return found;
}

Status VirtualDisk::make_directory(const std::string& /*directory*/) { return {}; }

Status VirtualDisk::remove_file(const std::string& path) {
    const std::lock_guard lock(mutex_);
    SANQUAN_TRY(step());
    return names_.erase(path) == 1 ? Status{} : fail(Code::kNotFound, path);
}

Status VirtualDisk::rename_file(const std::string& from, const std::string& to) {
    const std::lock_guard lock(mutex_);
    SANQUAN_TRY(step());
    const auto found = names_.find(from);
    if (found == names_.end()) {
        return fail(Code::kNotFound, from);
    }
    names_[to] = found->second;
    names_.erase(from);
    return {};
}

Status VirtualDisk::truncate_file(const std::string& path, std::uint64_t size) {
    const std::lock_guard lock(mutex_);
    SANQUAN_TRY(step());
    const auto found = names_.find(path);
    if (found == names_.end()) {
        return fail(Code::kNotFound, path);
    }
    found->second->now.resize(size);
    return sync_inode(*found->second);
}

Status VirtualDisk::sync_directory(const std::string& directory) {
    const std::lock_guard lock(mutex_);
    SANQUAN_TRY(step());
    std::erase_if(synced_names_,
                  [&](const auto& item) { return parent_of(item.first) == directory; });
    for (const auto& [path, inode] : names_) {
        if (parent_of(path) == directory) {
            synced_names_[path] = inode;
        }
    }
    return {};
}

Result<std::unique_ptr<FileLock>> VirtualDisk::lock_file(const std::string& path) {
    const std::lock_guard lock(mutex_);
    if (!locks_.insert(path).second) {
        return fail(Code::kDirectoryLocked, path);
    }
    return std::unique_ptr<FileLock>(std::make_unique<Lock>(*this, path));
}

}  // namespace sanquan::tests
