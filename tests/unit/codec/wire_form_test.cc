// Goal: the check of the bytes alone accepts exactly the byte strings that encoding the parsed message gives back, with
// the same codes. Method: random messages of every type that we have, mutated with their structure in mind (fields
// swapped, repeated, dropped, emptied, numbers lengthened, at every depth) and blindly; the rule "parse, drop what is
// unknown, encode, compare" is the oracle.
#include "ledger/codec/wire_form.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/message.h>

#include <random>

#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/genesis.pb.h"
#include "ledger/codec/peer.pb.h"
#include "ledger/codec/proof.pb.h"
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/codec/transaction.pb.h"
#include "tests/support/catch.h"

using namespace sanquan;
using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::Message;

namespace {

constexpr int kNestingMax = 16;
constexpr std::size_t kBytesMax = 1U << 20U;

using Random = std::mt19937_64;

std::size_t below(Random& random, std::size_t bound) { return random() % bound; }

std::vector<const Descriptor*> every_type() {
    std::set<const FileDescriptor*> files;
    const std::function<void(const FileDescriptor&)> add = [&](const FileDescriptor& file) {
        if (files.insert(&file).second) {
            for (int i = 0; i < file.dependency_count(); ++i) {
                add(*file.dependency(i));
            }
        }
    };
    for (const Descriptor* type :
         {wire::SignedTransaction::descriptor(), wire::Block::descriptor(),
          wire::Genesis::descriptor(), wire::PeerFrame::descriptor(), wire::Voucher::descriptor(),
          wire::AssetRecord::descriptor(), wire::OrderRecord::descriptor(),
          wire::OrganisationRecord::descriptor()}) {
        add(*type->file());
    }
    std::vector<const Descriptor*> types;
    const std::function<void(const Descriptor&)> add_type = [&](const Descriptor& type) {
        types.push_back(&type);
        for (int i = 0; i < type.nested_type_count(); ++i) {
            add_type(*type.nested_type(i));
        }
    };
    for (const FileDescriptor* file : files) {
        for (int i = 0; i < file->message_type_count(); ++i) {
            add_type(*file->message_type(i));
        }
    }
    return types;
}

std::unique_ptr<Message> new_message(const Descriptor& type) {
    const Message* prototype =
        google::protobuf::MessageFactory::generated_factory()->GetPrototype(&type);
    return std::unique_ptr<Message>(prototype->New());
}

std::uint64_t number(Random& random) {
    constexpr std::uint64_t kChoices[] = {0,           1,           2,           127,
                                          128,         16'383,      16'384,      0x7FFF'FFFF,
                                          0x8000'0000, 0xFFFF'FFFF, 1ULL << 63U, ~0ULL};
    const std::size_t at = below(random, std::size(kChoices) + 1);
    return at < std::size(kChoices) ? kChoices[at] : random();
}

std::string text(Random& random) {
    constexpr const char* kChoices[] = {"", "a", "X-0123456789", "\xe6\x95\xb0\xe6\x8d\xae"};
    return kChoices[below(random, std::size(kChoices))];
}

void fill(Message& message, Random& random, int depth);

void set_one(Message& message, const FieldDescriptor& field, Random& random, int depth) {
    const auto& reflection = *message.GetReflection();
    const bool add = field.is_repeated();
    switch (field.cpp_type()) {
        case FieldDescriptor::CPPTYPE_UINT32: {
            const auto value = static_cast<std::uint32_t>(number(random));
            add ? reflection.AddUInt32(&message, &field, value)
                : reflection.SetUInt32(&message, &field, value);
            return;
        }
        case FieldDescriptor::CPPTYPE_UINT64: {
            const std::uint64_t value = number(random);
            add ? reflection.AddUInt64(&message, &field, value)
                : reflection.SetUInt64(&message, &field, value);
            return;
        }
        case FieldDescriptor::CPPTYPE_BOOL: {
            const bool value = below(random, 2) == 0;
            add ? reflection.AddBool(&message, &field, value)
                : reflection.SetBool(&message, &field, value);
            return;
        }
        case FieldDescriptor::CPPTYPE_ENUM: {
            const auto value = static_cast<int>(static_cast<std::uint32_t>(number(random)));
            add ? reflection.AddEnumValue(&message, &field, value)
                : reflection.SetEnumValue(&message, &field, value);
            return;
        }
        case FieldDescriptor::CPPTYPE_STRING:
            add ? reflection.AddString(&message, &field, text(random))
                : reflection.SetString(&message, &field, text(random));
            return;
        case FieldDescriptor::CPPTYPE_MESSAGE:
            if (depth < 6) {
                fill(*(add ? reflection.AddMessage(&message, &field)
                           : reflection.MutableMessage(&message, &field)),
                     random, depth + 1);
            }
            return;
        case FieldDescriptor::CPPTYPE_INT32:
        case FieldDescriptor::CPPTYPE_INT64:
        case FieldDescriptor::CPPTYPE_DOUBLE:
        case FieldDescriptor::CPPTYPE_FLOAT:
            FAIL("a type that no message of ours has: " << field.full_name());
    }
}

void fill(Message& message, Random& random, int depth) {
    const Descriptor& type = *message.GetDescriptor();
    for (int i = 0; i < type.field_count(); ++i) {
        const FieldDescriptor& field = *type.field(i);
        const std::size_t count = below(random, field.is_repeated() ? 4 : 2);
        for (std::size_t n = 0; n < count; ++n) {
            set_one(message, field, random, depth);
        }
    }
}

// `extra` octets longer than needed.
Bytes varint(std::uint64_t value, std::size_t extra = 0) {
    Bytes out;
    for (; value >= 0x80; value >>= 7U) {
        out.push_back(static_cast<char>(0x80U | (value & 0x7FU)));
    }
    out.push_back(static_cast<char>(value));
    for (; extra > 0; --extra) {
        out.back() = static_cast<char>(static_cast<unsigned char>(out.back()) | 0x80U);
        out.push_back('\0');
    }
    return out;
}

struct Part {
    std::uint64_t tag = 0;
    std::uint64_t value = 0;  // wire type 0
    Bytes octets;             // wire type 2
    std::size_t long_tag = 0;
    std::size_t long_number = 0;
};

// The fields of a well-formed message of wire types 0 and 2; nothing for anything else.
std::optional<std::vector<Part>> split(const Bytes& bytes) {
    google::protobuf::io::CodedInputStream in(as_octets(bytes), static_cast<int>(bytes.size()));
    std::vector<Part> parts;
    while (in.CurrentPosition() < static_cast<int>(bytes.size())) {
        Part part;
        std::uint32_t length = 0;
        if (!in.ReadVarint64(&part.tag) || part.tag >> 3U == 0 || part.tag >> 3U > 2'000) {
            return std::nullopt;
        }
        const bool ok = (part.tag & 7U) == 0
                            ? in.ReadVarint64(&part.value)
                            : (part.tag & 7U) == 2 && in.ReadVarint32(&length) &&
                                  length <= bytes.size() &&
                                  in.ReadString(&part.octets, static_cast<int>(length));
        if (!ok) {
            return std::nullopt;
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

Bytes join(const std::vector<Part>& parts) {
    Bytes out;
    for (const Part& part : parts) {
        out += varint(part.tag, part.long_tag);
        if ((part.tag & 7U) == 0) {
            out += varint(part.value, part.long_number);
        } else {
            out += varint(part.octets.size(), part.long_number) + part.octets;
        }
    }
    return out;
}

Bytes mutate_blindly(Bytes bytes, Random& random) {
    const std::size_t at = below(random, bytes.size() + 1);
    switch (below(random, 3)) {
        case 0:
            bytes.insert(at, 1, static_cast<char>(random()));
            break;
        case 1:
            bytes.erase(std::min(at, bytes.size()), 1);
            break;
        default:
            if (at < bytes.size()) {
                bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^
                                              (1U << below(random, 8)));
            }
    }
    return bytes;
}

Bytes mutate(const Bytes& bytes, Random& random) {
    auto parts = split(bytes);
    if (!parts || parts->empty() || below(random, 8) == 0) {
        return mutate_blindly(bytes, random);
    }
    const std::size_t at = below(random, parts->size());
    Part& part = (*parts)[at];
    switch (below(random, 12)) {
        case 0:
            std::swap(part, (*parts)[below(random, parts->size())]);
            break;
        case 1: {
            const Part copy = part;
            parts->insert(parts->begin() + static_cast<std::ptrdiff_t>(below(random, at + 1)),
                          copy);
            break;
        }
        case 2:
            parts->erase(parts->begin() + static_cast<std::ptrdiff_t>(at));
            break;
        case 3:
            part.octets.clear();
            part.value = 0;
            break;
        case 4:
            part.long_tag = 1 + below(random, 4);
            break;
        case 5:
            part.long_number = 1 + below(random, 9);
            break;
        case 6:
            part.value = number(random);
            break;
        case 7:
            part.tag = (1 + below(random, 20)) << 3U | (part.tag & 7U);
            break;
        case 8:
            part.tag ^= 2U;  // the other wire type
            break;
        default:
            part.octets = mutate(part.octets, random);
    }
    return join(*parts);
}

// The rule itself.
Code by_encoding(const Bytes& bytes, Message& message) {
    google::protobuf::io::CodedInputStream coded(as_octets(bytes), static_cast<int>(bytes.size()));
    coded.SetRecursionLimit(kNestingMax);
    if (!message.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage()) {
        return Code::kBadEncoding;
    }
    message.DiscardUnknownFields();
    return encode(message) == bytes ? Code::kOk : Code::kNotCanonical;
}

Code by_form(const Bytes& bytes, Message& message) {
    const Status status = decode_canonical(bytes, kBytesMax, message);
    return status ? Code::kOk : status.error().code;
}

}  // namespace

TEST_CASE("the form of the bytes says what encoding again would say", "[codec][wire_form]") {
    Random random(20'261'123);
    std::map<Code, std::size_t> seen;
    for (const Descriptor* type : every_type()) {
        for (int round = 0; round < 40; ++round) {
            const auto made = new_message(*type);
            fill(*made, random, 0);
            Bytes bytes = encode(*made);
            for (int step = 0; step < 12; ++step) {
                const auto expected = new_message(*type);
                const auto found = new_message(*type);
                const Code code = by_encoding(bytes, *expected);
                INFO(type->full_name() << " " << to_hex(bytes));
                REQUIRE(by_form(bytes, *found) == code);
                if (code == Code::kOk) {
                    REQUIRE(encode(*found) == bytes);
                    REQUIRE(has_canonical_form(bytes, *type, kNestingMax));
                }
                ++seen[code];
                // From what is valid, from what is nearly so, and further away.
                bytes = mutate(step % 3 == 0 ? encode(*made) : bytes, random);
            }
        }
    }
    // Each answer was asked for often enough to mean something.
    CHECK(seen[Code::kOk] > 5'000);
    CHECK(seen[Code::kNotCanonical] > 5'000);
    CHECK(seen[Code::kBadEncoding] > 5'000);
}

TEST_CASE("a message nests at most as deep as the caller allows", "[codec][wire_form]") {
    wire::Operation operation;
    operation.mutable_trade_ownership()->mutable_price()->set_currency("XTS");
    const Bytes bytes = encode(operation);
    CHECK(has_canonical_form(bytes, *wire::Operation::descriptor(), 2));
    CHECK_FALSE(has_canonical_form(bytes, *wire::Operation::descriptor(), 1));
}

TEST_CASE("numbers out of their type's range are no canonical form", "[codec][wire_form]") {
    const Descriptor& body = *wire::TransactionBody::descriptor();
    const auto mode = [](const Bytes& value) { return Bytes("\x28") + value; };
    CHECK(has_canonical_form(mode("\x01"), body, kNestingMax));
    CHECK(has_canonical_form(mode(varint(~0ULL)), body, kNestingMax));  // -1, an unknown mode
    CHECK_FALSE(has_canonical_form(mode(varint(0xFFFF'FFFF)), body, kNestingMax));
    const auto until = [](const Bytes& value) { return Bytes("\x20") + value; };
    CHECK(has_canonical_form(until(varint(~0ULL)), body, kNestingMax));
    const Bytes beyond_64_bits = Bytes(9, '\xff') + '\x02';
    CHECK_FALSE(has_canonical_form(until(beyond_64_bits), body, kNestingMax));
    const Bytes eleven = Bytes(10, '\xff') + '\x01';
    CHECK_FALSE(has_canonical_form(until(eleven), body, kNestingMax));
}
