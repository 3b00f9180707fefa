#include "node/gateway/gateway.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <thread>
#include <vector>

#include "ledger/crypto/x509_chain.h"
#include "ledger/crypto/x509_profile.h"
#include "node/gateway/event_stream.h"
#include "node/gateway/routes.h"
#include "node/gateway/session.h"

namespace sanquan::node {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

// Certificates of clients are judged by their registered key after the handshake, unless a CA is
// configured.
int accept_any_certificate(int /*preverified*/, X509_STORE_CTX* /*store*/) { return 1; }

// Whether a path leads from the client's certificate to one of the configured roots, by our own profile
// (docs/X509_PROFILE.md) in place of the library's rules.
int judge_client_certificate(X509_STORE_CTX* store, void* roots) {
    X509Question question;
    question.chain =
        pem_chain(X509_STORE_CTX_get0_cert(store), X509_STORE_CTX_get0_untrusted(store));
    question.roots = *static_cast<const std::vector<Bytes>*>(roots);
    question.time_seconds = std::chrono::duration_cast<std::chrono::seconds>(
                                std::chrono::system_clock::now().time_since_epoch())
                                .count();
    question.purpose = X509Purpose::kClient;
    const bool accepted = verify_x509_path(question).has_value();
    X509_STORE_CTX_set_error(store, accepted ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    return accepted ? 1 : 0;
}

// `client_roots` is filled and must outlive the context.
Status configure_tls(asio::ssl::context& context, const GatewayConfig& config,
                     std::vector<Bytes>& client_roots) {
    SSL_CTX* native = context.native_handle();
    if (SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_num_tickets(native, 0) != 1) {
        return fail(Code::kInternal, "this OpenSSL cannot do TLS 1.3");
    }
    boost::system::error_code error;
    context.use_certificate_chain(asio::buffer(config.certificate_pem), error);
    if (!error) {
        const auto key = config.key_pem.view();
        context.use_private_key(asio::buffer(key.data(), key.size()), asio::ssl::context::pem,
                                error);
    }
    if (error) {
        return fail(Code::kKeyInvalid, "client port: " + error.message());
    }
    if (config.client_ca_pem.empty()) {
        SSL_CTX_set_verify(native, SSL_VERIFY_PEER, &accept_any_certificate);
        return {};
    }
    auto roots = split_pem_certificates(config.client_ca_pem);
    if (!roots) {
        return fail(Code::kBadConfig, "client_ca: " + roots.error().context);
    }
    client_roots = std::move(*roots);
    SSL_CTX_set_cert_verify_callback(native, &judge_client_certificate, &client_roots);
    SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
    return {};
}

// After a failed accept, most likely for want of descriptors: others may give theirs back meanwhile.
constexpr auto kAcceptPause = std::chrono::milliseconds(100);

asio::awaitable<void> accept_loop(tcp::acceptor& acceptor, asio::io_context& context,
                                  std::shared_ptr<SessionShared> shared) {
    while (acceptor.is_open()) {
        auto [error, socket] = co_await acceptor.async_accept(asio::make_strand(context), kTuple);
        if (error == asio::error::operation_aborted) {
            co_return;
        }
        if (error) {
            asio::steady_timer pause(context, kAcceptPause);
            co_await pause.async_wait(kTuple);
            continue;
        }
        auto executor = socket.get_executor();
        asio::co_spawn(executor, serve(shared, std::move(socket)), asio::detached);
    }
}

}  // namespace

struct Gateway::Parts {
    Parts(GatewayConfig settings, LedgerService& service)
        : config(std::move(settings)),
          ledger(service),
          gate({config.limits.connections_max, config.limits.connections_per_address_max,
                config.limits.event_streams_per_address_max,
                config.limits.anonymous_requests_per_second, config.limits.anonymous_burst,
                std::max<std::size_t>(config.limits.connections_max / 4, 1),
                config.limits.body_bytes_max}),
          context(static_cast<int>(config.threads)),
          acceptor(context) {}

    GatewayConfig config;
    LedgerService& ledger;
    AdmissionGate gate;
    std::vector<Bytes> client_roots;  // before the context, whose handshakes read it
    asio::ssl::context tls{asio::ssl::context::tls_server};
    std::unique_ptr<Router> router;
    std::shared_ptr<SessionShared> shared;
    asio::io_context context;
    tcp::acceptor acceptor;
    std::vector<std::thread> threads;

    Status listen() {
        boost::system::error_code error;
        const auto address = asio::ip::make_address(config.host, error);
        if (error) {
            return fail(Code::kBadConfig, "client.listen: '" + config.host + "' is no address");
        }
        const tcp::endpoint endpoint(address, config.port);
        acceptor.open(endpoint.protocol(), error);
        if (!error) {
            acceptor.set_option(tcp::acceptor::reuse_address(true), error);
        }
        if (!error) {
            acceptor.bind(endpoint, error);
        }
        if (!error) {
            acceptor.listen(asio::socket_base::max_listen_connections, error);
        }
        if (error) {
            return fail(Code::kAddressInUse,
                        "client.listen " + config.host + ":" + std::to_string(config.port) + ": " +
                            error.message() + "; stop what uses it or choose another port");
        }
        return {};
    }
};

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Gateway>> Gateway::start(GatewayConfig config, LedgerService& ledger) {
    auto parts = std::make_unique<Parts>(std::move(config), ledger);
    SANQUAN_TRY(configure_tls(parts->tls, parts->config, parts->client_roots));
    SANQUAN_TRY_ASSIGN(parts->router, make_router(ledger, parts->gate, parts->config));
    SANQUAN_TRY(parts->listen());
    parts->shared = std::make_shared<SessionShared>(
        SessionShared{*parts->router, ledger, parts->gate, parts->config.limits, parts->tls,
                      std::make_shared<EventTexts>()});
    asio::co_spawn(parts->context, accept_loop(parts->acceptor, parts->context, parts->shared),
                   asio::detached);
    for (unsigned i = 0; i < std::max(parts->config.threads, 1U); ++i) {
        parts->threads.emplace_back([context = &parts->context] { context->run(); });
    }
    return std::unique_ptr<Gateway>(new Gateway(std::move(parts)));
}

Gateway::~Gateway() { stop(); }

void Gateway::stop() {
    {
        const std::lock_guard lock(parts_->shared->alive->mutex);
        parts_->shared->alive->value = false;
    }
    parts_->context.stop();
    for (auto& thread : parts_->threads) {
        thread.join();
    }
    parts_->threads.clear();
}

std::uint16_t Gateway::port() const { return parts_->acceptor.local_endpoint().port(); }

}  // namespace sanquan::node
