#include "node/gateway/history_index.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <set>

#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/model/state_keys.h"
#include "ledger/state/read_meter.h"
#include "node/gateway/listing.h"
#include "node/gateway/receipt_json.h"

namespace sanquan::node {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// grammar: "e" subject 0x00 height(8) transaction(4) operation(4), big-endian -> empty
//          "h" -> height(8)
//          "c" -> chain id(32) version(1)
constexpr std::size_t kPlaceBytes = 16;
constexpr std::size_t kSubjectBytesMax = 64;
constexpr std::string_view kVersion = "2";
constexpr auto kCatchUpTime = std::chrono::milliseconds(500);
constexpr std::uint64_t kBlocksPerBatch = 16;
constexpr std::size_t kErasedPerBatch = 10'000;
constexpr std::array<std::string_view, 9> kSubjectFields = {"asset",   "grant",       "order",
                                                            "listing", "negotiation", "mandate",
                                                            "tender",  "franchise",   "proposal"};

bool is_subject_field(std::string_view name) {
    return std::find(kSubjectFields.begin(), kSubjectFields.end(), name) != kSubjectFields.end();
}

void append_number(Bytes& bytes, std::uint64_t number, unsigned octets) {
    for (unsigned i = octets; i-- > 0;) {
        bytes.push_back(static_cast<char>((number >> (8 * i)) & 0xffU));
    }
}

std::uint64_t read_number(ByteView bytes) {
    std::uint64_t number = 0;
    for (const char c : bytes) {
        number = number << 8U | static_cast<unsigned char>(c);
    }
    return number;
}

Bytes subject_prefix(const std::string& subject) { return "e" + subject + std::string(1, '\0'); }

Bytes place_bytes(const HistoryPlace& place) {
    Bytes bytes;
    append_number(bytes, place.height.value, 8);
    append_number(bytes, place.transaction, 4);
    append_number(bytes, place.operation, 4);
    return bytes;
}

// Every text in a field whose name says that it holds an id.
void collect_subjects(const Message& message, std::set<std::string>& subjects) {
    const auto& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
        const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
        const bool wanted =
            field->type() == FieldDescriptor::TYPE_STRING && is_subject_field(field->name());
        for (int i = 0; i < count; ++i) {
            if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
                collect_subjects(field->is_repeated()
                                     ? reflection.GetRepeatedMessage(message, field, i)
                                     : reflection.GetMessage(message, field),
                                 subjects);
            } else if (wanted) {
                subjects.insert(field->is_repeated()
                                    ? reflection.GetRepeatedString(message, field, i)
                                    : reflection.GetString(message, field));
            }
        }
    }
}

template <typename Record>
std::string asset_of(const ReadView& view, const Bytes& key) {
    const auto bytes = view.get(key);
    const auto record =
        bytes ? decode<Record>(*bytes, limits::kStateValueBytesMax) : fail(Code::kNotFound);
    if (!record) {
        return {};
    }
    if constexpr (requires { record->terms(); }) {
        return record->terms().asset();
    } else {
        return record->asset();
    }
}

// An order, a listing or a grant concerns its asset too.
void add_assets(const ReadView& view, std::set<std::string>& subjects) {
    std::set<std::string> assets;
    for (const auto& subject : subjects) {
        assets.insert(asset_of<wire::GrantRecord>(view, keys::grant(subject)));
        assets.insert(asset_of<wire::OrderRecord>(view, keys::order(subject)));
        assets.insert(asset_of<wire::ListingRecord>(view, keys::listing(subject)));
    }
    subjects.merge(assets);
}

std::set<std::string> subjects_of(const ReadView& view, const wire::Operation& operation,
                                  const wire::OperationResult* result) {
    std::set<std::string> subjects;
    collect_subjects(operation, subjects);
    if (result != nullptr) {
        subjects.insert(result->subject());
    }
    std::erase_if(subjects, [](const std::string& subject) { return !is_subject(subject); });
    add_assets(view, subjects);
    std::erase_if(subjects, [](const std::string& subject) { return !is_subject(subject); });
    return subjects;
}

}  // namespace

// SECURITY: a zero byte ends the subject in a key, so a subject that held one could place operations of others below a
// subject of its own choice.
bool is_subject(std::string_view subject) {
    return !subject.empty() && subject.size() <= kSubjectBytesMax &&
           std::all_of(subject.begin(), subject.end(),
                       [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
}

bool concerns(const ReadView& view, const wire::Operation& operation,
              const wire::OperationResult* result, const std::string& subject) {
    return subjects_of(view, operation, result).contains(subject);
}

HistoryIndex::HistoryIndex(LedgerService& ledger, std::unique_ptr<KvStore> store)
    : ledger_(ledger), store_(std::move(store)) {}

Status HistoryIndex::index_block(Height height, KvBatch& batch) {
    SANQUAN_TRY_ASSIGN(const StoredBlock stored, ledger_.block(height));
    SANQUAN_TRY_ASSIGN(const auto block, decode<wire::Block>(stored.block, limits::kFrameBytesMax));
    const StateSnapshot state = ledger_.state();
    for (int i = 0; i < block.transactions_size(); ++i) {
        SANQUAN_TRY_ASSIGN(
            const auto envelope,
            decode<wire::SignedTransaction>(block.transactions(i), limits::kTransactionBytesMax));
        SANQUAN_TRY_ASSIGN(const auto body, decode<wire::TransactionBody>(
                                                envelope.body(), limits::kTransactionBytesMax));
        const auto at = static_cast<std::size_t>(i);
        if (at >= stored.receipts.size()) {
            return fail(Code::kCorrupt, "a block has one receipt per transaction");
        }
        SANQUAN_TRY_ASSIGN(const auto receipt,
                           decode<wire::Receipt>(stored.receipts[at], kReceiptBytesMax));
        for (int j = 0; j < body.operations_size(); ++j) {
            const Bytes place =
                place_bytes({height, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j)});
            const auto* result = j < receipt.results_size() ? &receipt.results(j) : nullptr;
            for (const auto& subject : subjects_of(*state.view, body.operations(j), result)) {
                batch.put(subject_prefix(subject) + place, "");
            }
        }
    }
    return {};
}

Status HistoryIndex::clear() {
    while (true) {
        KvRange range;
        range.limit = kErasedPerBatch;
        SANQUAN_TRY_ASSIGN(const auto found, store_->scan(range));
        if (found.empty()) {
            return {};
        }
        KvBatch batch;
        for (const auto& [key, value] : found) {
            batch.erase(key);
        }
        SANQUAN_TRY(store_->write(batch, /*sync=*/false));
    }
}

Status HistoryIndex::load() {
    SANQUAN_TRY_ASSIGN(const auto chain, store_->get("c"));
    SANQUAN_TRY_ASSIGN(const auto height, store_->get("h"));
    indexed_ = Height{height && height->size() == 8 ? read_number(*height) : 0};
    const Bytes own_chain = ledger_.chain().id.bytes() + Bytes(kVersion);
    if (chain != own_chain || indexed_ > ledger_.state().height) {
        SANQUAN_TRY(clear());
        KvBatch batch;
        batch.put("c", own_chain);
        SANQUAN_TRY(store_->write(batch, /*sync=*/false));
        indexed_ = Height{};
    }
    loaded_ = true;
    return {};
}

Status HistoryIndex::catch_up() {
    if (!loaded_) {
        SANQUAN_TRY(load());
    }
    const UncountedReads for_all;
    const Height target = ledger_.state().height;
    const auto end = std::chrono::steady_clock::now() + kCatchUpTime;
    while (indexed_ < target && std::chrono::steady_clock::now() < end) {
        KvBatch batch;
        Height done = indexed_;
        for (std::uint64_t i = 0; i < kBlocksPerBatch && done < target; ++i) {
            done = done.next();
            SANQUAN_TRY(index_block(done, batch));
        }
        Bytes height;
        append_number(height, done.value, 8);
        batch.put("h", height);
        SANQUAN_TRY(store_->write(batch, /*sync=*/false));
        indexed_ = done;
    }
    return {};
}

Result<HistoryPage> HistoryIndex::find(const std::string& subject, const std::string& cursor,
                                       std::size_t limit) {
    const auto after = from_hex(cursor);
    if (!after || (!after->empty() && after->size() != kPlaceBytes)) {
        return tl::unexpected(bad_cursor());
    }
    const std::lock_guard lock(mutex_);
    SANQUAN_TRY(catch_up());
    if (!is_subject(subject)) {
        return HistoryPage{{}, {}, indexed_};
    }
    const Bytes prefix = subject_prefix(subject);
    KvRange range;
    range.prefix = prefix;
    range.after = after->empty() ? Bytes() : prefix + *after;
    range.limit = limit + 1;
    SANQUAN_TRY_ASSIGN(const auto found, store_->scan(range));
    HistoryPage page;
    page.indexed_to = indexed_;
    for (const auto& [key, value] : found) {
        const ByteView place = ByteView(key).substr(prefix.size());
        if (place.size() != kPlaceBytes) {
            return fail(Code::kCorrupt, "the history index has a damaged key");
        }
        if (page.places.size() == limit) {
            page.next_cursor = to_hex(place_bytes(page.places.back()));
            break;
        }
        page.places.push_back({Height{read_number(place.substr(0, 8))},
                               static_cast<std::uint32_t>(read_number(place.substr(8, 4))),
                               static_cast<std::uint32_t>(read_number(place.substr(12, 4)))});
    }
    return page;
}

}  // namespace sanquan::node
