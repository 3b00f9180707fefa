// Who is asking, and what they may see (D9): public data for everybody; price and counterparty of a
// trade only for its parties, their authority and auditors.
//
// A caller is known by a TLS client certificate whose key the ledger has registered, or by a signed
// challenge:
//   Authorization: Sanquan key=<key id>, ts=<ms since the epoch>, signature=<hex>
// where the signature covers domain_message("api-request", chain, METHOD LF target LF ts LF
// hex(SHA-256(body))) and ts is within a minute of this node's clock. What they may see is decided
// from the ledger's roles alone.
#pragma once

#include <optional>
#include <string>

#include "ledger/codec/operations_party.pb.h"
#include "node/gateway/api_types.h"
#include "node/ledger_service.h"

namespace sanquan::node {

struct Viewer {
    std::string organisation;
    bool sees_everything = false;  // auditor, informatisation authority
};

// The bytes that a challenge's signature covers.
Bytes challenge_message(const Chain& chain, std::string_view method, std::string_view target,
                        std::string_view timestamp, ByteView body);

// Nothing for an anonymous caller; kAuthenticationFailed for one who claims and cannot prove.
Result<std::optional<Viewer>> identify(const Call& call, const Chain& chain,
                                       const StateSnapshot& state);

// Whether the organisation has the role now; `scope` is the sector or provider kind.
bool has_role(const StateSnapshot& state, const std::string& organisation, wire::Role role,
              const std::string& scope = {});

// Whether any text field of the message, at any depth, equals the organisation's id.
bool names(const google::protobuf::Message& message, const std::string& organisation);

}  // namespace sanquan::node
