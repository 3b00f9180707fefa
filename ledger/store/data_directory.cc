#include "ledger/store/data_directory.h"

#include "ledger/base/checksum.h"
#include "ledger/proof/big_endian.h"

namespace sanquan {
namespace {

// identity := "SQID" ‖ version 2 (4) ‖ chain (32) ‖ node (32) ‖ CRC-32C of what precedes (4)
constexpr std::string_view kFile = "identity";
constexpr std::string_view kLockFile = "lock";
constexpr std::string_view kMagic = "SQID";
constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kBytes = 4 + 4 + 32 + 32 + 4;

std::string path_of(const std::string& directory) { return directory + "/" + std::string(kFile); }

Bytes encode(const DirectoryIdentity& identity) {
    Bytes out(kMagic);
    append_u32(out, kVersion);
    out.append(identity.chain.view());
    out.append(identity.node.view());
    append_u32(out, crc32c(out));
    return out;
}

Result<DirectoryIdentity> decode(ByteView bytes) {
    if (bytes.size() != kBytes || bytes.substr(0, 4) != kMagic ||
        crc32c(bytes.substr(0, kBytes - 4)) != load_u32(bytes.substr(kBytes - 4))) {
        return fail(Code::kCorrupt, "the identity file of the data directory is damaged");
    }
    if (load_u32(bytes.substr(4)) != kVersion) {
        return fail(Code::kUnsupported, "the data directory is of another version");
    }
    DirectoryIdentity identity;
    SANQUAN_TRY_ASSIGN(identity.chain, ChainId::from_bytes(bytes.substr(8, 32)));
    SANQUAN_TRY_ASSIGN(identity.node, Digest::from_bytes(bytes.substr(40, 32)));
    return identity;
}

}  // namespace

Status DataDirectory::create(Env& env, const std::string& path, const DirectoryIdentity& identity) {
    SANQUAN_TRY(env.make_directory(path));
    if (env.exists(path_of(path))) {
        return fail(Code::kDirectoryExists, path);
    }
    return write_file_atomically(env, path, std::string(kFile), encode(identity));
}

Result<DirectoryIdentity> DataDirectory::read_identity(Env& env, const std::string& path) {
    Result<Bytes> bytes = read_whole_file(env, path_of(path), kBytes);
    if (!bytes && bytes.error().code == Code::kNotFound) {
        return fail(Code::kDirectoryMissing, path);
    }
    if (!bytes && bytes.error().code == Code::kTooLong) {
        return fail(Code::kCorrupt, "the identity file of the data directory is damaged");
    }
    SANQUAN_TRY(bytes);
    return decode(*bytes);
}

Result<std::unique_ptr<DataDirectory>> DataDirectory::open(Env& env, const std::string& path,
                                                           const DirectoryIdentity& identity) {
    SANQUAN_TRY_ASSIGN(const DirectoryIdentity found, read_identity(env, path));
    if (found.chain != identity.chain) {
        return fail(Code::kWrongChainDirectory, path + " is of chain " + found.chain.short_hex() +
                                                    ", not " + identity.chain.short_hex());
    }
    if (found.node != identity.node) {
        return fail(Code::kWrongNodeDirectory, path + " is of node " + found.node.short_hex() +
                                                   ", not " + identity.node.short_hex());
    }
    SANQUAN_TRY_ASSIGN(std::unique_ptr<FileLock> lock,
                       env.lock_file(path + "/" + std::string(kLockFile)));
    return std::unique_ptr<DataDirectory>(new DataDirectory(path, std::move(lock)));
}

}  // namespace sanquan
