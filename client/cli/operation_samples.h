// One example of every operation: what `sanquan submit --example` prints, and what the examples in
// the help of the commands are put together from.
//
// The samples tell one story on a new network of the profile demo: an asset of the sector authority
// is registered, granted to the platform company and sold to the informatisation authority.
#pragma once

#include <span>
#include <string_view>

namespace sanquan::cli {

struct OperationSample {
    std::string_view operation;  // member of the oneof in transaction.proto
    std::string_view sender;     // organisation id
    std::string_view also;       // ids of cosigners, separated by blanks
    std::string_view fields;     // JSON; a time may be "+30d" from now; a placeholder for what
                                 // the reader has
};

// All operations, in the order of transaction.proto.
std::span<const OperationSample> operation_samples();

// The words in capitals that stand for an id, or for a part of a key, of the reader's own.
std::span<const std::string_view> placeholders();

// nullptr for an unknown operation.
const OperationSample* find_sample(std::string_view operation);

}  // namespace sanquan::cli
