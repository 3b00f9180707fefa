#include "ledger/store/state_checkpoint.h"

#include <algorithm>
#include <charconv>

#include "ledger/base/checksum.h"
#include "ledger/base/limits.h"
#include "ledger/proof/big_endian.h"

namespace sanquan {
namespace {

constexpr std::string_view kMagic = "SQIX";
constexpr std::uint32_t kVersion = 1;
constexpr std::string_view kPrefix = "index-";
constexpr std::string_view kSuffix = ".ckpt";
constexpr std::size_t kDigits = 20;
constexpr std::size_t kBlockBytes = 256U << 10U;
constexpr std::size_t kBlockKeys = kBlockBytes / 64;
constexpr std::size_t kBlockBytesMax = 2U << 20U;
constexpr std::size_t kFrontFixedBytes = 8 + 32 + 4 * 8 + 4 + (kTwigDepth + 1) * 32 + 8;
// Written bytes go to the disk in such portions, so that no single sync takes long.
constexpr std::size_t kSyncBytes = 4U << 20U;

std::string file_name(std::uint64_t records) {
    const std::string number = std::to_string(records);
    return std::string(kPrefix) + std::string(kDigits - number.size(), '0') + number +
           std::string(kSuffix);
}

Bytes encode_front(const StateBase& base) {
    const StateTip& tip = base.tip();
    Bytes front;
    front.reserve(kFrontFixedBytes + base.twigs().size() * 40);
    append_u64(front, tip.height.value);
    front.append(tip.root.view());
    append_u64(front, tip.entries);
    append_u64(front, tip.records);
    append_u64(front, tip.end_offset);
    append_u64(front, tip.floor.position);
    append_u32(front, tip.tail.count());
    for (const Digest& digest : tip.tail.nodes()) {
        front.append(digest.view());
    }
    append_u64(front, base.twigs().size());
    for (const TwigRoot& twig : base.twigs()) {
        front.append(twig.leaves.view());
        append_u64(front, twig.start);
    }
    return front;
}

tl::unexpected<Error> damaged(const std::string& what) {
    return fail(Code::kCorrupt, "index checkpoint: " + what);
}

struct Front {
    StateTip tip;
    std::vector<TwigRoot> twigs;
};

Digest digest_at(ByteView bytes) {
    const Result<Digest> digest = Digest::from_bytes(bytes.substr(0, kDigestBytes));
    return *digest;
}

Result<Front> parse_front(ByteView bytes) {
    if (bytes.size() < kFrontFixedBytes) {
        return damaged("the front is cut off");
    }
    Front front;
    StateTip& tip = front.tip;
    tip.height.value = load_u64(bytes);
    tip.root = StateRoot::from(digest_at(bytes.substr(8)));
    bytes.remove_prefix(8 + 32);
    tip.entries = load_u64(bytes);
    tip.records = load_u64(bytes.substr(8));
    tip.end_offset = load_u64(bytes.substr(16));
    tip.floor.position = load_u64(bytes.substr(24));
    const std::uint32_t tail_count = load_u32(bytes.substr(32));
    bytes.remove_prefix(36);
    std::array<Digest, kTwigDepth + 1> nodes;
    for (Digest& node : nodes) {
        node = digest_at(bytes);
        bytes.remove_prefix(kDigestBytes);
    }
    if (tail_count > kTwigEntries) {
        return damaged("the open twig is overfull");
    }
    tip.tail.restore(nodes, tail_count);
    const std::uint64_t twigs = load_u64(bytes);
    bytes.remove_prefix(8);
    if (twigs != twig_count(tip.entries) || bytes.size() / 40 != twigs || bytes.size() % 40 != 0) {
        return damaged("the number of twigs is wrong");
    }
    front.twigs.reserve(twigs);
    for (; !bytes.empty(); bytes.remove_prefix(40)) {
        front.twigs.push_back({digest_at(bytes), load_u64(bytes.substr(32))});
    }
    return front;
}

// Reads a file from its start in order.
class FrontToBack {
  public:
    explicit FrontToBack(const RandomFile& file) : file_(file) {}
    Result<Bytes> take(std::size_t length) {
        SANQUAN_TRY_ASSIGN(Bytes bytes, file_.read(offset_, length));
        if (bytes.size() != length) {
            return damaged("the file is cut off");
        }
        offset_ += length;
        return bytes;
    }

  private:
    const RandomFile& file_;
    std::uint64_t offset_ = 0;
};

Result<Front> take_front(FrontToBack& reader, std::uint64_t file_size) {
    SANQUAN_TRY_ASSIGN(const Bytes head, reader.take(kMagic.size() + 4 + 8));
    if (ByteView(head).substr(0, 4) != kMagic) {
        return damaged("it does not begin as one");
    }
    if (load_u32(ByteView(head).substr(4)) != kVersion) {
        return fail(Code::kUnsupported, "index checkpoint of another version");
    }
    const std::uint64_t front_bytes = load_u64(ByteView(head).substr(8));
    if (front_bytes > file_size) {
        return damaged("the front is longer than the file");
    }
    SANQUAN_TRY_ASSIGN(const Bytes bytes, reader.take(static_cast<std::size_t>(front_bytes) + 4));
    const ByteView front_view = ByteView(bytes).substr(0, front_bytes);
    if (crc32c(front_view) != load_u32(ByteView(bytes).substr(front_bytes))) {
        return damaged("the front does not match its checksum");
    }
    SANQUAN_TRY_ASSIGN(Front front, parse_front(front_view));
    if (twig_of(front.tip.floor.position) >= front.twigs.size()) {
        return damaged("the floor lies above the entries");
    }
    return front;
}

Status restore_block(ByteView items, StateBase& base) {
    while (!items.empty()) {
        const auto key_bytes = static_cast<std::uint8_t>(items.front());
        if (items.size() < 1U + key_bytes + 16U) {
            return damaged("a key is cut off");
        }
        const ByteView key = items.substr(1, key_bytes);
        items.remove_prefix(1U + key_bytes);
        base.restore_key(key, {load_u64(items), load_u64(items.substr(8))});
        items.remove_prefix(16);
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<CheckpointWriter>> CheckpointWriter::begin(Env& env, std::string directory,
                                                                  const StateBase& base) {
    std::unique_ptr<CheckpointWriter> writer(
        new CheckpointWriter(env, std::move(directory), base.tip().records));
    const std::string path = writer->directory_ + "/" + file_name(writer->records_) + ".tmp";
    if (env.exists(path)) {
        SANQUAN_TRY(env.remove_file(path));
    }
    SANQUAN_TRY_ASSIGN(writer->file_, env.open_append(path));
    const Bytes front = encode_front(base);
    Bytes out(kMagic);
    append_u32(out, kVersion);
    append_u64(out, front.size());
    out.append(front);
    append_u32(out, crc32c(front));
    SANQUAN_TRY(writer->file_->append(out));
    return writer;
}

Result<bool> CheckpointWriter::step(const StateBase& base, std::size_t bytes) {
    for (std::size_t written = 0; written < bytes;) {
        Bytes out(8, '\0');
        const std::size_t count = base.index().visit_from(
            next_key_, kBlockKeys, [&](ByteView key, StatePlaceInLog place) {
                out.push_back(static_cast<char>(key.size()));
                out.append(key);
                append_u64(out, place.position);
                append_u64(out, place.offset);
                next_key_ = Bytes(key);
            });
        if (count == 0) {
            SANQUAN_TRY(finish(base));
            return true;
        }
        // The next slice begins behind the last key: its smallest successor has a zero byte more.
        next_key_.push_back('\0');
        store_u32(out.data(), static_cast<std::uint32_t>(out.size() - 8));
        store_u32(out.data() + 4, crc32c(ByteView(out).substr(8)));
        SANQUAN_TRY(file_->append(out));
        written += out.size();
        unsynced_bytes_ += out.size();
    }
    if (unsynced_bytes_ >= kSyncBytes) {
        SANQUAN_TRY(file_->sync());
        unsynced_bytes_ = 0;
    }
    return false;
}

Status CheckpointWriter::finish(const StateBase& base) {
    Bytes number;
    append_u64(number, base.tip().records);
    Bytes out;
    append_u32(out, 0);
    append_u32(out, crc32c(number));
    out.append(number);
    SANQUAN_TRY(file_->append(out));
    return file_->sync();
}

Status CheckpointWriter::publish() {
    file_.reset();
    const std::string path = directory_ + "/" + file_name(records_);
    SANQUAN_TRY(env_.rename_file(path + ".tmp", path));
    return env_.sync_directory(directory_);
}

Result<std::vector<CheckpointName>> list_checkpoints(Env& env, const std::string& directory) {
    SANQUAN_TRY_ASSIGN(const std::vector<std::string> names, env.list(directory));
    std::vector<CheckpointName> found;
    for (const std::string& name : names) {
        const std::string_view view = name;
        if (view.size() != kPrefix.size() + kDigits + kSuffix.size() ||
            !view.starts_with(kPrefix) || !view.ends_with(kSuffix)) {
            continue;
        }
        const std::string_view digits = view.substr(kPrefix.size(), kDigits);
        CheckpointName checkpoint;
        const auto [end, error] = std::from_chars(digits.begin(), digits.end(), checkpoint.records);
        if (error == std::errc{} && end == digits.end()) {
            checkpoint.path = directory + "/" + name;
            found.push_back(std::move(checkpoint));
        }
    }
    std::reverse(found.begin(), found.end());
    return found;
}

Status remove_unfinished_checkpoints(Env& env, const std::string& directory) {
    SANQUAN_TRY_ASSIGN(const std::vector<std::string> names, env.list(directory));
    for (const std::string& name : names) {
        if (name.starts_with(kPrefix) && name.ends_with(".tmp")) {
            SANQUAN_TRY(env.remove_file(directory + "/" + name));
        }
    }
    return {};
}

Result<LoadedCheckpoint> load_checkpoint(Env& env, const std::string& path, StateBase& base) {
    SANQUAN_TRY_ASSIGN(const auto file, env.open_random(path));
    FrontToBack reader(*file);
    SANQUAN_TRY_ASSIGN(const std::uint64_t size, env.file_size(path));
    SANQUAN_TRY_ASSIGN(Front front, take_front(reader, size));
    base.restore(front.tip, std::move(front.twigs));
    for (;;) {
        SANQUAN_TRY_ASSIGN(const Bytes sizes, reader.take(8));
        const std::uint32_t bytes = load_u32(sizes);
        if (bytes > kBlockBytesMax) {
            return damaged("a block is too long");
        }
        SANQUAN_TRY_ASSIGN(const Bytes items, reader.take(bytes == 0 ? 8 : bytes));
        if (crc32c(items) != load_u32(ByteView(sizes).substr(4))) {
            return damaged("a block does not match its checksum");
        }
        if (bytes == 0) {
            return LoadedCheckpoint{load_u64(items)};
        }
        SANQUAN_TRY(restore_block(items, base));
    }
}

Result<std::uint64_t> checkpoint_needs_from(Env& env, const std::string& path) {
    SANQUAN_TRY_ASSIGN(const auto file, env.open_random(path));
    FrontToBack reader(*file);
    SANQUAN_TRY_ASSIGN(const std::uint64_t size, env.file_size(path));
    SANQUAN_TRY_ASSIGN(const Front front, take_front(reader, size));
    return front.twigs[twig_of(front.tip.floor.position)].start;
}

}  // namespace sanquan
