// Certification paths of the client port.
#include <array>
#include <chrono>

#include "ledger/base/rfc3339.h"
#include "ledger/crypto/x509_profile.h"
#include "node/vectors/groups.h"

namespace sanquan::vectors {
namespace {

Result<std::vector<Bytes>> pem_list(const Question& question, std::string_view field) {
    SANQUAN_TRY_ASSIGN(const auto texts, text_list_field(question, field));
    return std::vector<Bytes>(texts.begin(), texts.end());
}

// Without a time the question is about now, as on a live connection.
Result<std::int64_t> time_of(const Question& question) {
    SANQUAN_TRY_ASSIGN(const auto given, optional_text_field(question, "time"));
    if (!given) {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::seconds>(now).count();
    }
    return parse_rfc3339(*given);
}

// With a name the question is about a server; without, about either side of a connection.
Result<Answer> x509_verify_op(const Question& question) {
    X509Question asked;
    SANQUAN_TRY_ASSIGN(asked.chain, pem_list(question, "chain"));
    SANQUAN_TRY_ASSIGN(asked.roots, pem_list(question, "roots"));
    SANQUAN_TRY_ASSIGN(asked.time_seconds, time_of(question));
    SANQUAN_TRY_ASSIGN(const auto name, optional_text_field(question, "name"));
    asked.peer_name = name.value_or("");
    asked.purpose = asked.peer_name.empty() ? X509Purpose::kEitherSide : X509Purpose::kServer;
    return Answer::of(verify_x509_path(asked));
}

}  // namespace

std::span<const OpEntry> x509_ops() {
    static constexpr auto kOps = std::to_array<OpEntry>({{"x509.verify", x509_verify_op}});
    return kOps;
}

}  // namespace sanquan::vectors
