// BlockStore: finalized blocks, their certificates and receipts, and the indexes over them, on a KvStore.
//
// One synced batch per block: after a crash a block is there with everything that belongs to it, or not at all. The
// caller syncs the state log first, so the block store is at most behind it (design D6). Key layout:
// docs/DATA_ON_DISK.md. Reads are thread-safe beside the one writer.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/crypto/digest.h"
#include "ledger/store/kv_store.h"

namespace sanquan {

struct FinalizedBlock {
    Height height;
    BlockDigest digest;
    Bytes block;                              // canonical block bytes
    Bytes certificate;                        // finalization of this block or of a descendant
    std::vector<Bytes> receipts;              // one per transaction, in block order
    std::vector<TransactionId> transactions;  // in block order
    // The caller's own index entries; they live in a key space of their own.
    std::vector<std::pair<Bytes, Bytes>> extra;
};

struct TransactionPlace {
    Height height;
    std::uint32_t index = 0;
    bool operator==(const TransactionPlace&) const = default;
};

class BlockStore {
  public:
    // Reads the height; checks the format version. An empty store stands before its first block. kCorrupt,
    // kUnsupported.
    static Result<std::unique_ptr<BlockStore>> open(std::unique_ptr<KvStore> kv,
                                                    HashAlgorithm hash);

    // Height of the last block; nothing before the first.
    [[nodiscard]] std::optional<Height> height() const;
    [[nodiscard]] std::optional<Height> first_height() const;

    // Appends the next block, durable on return. Asserts that heights follow each other. After an error: stop.
    Status append(const FinalizedBlock& block);

    // kNotFound, kCorrupt, kIo for all getters.
    [[nodiscard]] Result<Bytes> block(Height height) const;
    [[nodiscard]] Result<Bytes> certificate(Height height) const;
    [[nodiscard]] Result<std::vector<Bytes>> receipts(Height height) const;
    [[nodiscard]] Result<BlockDigest> digest(Height height) const;
    [[nodiscard]] Result<Height> find_block(const BlockDigest& digest) const;
    [[nodiscard]] Result<TransactionPlace> find_transaction(const TransactionId& id) const;
    [[nodiscard]] Result<std::optional<Bytes>> extra(ByteView key) const;
    // As KvStore::scan, over the extra entries; keys as the caller gave them.
    [[nodiscard]] Result<std::vector<std::pair<Bytes, Bytes>>> scan_extra(KvRange range) const;

    // The RFC 6962 log of all block digests, in order of height, leaf data = the 32 digest bytes.
    [[nodiscard]] std::uint64_t history_size() const;
    // Root over the first `size` digests; kNotFound above history_size().
    [[nodiscard]] Result<MerkleRoot> history_root(std::uint64_t size) const;
    // Audit path of leaf `index` in the log of `size` digests (RFC 6962 §2.1.1).
    [[nodiscard]] Result<std::vector<Digest>> history_inclusion(std::uint64_t index,
                                                                std::uint64_t size) const;
    // Proof that the log of `older` digests is a prefix of that of `newer` (RFC 6962 §2.1.2).
    [[nodiscard]] Result<std::vector<Digest>> history_consistency(std::uint64_t older,
                                                                  std::uint64_t newer) const;

  private:
    BlockStore(std::unique_ptr<KvStore> kv, HashAlgorithm hash)
        : kv_(std::move(kv)), hash_(hash) {}
    Status load();
    [[nodiscard]] Result<Bytes> value(ByteView key) const;
    [[nodiscard]] Result<Digest> history_node(std::uint32_t level, std::uint64_t index) const;
    [[nodiscard]] Result<Digest> history_range(std::uint64_t begin, std::uint64_t end) const;
    void append_history(const BlockDigest& digest, KvBatch& batch, std::vector<Digest>& frontier) const;

    std::unique_ptr<KvStore> kv_;
    HashAlgorithm hash_;
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace sanquan
