// TLS 1.3 on the peer port: both sides show a certificate, and only its public key counts (D3).
//
// Certificates are carriers: issuer, names and dates are not checked, because the ledger pins the SPKI hash; an expired
// one raises an alarm, not an outage. The handshake proves that the peer holds the private key.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <memory>

#include "ledger/crypto/secret.h"
#include "ledger/crypto/tls_certificate.h"

namespace sanquan::node {

using TlsStream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;

// A dead peer behind a silent network is noticed by the kernel, without traffic of ours.
void tune_socket(boost::asio::ip::tcp::socket& socket);

// One context for both directions; kKeyInvalid when certificate and key do not belong together.
Result<std::shared_ptr<boost::asio::ssl::context>> make_peer_tls_context(
    ByteView certificate_pem, const SecretBytes& key_pem);

struct PeerCertificate {
    SpkiHash key;
    bool expired = false;  // or not yet valid
};

// What the peer showed in the finished handshake; kKeyInvalid when it showed nothing.
Result<PeerCertificate> peer_certificate(TlsStream& stream);

}  // namespace sanquan::node
