// KvStore over LevelDB.
//
// Checksums are verified on every read and paranoid checks are on: damage is an error, never a
// silent skip. RepairDB is never called: it may bring old values back (google/leveldb issues on
// repair), and a ledger has peers to copy from.
#include <leveldb/cache.h>
#include <leveldb/db.h>
#include <leveldb/env.h>
#include <leveldb/filter_policy.h>
#include <leveldb/write_batch.h>

#include <filesystem>

#include "ledger/store/kv_store.h"

namespace sanquan {
namespace {

constexpr std::size_t kCacheBytes = 32U << 20U;
constexpr std::size_t kWriteBufferBytes = 16U << 20U;
constexpr int kBloomBitsPerKey = 10;

leveldb::Slice slice(ByteView bytes) { return {bytes.data(), bytes.size()}; }
ByteView view(const leveldb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

// LevelDB seldom names the file that is damaged, so the directory is named here.
tl::unexpected<Error> failure(const std::string& directory, const leveldb::Status& status) {
    const std::string text = status.ToString();
    if (status.IsIOError() && text.find("lock ") != std::string::npos) {
        return fail(Code::kDirectoryLocked, text);
    }
    return fail(status.IsCorruption() || status.IsInvalidArgument() ? Code::kCorrupt : Code::kIo,
                directory + ": " + text);
}

// A new file is another file than what a link of that name leads to. LevelDB may number a file anew that a crash left
// behind, and truncates it: in a shadow of a directory (node/shadow_directory.h) the file behind the link must not change.
class LinkFreeEnv final : public leveldb::EnvWrapper {
  public:
    LinkFreeEnv() : EnvWrapper(leveldb::Env::Default()) {}
    leveldb::Status NewWritableFile(const std::string& path,
                                    leveldb::WritableFile** file) override {
        std::error_code error;
        if (std::filesystem::is_symlink(path, error) && !std::filesystem::remove(path, error)) {
            return leveldb::Status::IOError(path, error.message());
        }
        return EnvWrapper::NewWritableFile(path, file);
    }
};

class LevelDbStore final : public KvStore {
  public:
    Status open(const std::string& directory);
    Result<std::optional<Bytes>> get(ByteView key) const override;
    Status write(const KvBatch& batch, bool sync) override;
    Result<std::vector<std::pair<Bytes, Bytes>>> scan(const KvRange& range) const override;

  private:
    std::string directory_;
    std::unique_ptr<leveldb::Cache> cache_;
    std::unique_ptr<const leveldb::FilterPolicy> filter_;
    std::unique_ptr<leveldb::DB> db_;  // after what it uses, so that it goes first
};

leveldb::ReadOptions checked_reads() {
    leveldb::ReadOptions options;
    options.verify_checksums = true;
    return options;
}

Status LevelDbStore::open(const std::string& directory) {
    directory_ = directory;
    cache_.reset(leveldb::NewLRUCache(kCacheBytes));
    filter_.reset(leveldb::NewBloomFilterPolicy(kBloomBitsPerKey));
    static LinkFreeEnv env;
    leveldb::Options options;
    options.env = &env;
    options.create_if_missing = true;
    options.reuse_logs = false;  // which appends to a file that is there
    options.paranoid_checks = true;
    options.block_cache = cache_.get();
    options.filter_policy = filter_.get();
    options.write_buffer_size = kWriteBufferBytes;
    leveldb::DB* db = nullptr;
    const leveldb::Status status = leveldb::DB::Open(options, directory, &db);
    if (!status.ok()) {
        return failure(directory_, status);
    }
    db_.reset(db);
    return {};
}

Result<std::optional<Bytes>> LevelDbStore::get(ByteView key) const {
    Bytes value;
    const leveldb::Status status = db_->Get(checked_reads(), slice(key), &value);
    if (status.IsNotFound()) {
        return std::optional<Bytes>();
    }
    if (!status.ok()) {
        return failure(directory_, status);
    }
    return std::optional(std::move(value));
}

Status LevelDbStore::write(const KvBatch& batch, bool sync) {
    leveldb::WriteBatch updates;
    for (const KvBatch::Item& item : batch.items()) {
        if (item.is_put) {
            updates.Put(slice(item.key), slice(item.value));
        } else {
            updates.Delete(slice(item.key));
        }
    }
    leveldb::WriteOptions options;
    options.sync = sync;
    if (const leveldb::Status status = db_->Write(options, &updates); !status.ok()) {
        return failure(directory_, status);
    }
    return {};
}

// The smallest string above all that begin with `prefix`; empty: there is none.
Bytes end_of_prefix(Bytes prefix) {
    while (!prefix.empty() && prefix.back() == '\xff') {
        prefix.pop_back();
    }
    if (!prefix.empty()) {
        prefix.back() = static_cast<char>(static_cast<std::uint8_t>(prefix.back()) + 1);
    }
    return prefix;
}

void seek_backward(leveldb::Iterator& at, const KvRange& range) {
    Bytes bound = end_of_prefix(range.prefix);
    if (!range.after.empty() && (bound.empty() || range.after < bound)) {
        bound = range.after;
    }
    if (bound.empty()) {
        at.SeekToLast();
        return;
    }
    at.Seek(slice(bound));
    if (at.Valid()) {
        at.Prev();
    } else {
        at.SeekToLast();
    }
}

void seek_forward(leveldb::Iterator& at, const KvRange& range) {
    at.Seek(slice(std::max(range.prefix, range.after)));
    if (at.Valid() && !range.after.empty() && view(at.key()) == range.after) {
        at.Next();
    }
}

Result<std::vector<std::pair<Bytes, Bytes>>> LevelDbStore::scan(const KvRange& range) const {
    std::vector<std::pair<Bytes, Bytes>> found;
    const std::unique_ptr<leveldb::Iterator> at(db_->NewIterator(checked_reads()));
    if (range.backward) {
        seek_backward(*at, range);
    } else {
        seek_forward(*at, range);
    }
    while (found.size() < range.limit && at->Valid() && view(at->key()).starts_with(range.prefix)) {
        found.emplace_back(at->key().ToString(), at->value().ToString());
        if (range.backward) {
            at->Prev();
        } else {
            at->Next();
        }
    }
    if (!at->status().ok()) {
        return failure(directory_, at->status());
    }
    return found;
}

}  // namespace

Result<std::unique_ptr<KvStore>> open_leveldb(const std::string& directory) {
    auto store = std::make_unique<LevelDbStore>();
    SANQUAN_TRY(store->open(directory));
    return std::unique_ptr<KvStore>(std::move(store));
}

}  // namespace sanquan
