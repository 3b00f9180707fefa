// bench_invariants: every invariant over a whole state, as verify-data checks it.
//
//   assets    20,000 assets with an exclusive operation right and 24 usage rights under it: about a million keys
//   one       one asset with a million usage rights, each after the other, every tenth exclusive
// The ceiling is reading the same records once, in key order.
#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>

#include "contracts/invariants/whole_state.h"
#include "ledger/base/amount.h"
#include "ledger/base/assert.h"
#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/state_keys.h"
#include "ledger/store/state_store.h"
#include "tests/bench/bench_report.h"

namespace sanquan::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

class Ledger {
  public:
    explicit Ledger(std::string directory) : directory_(std::move(directory)) {
        std::filesystem::remove_all(directory_);
        StateOptions options;
        options.keep_history = false;
        auto opened = StateStore::open(posix_env(), directory_, options);
        SANQUAN_ASSERT(opened.has_value());
        store_ = *std::move(opened);
    }
    ~Ledger() { std::filesystem::remove_all(directory_); }
    Ledger(const Ledger&) = delete;
    Ledger& operator=(const Ledger&) = delete;

    template <typename Record>
    void put(const Bytes& key, const Record& record) {
        writes_[key] = encode(record);
        if (writes_.size() >= 10'000) {
            commit();
        }
    }
    void commit() {
        const auto version = store_->extend(store_->head(), Height{++height_}, writes_);
        SANQUAN_ASSERT(version.has_value() && store_->commit(*version).has_value());
        writes_.clear();
    }
    [[nodiscard]] std::shared_ptr<const StateVersion> head() const { return store_->head(); }

  private:
    std::string directory_;
    std::unique_ptr<StateStore> store_;
    StateWrites writes_;
    std::uint64_t height_ = 0;
};

std::string grant_id(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    return "G-" + std::string(24 - digits.size(), '0') + digits;
}

wire::GrantRecord grant(const std::string& asset, wire::Right right) {
    wire::GrantRecord record;
    record.set_asset(asset);
    record.set_grantor("X-OW");
    record.set_holder("X-PC");
    record.set_right(right);
    record.add_actions(wire::SUBLICENSE);
    record.set_valid_until_ms(1'000'000'000);
    record.set_delegation_depth(2);
    return record;
}

void put_governance(Ledger& ledger) {
    wire::GovernanceRecord governance;
    governance.add_members("X-LG");
    ledger.put(keys::governance(), governance);
}

void put_asset(Ledger& ledger, const std::string& code) {
    wire::AssetRecord asset;
    auto& owner = *asset.add_owners();
    owner.set_organisation("X-OW");
    owner.set_basis_points(kBasisPointsWhole);
    asset.set_content(Bytes(32, 'c'));
    ledger.put(keys::asset(code), asset);
}

void populate_assets(Ledger& ledger) {
    std::uint64_t number = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string code = "A" + std::to_string(1'000'000 + i);
        put_asset(ledger, code);
        wire::GrantIndexRecord index;
        const std::string top = grant_id(++number);
        auto operation = grant(code, wire::OPERATION_MANAGEMENT);
        operation.set_exclusive(true);
        ledger.put(keys::grant(top), operation);
        index.add_grants(top);
        index.add_exclusive(top);
        for (int j = 0; j < 24; ++j) {
            auto usage = grant(code, wire::USAGE);
            usage.set_grantor("X-PC");
            usage.set_holder("X-US-" + std::to_string(j));
            usage.set_parent(top);
            const std::string id = grant_id(++number);
            ledger.put(keys::grant(id), usage);
            wire::HolderRecord holder;
            holder.add_grants(id);
            ledger.put(keys::right(code, usage.holder()), holder);
            index.add_grants(id);
        }
        ledger.put(keys::grants(code), index);
    }
}

void populate_one(Ledger& ledger) {
    const std::string code = "A1000000";
    put_asset(ledger, code);
    wire::GrantIndexRecord index;
    for (std::uint64_t i = 0; i < 1'000'000; ++i) {
        auto usage = grant(code, wire::USAGE);
        usage.set_exclusive(i % 10 == 0);
        usage.set_valid_from_ms(i);
        usage.set_granted_ms(i);
        usage.set_valid_until_ms(i + 1);
        if (index.grants_size() == static_cast<int>(limits::kGrantsPerPage)) {
            wire::GrantIndexRecord page;
            page.mutable_grants()->Swap(index.mutable_grants());
            index.set_full_pages(index.full_pages() + 1);
            ledger.put(keys::grants(code, index.full_pages()), page);
        }
        index.add_grants(grant_id(i));
        if (usage.exclusive()) {
            index.clear_exclusive();
            index.add_exclusive(grant_id(i));
        }
        ledger.put(keys::grant(grant_id(i)), usage);
    }
    ledger.put(keys::grants(code), index);
}

void measure(const std::string& name, const Ledger& ledger, bool json) {
    const auto head = ledger.head();
    const auto read_start = Clock::now();
    Bytes after;
    std::uint64_t keys = 0;
    for (;;) {
        const auto page = head->scan("", after, 1'000);
        keys += page.size();
        if (page.size() < 1'000) {
            break;
        }
        after = page.back().first;
    }
    const double read_seconds = seconds_since(read_start);
    const auto start = Clock::now();
    const Status status =
        contracts::check_whole_state(*head, [&](ByteView prefix, ByteView from, std::size_t limit) {
            return head->scan(prefix, from, limit);
        });
    const double check_seconds = seconds_since(start);
    SANQUAN_ASSERT(status.has_value());
    print_figure({name + ", keys", static_cast<double>(keys), "", 0, ""}, json);
    print_figure({name + ", keys checked per second", static_cast<double>(keys) / check_seconds,
                  "1/s", static_cast<double>(keys) / read_seconds, "reading each once"},
                 json);
}

int run(const std::string& directory, const std::string& only, bool json) {
    for (const auto& [name, populate] :
         {std::pair{"assets", &populate_assets}, {"one", &populate_one}}) {
        if (only.empty() || only == name) {
            Ledger ledger(directory);
            put_governance(ledger);
            populate(ledger);
            ledger.commit();
            measure(name, ledger, json);
        }
    }
    return 0;
}

}  // namespace
}  // namespace sanquan::bench

int main(int argc, char** argv) {
    CLI::App app{"Measures the check of every invariant over a whole state."};
    bool json = false;
    std::string only;
    std::string directory = "/var/tmp/sanquan_bench_invariants";
    app.add_flag("--json", json, "one JSON object per line");
    app.add_option("--only", only, "assets or one");
    app.add_option("--dir", directory, "where to write (removed afterwards)");
    CLI11_PARSE(app, argc, argv);
    return sanquan::bench::run(directory, only, json);
}
