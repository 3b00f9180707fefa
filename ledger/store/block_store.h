// BlockStore: finalized blocks, their certificates and receipts, and the indexes over them, on a
// KvStore.
//
// One synced batch per block: after a crash a block is there with everything that belongs to it, or
// not at all. The caller syncs the state log first, so the block store is at most behind it (design
// D6). Key layout: docs/DATA_ON_DISK.md. Reads are thread-safe beside the one writer.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "ledger/base/ids.h"
#include "ledger/crypto/digest.h"
#include "ledger/proof/merkle_log.h"
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
    // Reads the height; checks the format version. An empty store stands before its first block.
    // kCorrupt, kUnsupported.
    static Result<std::unique_ptr<BlockStore>> open(std::unique_ptr<KvStore> kv,
                                                    HashAlgorithm hash);

    // Height of the last block; nothing before the first.
    [[nodiscard]] std::optional<Height> height() const;
    [[nodiscard]] std::optional<Height> first_height() const;

    // Appends the next block, durable on return. Asserts that heights follow each other. After an
    // error: stop.
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

    // The RFC 6962 log of all block digests, in order of height; leaf = merkle_leaf_hash of the 32
    // digest bytes.
    [[nodiscard]] MerkleTreeHead history() const;
    // Where the executor goes on appending, in memory, for blocks that are not final yet.
    [[nodiscard]] MerkleFrontier history_frontier() const;
    // Root over the first `size` digests, and proofs within it (ledger/proof/merkle_log.h);
    // kNotFound above history().size.
    [[nodiscard]] Result<MerkleRoot> history_root(std::uint64_t size) const;
    [[nodiscard]] Result<MerkleProof> history_inclusion(std::uint64_t index,
                                                        std::uint64_t size) const;
    [[nodiscard]] Result<MerkleProof> history_consistency(std::uint64_t older,
                                                          std::uint64_t newer) const;

    // Re-checks everything that the store can check by itself: each height has its parts, the
    // indexes point back, the history log recomputes. kCorrupt with the first thing found.
    [[nodiscard]] Status verify() const;

  private:
    BlockStore(std::unique_ptr<KvStore> kv, HashAlgorithm hash);
    Status load();
    [[nodiscard]] Result<Bytes> value(Bytes key) const;
    [[nodiscard]] Result<Digest> history_node(const MerkleNodePosition& position) const;
    [[nodiscard]] Status check_history_size(std::uint64_t size) const;
    [[nodiscard]] Status verify_block(Height height, MerkleFrontier& history) const;

    std::unique_ptr<KvStore> kv_;
    HashAlgorithm hash_;
    mutable std::mutex mutex_;  // guards what follows
    std::optional<Height> first_;
    std::optional<Height> last_;
    MerkleFrontier frontier_;
};

}  // namespace sanquan
