#include "node/gateway/viewer.h"

#include <google/protobuf/descriptor.h>

#include <charconv>
#include <vector>

#include "ledger/base/limits.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/crypto/digest.h"
#include "ledger/model/state_keys.h"

namespace sanquan::node {
namespace {

constexpr std::uint64_t kWindowMs = 60'000;
constexpr std::string_view kScheme = "Sanquan ";

struct Challenge {
    KeyId key;
    std::string timestamp;
    Bytes signature;
};

tl::unexpected<Error> refuse(std::string what) {
    return fail(Code::kAuthenticationFailed, std::move(what));
}

// "key=..., ts=..., signature=...", each once, in any order.
Result<Challenge> parse_challenge(std::string_view text) {
    if (!text.starts_with(kScheme)) {
        return refuse("the scheme must be Sanquan");
    }
    text.remove_prefix(kScheme.size());
    std::map<std::string, std::string, std::less<>> parts;
    while (!text.empty()) {
        const auto comma = text.find(',');
        std::string_view part = text.substr(0, comma);
        text = comma == std::string_view::npos ? "" : text.substr(comma + 1);
        while (part.starts_with(' ')) {
            part.remove_prefix(1);
        }
        const auto equals = part.find('=');
        if (equals == std::string_view::npos || parts.size() > 3 ||
            !parts.emplace(part.substr(0, equals), part.substr(equals + 1)).second) {
            return refuse("expected: Sanquan key=…, ts=…, signature=…");
        }
    }
    const auto signature = from_hex(parts["signature"]);
    const auto key = KeyId::parse(parts["key"]);
    if (!key || !signature || parts["ts"].empty() || parts.size() != 3) {
        return refuse("expected: Sanquan key=…, ts=…, signature=…");
    }
    return Challenge{*key, parts["ts"], *signature};
}

Status check_time(const std::string& timestamp, TimeMs now) {
    std::uint64_t time = 0;
    const auto [stop, error] =
        std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), time);
    if (error != std::errc() || stop != timestamp.data() + timestamp.size() ||
        time > now.value + kWindowMs || time + kWindowMs < now.value) {
        return refuse("ts is more than a minute away from this node's clock, which says " +
                      std::to_string(now.value));
    }
    return {};
}

// The record of a key that is in force.
Result<wire::KeyRecord> active_key(const StateSnapshot& state, const KeyId& id) {
    const auto bytes = state.view->get(keys::key(id.view()));
    if (!bytes) {
        return refuse("key " + id.hex() + " is not registered");
    }
    SANQUAN_TRY_ASSIGN(auto record, decode<wire::KeyRecord>(*bytes, limits::kStateValueBytesMax));
    const auto now = state.time.value;
    const bool revoked = record.revoked_ms() != 0 && record.revoked_ms() <= now;
    const bool ended = record.valid_until_ms() != 0 && record.valid_until_ms() <= now;
    if (revoked || ended || record.valid_from_ms() > now) {
        return refuse("key " + id.hex() + " is revoked or outside its validity");
    }
    return record;
}

Viewer viewer_of(const StateSnapshot& state, const std::string& organisation) {
    Viewer viewer;
    viewer.organisation = organisation;
    viewer.sees_everything = has_role(state, organisation, wire::AUDITOR) ||
                             has_role(state, organisation, wire::INFORMATISATION_AUTHORITY);
    return viewer;
}

}  // namespace

Bytes challenge_message(const Chain& chain, std::string_view method, std::string_view target,
                        std::string_view timestamp, ByteView body) {
    Bytes text(method);
    text.append("\n").append(target).append("\n").append(timestamp).append("\n");
    text.append(hash(HashAlgorithm::kSha256, {body}).hex());
    return domain_message("api-request", chain.id, text);
}

Result<std::optional<Viewer>> identify(const Call& call, const Chain& chain,
                                       const StateSnapshot& state) {
    if (call.authorization.empty()) {
        if (!call.certificate_key) {
            return std::optional<Viewer>();
        }
        const auto record = active_key(state, call.certificate_key->id());
        // Browsers offer whatever certificate they have: one that nobody registered leaves its
        // holder anonymous.
        return record ? std::optional(viewer_of(state, record->organisation()))
                      : std::optional<Viewer>();
    }
    SANQUAN_TRY_ASSIGN(const auto challenge, parse_challenge(call.authorization));
    SANQUAN_TRY(check_time(challenge.timestamp, call.received));
    SANQUAN_TRY_ASSIGN(const auto record, active_key(state, challenge.key));
    const PublicKey key{static_cast<KeyAlgorithm>(record.key().algorithm()), record.key().key()};
    const Bytes message =
        challenge_message(chain, call.method, call.target, challenge.timestamp, call.body);
    if (!verify(key, message, challenge.signature)) {
        return refuse("the signature does not verify");
    }
    return std::optional(viewer_of(state, record.organisation()));
}

bool has_role(const StateSnapshot& state, const std::string& organisation, wire::Role role,
              const std::string& scope) {
    const auto bytes = state.view->get(keys::role(organisation, role, scope));
    if (!bytes) {
        return false;
    }
    const auto record = decode<wire::RoleRecord>(*bytes, limits::kStateValueBytesMax);
    return record && (record->valid_until_ms() == 0 || record->valid_until_ms() > state.time.value);
}

bool names(const google::protobuf::Message& message, const std::string& organisation) {
    using google::protobuf::FieldDescriptor;
    const auto& reflection = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
        const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
        for (int i = 0; i < count; ++i) {
            if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
                if (names(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                               : reflection.GetMessage(message, field),
                          organisation)) {
                    return true;
                }
            } else if (field->type() == FieldDescriptor::TYPE_STRING &&
                       (field->is_repeated()
                            ? reflection.GetRepeatedString(message, field, i)
                            : reflection.GetString(message, field)) == organisation) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace sanquan::node
