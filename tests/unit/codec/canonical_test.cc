// Goal: bytes that mean a transaction in any but the one canonical way are refused, each with its code, before anything is
// done with them. Method: a table of hostile encodings of one SignedTransaction, made by hand at the wire level.
#include "ledger/codec/canonical.h"

#include "ledger/base/limits.h"
#include "ledger/codec/transaction.pb.h"
#include "tests/support/catch.h"

using namespace sanquan;

namespace {

constexpr std::size_t kBytesMax = limits::kTransactionBytesMax;

Bytes tag(unsigned field, unsigned type) { return Bytes(1, static_cast<char>(field << 3U | type)); }

Bytes bytes_field(unsigned field, const Bytes& content) {
    REQUIRE(content.size() < 128);
    return tag(field, 2) + Bytes(1, static_cast<char>(content.size())) + content;
}

wire::TransactionBody sample_body() {
    wire::TransactionBody body;
    body.set_chain_id(Bytes(32, 'c'));
    body.set_sender("X-A");
    body.set_nonce(Bytes(16, 'n'));
    body.set_valid_until_ms(5);
    body.set_mode(wire::ATOMIC);
    return body;
}

struct Row {
    const char* what;
    Bytes bytes;
    Code code;
};

}  // namespace

TEST_CASE("hostile encodings of a transaction body are refused, each with its code",
          "[codec][canonical]") {
    const Bytes good = encode(sample_body());
    REQUIRE(decode<wire::TransactionBody>(good, kBytesMax));
    const Bytes sender = bytes_field(2, "X-A");
    REQUIRE(good.find(sender) != Bytes::npos);
    const auto replaced = [&](const Bytes& from, const Bytes& to) {
        Bytes changed = good;
        changed.replace(changed.find(from), from.size(), to);
        return changed;
    };
    Bytes nested = "x";
    while (nested.size() < 120) {
        nested = bytes_field(6, nested);
    }
    const std::vector<Row> rows = {
        {"cut in the middle", good.substr(0, good.size() - 3), Code::kBadEncoding},
        {"a length that lies", replaced(sender, tag(2, 2) + "\x7fX-A"), Code::kBadEncoding},
        {"a length of 4 GB", tag(2, 2) + "\xff\xff\xff\xff\x0f" + "X-A", Code::kBadEncoding},
        {"a group", good + tag(9, 3) + tag(9, 4), Code::kNotCanonical},
        {"an unknown field", good + bytes_field(15, "?"), Code::kNotCanonical},
        {"field number 0", good + Bytes("\x02\x01?"), Code::kBadEncoding},
        {"a field twice", good + sender, Code::kNotCanonical},
        {"fields out of order", sender + replaced(sender, ""), Code::kNotCanonical},
        {"a default value on the wire", good + bytes_field(2, ""), Code::kNotCanonical},
        {"a varint longer than needed", replaced(sender, tag(2, 2) + Bytes("\x83\x00", 2) + "X-A"),
         Code::kNotCanonical},
        {"a tag longer than needed", replaced(sender, Bytes("\x92\x00", 2) + "\x03" + "X-A"),
         Code::kNotCanonical},
        {"text that is no UTF-8", replaced(sender, bytes_field(2, "X\xc0\xaf")),
         Code::kBadEncoding},
        {"a surrogate in text", replaced(sender, bytes_field(2, "\xed\xa0\x80")),
         Code::kBadEncoding},
        {"another wire type", replaced(sender, tag(2, 0) + "\x01"), Code::kNotCanonical},
        {"nested where there is nothing", good + nested, Code::kNotCanonical},
        {"too long", Bytes(kBytesMax + 1, '\0'), Code::kTooLong},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        const auto decoded = decode<wire::TransactionBody>(row.bytes, kBytesMax);
        REQUIRE_FALSE(decoded);
        INFO(to_string(decoded.error()));
        CHECK(decoded.error().code == row.code);
    }
}

TEST_CASE("nesting beyond the parser's depth is refused, not followed", "[codec][canonical]") {
    // Operations nest proposals in proposals: 10,000 levels would overflow the stack of a parser without a bound.
    Bytes nested;
    for (int level = 0; level < 10'000; ++level) {
        Bytes length;
        for (std::size_t size = nested.size();; size >>= 7U) {
            const bool last = size < 128;
            length.push_back(static_cast<char>((size & 0x7fU) | (last ? 0U : 0x80U)));
            if (last) {
                break;
            }
        }
        nested.insert(0, tag(6, 2) + length);
    }
    const auto decoded = decode<wire::TransactionBody>(nested, kBytesMax);
    CHECK_FALSE(decoded);
}
