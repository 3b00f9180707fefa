#include "node/net/tls.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace sanquan::node {
namespace asio = boost::asio;

void tune_socket(asio::ip::tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::keep_alive(true), ignored);
    using KeepIdle = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPIDLE>;
    using KeepInterval = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_KEEPINTVL>;
    using UserTimeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
    socket.set_option(KeepIdle(10), ignored);
    socket.set_option(KeepInterval(5), ignored);
    socket.set_option(UserTimeout(20'000), ignored);
}

Result<std::shared_ptr<asio::ssl::context>> make_peer_tls_context(ByteView certificate_pem,
                                                                  const SecretBytes& key_pem) {
    auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls);
    SSL_CTX* native = context->native_handle();
    SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
    SSL_CTX_set_max_proto_version(native, TLS1_3_VERSION);
    SSL_CTX_set_options(native, SSL_OP_NO_COMPRESSION | SSL_OP_NO_TICKET);
    // SECURITY: a resumed session would skip the certificate, and with it the pin.
    SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(native, 0);
    // Idle connections keep no record buffers.
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    boost::system::error_code error;
    context->set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert,
                             error);
    // SECURITY: the chain is not judged here; peer_session.cc compares the key with the ledger's pin.
    context->set_verify_callback([](bool, asio::ssl::verify_context&) { return true; }, error);
    context->use_certificate(asio::buffer(certificate_pem.data(), certificate_pem.size()),
                             asio::ssl::context::pem, error);
    if (error) {
        return fail(Code::kKeyInvalid, "the TLS certificate cannot be used: " + error.message());
    }
    context->use_private_key(asio::buffer(key_pem.view().data(), key_pem.size()),
                             asio::ssl::context::pem, error);
    if (error) {
        return fail(Code::kKeyInvalid,
                    "the TLS key does not fit its certificate: " + error.message());
    }
    return context;
}

Result<PeerCertificate> peer_certificate(TlsStream& stream) {
    X509* certificate = SSL_get0_peer_certificate(stream.native_handle());
    if (certificate == nullptr) {
        return fail(Code::kKeyInvalid, "the peer showed no certificate");
    }
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    if (size <= 0) {
        return fail(Code::kKeyInvalid, "the peer's certificate cannot be encoded");
    }
    auto key = spki_hash_of_der(as_view(der, static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    if (!key) {
        return fail(Code::kKeyInvalid, key.error().context);
    }
    const bool expired = X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0 ||
                         X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0;
    return PeerCertificate{*key, expired};
}

}  // namespace sanquan::node
