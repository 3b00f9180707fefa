#include "ledger/codec/canonical.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/message.h>

#include "ledger/base/assert.h"
#include "ledger/codec/wire_form.h"

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
    const auto size = static_cast<int>(bytes.size());
    const auto* full = dynamic_cast<const google::protobuf::Message*>(&message);
    SANQUAN_ASSERT(full != nullptr);
    if (has_canonical_form(bytes, *full->GetDescriptor(), kNestingMax)) {
        // What has the form parses, unless a text in it is no UTF-8.
        if (!message.ParseFromArray(bytes.data(), size)) {
            return fail(Code::kBadEncoding, message.GetTypeName());
        }
        return {};
    }
    // Refused; this tells whether it is a message at all.
    google::protobuf::io::CodedInputStream coded(as_octets(bytes), size);
    coded.SetRecursionLimit(kNestingMax);
    const bool parses = message.ParseFromCodedStream(&coded) && coded.ConsumedEntireMessage();
    return fail(parses ? Code::kNotCanonical : Code::kBadEncoding, message.GetTypeName());
}

}  // namespace sanquan
