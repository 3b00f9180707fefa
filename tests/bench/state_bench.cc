// bench_state: the authenticated state under load, with its bounded growth and with fdatasync.
//
//   updates   random updates of 300-byte values in blocks of 1,000 at 1 M (and with --large 10 M)
//   keys restart   time to open the state after them proofs    size, time to make, time to verify
//   growth    length of the log above its floor over 20 M updates of 100,000 keys, uniform and 1 %
//   hot
// Ceilings are measured in the same run: writing and syncing the same bytes, and hashing as often
// as the tree must.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>

#include "ledger/base/assert.h"
#include "ledger/proof/state_proof.h"
#include "ledger/store/memory_kv_store.h"
#include "ledger/store/state_store.h"
#include "tests/bench/bench_report.h"

namespace sanquan::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Settings {
    bool json = false;
    bool quick = false;
    bool large = false;
    std::string directory = "/var/tmp/sanquan_bench_state";
    std::string only;
    std::uint64_t past_updates =
        0;  // before the measured restart; 0: as many as the updates run made
};

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_megabytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) {
            return std::stod(line.substr(6)) / 1024;
        }
    }
    return 0;
}

Bytes key_of(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    return "asset/CN-DATA-" + std::string(12 - digits.size(), '0') + digits + "/owner";
}

Bytes value_of(std::mt19937_64& random, std::size_t bytes) {
    Bytes value(bytes, '\0');
    for (std::size_t i = 0; i + 8 <= bytes; i += 8) {
        const std::uint64_t word = random();
        std::copy_n(reinterpret_cast<const char*>(&word), 8, value.data() + i);
    }
    return value;
}

class Machine {
  public:
    Machine(std::string directory, std::uint64_t checkpoint_bytes)
        : directory_(std::move(directory)) {
        std::filesystem::remove_all(directory_);
        options_.keep_history = false;
        options_.checkpoint_bytes = checkpoint_bytes;
        open();
    }
    void open() {
        store_.reset();
        auto opened = StateStore::open(posix_env(), directory_, options_);
        SANQUAN_ASSERT(opened.has_value());
        store_ = *std::move(opened);
        height_ = store_->height().value;
    }
    void block(const StateWrites& writes) {
        const auto version = store_->extend(store_->head(), Height{++height_}, writes);
        SANQUAN_ASSERT(version.has_value());
        SANQUAN_ASSERT(store_->commit(*version).has_value());
    }
    void populate(std::uint64_t keys, std::size_t value_bytes, std::mt19937_64& random) {
        for (std::uint64_t i = 0; i < keys;) {
            StateWrites writes;
            for (int j = 0; j < 10'000 && i < keys; ++j, ++i) {
                writes.emplace_hint(writes.end(), key_of(i), value_of(random, value_bytes));
            }
            block(writes);
        }
    }
    void update(std::uint64_t keys, std::size_t value_bytes, std::size_t count,
                std::mt19937_64& random) {
        StateWrites writes;
        while (writes.size() < count) {
            writes[key_of(random() % keys)] = value_of(random, value_bytes);
        }
        block(writes);
    }
    [[nodiscard]] StateStore& store() { return *store_; }

  private:
    std::string directory_;
    StateOptions options_;
    std::unique_ptr<StateStore> store_;
    std::uint64_t height_ = 0;
};

// Updates a second if only the bytes had to be written and synced, block by block.
double disk_ceiling(const Settings& settings, std::size_t block_bytes, int blocks) {
    const std::string path = settings.directory + "/ceiling";
    std::filesystem::create_directories(settings.directory);
    std::filesystem::remove(path);
    auto file = posix_env().open_append(path);
    SANQUAN_ASSERT(file.has_value());
    const Bytes block(block_bytes, 'x');
    const auto start = Clock::now();
    for (int i = 0; i < blocks; ++i) {
        SANQUAN_ASSERT((*file)->append(block).has_value());
        SANQUAN_ASSERT((*file)->sync().has_value());
    }
    return 1'000.0 * blocks / seconds_since(start);
}

// Updates a CPU second if only value, leaf and one node per level and changed twig had to be
// hashed.
double hash_ceiling(double entries_per_update, double nodes_per_update) {
    const StateHasher& hasher = state_hasher(HashAlgorithm::kSha256);
    const Bytes value(300, 'v');
    const Bytes head(110, 'h');
    Digest digest;
    const double start = cpu_seconds();
    constexpr int kRounds = 200'000;
    for (int i = 0; i < kRounds; ++i) {
        digest = hasher.leaf(head, hasher.value(value));
    }
    const double entry_seconds = (cpu_seconds() - start) / kRounds;
    const double middle = cpu_seconds();
    for (int i = 0; i < kRounds; ++i) {
        digest = hasher.node(digest, digest);
    }
    const double node_seconds = (cpu_seconds() - middle) / kRounds;
    return 1 /
           (entries_per_update * (entry_seconds + node_seconds) + nodes_per_update * node_seconds);
}

void bench_proofs(Machine& machine, std::uint64_t keys, const std::string& suffix,
                  const Settings& settings) {
    const auto version = machine.store().snapshot();
    std::mt19937_64 random(4);
    std::vector<std::pair<Bytes, Bytes>> proofs;
    const auto start = Clock::now();
    for (int i = 0; i < 200; ++i) {
        const Bytes key = key_of(random() % keys);
        proofs.emplace_back(key, version->prove_held(key).value());
    }
    const double make_ms = seconds_since(start) * 1e3 / 200;
    std::size_t largest = 0;
    for (const auto& [key, proof] : proofs) {
        largest = std::max(largest, proof.size());
    }
    const Bytes absent = version->prove_absent(key_of(7) + "x").value();
    const auto verify_start = Clock::now();
    constexpr int kRounds = 50;
    for (int round = 0; round < kRounds; ++round) {
        for (const auto& [key, proof] : proofs) {
            SANQUAN_ASSERT(
                verify_held(HashAlgorithm::kSha256, version->root(), key, proof).has_value());
        }
    }
    const double verify_us = seconds_since(verify_start) * 1e6 / (kRounds * 200.0);
    print_figure({"proof size, 300-byte value" + suffix, static_cast<double>(largest), "bytes",
                  8'192, "limit"},
                 settings.json);
    print_figure({"absence proof size" + suffix, static_cast<double>(absent.size()), "bytes", 8'192,
                  "limit"},
                 settings.json);
    print_figure({"proof made" + suffix, make_ms, "ms", 0, ""}, settings.json);
    print_figure({"proof verified" + suffix, verify_us, "us", 5'000, "limit"}, settings.json);
}

void bench_updates(std::uint64_t keys, const Settings& settings) {
    const std::string suffix = ", " + std::to_string(keys) + " keys";
    std::mt19937_64 random(1);
    Machine machine(settings.directory + "/updates", 128U << 20U);
    const auto populate_start = Clock::now();
    machine.populate(keys, 300, random);
    print_figure({"creations in order" + suffix,
                  static_cast<double>(keys) / seconds_since(populate_start), "/s", 0, ""},
                 settings.json);
    // Into the steady state, where the floor moves.
    const std::uint64_t warm = keys + keys / 4;
    for (std::uint64_t i = 0; i < warm; i += 10'000) {
        machine.update(keys, 300, 10'000, random);
    }
    const int blocks = settings.quick ? 50 : 300;
    const StateStore::Figures before = machine.store().figures();
    double generating = 0;
    const auto start = Clock::now();
    const double cpu_start = cpu_seconds();
    for (int i = 0; i < blocks; ++i) {
        const auto generate_start = Clock::now();
        StateWrites writes;
        while (writes.size() < 1'000) {
            writes[key_of(random() % keys)] = value_of(random, 300);
        }
        generating += seconds_since(generate_start);
        machine.block(writes);
    }
    const double wall = seconds_since(start) - generating;
    const double cpu = cpu_seconds() - cpu_start - generating;
    const StateStore::Figures after = machine.store().figures();
    const double per_update =
        static_cast<double>(after.entries - before.entries) / (blocks * 1'000.0);
    const double disk =
        disk_ceiling(settings, static_cast<std::size_t>(per_update * 1'000 * 420), blocks);
    const double hashing = hash_ceiling(per_update, 5);
    const double both = 1 / (1 / disk + 1 / hashing);
    print_figure({"updates" + suffix, blocks * 1'000.0 / wall, "/s", both,
                  "same bytes written and synced, then hashed"},
                 settings.json);
    print_figure(
        {"updates per CPU second" + suffix, blocks * 1'000.0 / cpu, "/s", hashing, "hashing alone"},
        settings.json);
    print_figure({"entries appended per update" + suffix, per_update, "", 0, ""}, settings.json);
    print_figure({"memory of the key index" + suffix, static_cast<double>(after.index_bytes) / 1e6,
                  "MB", 0, ""},
                 settings.json);
    print_figure({"resident memory" + suffix, resident_megabytes(), "MB", 0, ""}, settings.json);
    bench_proofs(machine, keys, suffix, settings);
    for (std::uint64_t i = 0; i < settings.past_updates; i += 10'000) {
        machine.update(keys, 300, 10'000, random);
    }
    const StateRoot root = machine.store().root();
    const std::uint64_t entries = machine.store().figures().entries;
    const auto restart = Clock::now();
    machine.open();
    print_figure({"restart, " + std::to_string(entries) + " entries appended" + suffix,
                  seconds_since(restart), "s", 5, "limit"},
                 settings.json);
    SANQUAN_ASSERT(machine.store().root() == root);
}

void bench_growth(bool hot, const Settings& settings) {
    constexpr std::uint64_t kKeys = 100'000;
    const std::uint64_t updates = settings.quick ? 1'000'000 : 20'000'000;
    std::mt19937_64 random(2);
    Machine machine(settings.directory + "/growth", 128U << 20U);
    machine.populate(kKeys, 40, random);
    double longest = 0;
    for (std::uint64_t done = 0; done < updates; done += 5'000) {
        StateWrites writes;
        for (int i = 0; i < 5'000; ++i) {
            // Nine in ten updates go to 1 % of the keys.
            const bool to_hot = hot && random() % 10 != 0;
            writes[key_of(to_hot ? random() % (kKeys / 100) : random() % kKeys)] =
                value_of(random, 40);
        }
        machine.block(writes);
        const StateStore::Figures figures = machine.store().figures();
        longest = std::max(longest, static_cast<double>(figures.entries - figures.floor) /
                                        static_cast<double>(figures.live_keys + 1));
    }
    const std::string name = std::string("longest log, ") + (hot ? "1 % hot, " : "uniform, ") +
                             std::to_string(updates) + " updates";
    print_figure({name, longest, "x live", 3, "limit"}, settings.json);
}

int run(const Settings& settings) {
    const auto wanted = [&](std::string_view what) {
        return settings.only.empty() || settings.only == what;
    };
    if (wanted("updates")) {
        bench_updates(settings.quick ? 100'000 : 1'000'000, settings);
    }
    if (settings.large && wanted("updates")) {
        bench_updates(10'000'000, settings);
    }
    if (wanted("growth")) {
        bench_growth(/*hot=*/false, settings);
        bench_growth(/*hot=*/true, settings);
    }
    std::filesystem::remove_all(settings.directory);
    return 0;
}

}  // namespace
}  // namespace sanquan::bench

int main(int argc, char** argv) {
    sanquan::bench::Settings settings;
    CLI::App app{"Measures the authenticated state: updates, restart, proofs, growth."};
    app.add_flag("--json", settings.json, "one JSON object per line");
    app.add_flag("--quick", settings.quick,
                 "100,000 keys and 1 M updates of growth: under a minute");
    app.add_flag("--large", settings.large, "also 10 M keys");
    app.add_option("--dir", settings.directory, "where to write (removed afterwards)");
    app.add_option("--only", settings.only, "updates or growth");
    app.add_option("--past", settings.past_updates, "updates made before the measured restart");
    CLI11_PARSE(app, argc, argv);
    return sanquan::bench::run(settings);
}
