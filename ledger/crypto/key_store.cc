#include "ledger/crypto/key_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "ledger/crypto/random.h"

namespace sanquan {
namespace {

constexpr std::size_t kFileBytesMax = 16U << 10U;
constexpr std::size_t kPassphraseBytesMin = 8;
constexpr std::size_t kPassphraseBytesMax = 1'024;
constexpr ::mode_t kOwnerOnly = 0600;

class FileDescriptor {
  public:
    explicit FileDescriptor(int descriptor) : descriptor_(descriptor) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    ~FileDescriptor() {
        if (descriptor_ >= 0) {
            ::close(descriptor_);
        }
    }
    [[nodiscard]] int get() const { return descriptor_; }
    [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }

  private:
    int descriptor_;
};

tl::unexpected<Error> io_failure(const std::string& path, const std::string& action) {
    return fail(Code::kIo,
                path + ": cannot " + action + ": " + std::generic_category().message(errno));
}

Status check_owner_only(const std::string& path, int descriptor) {
    struct ::stat attributes{};
    if (::fstat(descriptor, &attributes) != 0) {
        return io_failure(path, "stat");
    }
    if (!S_ISREG(attributes.st_mode)) {
        return fail(Code::kIo, path + ": not a regular file");
    }
    if (attributes.st_uid != ::geteuid()) {
        return fail(Code::kKeyFileMode, path + ": belongs to another user; chown it to yourself");
    }
    if ((attributes.st_mode & 0077U) != 0) {
        return fail(Code::kKeyFileMode,
                    path + ": others may read or write it; run chmod 600 on it");
    }
    return {};
}

// SECURITY: checks the open descriptor, so that the file cannot be swapped between check and read.
Result<SecretBytes> read_owner_only(const std::string& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) {
        return io_failure(path, "open");
    }
    SANQUAN_TRY(check_owner_only(path, file.get()));
    SecretBytes content(kFileBytesMax + 1);
    std::size_t filled = 0;
    while (filled < content.size()) {
        const ::ssize_t count =
            ::read(file.get(), content.data() + filled, content.size() - filled);
        if (count < 0) {
            return io_failure(path, "read");
        }
        if (count == 0) {
            break;
        }
        filled += static_cast<std::size_t>(count);
    }
    if (filled > kFileBytesMax) {
        return fail(Code::kTooLong, path + ": more than 16 KiB");
    }
    content.shrink(filled);
    return content;
}

Status sync_directory_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
    const FileDescriptor handle(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!handle.is_open() || ::fsync(handle.get()) != 0) {
        return io_failure(directory, "sync");
    }
    return {};
}

Status write_all(const std::string& path, int descriptor, ByteView content) {
    while (!content.empty()) {
        const ::ssize_t count = ::write(descriptor, content.data(), content.size());
        if (count < 0) {
            return io_failure(path, "write");
        }
        content.remove_prefix(static_cast<std::size_t>(count));
    }
    // The umask may have taken bits away, never added any; the mode is set once more to be exact.
    if (::fchmod(descriptor, kOwnerOnly) != 0 || ::fsync(descriptor) != 0) {
        return io_failure(path, "sync");
    }
    return {};
}

Status create_owner_only(const std::string& path, ByteView content) {
    const FileDescriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kOwnerOnly));
    if (!file.is_open()) {
        return io_failure(path, "create");
    }
    if (auto written = write_all(path, file.get(), content); !written) {
        ::unlink(path.c_str());
        return written;
    }
    return sync_directory_of(path);
}

}  // namespace

Result<SecretBytes> load_passphrase(const std::string& path) {
    SANQUAN_TRY_ASSIGN(SecretBytes content, read_owner_only(path));
    const ByteView text = content.view();
    content.shrink(std::min(text.find('\n'), text.size()));
    if (content.size() < kPassphraseBytesMin || content.size() > kPassphraseBytesMax ||
        content.view().find('\0') != ByteView::npos) {
        return fail(Code::kBadPassphrase,
                    path + ": the first line must hold 8 to 1024 bytes, none of them zero");
    }
    return content;
}

Status create_passphrase_file(const std::string& path) {
    SecretBytes random(16);
    fill_random(random.data(), random.size());
    const std::string text = to_hex(random.view()) + "\n";
    const SecretBytes line{ByteView(text)};
    return create_owner_only(path, line.view());
}

Status save_key(const std::string& path, const SigningKey& key, const SecretBytes& passphrase) {
    if (passphrase.size() < kPassphraseBytesMin) {
        return fail(Code::kBadPassphrase, "a passphrase has at least 8 bytes");
    }
    return create_owner_only(path, key.encrypted_pem(passphrase.view()));
}

Result<SigningKey> load_key(const std::string& path, const SecretBytes& passphrase) {
    SANQUAN_TRY_ASSIGN(const SecretBytes pem, read_owner_only(path));
    if (passphrase.empty()) {
        return fail(Code::kBadPassphrase, path + ": a passphrase is needed");
    }
    auto key = SigningKey::from_pem(pem.view(), passphrase.view());
    if (!key) {
        return fail(key.error().code, path + ": " + key.error().context);
    }
    return key;
}

}  // namespace sanquan
