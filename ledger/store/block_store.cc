// Keys begin with one letter; numbers are big-endian, so that heights sort. docs/DATA_ON_DISK.md
// has the table.
//   M                 "SQBS" ‖ version (4) ‖ hash algorithm (1)
//   H                 first height (8) ‖ last height (8) ‖ history frontier
//   b/c/r/d height    block · certificate · receipts · block digest
//   i digest          height
//   t transaction id  height (8) ‖ index (4)
//   n level index     hash of a finished node of the history log
//   x key             the caller's own entries
#include "ledger/store/block_store.h"

#include "ledger/base/assert.h"
#include "ledger/base/limits.h"
#include "ledger/proof/big_endian.h"
#include "ledger/state/read_meter.h"

namespace sanquan {
namespace {

constexpr std::string_view kMagic = "SQBS";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kReceiptsMax = limits::kTransactionsPerBlockMax;

Bytes number_key(char letter, std::uint64_t number) {
    Bytes key(1, letter);
    append_u64(key, number);
    return key;
}

Bytes bytes_key(char letter, ByteView bytes) {
    Bytes key(1, letter);
    key.append(bytes);
    return key;
}

Bytes node_key(const MerkleNodePosition& position) {
    Bytes key(1, 'n');
    key.push_back(static_cast<char>(position.level));
    append_u64(key, position.index);
    return key;
}

// receipts := count (4) ‖ (length (4) ‖ bytes)*
Bytes encode_list(const std::vector<Bytes>& items) {
    Bytes out;
    append_u32(out, static_cast<std::uint32_t>(items.size()));
    for (const Bytes& item : items) {
        append_u32(out, static_cast<std::uint32_t>(item.size()));
        out.append(item);
    }
    return out;
}

Result<std::vector<Bytes>> decode_list(ByteView bytes) {
    if (bytes.size() < 4 || load_u32(bytes) > kReceiptsMax) {
        return fail(Code::kCorrupt, "a list of receipts is damaged");
    }
    std::vector<Bytes> items(load_u32(bytes));
    bytes.remove_prefix(4);
    for (Bytes& item : items) {
        if (bytes.size() < 4 || load_u32(bytes) > bytes.size() - 4) {
            return fail(Code::kCorrupt, "a list of receipts is cut off");
        }
        item = Bytes(bytes.substr(4, load_u32(bytes)));
        bytes.remove_prefix(4 + item.size());
    }
    if (!bytes.empty()) {
        return fail(Code::kCorrupt, "bytes follow a list of receipts");
    }
    return items;
}

Bytes encode_place(const TransactionPlace& place) {
    Bytes out;
    append_u64(out, place.height.value);
    append_u32(out, place.index);
    return out;
}

Bytes encode_heights(Height first, Height last, const MerkleFrontier& frontier) {
    Bytes out;
    append_u64(out, first.value);
    append_u64(out, last.value);
    out.append(frontier.encode());
    return out;
}

}  // namespace

BlockStore::BlockStore(std::unique_ptr<KvStore> kv, HashAlgorithm hash)
    : kv_(std::move(kv)), hash_(hash), frontier_(hash) {}

Result<std::unique_ptr<BlockStore>> BlockStore::open(std::unique_ptr<KvStore> kv,
                                                     HashAlgorithm hash) {
    std::unique_ptr<BlockStore> store(new BlockStore(std::move(kv), hash));
    SANQUAN_TRY(store->load());
    return store;
}

Status BlockStore::load() {
    Bytes meta(kMagic);
    append_u32(meta, kVersion);
    meta.push_back(static_cast<char>(hash_));
    SANQUAN_TRY_ASSIGN(const std::optional<Bytes> found, kv_->get("M"));
    if (!found) {
        KvBatch batch;
        batch.put("M", meta);
        return kv_->write(batch, /*sync=*/true);
    }
    if (*found != meta) {
        return fail(Code::kUnsupported, "the block store is of another version or hash algorithm");
    }
    SANQUAN_TRY_ASSIGN(const std::optional<Bytes> heights, kv_->get("H"));
    if (!heights) {
        return {};
    }
    if (heights->size() < 16) {
        return fail(Code::kCorrupt, "the block store's heights are damaged");
    }
    SANQUAN_TRY_ASSIGN(frontier_, MerkleFrontier::decode(ByteView(*heights).substr(16)));
    first_ = Height{load_u64(*heights)};
    last_ = Height{load_u64(ByteView(*heights).substr(8))};
    if (*first_ > *last_ || frontier_.size() != last_->value - first_->value + 1) {
        return fail(Code::kCorrupt, "the block store's heights and history disagree");
    }
    return {};
}

std::optional<Height> BlockStore::height() const {
    const std::lock_guard lock(mutex_);
    return last_;
}

std::optional<Height> BlockStore::first_height() const {
    const std::lock_guard lock(mutex_);
    return first_;
}

Status BlockStore::append(const FinalizedBlock& block) {
    const std::optional<Height> last = height();
    SANQUAN_ASSERT(!last || block.height == last->next());
    SANQUAN_ASSERT(block.receipts.size() == block.transactions.size());
    MerkleFrontier frontier = frontier_;
    KvBatch batch;
    for (const MerkleNode& node : frontier.append(merkle_leaf_hash(hash_, block.digest.view()))) {
        batch.put(node_key(node.position), node.digest.view());
    }
    const std::uint64_t number = block.height.value;
    batch.put(number_key('b', number), block.block);
    batch.put(number_key('c', number), block.certificate);
    batch.put(number_key('r', number), encode_list(block.receipts));
    batch.put(number_key('d', number), block.digest.view());
    Bytes height_bytes;
    append_u64(height_bytes, number);
    batch.put(bytes_key('i', block.digest.view()), height_bytes);
    for (std::uint32_t i = 0; i < block.transactions.size(); ++i) {
        batch.put(bytes_key('t', block.transactions[i].view()), encode_place({block.height, i}));
    }
    for (const auto& [key, entry] : block.extra) {
        batch.put(bytes_key('x', key), entry);
    }
    const Height first = first_height().value_or(block.height);
    batch.put("H", encode_heights(first, block.height, frontier));
    SANQUAN_TRY(kv_->write(batch, /*sync=*/true));
    const std::lock_guard lock(mutex_);
    first_ = first;
    last_ = block.height;
    frontier_ = std::move(frontier);
    return {};
}

Result<Bytes> BlockStore::value(Bytes key) const {
    SANQUAN_TRY_ASSIGN(std::optional<Bytes> found, kv_->get(key));
    if (!found) {
        return fail(Code::kNotFound, "the block store has no such record");
    }
    count_read(found->size());
    return *std::move(found);
}

Result<Bytes> BlockStore::block(Height height) const {
    return value(number_key('b', height.value));
}

Result<Bytes> BlockStore::certificate(Height height) const {
    return value(number_key('c', height.value));
}

Result<std::vector<Bytes>> BlockStore::receipts(Height height) const {
    SANQUAN_TRY_ASSIGN(const Bytes bytes, value(number_key('r', height.value)));
    return decode_list(bytes);
}

Result<BlockDigest> BlockStore::digest(Height height) const {
    SANQUAN_TRY_ASSIGN(const Bytes bytes, value(number_key('d', height.value)));
    return BlockDigest::from_bytes(bytes);
}

Result<Height> BlockStore::find_block(const BlockDigest& digest) const {
    SANQUAN_TRY_ASSIGN(const Bytes bytes, value(bytes_key('i', digest.view())));
    if (bytes.size() != 8) {
        return fail(Code::kCorrupt, "the index of block digests is damaged");
    }
    return Height{load_u64(bytes)};
}

Result<TransactionPlace> BlockStore::find_transaction(const TransactionId& id) const {
    SANQUAN_TRY_ASSIGN(const Bytes bytes, value(bytes_key('t', id.view())));
    if (bytes.size() != 12) {
        return fail(Code::kCorrupt, "the index of transactions is damaged");
    }
    return TransactionPlace{Height{load_u64(bytes)}, load_u32(ByteView(bytes).substr(8))};
}

Result<std::optional<Bytes>> BlockStore::extra(ByteView key) const {
    return kv_->get(bytes_key('x', key));
}

Result<std::vector<std::pair<Bytes, Bytes>>> BlockStore::scan_extra(KvRange range) const {
    range.prefix.insert(range.prefix.begin(), 'x');
    if (!range.after.empty()) {
        range.after.insert(range.after.begin(), 'x');
    }
    SANQUAN_TRY_ASSIGN(auto found, kv_->scan(range));
    for (auto& [key, entry] : found) {
        key.erase(0, 1);
    }
    return found;
}

MerkleFrontier BlockStore::history_frontier() const {
    const std::lock_guard lock(mutex_);
    return frontier_;
}

MerkleTreeHead BlockStore::history() const {
    const std::lock_guard lock(mutex_);
    return frontier_.head();
}

Result<Digest> BlockStore::history_node(const MerkleNodePosition& position) const {
    SANQUAN_TRY_ASSIGN(const Bytes bytes, value(node_key(position)));
    return Digest::from_bytes(bytes);
}

Status BlockStore::check_history_size(std::uint64_t size) const {
    if (size > history().size) {
        return fail(Code::kNotFound, "the history log has fewer blocks");
    }
    return {};
}

Result<MerkleRoot> BlockStore::history_root(std::uint64_t size) const {
    SANQUAN_TRY(check_history_size(size));
    return log_root(hash_, [this](const auto& position) { return history_node(position); }, size);
}

Result<MerkleProof> BlockStore::history_inclusion(std::uint64_t index, std::uint64_t size) const {
    SANQUAN_TRY(check_history_size(size));
    return log_inclusion_proof(
        hash_, [this](const auto& position) { return history_node(position); }, index, size);
}

Result<MerkleProof> BlockStore::history_consistency(std::uint64_t older,
                                                    std::uint64_t newer) const {
    SANQUAN_TRY(check_history_size(newer));
    return log_consistency_proof(
        hash_, [this](const auto& position) { return history_node(position); }, older, newer);
}

Status BlockStore::verify_block(Height height, MerkleFrontier& history) const {
    const std::string at = " at height " + std::to_string(height.value);
    SANQUAN_TRY(block(height));
    SANQUAN_TRY(certificate(height));
    SANQUAN_TRY(receipts(height));
    SANQUAN_TRY_ASSIGN(const BlockDigest found, digest(height));
    SANQUAN_TRY_ASSIGN(const Height back, find_block(found));
    if (back != height) {
        return fail(Code::kCorrupt, "the index of block digests points elsewhere" + at);
    }
    for (const MerkleNode& node : history.append(merkle_leaf_hash(hash_, found.view()))) {
        SANQUAN_TRY_ASSIGN(const Digest stored, history_node(node.position));
        if (stored != node.digest) {
            return fail(Code::kCorrupt, "a node of the history log is wrong" + at);
        }
    }
    return {};
}

Status BlockStore::verify() const {
    const std::optional<Height> first = first_height();
    const std::optional<Height> last = height();
    MerkleFrontier recomputed(hash_);
    for (std::optional<Height> at = first; at && *at <= *last; at = at->next()) {
        Status status = verify_block(*at, recomputed);
        if (!status && status.error().code == Code::kNotFound) {
            return fail(Code::kCorrupt,
                        "height " + std::to_string(at->value) + ": a part is missing");
        }
        SANQUAN_TRY(status);
    }
    if (recomputed.head() != history()) {
        return fail(Code::kCorrupt, "the history log recomputes to another root");
    }
    // Every transaction of the index stands in a block that is there.
    KvRange range{"t", {}, 1'000, false};
    for (;;) {
        SANQUAN_TRY_ASSIGN(const auto page, kv_->scan(range));
        for (const auto& [key, entry] : page) {
            if (key.size() != 1 + kDigestBytes || entry.size() != 12 || !last ||
                load_u64(entry) > last->value || load_u64(entry) < first->value) {
                return fail(Code::kCorrupt, "the index of transactions is damaged");
            }
        }
        if (page.size() < range.limit) {
            return {};
        }
        range.after = page.back().first;
    }
}

}  // namespace sanquan
