#include "ledger/codec/wire_form.h"

#include <google/protobuf/descriptor.h>

#include <limits>
#include <optional>

#include "ledger/base/assert.h"

namespace sanquan {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

constexpr std::uint64_t kVarint = 0;  // wire types
constexpr std::uint64_t kLengthDelimited = 2;
constexpr int kOneofsMax = 64;

enum class Kind : std::uint8_t { kUint32, kUint64, kBool, kEnum, kOctets, kMessage };

Kind kind_of(const FieldDescriptor& field) {
    switch (field.type()) {
        case FieldDescriptor::TYPE_UINT32:
            return Kind::kUint32;
        case FieldDescriptor::TYPE_UINT64:
            return Kind::kUint64;
        case FieldDescriptor::TYPE_BOOL:
            return Kind::kBool;
        case FieldDescriptor::TYPE_ENUM:
            return Kind::kEnum;
        case FieldDescriptor::TYPE_STRING:
        case FieldDescriptor::TYPE_BYTES:
            return Kind::kOctets;
        case FieldDescriptor::TYPE_MESSAGE:
            SANQUAN_ASSERT(!field.is_map());  // a map's order is not the wire's
            return Kind::kMessage;
        case FieldDescriptor::TYPE_DOUBLE:
        case FieldDescriptor::TYPE_FLOAT:
        case FieldDescriptor::TYPE_INT64:
        case FieldDescriptor::TYPE_INT32:
        case FieldDescriptor::TYPE_FIXED64:
        case FieldDescriptor::TYPE_FIXED32:
        case FieldDescriptor::TYPE_GROUP:
        case FieldDescriptor::TYPE_SFIXED32:
        case FieldDescriptor::TYPE_SFIXED64:
        case FieldDescriptor::TYPE_SINT32:
        case FieldDescriptor::TYPE_SINT64:
            break;
    }
    SANQUAN_ASSERT(field.type() == FieldDescriptor::TYPE_UINT64);  // no message of ours has these
    return Kind::kUint64;
}

// The varint at the front of `rest`, which is then without it; nothing when it is cut off or longer than needed.
std::optional<std::uint64_t> take_varint(ByteView& rest) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < rest.size() && i < 10; ++i) {
        const auto octet = static_cast<std::uint8_t>(rest[i]);
        value |= std::uint64_t{octet & 0x7FU} << (7 * i);
        if (octet < 0x80) {
            if ((octet == 0 && i > 0) || (i == 9 && octet > 1)) {
                return std::nullopt;
            }
            rest.remove_prefix(i + 1);
            return value;
        }
    }
    return std::nullopt;
}

std::optional<ByteView> take_octets(ByteView& rest) {
    const auto length = take_varint(rest);
    if (!length || *length > rest.size()) {
        return std::nullopt;
    }
    const ByteView octets = rest.substr(0, *length);
    rest.remove_prefix(*length);
    return octets;
}

// Whether an encoder of this kind can have written the number.
bool is_in_range(Kind kind, std::uint64_t value) {
    switch (kind) {
        case Kind::kUint32:
            return value <= 0xFFFF'FFFFU;
        case Kind::kBool:
            return value <= 1;
        case Kind::kEnum:  // 32 bits, written with their sign extended to 64
            return value <= 0x7FFF'FFFFU || value >= 0xFFFF'FFFF'8000'0000U;
        case Kind::kUint64:
        case Kind::kOctets:
        case Kind::kMessage:
            break;
    }
    return true;
}

bool is_packed_form(Kind kind, ByteView numbers) {
    if (numbers.empty()) {
        return false;
    }
    while (!numbers.empty()) {
        const auto value = take_varint(numbers);
        if (!value || !is_in_range(kind, *value)) {
            return false;
        }
    }
    return true;
}

bool is_message_form(ByteView rest, const Descriptor& type, int nesting_left);

// Takes the content of a field whose tag said `wire_type`.
bool take_content(ByteView& rest, const FieldDescriptor& field, std::uint64_t wire_type,
                  int nesting_left) {
    const Kind kind = kind_of(field);
    const bool is_number = kind != Kind::kOctets && kind != Kind::kMessage;
    // Repeated numbers that are not packed would be written in a form of their own.
    SANQUAN_ASSERT(!is_number || field.is_repeated() == field.is_packed());
    const bool default_is_written = field.has_presence() || field.is_repeated();
    if (is_number && !field.is_packed()) {
        const auto value = wire_type == kVarint ? take_varint(rest) : std::nullopt;
        return value && is_in_range(kind, *value) && (*value != 0 || default_is_written);
    }
    const auto octets = wire_type == kLengthDelimited ? take_octets(rest) : std::nullopt;
    if (!octets) {
        return false;
    }
    if (kind == Kind::kMessage) {
        return nesting_left > 0 &&
               is_message_form(*octets, *field.message_type(), nesting_left - 1);
    }
    if (is_number) {
        return is_packed_form(kind, *octets);
    }
    return !octets->empty() || default_is_written;
}

bool is_message_form(ByteView rest, const Descriptor& type, int nesting_left) {
    SANQUAN_ASSERT(type.real_oneof_decl_count() <= kOneofsMax);
    std::uint64_t previous = 0;
    std::uint64_t oneofs = 0;
    while (!rest.empty()) {
        const auto tag = take_varint(rest);
        if (!tag || *tag < previous || *tag > std::numeric_limits<std::uint32_t>::max()) {
            return false;
        }
        const FieldDescriptor* field = type.FindFieldByNumber(static_cast<int>(*tag >> 3U));
        if (field == nullptr ||
            (*tag == previous && (!field->is_repeated() || field->is_packed())) ||
            !take_content(rest, *field, *tag & 7U, nesting_left)) {
            return false;
        }
        if (const auto* oneof = field->real_containing_oneof(); oneof != nullptr) {
            const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(oneof->index());
            if ((oneofs & bit) != 0) {
                return false;
            }
            oneofs |= bit;
        }
        previous = *tag;
    }
    return true;
}

}  // namespace

bool has_canonical_form(ByteView bytes, const Descriptor& type, int nesting_max) {
    return is_message_form(bytes, type, nesting_max);
}

}  // namespace sanquan
