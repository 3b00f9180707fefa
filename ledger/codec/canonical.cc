#include "ledger/codec/canonical.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>

#include "ledger/base/assert.h"

namespace sanquan {
namespace {

constexpr int kNestingMax = 16;

}  // namespace

Bytes encode(const google::protobuf::MessageLite& message) {
    Bytes bytes;
    bytes.reserve(message.ByteSizeLong());
    {
        google::protobuf::io::StringOutputStream stream(&bytes);
        google::protobuf::io::CodedOutputStream coded(&stream);
        coded.SetSerializationDeterministic(true);
        SANQUAN_ASSERT(message.SerializeToCodedStream(&coded));
    }
    return bytes;
}

Status decode_canonical(ByteView bytes, std::size_t bytes_max,
                        google::protobuf::MessageLite& message) {
    if (bytes.size() > bytes_max) {
        return fail(Code::kTooLong, std::to_string(bytes.size()) + " bytes, at most " +
                                        std::to_string(bytes_max) + " are accepted");
    }
    google::protobuf::io::CodedInputStream coded(as_octets(bytes), static_cast<int>(bytes.size()));
    coded.SetRecursionLimit(kNestingMax);
    if (!message.ParseFromCodedStream(&coded) || !coded.ConsumedEntireMessage()) {
        return fail(Code::kBadEncoding, message.GetTypeName());
    }
    // Unknown fields survive parsing and would be encoded again, byte for byte: without them the bytes differ.
    auto* full = dynamic_cast<google::protobuf::Message*>(&message);
    SANQUAN_ASSERT(full != nullptr);
    full->DiscardUnknownFields();
    if (encode(message) != bytes) {
        return fail(Code::kNotCanonical, message.GetTypeName());
    }
    return {};
}

}  // namespace sanquan
