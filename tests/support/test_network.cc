#include "tests/support/test_network.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <future>
#include <iostream>
#include <iterator>
#include <map>
#include <thread>

#include "ledger/base/amount.h"
#include "ledger/codec/canonical.h"
#include "ledger/crypto/key_store.h"
#include "ledger/crypto/random.h"
#include "ledger/crypto/tls_certificate.h"

namespace sanquan::testing {
namespace {

constexpr std::string_view kPassphrase = "a test passphrase";

std::uint64_t now_ms() {
    return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                          std::chrono::system_clock::now().time_since_epoch())
                                          .count());
}

// A port that was free a moment ago.
std::uint16_t free_port() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    SANQUAN_ASSERT(::bind(socket, reinterpret_cast<sockaddr*>(&address), size) == 0);
    SANQUAN_ASSERT(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    ::close(socket);
    return ntohs(address.sin_port);
}

void write(const std::filesystem::path& path, ByteView bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

// Writes the file of key_of(name). Encrypting one costs 40 ms, so each is encrypted once in the program.
void write_key(const std::filesystem::path& path, const std::string& name) {
    static std::map<std::string, Bytes> files;
    auto& file = files[name];
    if (file.empty()) {
        const SecretBytes passphrase{kPassphrase};
        SANQUAN_ASSERT(save_key(path.string(), key_of(name), passphrase).has_value());
        std::ifstream stream(path, std::ios::binary);
        file.assign(std::istreambuf_iterator<char>(stream), {});
        return;
    }
    write(path, file);
}

std::string tls_name(std::size_t index) { return "tls-" + std::to_string(index); }

}  // namespace

bool wait_until(const std::function<bool()>& condition, std::chrono::milliseconds deadline) {
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(2ms);
    }
    return true;
}

TemporaryDirectory::TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "sanquan-test-XXXXXX").string();
    SANQUAN_ASSERT(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

TestNetwork::TestNetwork(const std::function<void(wire::Genesis&)>& change) {
    wire::Genesis genesis = sample_genesis();
    genesis.set_time_ms(now_ms() - 1'000);
    genesis.set_heartbeat_ms(1'000);
    for (std::size_t i = 0; i < kValidators; ++i) {
        genesis.mutable_validators(static_cast<int>(i))
            ->set_tls_key(spki_hash(key_of(tls_name(i))).value().bytes());
    }
    genesis.mutable_audit_nodes(0)->set_tls_key(
        spki_hash(key_of(tls_name(kAudit))).value().bytes());
    if (change) {
        change(genesis);
    }
    auto decoded = decode_genesis(encode(genesis));
    if (!decoded) {
        std::cerr << to_string(decoded.error()) << '\n';
    }
    SANQUAN_ASSERT(decoded.has_value());
    genesis_ = std::move(*decoded);
    nodes_.resize(kValidators + 1);
    write_files();
}

void TestNetwork::write_files() {
    const auto& root = directory_.path();
    write(root / "genesis.bin", genesis_.bytes);
    std::vector<node::PeerConfig> peers;
    for (std::size_t i = 0; i < kValidators; ++i) {
        peers.push_back(
            {genesis_.message.validators(static_cast<int>(i)).name(), {"127.0.0.1", free_port()}});
    }
    for (std::size_t i = 0; i <= kValidators; ++i) {
        const auto folder = root / std::to_string(i);
        std::filesystem::create_directories(folder);
        node::NodeConfig config;
        config.role = i == kAudit ? node::NodeRole::kAudit : node::NodeRole::kValidator;
        config.name = i == kAudit ? genesis_.message.audit_nodes(0).name() : peers[i].name;
        config.data_dir = folder / "data";
        config.genesis = root / "genesis.bin";
        config.keys.passphrase_file = folder / "passphrase";
        config.keys.vote_key = folder / "vote.pem";
        config.keys.tls_key = folder / "tls.pem";
        config.keys.tls_certificate = folder / "tls.crt";
        if (i != kAudit) {
            config.peer_listen = peers[i].address;
        }
        config.peers = peers;
        config.limits.signature_threads = 1;
        write(config.keys.passphrase_file, kPassphrase);
        const SigningKey tls = key_of(tls_name(i));
        const auto seconds = static_cast<std::int64_t>(now_ms() / 1'000);
        write(
            config.keys.tls_certificate,
            make_self_signed_certificate(tls, config.name, seconds - 60, seconds + 86'400).value());
        write_key(config.keys.tls_key, tls_name(i));
        if (i != kAudit) {
            write_key(config.keys.vote_key, "vote-" + std::to_string(i));
        }
        configs_.push_back(std::move(config));
    }
}

Status TestNetwork::start(std::size_t index) {
    const node::NodeConfig& config = configs_[index];
    if (!std::filesystem::exists(config.data_dir)) {
        SANQUAN_TRY(node::initialise(config, /*after_loss=*/false));
    }
    SANQUAN_TRY_ASSIGN(auto opened, node::Node::open(config));
    SANQUAN_TRY(opened->start());
    nodes_[index] = std::move(opened);
    return {};
}

void TestNetwork::start_validators() {
    for (std::size_t i = 0; i < kValidators; ++i) {
        const Status status = start(i);
        if (!status) {
            std::cerr << "node " << i << ": " << to_string(status.error()) << '\n';
        }
        SANQUAN_ASSERT(status.has_value());
    }
}

Bytes TestNetwork::issue(const std::string& to, std::uint64_t amount,
                         const std::string& reference) {
    wire::TransactionBody body;
    body.set_chain_id(genesis_.chain.id.bytes());
    body.set_sender("X-BANK");
    body.set_nonce(random_bytes(16));
    body.set_valid_until_ms(now_ms() + 300'000);
    body.set_mode(wire::ATOMIC);
    auto& operation = *body.add_operations()->mutable_issue_money();
    operation.set_to(to);
    operation.set_reference(reference);
    operation.mutable_money()->set_currency("CNY");
    operation.mutable_money()->set_amount(Amount(amount).encode());
    wire::SignedTransaction envelope;
    envelope.set_body(encode(body));
    const SigningKey key = key_of("X-BANK");
    auto& signature = *envelope.add_signatures();
    signature.set_key_id(key.id().bytes());
    signature.set_signature(key.sign(transaction_message(genesis_.chain, envelope.body())));
    return encode(envelope);
}

Result<node::TransactionOutcome> TestNetwork::submit(std::size_t index, const Bytes& transaction,
                                                     node::WaitFor wait,
                                                     std::chrono::milliseconds timeout) {
    auto promise = std::make_shared<std::promise<Result<node::TransactionOutcome>>>();
    auto answer = promise->get_future();
    nodes_[index]->service().submit(transaction, wait, timeout,
                                    [promise](Result<node::TransactionOutcome> outcome) {
                                        promise->set_value(std::move(outcome));
                                    });
    return answer.get();
}

bool TestNetwork::all_agree(Height height, std::chrono::milliseconds deadline) {
    return wait_until(
        [&] {
            std::optional<node::NodeStatus> first;
            for (std::size_t i = 0; i < nodes_.size(); ++i) {
                if (nodes_[i] == nullptr) {
                    continue;
                }
                const node::NodeStatus now = status(i);
                if (now.height < height || now.diverged) {
                    return false;
                }
                if (!first) {
                    first = now;
                } else if (now.height != first->height || now.state_root != first->state_root) {
                    return false;
                }
            }
            return first.has_value();
        },
        deadline);
}

}  // namespace sanquan::testing
