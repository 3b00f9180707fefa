// Goal: whatever a crash leaves, the state store comes back at the last confirmed block or the one
// after it, with the right root; damage of stored bytes is reported and never read as data. Method:
// a run of blocks on the virtual disk is cut at every write, sync, rename and removal, in every way
// to lose what was not synced; then stored files are flipped bit by bit.
#include <random>

#include "ledger/state/record_format.h"
#include "ledger/store/memory_kv_store.h"
#include "ledger/store/state_store.h"
#include "tests/support/catch.h"
#include "tests/support/virtual_disk.h"

namespace sanquan {
namespace {

using tests::VirtualDisk;
using Loss = VirtualDisk::Loss;

// Tombstones on a machine whose power goes instead of their `cut_at`-th sync.
class TombstoneKv final : public KvStore {
  public:
    explicit TombstoneKv(VirtualDisk& disk) : disk_(disk) {}
    Result<std::optional<Bytes>> get(ByteView key) const override { return kv_.get(key); }
    Result<std::vector<std::pair<Bytes, Bytes>>> scan(const KvRange& range) const override {
        return kv_.scan(range);
    }
    Status write(const KvBatch& batch, bool sync) override {
        if (sync && ++syncs_ == cut_at_) {
            disk_.arm(1);
            return fail(Code::kIo, "the power is off");
        }
        return kv_.write(batch, sync);
    }
    void cut_power_at(int sync) { cut_at_ = syncs_ + sync; }
    void forget_unsynced() { kv_.forget_unsynced(); }

  private:
    VirtualDisk& disk_;
    MemoryKvStore kv_;
    int syncs_ = 0;
    int cut_at_ = 0;
};

struct Machine {
    VirtualDisk disk;
    std::shared_ptr<TombstoneKv> tombstones = std::make_shared<TombstoneKv>(disk);
    bool keep_history = true;

    [[nodiscard]] StateOptions options() const {
        StateOptions options;
        options.tombstones = tombstones;
        options.keep_history = keep_history;
        options.segment_bytes = 8U << 10U;
        options.checkpoint_bytes = 24U << 10U;
        options.on_damage = [](const Error& error) { throw std::runtime_error(to_string(error)); };
        return options;
    }
    Result<std::unique_ptr<StateStore>> open() {
        return StateStore::open(disk, "/state", options());
    }
};

constexpr std::uint64_t kBlocks = 60;

StateWrites writes_of(std::uint64_t height) {
    std::mt19937_64 random(height);
    StateWrites writes;
    for (std::uint64_t i = 0; i < height % 12; ++i) {
        const Bytes key = "k" + std::to_string(random() % 40);
        writes[key] = random() % 4 == 0
                          ? std::nullopt
                          : std::optional(Bytes(random() % 200, 'x') + std::to_string(height));
    }
    return writes;
}

// Commits blocks until something fails; returns the height of the last confirmed one.
std::uint64_t run(Machine& machine, std::vector<StateRoot>* roots) {
    const auto store = machine.open();
    if (!store) {
        return 0;
    }
    std::uint64_t confirmed = (*store)->height().value;
    for (std::uint64_t height = confirmed + 1; height <= kBlocks; ++height) {
        const auto version = (*store)->extend((*store)->head(), Height{height}, writes_of(height));
        if (!version || !(*store)->commit(*version)) {
            break;
        }
        if (roots != nullptr) {
            roots->push_back((*version)->root());
        }
        confirmed = height;
    }
    return confirmed;
}

const std::vector<StateRoot>& true_roots() {
    static const std::vector<StateRoot> roots = [] {
        Machine machine;
        const auto store = machine.open();
        std::vector<StateRoot> found{(*store)->root()};
        Machine other;
        run(other, &found);
        return found;
    }();
    return roots;
}

TEST_CASE("a crash at every step of the state store", "[store][crash]") {
    const Loss loss = GENERATE(Loss::kNothing, Loss::kUnsynced, Loss::kTorn, Loss::kReordered);
    const bool keep_history = GENERATE(true, false);
    REQUIRE(true_roots().size() == kBlocks + 1);
    for (std::uint64_t step = 1;; ++step) {
        Machine machine;
        machine.keep_history = keep_history;
        machine.disk.arm(step);
        const std::uint64_t confirmed = run(machine, nullptr);
        if (!machine.disk.power_is_off()) {
            CHECK(step > 150);
            break;
        }
        machine.disk.restart(loss, step);
        if (loss != Loss::kNothing) {
            machine.tombstones->forget_unsynced();
        }
        {
            const auto store = machine.open();
            INFO("step " << step << (store ? "" : to_string(store.error())));
            REQUIRE(store.has_value());
            const std::uint64_t height = (*store)->height().value;
            REQUIRE(height >= confirmed);
            REQUIRE(height <= confirmed + 1);
            REQUIRE((*store)->root() == true_roots()[height]);
        }
        // The second crash comes during the recovery or soon after.
        machine.disk.arm(1 + step % 7);
        run(machine, nullptr);
        machine.disk.restart(loss, step);
        REQUIRE(run(machine, nullptr) == kBlocks);
        REQUIRE((*machine.open())->root() == true_roots()[kBlocks]);
    }
}

void check_history(Machine& machine) {
    REQUIRE(run(machine, nullptr) == kBlocks);
    const auto store = *machine.open();
    std::map<Bytes, Bytes> values;
    for (std::uint64_t height = 1; height <= kBlocks; ++height) {
        for (const auto& [key, value] : writes_of(height)) {
            value ? void(values[key] = *value) : void(values.erase(key));
        }
        for (std::uint64_t i = 0; i < 40; i += 5) {
            const Bytes key = "k" + std::to_string(i);
            const auto found = values.find(key);
            const auto value = store->snapshot()->get_at(key, Height{height});
            INFO((value ? "" : to_string(value.error())));
            REQUIRE(value.has_value());
            REQUIRE(value->value_or("absent") ==
                    (found == values.end() ? "absent" : found->second));
        }
    }
}

TEST_CASE("history survives a crash with its tombstones", "[store][crash]") {
    for (std::uint64_t step = 20; step < 140; step += 9) {
        Machine machine;
        machine.disk.arm(step);
        run(machine, nullptr);
        machine.disk.restart(Loss::kUnsynced, step);
        machine.tombstones->forget_unsynced();
        check_history(machine);
    }
}

TEST_CASE("history survives a power cut before tombstones are synced", "[store][crash]") {
    const int sync = GENERATE(1, 2);
    Machine machine;
    machine.tombstones->cut_power_at(sync);
    REQUIRE(run(machine, nullptr) < kBlocks);
    machine.disk.restart(Loss::kUnsynced, 1);
    machine.tombstones->forget_unsynced();
    check_history(machine);
}

// A member may put into a value what looks like the header of a later record.
TEST_CASE("a torn tail that holds bytes like a record header is torn all the same",
          "[store][crash]") {
    Bytes forged(kRecordHeaderBytes, '\0');
    seal_record(forged, 4, GENERATE(kNoSalt, RecordSalt{0x5eed}));
    const std::size_t lost = GENERATE(std::size_t{1}, std::size_t{500}, std::size_t{2900});
    Machine machine;
    {
        const auto store = *machine.open();
        for (std::uint64_t height = 1; height <= 3; ++height) {
            const StateWrites writes{{"k", std::to_string(height) + forged + Bytes(3'000, 'v')}};
            const auto version = store->extend(store->head(), Height{height}, writes);
            REQUIRE(version.has_value());
            REQUIRE(store->commit(*version));
        }
    }
    std::string log;
    for (const std::string& file : machine.disk.files()) {
        log = file.ends_with(".log") ? file : log;
    }
    const Bytes whole = machine.disk.content(log);
    machine.disk.set_content(log, whole.substr(0, whole.size() - lost));
    const auto store = machine.open();
    INFO((store ? "" : to_string(store.error())));
    REQUIRE(store.has_value());
    CHECK((*store)->height() == Height{2});
}

TEST_CASE("a failed sync stops the store", "[store][crash]") {
    for (std::uint64_t count = 2; count < 30; count += 3) {
        Machine machine;
        machine.disk.fail_sync(count);
        const std::uint64_t confirmed = run(machine, nullptr);
        CHECK(confirmed < kBlocks);
        machine.disk.restart(Loss::kUnsynced, count);
        machine.tombstones->forget_unsynced();
        const auto store = machine.open();
        REQUIRE(store.has_value());
        CHECK((*store)->height().value >= confirmed);
        CHECK((*store)->root() == true_roots()[(*store)->height().value]);
    }
}

// Opens a damaged store and reads everything: all that is answered must be true.
bool damage_is_noticed(Machine& machine, const std::map<Bytes, Bytes>& values) {
    try {
        const auto store = machine.open();
        if (!store) {
            REQUIRE((store.error().code == Code::kCorrupt ||
                     store.error().code == Code::kStateMismatch));
            return true;
        }
        const std::uint64_t height = (*store)->height().value;
        REQUIRE((*store)->root() == true_roots()[height]);
        if (height < kBlocks) {
            return true;  // the last record counts as torn: the block store is ahead and the block
                          // comes again
        }
        for (const auto& [key, value] : values) {
            const std::optional<Bytes> found = (*store)->head()->get(key);
            REQUIRE(found == value);
        }
        return false;
    } catch (const std::runtime_error&) {
        return true;  // the damage handler
    }
}

TEST_CASE("flipped bits are noticed or do no harm", "[store][crash]") {
    Machine machine;
    REQUIRE(run(machine, nullptr) == kBlocks);
    std::map<Bytes, Bytes> values;
    for (const auto& [key, value] : (*machine.open())->head()->scan("", "", 1'000)) {
        values[key] = value;
    }
    std::mt19937_64 random(9);
    std::size_t noticed = 0;
    const std::vector<std::string> files = machine.disk.files();
    for (int i = 0; i < 1'500; ++i) {
        const std::string& path = files[random() % files.size()];
        const Bytes good = machine.disk.content(path);
        Bytes bad = good;
        for (std::uint64_t flips = 1 + random() % 64; flips > 0 && !bad.empty(); --flips) {
            char& octet = bad[random() % bad.size()];
            octet = static_cast<char>(octet ^ (1 << random() % 8));
        }
        std::map<std::string, Bytes> before;
        for (const std::string& file : files) {
            before[file] = machine.disk.content(file);
        }
        machine.disk.set_content(path, bad);
        INFO(path);
        noticed += damage_is_noticed(machine, values) ? 1U : 0U;
        for (const std::string& file : machine.disk.files()) {
            if (!before.contains(file)) {
                machine.disk.lose_file(file);
            }
        }
        for (const auto& [file, bytes] : before) {
            machine.disk.set_content(file, bytes);
        }
    }
    CHECK(noticed > 100);
}

TEST_CASE("lost and shortened files are noticed", "[store][crash]") {
    Machine machine;
    machine.keep_history = false;
    REQUIRE(run(machine, nullptr) == kBlocks);
    const std::vector<std::string> files = machine.disk.files();
    REQUIRE(files.size() > 3);
    std::vector<std::string> segments;
    for (const std::string& file : files) {
        if (file.find(".log") != std::string::npos) {
            segments.push_back(file);
        }
    }
    for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
        const Bytes good = machine.disk.content(segments[i]);
        machine.disk.set_content(segments[i], good.substr(0, good.size() / 2));
        CHECK_FALSE(machine.open().has_value());
        machine.disk.lose_file(segments[i]);
        const auto store = machine.open();
        CHECK((!store || i == 0));
        machine.disk.set_content(segments[i], good);
    }
    CHECK(machine.open().has_value());
}

}  // namespace
}  // namespace sanquan
