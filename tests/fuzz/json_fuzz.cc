// Goal: JSON is refused or understood, and a message survives the way to JSON and back. Method: what is accepted as an
// operation gives JSON that is accepted again and means the same.
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/strict_json.h"
#include "ledger/codec/transaction.pb.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto value = sanquan::parse_strict_json(sanquan::fuzz::input(data, size));
    if (!value) {
        return 0;
    }
    REQUIRE_THAT(sanquan::parse_strict_json(boost::json::serialize(*value)).has_value());
    sanquan::wire::Operation operation;
    if (sanquan::from_json(*value, operation)) {
        sanquan::wire::Operation again;
        REQUIRE_THAT(sanquan::from_json(sanquan::to_json(operation), again).has_value());
        REQUIRE_THAT(sanquan::encode(again) == sanquan::encode(operation));
    }
    return 0;
}
