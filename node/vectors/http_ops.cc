// HTTP requests as the gateway reads them.
#include <array>

#include "node/gateway/request_head.h"
#include "node/vectors/groups.h"

namespace sanquan::vectors {
namespace {

Result<Answer> http_check_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const Bytes raw, hex_field(question, "raw"));
    SANQUAN_TRY_ASSIGN(const std::size_t body_bytes, node::check_http_request(raw));
    return Answer::accepted(boost::json::object{{"body_bytes", body_bytes}});
}

}  // namespace

std::span<const OpEntry> http_ops() {
    static constexpr auto kOps = std::to_array<OpEntry>({{"http.check", http_check_op}});
    return kOps;
}

}  // namespace sanquan::vectors
