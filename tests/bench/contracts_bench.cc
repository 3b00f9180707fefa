// bench_contracts: executing blocks of ownership trades under mandates, single-threaded, state in
// memory.
//
//   trades   1,000 assets, 500 parties, one exchange with everybody's mandates; batches of 100
//   INDEPENDENT trades,
//            10 transactions a block; the figure counts settled trades only
// Figures are per second of processor time. The ceiling is what the reads and writes of those trades cost alone: the same keys got and put,
// nothing decided.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <random>

#include "contracts/apply_block.h"
#include "contracts/genesis_state.h"
#include "ledger/base/amount.h"
#include "ledger/base/assert.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"
#include "ledger/state/overlay.h"
#include "tests/bench/bench_report.h"
#include "tests/support/sample_genesis.h"

namespace sanquan::bench {
namespace {

// Processor time of this process: other load on the machine does not count.
double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec) +
           static_cast<double>(usage.ru_utime.tv_usec) / 1e6;
}

constexpr std::size_t kAssets = 1'000;
constexpr std::size_t kParties = 500;
constexpr std::size_t kBatch = 100;
constexpr std::size_t kBatchesPerBlock = 10;

class MapView final : public ReadView {
  public:
    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override {
        const auto found = values.find(key);
        return found == values.end() ? std::nullopt : found->second;
    }
    StateWrites values;
};

std::string party_id(std::size_t index) { return "X-PARTY-" + std::to_string(index); }
std::string asset_id(std::size_t index) { return "ASSET-" + std::to_string(index); }

wire::Money cny(std::uint64_t amount) {
    wire::Money money;
    money.set_currency("CNY");
    money.set_amount(Amount(amount).encode());
    return money;
}

void add_party(MapView& state, std::size_t index) {
    const std::string id = party_id(index);
    wire::OrganisationRecord party;
    party.set_threshold(1);
    party.add_keys("key");
    state.values[keys::organisation(id)] = encode(party);
    wire::BalanceRecord balance;
    balance.set_amount(Amount(1'000'000'000).encode());
    state.values[keys::balance(id, "CNY")] = encode(balance);
    wire::MandateRecord mandate;
    mandate.set_grantor(id);
    mandate.mutable_terms()->set_broker("X-EX");
    mandate.mutable_terms()->set_may_buy(true);
    mandate.mutable_terms()->set_may_sell(true);
    *mandate.mutable_terms()->mutable_price_max() = cny(1'000);
    mandate.mutable_terms()->set_valid_until_ms(~0ULL);
    state.values[keys::mandate("M-" + id)] = encode(mandate);
    wire::MandateIndexRecord index_record;
    index_record.add_mandates("M-" + id);
    state.values[keys::mandates(id, "X-EX")] = encode(index_record);
}

void add_asset(MapView& state, std::size_t index, const std::string& owner) {
    wire::AssetRecord asset;
    asset.set_status(wire::ASSET_CERTIFIED);
    asset.set_level(wire::GENERAL);
    asset.set_level_reviewed(true);
    asset.set_certificate_until_ms(~0ULL);
    auto& share = *asset.add_owners();
    share.set_organisation(owner);
    share.set_basis_points(kBasisPointsWhole);
    state.values[keys::asset(asset_id(index))] = encode(asset);
}

class TradeBench {
  public:
    TradeBench() {
        auto writes = contracts::genesis_state(genesis_);
        SANQUAN_ASSERT(writes.has_value());
        state_.values = std::move(*writes);
        for (std::size_t i = 0; i < kParties; ++i) {
            add_party(state_, i);
        }
        for (std::size_t i = 0; i < kAssets; ++i) {
            owners_.push_back(i % kParties);
            add_asset(state_, i, party_id(owners_[i]));
        }
    }

    // Executes `blocks` blocks and returns settled trades a second; 0 when one was refused.
    double run(std::size_t blocks) {
        std::vector<std::vector<Transaction>> prepared;
        for (std::size_t i = 0; i < blocks; ++i) {
            prepared.push_back(make_block());
        }
        const double start = cpu_seconds();
        for (std::size_t i = 0; i < blocks; ++i) {
            std::vector<const Transaction*> pointers;
            for (const auto& transaction : prepared[i]) {
                pointers.push_back(&transaction);
            }
            const contracts::BlockContext context{genesis_.chain, Height{i + 1},
                                                  TimeMs{genesis_.message.time_ms() + i + 1}};
            const auto result = contracts::apply_block(context, pointers, state_);
            SANQUAN_ASSERT(result.valid);
            for (const Bytes& receipt : result.receipts) {
                count_settled(receipt);
            }
            for (const auto& [key, value] : result.writes) {
                state_.values[key] = value;
            }
            touched_ = result.writes;
        }
        const double seconds = cpu_seconds() - start;
        return settled_ == blocks * kBatchesPerBlock * kBatch
                   ? static_cast<double>(settled_) / seconds
                   : 0;
    }

    // Trades a second if nothing were decided: the last block's keys read three times and written
    // once.
    double ceiling() const {
        const double start = cpu_seconds();
        constexpr int kRounds = 20;
        for (int round = 0; round < kRounds; ++round) {
            Overlay overlay(state_);
            for (const auto& [key, value] : touched_) {
                SANQUAN_ASSERT(overlay.get(key) && overlay.get(key) && overlay.get(key));
                overlay.put(key, *value);
            }
        }
        const double seconds = cpu_seconds() - start;
        return kRounds * static_cast<double>(kBatch * kBatchesPerBlock) / seconds;
    }

  private:
    std::vector<Transaction> make_block() {
        std::vector<Transaction> block;
        for (std::size_t i = 0; i < kBatchesPerBlock; ++i) {
            block.push_back(make_batch());
        }
        return block;
    }

    // The signature itself is checked at admission, which is not measured here.
    Transaction make_batch() {
        Transaction transaction;
        transaction.body.set_sender("X-EX");
        transaction.body.set_mode(wire::INDEPENDENT);
        wire::Signature signature;
        signature.set_key_id(testing::key_of("X-EX").id().bytes());
        transaction.signatures.push_back(signature);
        for (std::size_t i = 0; i < kBatch; ++i) {
            const std::size_t asset = random_() % kAssets;
            const std::size_t buyer = (owners_[asset] + 1 + random_() % (kParties - 1)) % kParties;
            auto& trade = *transaction.body.add_operations()->mutable_trade_ownership();
            trade.set_asset(asset_id(asset));
            trade.set_seller(party_id(owners_[asset]));
            trade.set_buyer(party_id(buyer));
            *trade.mutable_price() = cny(1 + random_() % 1'000);
            trade.set_client_reference(std::to_string(++references_));
            owners_[asset] = buyer;
        }
        transaction.body_bytes = encode(transaction.body);
        transaction.id = transaction_id(genesis_.chain, transaction.body_bytes);
        return transaction;
    }

    void count_settled(const Bytes& bytes) {
        wire::Receipt receipt;
        SANQUAN_ASSERT(receipt.ParseFromString(bytes));
        for (const auto& result : receipt.results()) {
            settled_ += result.code() == 0 ? 1U : 0U;
        }
    }

    Genesis genesis_ = testing::decoded_sample();
    MapView state_;
    std::vector<std::size_t> owners_;
    std::mt19937_64 random_{1};
    std::uint64_t references_ = 0;
    std::uint64_t settled_ = 0;
    StateWrites touched_;
};

}  // namespace
}  // namespace sanquan::bench

int main(int argc, char** argv) {
    bool json = false;
    std::size_t blocks = 50;
    CLI::App app("Executes blocks of ownership trades.");
    app.add_flag("--json", json, "One JSON object per line");
    app.add_option("--blocks", blocks, "Blocks of 1,000 trades");
    CLI11_PARSE(app, argc, argv);
    sanquan::bench::TradeBench bench;
    const double trades = bench.run(blocks);
    sanquan::bench::print_figure({"ownership trades under mandates", trades, "trades/s",
                                  bench.ceiling(), "same keys, no rules"},
                                 json);
    return trades > 0 ? 0 : 1;
}
