// The keys of the authenticated state: readable text whose leading word names the type of the
// record.
//
// Every key of the ledger is made here and nowhere else. Ids hold no slash (they are checked when
// they are registered); a client's reference may, so it comes last. Layout table:
// docs/DATA_ON_DISK.md.
#pragma once

#include <initializer_list>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/codec/operations_party.pb.h"

namespace sanquan::keys {

// The parts joined by "/".
inline Bytes join(std::initializer_list<ByteView> parts) {
    std::size_t size = parts.size() - 1;
    for (const ByteView part : parts) {
        size += part.size();
    }
    Bytes key;
    key.reserve(size);
    for (const ByteView part : parts) {
        if (!key.empty()) {
            key.push_back('/');
        }
        key.append(part);
    }
    return key;
}

// "sector-authority" for SECTOR_AUTHORITY, "desensitising" for DESENSITISING; empty for values
// without a name.
ByteView word(wire::Role role);
ByteView word(wire::ProviderKind kind);

// Parties and code lists (state_party.proto)
inline Bytes network() { return "network"; }
inline Bytes governance() { return "governance"; }
inline Bytes organisation(ByteView id) { return join({"organisation", id}); }
inline Bytes key(ByteView key_id) { return join({"key", to_hex(key_id)}); }
inline Bytes role(ByteView organisation, wire::Role role, ByteView scope = {}) {
    return scope.empty() ? join({"role", organisation, word(role)})
                         : join({"role", organisation, word(role), scope});
}
inline Bytes sector(ByteView code) { return join({"sector", code}); }
inline Bytes region(ByteView code) { return join({"region", code}); }
inline Bytes currency(ByteView code) { return join({"currency", code}); }
inline Bytes node(ByteView tls_key) { return join({"node", to_hex(tls_key)}); }
inline Bytes parameter(ByteView name) { return join({"parameter", name}); }
// `kind` says what the reference is for ("tender", "issue", "order", …).
inline Bytes reference(ByteView organisation, ByteView kind, ByteView text) {
    return join({"reference", organisation, kind, text});
}

// Governance, tenders, money, freezes (state_party.proto)
inline Bytes proposal(ByteView id) { return join({"proposal", id}); }
inline Bytes tender(ByteView id) { return join({"tender", id}); }
inline Bytes bid(ByteView tender, ByteView bidder) { return join({"bid", tender, bidder}); }
inline Bytes franchise(ByteView id) { return join({"franchise", id}); }
inline Bytes balance(ByteView organisation, ByteView currency) {
    return join({"balance", organisation, currency});
}
inline Bytes supply(ByteView currency) { return join({"supply", currency}); }
inline Bytes escrow(ByteView order) { return join({"escrow", order}); }
inline Bytes mandate(ByteView id) { return join({"mandate", id}); }
inline Bytes mandates(ByteView grantor, ByteView broker) {
    return join({"mandates", grantor, broker});
}
inline Bytes freeze(ByteView subject_key) { return join({"freeze", subject_key}); }

// Assets, rights, stages (state_asset.proto)
inline Bytes asset(ByteView code) { return join({"asset", code}); }
inline Bytes asset_serial(ByteView region, ByteView sector) {
    return join({"asset-serial", region, sector});
}
inline Bytes dataset(ByteView asset) { return join({"dataset", asset}); }
inline Bytes dataset_id(ByteView hex_digest) { return join({"dataset-id", hex_digest}); }
inline Bytes derivation(ByteView asset) { return join({"derivation", asset}); }
inline Bytes processing(ByteView asset, std::uint32_t number) {
    return join({"processing", asset, std::to_string(number)});
}
inline Bytes not_needed(ByteView asset, ByteView stage) {
    return join({"not-needed", asset, stage});
}
inline Bytes objection(ByteView asset, ByteView objector) {
    return join({"objection", asset, objector});
}
inline Bytes review(ByteView asset, ByteView kind, ByteView sector = {}) {
    return sector.empty() ? join({"review", asset, kind}) : join({"review", asset, kind, sector});
}
inline Bytes grant(ByteView id) { return join({"grant", id}); }
// Exists only when `holder` was ever granted something on the asset.
inline Bytes right(ByteView asset, ByteView holder) { return join({"right", asset, holder}); }
inline Bytes grants(ByteView asset) { return join({"grants", asset}); }
inline Bytes grants(ByteView asset, std::uint32_t page) {
    return join({"grants", asset, std::to_string(page)});
}
inline Bytes use(ByteView grant) { return join({"use", grant}); }

// Market (state_market.proto)
inline Bytes listing(ByteView id) { return join({"listing", id}); }
inline Bytes negotiation(ByteView id) { return join({"negotiation", id}); }
inline Bytes order(ByteView id) { return join({"order", id}); }
inline Bytes application(ByteView id) { return join({"application", id}); }
inline Bytes voucher(ByteView number) { return join({"voucher", number}); }

}  // namespace sanquan::keys
