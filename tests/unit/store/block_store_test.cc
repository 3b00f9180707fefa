// Goal: a block is found by height, digest and transaction, its history proofs verify, and a lost
// batch loses it whole.
#include "ledger/store/block_store.h"

#include <unistd.h>

#include <filesystem>

#include "ledger/store/memory_kv_store.h"
#include "tests/support/catch.h"

namespace sanquan {
namespace {

constexpr auto kHash = HashAlgorithm::kSha256;

TransactionId id_of(std::uint64_t number) {
    return TransactionId::from(hash(kHash, {"transaction", std::to_string(number)}));
}

FinalizedBlock make_block(std::uint64_t height) {
    FinalizedBlock block;
    block.height = Height{height};
    block.digest = BlockDigest::from(hash(kHash, {"block", std::to_string(height)}));
    block.block = "block " + std::to_string(height);
    block.certificate = "certificate " + std::to_string(height);
    for (std::uint64_t i = 0; i < height % 4; ++i) {
        block.receipts.push_back("receipt " + std::to_string(i));
        block.transactions.push_back(id_of(height * 10 + i));
    }
    block.extra = {{"height/" + std::to_string(height), "yes"}};
    return block;
}

// Lets a test keep hold of the store that the block store owns.
class Shared final : public KvStore {
  public:
    explicit Shared(std::shared_ptr<MemoryKvStore> kv) : kv_(std::move(kv)) {}
    Result<std::optional<Bytes>> get(ByteView key) const override { return kv_->get(key); }
    Status write(const KvBatch& batch, bool sync) override { return kv_->write(batch, sync); }
    Result<std::vector<std::pair<Bytes, Bytes>>> scan(const KvRange& range) const override {
        return kv_->scan(range);
    }

  private:
    std::shared_ptr<MemoryKvStore> kv_;
};

std::unique_ptr<BlockStore> open(std::unique_ptr<KvStore> kv) {
    auto store = BlockStore::open(std::move(kv), kHash);
    REQUIRE(store.has_value());
    return *std::move(store);
}

void check_blocks(const BlockStore& store, std::uint64_t last) {
    for (std::uint64_t height = 1; height <= last; ++height) {
        const FinalizedBlock block = make_block(height);
        REQUIRE(store.block(Height{height}) == block.block);
        REQUIRE(store.certificate(Height{height}) == block.certificate);
        REQUIRE(store.receipts(Height{height}) == block.receipts);
        REQUIRE(store.digest(Height{height}) == block.digest);
        REQUIRE(store.find_block(block.digest) == Height{height});
        for (std::uint32_t i = 0; i < block.transactions.size(); ++i) {
            REQUIRE(store.find_transaction(block.transactions[i]) ==
                    TransactionPlace{Height{height}, i});
        }
    }
}

TEST_CASE("blocks are found by height, digest and transaction", "[store][blocks]") {
    const bool on_disk = GENERATE(false, true);
    const std::string directory =
        std::filesystem::temp_directory_path() / ("sanquan_blocks_" + std::to_string(::getpid()));
    std::filesystem::remove_all(directory);
    const auto memory = std::make_shared<MemoryKvStore>();
    const auto make_kv = [&]() -> std::unique_ptr<KvStore> {
        if (on_disk) {
            auto kv = open_leveldb(directory);
            REQUIRE(kv.has_value());
            return *std::move(kv);
        }
        return std::make_unique<Shared>(memory);
    };
    {
        const auto store = open(make_kv());
        CHECK_FALSE(store->height().has_value());
        for (std::uint64_t height = 1; height <= 50; ++height) {
            REQUIRE(store->append(make_block(height)));
        }
        if (on_disk) {
            const auto second = open_leveldb(directory);
            REQUIRE_FALSE(second.has_value());
            CHECK(second.error().code == Code::kDirectoryLocked);
        }
    }
    const auto store = open(make_kv());
    CHECK(store->height() == Height{50});
    CHECK(store->first_height() == Height{1});
    check_blocks(*store, 50);
    CHECK(store->verify());
    CHECK(store->block(Height{51}).error().code == Code::kNotFound);
    CHECK(store->find_transaction(id_of(7)).error().code == Code::kNotFound);
    CHECK(store->extra("height/7") == "yes");
    const auto page = store->scan_extra({"height/4", {}, 100, false});
    REQUIRE(page.has_value());
    CHECK(page->size() == 11);
    const auto backward = store->scan_extra({"height/", "height/4", 2, true});
    REQUIRE(backward.has_value());
    CHECK((*backward)[0].first == "height/39");
    CHECK((*backward)[1].first == "height/38");
    std::filesystem::remove_all(directory);
}

TEST_CASE("history proofs verify", "[store][blocks]") {
    const auto store = open(std::make_unique<MemoryKvStore>());
    std::vector<MerkleTreeHead> heads{store->history()};
    for (std::uint64_t height = 1; height <= 20; ++height) {
        REQUIRE(store->append(make_block(height)));
        heads.push_back(store->history());
    }
    for (std::uint64_t size = 1; size <= 20; ++size) {
        REQUIRE(store->history_root(size) == heads[size].root);
        for (std::uint64_t index = 0; index < size; ++index) {
            const auto proof = store->history_inclusion(index, size);
            REQUIRE(proof.has_value());
            const Digest leaf = merkle_leaf_hash(kHash, make_block(index + 1).digest.view());
            REQUIRE(verify_inclusion(kHash, leaf, index, size, *proof, heads[size].root));
        }
        for (std::uint64_t older = 1; older <= size; ++older) {
            const auto proof = store->history_consistency(older, size);
            REQUIRE(proof.has_value());
            REQUIRE(verify_consistency(kHash, heads[older], heads[size], *proof));
        }
    }
    CHECK(store->history_root(21).error().code == Code::kNotFound);
}

TEST_CASE("damage is found", "[store][blocks]") {
    const auto memory = std::make_shared<MemoryKvStore>();
    const auto store = open(std::make_unique<Shared>(memory));
    for (std::uint64_t height = 1; height <= 9; ++height) {
        REQUIRE(store->append(make_block(height)));
    }
    REQUIRE(store->verify());
    const auto all = memory->scan({"", {}, 10'000, false});
    REQUIRE(all.has_value());
    std::size_t found = 0;
    for (const auto& [key, value] : *all) {
        KvBatch lost;
        lost.erase(key);
        REQUIRE(memory->write(lost, true));
        // Only the caller's own entries and one missing transaction cannot be missed by the store
        // itself.
        const bool own = key[0] == 'x' || key[0] == 't' || key[0] == 'M' || key[0] == 'H';
        const Status status = store->verify();
        CHECK(status.has_value() == own);
        found += status ? 0U : 1U;
        KvBatch back;
        back.put(key, value);
        REQUIRE(memory->write(back, true));
    }
    CHECK(found > 40);
    CHECK(BlockStore::open(std::make_unique<Shared>(memory), HashAlgorithm::kSm3).error().code ==
          Code::kUnsupported);
}

}  // namespace
}  // namespace sanquan
