// bench_ledger: decoding signed transactions, and making blocks of sales durable.
//
//   decode   canonical decoding of single sales and of batches of 100, with their ids; ceiling: protobuf's own
//            parsing of the same bytes and one hash over them
//   commit   state log and block store for blocks of 100 and 1,000 sales of 7 records each; ceiling: the same
//            bytes written to two files, each synced
#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <filesystem>

#include "ledger/base/amount.h"
#include "ledger/base/assert.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/crypto/digest.h"
#include "ledger/crypto/random.h"
#include "ledger/model/transaction.h"
#include "ledger/store/block_store.h"
#include "ledger/store/env.h"
#include "ledger/store/state_store.h"
#include "tests/bench/bench_report.h"

namespace sanquan::bench {
namespace {

using Clock = std::chrono::steady_clock;

double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

Bytes signed_sales(const Chain& chain, int operations) {
    wire::TransactionBody body;
    body.set_chain_id(chain.id.bytes());
    body.set_sender("X-DATA-EXCHANGE");
    body.set_nonce(random_bytes(16));
    body.set_valid_until_ms(1'800'000'000'000);
    body.set_mode(wire::INDEPENDENT);
    for (int i = 0; i < operations; ++i) {
        auto& sale = *body.add_operations()->mutable_trade_ownership();
        sale.set_asset("530000-S08-00000042-K");
        sale.set_seller("X-P0123456789ABCDEF0123");
        sale.set_buyer("X-P1123456789ABCDEF0123");
        sale.mutable_price()->set_currency("XTS");
        sale.mutable_price()->set_amount(Amount(1'000'000).encode());
        sale.set_client_reference("sale-" + std::to_string(i));
    }
    wire::SignedTransaction transaction;
    transaction.set_body(encode(body));
    auto& signature = *transaction.add_signatures();
    signature.set_key_id(random_bytes(16));
    signature.set_signature(random_bytes(64));
    return encode(transaction);
}

void bench_decode(int operations, bool json) {
    const Chain chain{};
    const Bytes raw = signed_sales(chain, operations);
    const int rounds = operations == 1 ? 40'000 : 1'000;
    const double start = cpu_seconds();
    for (int i = 0; i < rounds; ++i) {
        const auto decoded = decode_transaction(raw, chain);
        SANQUAN_ASSERT(decoded.has_value());
    }
    const double decoded = rounds / (cpu_seconds() - start);
    const double middle = cpu_seconds();
    for (int i = 0; i < rounds; ++i) {
        wire::SignedTransaction outer;
        wire::TransactionBody body;
        SANQUAN_ASSERT(outer.ParseFromString(raw) && body.ParseFromString(outer.body()));
        hash(HashAlgorithm::kSha256, {raw});
    }
    const double plain = rounds / (cpu_seconds() - middle);
    print_figure({"transactions decoded, " + std::to_string(operations) + " operations", decoded,
                  "/s", plain, "parsed and hashed once, nothing checked"},
                 json);
}

// One block's worth of records: 7 a sale, half of them updates of earlier ones.
StateWrites writes_of(std::uint64_t block, int sales) {
    StateWrites writes;
    for (int i = 0; i < sales; ++i) {
        const std::string number = std::to_string(block * static_cast<std::uint64_t>(sales) +
                                                  static_cast<std::uint64_t>(i));
        const std::string busy =
            std::to_string((block * 31 + static_cast<std::uint64_t>(i)) % 5'000);
        writes["trade/" + number] = random_bytes(180);
        writes["trade-reference/" + number] = random_bytes(40);
        writes["provenance/" + number] = random_bytes(120);
        writes["asset/" + busy] = random_bytes(220);
        writes["balance/seller-" + busy] = random_bytes(24);
        writes["balance/buyer-" + busy] = random_bytes(24);
        writes["usage/" + busy] = random_bytes(60);
    }
    return writes;
}

double disk_ceiling(const std::string& directory, std::size_t bytes, int blocks) {
    auto first = posix_env().open_append(directory + "/first");
    auto second = posix_env().open_append(directory + "/second");
    SANQUAN_ASSERT(first.has_value() && second.has_value());
    const Bytes half(bytes / 2, 'x');
    const auto start = Clock::now();
    for (int i = 0; i < blocks; ++i) {
        SANQUAN_ASSERT((*first)->append(half).has_value() && (*first)->sync().has_value());
        SANQUAN_ASSERT((*second)->append(half).has_value() && (*second)->sync().has_value());
    }
    return blocks / seconds_since(start);
}

void bench_commit(const std::string& directory, int sales, bool json) {
    std::filesystem::remove_all(directory);
    std::filesystem::create_directories(directory);
    auto state = StateStore::open(posix_env(), directory + "/state", {});
    SANQUAN_ASSERT(state.has_value());
    auto kv = open_leveldb(directory + "/blocks");
    SANQUAN_ASSERT(kv.has_value());
    auto blocks = BlockStore::open(*std::move(kv), HashAlgorithm::kSha256);
    SANQUAN_ASSERT(blocks.has_value());
    const int rounds = sales >= 1'000 ? 60 : 300;
    std::size_t bytes = 0;
    double seconds = 0;
    for (int i = 0; i < rounds; ++i) {
        const auto number = static_cast<std::uint64_t>(i);
        const StateWrites writes = writes_of(number, sales);
        FinalizedBlock block;
        block.height = Height{number};
        const Bytes drawn = random_bytes(32);
        block.digest = *BlockDigest::from_bytes(drawn);
        block.block = random_bytes(static_cast<std::size_t>(sales) * 110);
        block.certificate = random_bytes(400);
        block.receipts = {random_bytes(static_cast<std::size_t>(sales) * 60)};
        block.transactions = {*TransactionId::from_bytes(random_bytes(32))};
        bytes += block.block.size() + block.receipts[0].size();
        for (const auto& [key, value] : writes) {
            bytes += key.size() + value->size() + 100;
        }
        const auto start = Clock::now();
        const auto version = (*state)->extend((*state)->head(), Height{number}, writes);
        SANQUAN_ASSERT(version.has_value() && (*state)->commit(*version).has_value());
        SANQUAN_ASSERT((*blocks)->append(block).has_value());
        seconds += seconds_since(start);
    }
    const double ceiling =
        disk_ceiling(directory, bytes / static_cast<std::size_t>(rounds), rounds);
    print_figure({"blocks of " + std::to_string(sales) + " sales made durable", rounds / seconds,
                  "/s", ceiling, "the same bytes written and synced twice"},
                 json);
    std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace sanquan::bench

int main(int argc, char** argv) {
    bool json = false;
    std::string directory = "/var/tmp/sanquan_bench_ledger";
    CLI::App app{"Measures decoding of transactions and making blocks durable."};
    app.add_flag("--json", json, "one JSON object per line");
    app.add_option("--dir", directory, "where to write (removed afterwards)");
    CLI11_PARSE(app, argc, argv);
    sanquan::bench::bench_decode(1, json);
    sanquan::bench::bench_decode(100, json);
    sanquan::bench::bench_commit(directory, 100, json);
    sanquan::bench::bench_commit(directory, 1'000, json);
    return 0;
}
