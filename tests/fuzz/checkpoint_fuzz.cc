// Goal: a damaged index checkpoint is reported, never misread, and takes no more memory than its file. Method: the input
// is a checkpoint file, and edits of a genuine one; both as they are and with the checksums made right, as damage before
// the write would leave them. What loads is then compared with the root that it names.
#include "ledger/base/checksum.h"
#include "ledger/proof/big_endian.h"
#include "ledger/state/record_format.h"
#include "ledger/store/state_checkpoint.h"
#include "tests/fuzz/edits.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/virtual_disk.h"

namespace {

using namespace sanquan;

constexpr std::size_t kFrontAt = 16;  // after magic, version and length
const std::string kPath = "state/checkpoint";

// A log of the first record alone.
class SmallLog final : public LogBytes {
  public:
    Result<Bytes> read(std::uint64_t offset, std::size_t length) const override {
        return offset < record_.size() ? Result<Bytes>(record_.substr(offset, length))
                                       : Result<Bytes>(fail(Code::kNotFound, "after the end"));
    }
    [[nodiscard]] const Bytes& record() const { return record_; }

  private:
    Bytes record_ = StateBase::first_record(HashAlgorithm::kSha256);
};

const SmallLog& small_log() {
    static const SmallLog log;
    return log;
}

StateBase empty_base() {
    return StateBase(HashAlgorithm::kSha256, {.log = &small_log(),
                                              .tombstones = nullptr,
                                              .reappends_per_entry = 1,
                                              .on_damage = [](const Error&) { std::abort(); }});
}

// The checkpoint of a state that holds its sentinel alone.
Bytes genuine_checkpoint() {
    tests::VirtualDisk disk;
    StateBase base = empty_base();
    const ByteView body = ByteView(small_log().record()).substr(kRecordHeaderBytes);
    REQUIRE_THAT(base.replay(body, 0, {}).has_value() && base.finish_replay().has_value());
    REQUIRE_THAT(disk.make_directory("state").has_value());
    const auto writer = CheckpointWriter::begin(disk, "state", base);
    REQUIRE_THAT(writer.has_value());
    for (bool done = false; !done;) {
        const auto step = (*writer)->step(base, 4'096);
        REQUIRE_THAT(step.has_value());
        done = *step;
    }
    REQUIRE_THAT((*writer)->publish().has_value());
    const auto names = list_checkpoints(disk, "state");
    REQUIRE_THAT(names && names->size() == 1);
    return disk.content(names->front().path);
}

// Puts the right checksum wherever the lengths say that one stands.
Bytes with_right_checksums(ByteView file) {
    Bytes result(file);
    if (result.size() < kFrontAt) {
        return result;
    }
    const std::uint64_t front_bytes = load_u64(ByteView(result).substr(8));
    if (front_bytes > result.size() - kFrontAt || result.size() - kFrontAt - front_bytes < 4) {
        return result;
    }
    std::size_t at = kFrontAt + static_cast<std::size_t>(front_bytes);
    store_u32(result.data() + at, crc32c(ByteView(result).substr(kFrontAt, at - kFrontAt)));
    at += 4;
    while (result.size() - at >= 8) {
        const std::size_t named = load_u32(ByteView(result).substr(at));
        const std::size_t bytes = named == 0 ? 8 : named;
        if (bytes > result.size() - at - 8) {
            break;
        }
        store_u32(result.data() + at + 4, crc32c(ByteView(result).substr(at + 8, bytes)));
        at += 8 + bytes;
    }
    return result;
}

// Whether the checkpoint loads and is that of the root which it names.
bool judge(const Bytes& file) {
    tests::VirtualDisk disk;
    disk.set_content(kPath, file);
    StateBase base = empty_base();
    const auto loaded = load_checkpoint(disk, kPath, base);
    const auto needs = checkpoint_needs_from(disk, kPath);
    for (const Code code : {loaded ? Code::kCorrupt : loaded.error().code,
                            needs ? Code::kCorrupt : needs.error().code}) {
        REQUIRE_THAT(code == Code::kCorrupt || code == Code::kUnsupported);
    }
    REQUIRE_THAT(!loaded || needs.has_value());
    return loaded && base.finish_replay().has_value();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Bytes genuine = genuine_checkpoint();
    static const bool sound = judge(genuine);
    REQUIRE_THAT(sound);
    const auto bytes = fuzz::input(data, size);
    const Bytes changed = fuzz::edited(genuine, bytes);
    REQUIRE_THAT(!judge(changed) || changed.starts_with(genuine));
    judge(with_right_checksums(changed));
    judge(Bytes(bytes));
    judge(with_right_checksums(bytes));
    return 0;
}
