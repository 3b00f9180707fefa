// sanquan-node: a validator or audit node, and the tools that look at its data directory.
//
// Exit codes: 0 done · 1 internal · 2 usage · 3 configuration, genesis or keys · 4 data directory · 5 damaged data ·
// 6 address cannot be bound · 7 storage failed while running · 8 diverged.
#include <google/protobuf/stubs/logging.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <thread>

#include "ledger/crypto/key_store.h"
#include "node/gateway/gateway.h"
#include "node/log.h"
#include "node/node.h"
#include "node/vectors.h"
#include "node/verify_data.h"

namespace sanquan::node {
namespace {

constexpr const char* kHelpOfNode = R"(Examples:
  sanquan network create --dir net                      a network on this machine, with all the files below
  sanquan-node init --config net/nodes/NAME/node.toml   a validator's data directory, once in its life
  sanquan-node --config net/nodes/NAME/node.toml        run it; SIGTERM or Ctrl-C stops it in order
  sanquan-node verify-data net/nodes/NAME/data          re-check a stopped node's data, changing nothing

Exit codes:
  0  done, or stopped as asked
  1  internal error: start again; report it if it comes back
  2  wrong command line
  3  configuration, genesis or keys: the message names the file
  4  data directory: missing, locked by a running node, another node's, or without its vote log
  5  damaged data: keep a copy, then fetch the blocks anew from the other nodes
  6  the address is in use
  7  storage failed while running: make room, start again
  8  this node's state differs from the chain's: keep the directory, ask the other operators

Every key of node.toml: network-config/README.md. The log goes to standard error or to log.file.
)";
constexpr const char* kHelpOfInit = R"(Examples:
  sanquan-node init --config net/nodes/NAME/node.toml
  sanquan-node init --config net/nodes/NAME/node.toml --after-loss

A second init of the same validator could make it vote twice, which breaks the ledger's safety: it is refused while the
directory stands, and with the directory gone --after-loss is the only right way. Audit nodes need no init.
)";
constexpr const char* kHelpOfVerify = R"(Examples:
  sanquan-node verify-data net/nodes/NAME/data
  sanquan-node verify-data --json net/nodes/NAME/data   one object: the figures, or {"error": {"code", "detail", ...}}

Checks every byte, certificate and receipt, executes all blocks again, and holds every ledger invariant against all that
then stands in the state: money, escrows, settlements, shares, exclusive rights and franchises, grants and their
parents, who can still sign. The directory is opened for reading only; the work, as large as the state, goes to a
directory under TMPDIR. Exit 0 in order, 4 no such directory or a node runs on it, 5 damaged, or INVARIANT_BREACH: a rule
of this release let something through; the message names the file, the block, or the invariant and the key.
)";
constexpr const char* kHelpOfVectors = R"(Example:
  sanquan-node vectors --in questions.jsonl > answers.jsonl

One question a line, one answer a line, in the same order (tests/vectors/README.md).
)";

enum ExitCode : int {
    kExitOk = 0,
    kExitInternal = 1,
    kExitUsage = 2,
    kExitConfig = 3,
    kExitDirectory = 4,
    kExitDamaged = 5,
    kExitAddress = 6,
    kExitStorage = 7,
    kExitDiverged = 8,
};

int exit_code_of(const Error& error, bool running) {
    static const std::map<Code, int> kCodes = {
        {Code::kDirectoryMissing, kExitDirectory},
        {Code::kDirectoryExists, kExitDirectory},
        {Code::kDirectoryLocked, kExitDirectory},
        {Code::kWrongChainDirectory, kExitDirectory},
        {Code::kWrongNodeDirectory, kExitDirectory},
        {Code::kVoteLogMissing, kExitDirectory},
        {Code::kVoteLogExists, kExitDirectory},
        {Code::kCorrupt, kExitDamaged},
        {Code::kStateMismatch, kExitDamaged},
        {Code::kCertificateInvalid, kExitDamaged},
        {Code::kBlockInvalid, kExitDamaged},
        {Code::kInvariantBreach, kExitDamaged},
        {Code::kAddressInUse, kExitAddress},
        {Code::kDiverged, kExitDiverged},
        {Code::kInternal, kExitInternal},
    };
    const auto found = kCodes.find(error.code);
    return found != kCodes.end() ? found->second : running ? kExitStorage : kExitConfig;
}

int refuse(const Error& error, bool running = false) {
    std::cerr << "sanquan-node: " << to_string(error) << '\n'
              << "  " << info(error.code).english << '\n';
    return exit_code_of(error, running);
}

Result<Bytes> read_text(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) {
        return fail(Code::kIo, path.string() + ": cannot be read");
    }
    return text.str();
}

// What the stores (LevelDB keeps up to 1,000 tables open, three times), the logs and the validators' connections need.
constexpr std::size_t kOwnDescriptors = 3'600;

// Makes room for limits.client_connections: clients must not be able to take the descriptors that the stores need, since
// a store that cannot open a file stops the node. How many connections there is room for.
std::size_t reserve_descriptors(const LimitConfig& limits) {
    const std::size_t own = kOwnDescriptors + limits.sync_sessions;
    ::rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return limits.client_connections;
    }
    const ::rlim_t wanted = own + limits.client_connections;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = std::min(limit.rlim_max, wanted);
        ::setrlimit(RLIMIT_NOFILE, &limit);
        ::getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= wanted) {
        return limits.client_connections;
    }
    const std::size_t room =
        std::max<std::size_t>(limit.rlim_cur > own ? limit.rlim_cur - own : 0, limit.rlim_cur / 4);
    log(LogLevel::kWarn, "few_descriptors",
        {{"limit", std::uint64_t{limit.rlim_cur}},
         {"wanted", std::uint64_t{wanted}},
         {"client_connections", std::uint64_t{room}},
         {"action", "raise the hard limit (ulimit -Hn) or lower limits.client_connections"}});
    return std::min<std::size_t>(room, limits.client_connections);
}

Result<std::unique_ptr<Gateway>> start_gateway(const NodeConfig& config, std::size_t connections,
                                               LedgerService& service) {
    GatewayConfig gateway;
    gateway.host = config.client.listen.host;
    gateway.port = config.client.listen.port;
    SANQUAN_TRY_ASSIGN(gateway.certificate_pem, read_text(config.client.tls_certificate));
    SANQUAN_TRY_ASSIGN(const auto passphrase,
                       load_passphrase(config.keys.passphrase_file.string()));
    SANQUAN_TRY_ASSIGN(const auto key, load_key(config.client.tls_key.string(), passphrase));
    gateway.key_pem = key.plain_pem();
    if (!config.client.client_ca.empty()) {
        SANQUAN_TRY_ASSIGN(gateway.client_ca_pem, read_text(config.client.client_ca));
    }
    gateway.console_dir = config.client.console_dir;
    gateway.index_dir = config.data_dir / "index";
    gateway.limits.connections_max = connections;
    return Gateway::start(std::move(gateway), service);
}

// SIGTERM and SIGINT end the node in order; everything else of the process runs with them blocked.
class SignalWatch {
  public:
    explicit SignalWatch(Node& node) {
        thread_ = std::thread([&node] {
            sigset_t set = watched();
            int signal = 0;
            while (sigwait(&set, &signal) == 0 && signal != SIGUSR1) {
                log(LogLevel::kInfo, "signal", {{"number", std::uint64_t(signal)}});
                node.request_stop();
            }
        });
    }
    ~SignalWatch() {
        pthread_kill(thread_.native_handle(), SIGUSR1);
        thread_.join();
    }
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    // Before any thread is made, so that all inherit it.
    static void block() {
        const sigset_t set = watched();
        pthread_sigmask(SIG_BLOCK, &set, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
    }

  private:
    static sigset_t watched() {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGUSR1);
        return set;
    }
    std::thread thread_;
};

int run(const std::filesystem::path& file) {
    SignalWatch::block();
    const auto config = load_config(file);
    if (!config) {
        return refuse(config.error());
    }
    if (const Status status = start_log(config->log.level, config->log.file); !status) {
        return refuse(status.error());
    }
    const std::size_t connections = reserve_descriptors(config->limits);
    auto node = Node::open(*config);
    if (!node) {
        return refuse(node.error());
    }
    if (const Status status = (*node)->start(); !status) {
        return refuse(status.error());
    }
    std::unique_ptr<Gateway> gateway;
    if (config->client.enabled) {
        auto started = start_gateway(*config, connections, (*node)->service());
        if (!started) {
            return refuse(started.error());
        }
        gateway = std::move(*started);
    }
    std::optional<Error> failure;
    {
        const SignalWatch watch(**node);
        failure = (*node)->wait();
        // ORDER: the node holds replies of the gateway's sessions and drops them while what they belong to still lives.
        if (gateway != nullptr) {
            gateway->stop();
        }
        (*node)->stop();
        gateway.reset();
    }
    if (failure) {
        return refuse(*failure, /*running=*/true);
    }
    log(LogLevel::kInfo, "node_stopped");
    return kExitOk;
}

int init(const std::filesystem::path& file, bool after_loss) {
    const auto config = load_config(file);
    if (!config) {
        return refuse(config.error());
    }
    if (const Status status = initialise(*config, after_loss); !status) {
        return refuse(status.error());
    }
    std::cout << "initialised " << config->data_dir.string() << " for " << config->name << '\n';
    return kExitOk;
}

// What to do about a directory that does not pass. A breach in it is no news of a transaction that was undone.
std::string_view advice(const Error& error) {
    return error.code == Code::kInvariantBreach ? "The blocks are in order, but what they lead to "
                                                  "breaks an invariant: a rule has a bug. "
                                                  "Keep the directory and report it."
                                                : info(error.code).english;
}

int refuse_data(const Error& error, bool json) {
    if (!json) {
        std::cerr << "sanquan-node: " << to_string(error) << "\n  " << advice(error) << '\n';
        return exit_code_of(error, /*running=*/false);
    }
    std::cout << boost::json::serialize(boost::json::object{
                     {"error",
                      boost::json::object{{"code", std::string(text(error.code))},
                                          {"number", static_cast<std::uint32_t>(error.code)},
                                          {"en", std::string(advice(error))},
                                          {"detail", error.context}}}})
              << '\n';
    return exit_code_of(error, /*running=*/false);
}

void print(const DataReport& report, bool json) {
    if (json) {
        std::cout << boost::json::serialize(
                         boost::json::object{{"chain", report.chain.hex()},
                                             {"height", report.height.value},
                                             {"state_root", report.state_root.hex()},
                                             {"transactions", report.transactions},
                                             {"keys", report.keys},
                                             {"signatures", report.signatures},
                                             {"ok", true}})
                  << '\n';
        return;
    }
    std::cout << "chain " << report.chain.hex() << "\nheight " << report.height.value
              << "\nstate_root " << report.state_root.hex() << "\ntransactions "
              << report.transactions << "\nkeys " << report.keys << "\nsignatures "
              << report.signatures << "\nok\n";
}

int verify(const std::filesystem::path& directory, bool json) {
    // A name that nobody can have taken before us: what is written there is trusted.
    std::string scratch =
        (std::filesystem::temp_directory_path() / "sanquan-verify-XXXXXX").string();
    if (::mkdtemp(scratch.data()) == nullptr) {
        return refuse_data({Code::kIo, scratch + ": cannot be made; TMPDIR names the place"}, json);
    }
    const auto report = verify_data(directory, scratch);
    if (!report) {
        return refuse_data(report.error(), json);
    }
    print(*report, json);
    return kExitOk;
}

int answer_vectors(const std::string& input) {
    if (input == "-") {
        return run_vectors(std::cin, std::cout, build_id());
    }
    std::ifstream file(input, std::ios::binary);
    if (!file) {
        return refuse({Code::kIo, input + ": cannot be read"});
    }
    return run_vectors(file, std::cout, build_id());
}

}  // namespace
}  // namespace sanquan::node

int main(int argc, char** argv) {
    // SECURITY: the library would write a line to standard error for every malformed message of a stranger.
    google::protobuf::SetLogHandler(nullptr);
    CLI::App app{"sanquan-node: a validator or audit node of a Sanquan ledger"};
    app.set_version_flag("--version", sanquan::node::build_id());
    app.require_subcommand(0, 1);
    app.footer(sanquan::node::kHelpOfNode);
    std::string config;
    app.add_option("--config", config, "TOML file of this node (network-config/README.md)");
    CLI::App* init = app.add_subcommand("init", "Make the data directory, once in a node's life");
    std::string init_config;
    bool after_loss = false;
    init->footer(sanquan::node::kHelpOfInit);
    init->add_option("--config", init_config, "TOML file of this node")->required();
    init->add_flag("--after-loss", after_loss,
                   "The directory of a validator was lost: abstain until voting is safe");
    CLI::App* verify =
        app.add_subcommand("verify-data", "Re-check every byte of a data directory, offline");
    verify->footer(sanquan::node::kHelpOfVerify);
    std::string directory;
    verify->add_option("DIR", directory, "data_dir of a stopped node")->required();
    bool json = false;
    verify->add_flag("--json", json, "One JSON object on standard output, failures too");
    CLI::App* vectors = app.add_subcommand("vectors", "Answer test vectors: JSON Lines in and out");
    vectors->footer(sanquan::node::kHelpOfVectors);
    std::string input = "-";
    vectors->add_option("--in", input, "File of questions; - for standard input");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        // The library's own codes are above 100; help and version are no errors.
        return app.exit(error) == 0 ? 0 : 2;
    }
    try {
        if (init->parsed()) {
            return sanquan::node::init(init_config, after_loss);
        }
        if (verify->parsed()) {
            return sanquan::node::verify(directory, json);
        }
        if (vectors->parsed()) {
            return sanquan::node::answer_vectors(input);
        }
        if (config.empty()) {
            std::cerr << "sanquan-node: name the node's file: sanquan-node --config FILE\n";
            return 2;
        }
        return sanquan::node::run(config);
    } catch (const std::exception& error) {
        std::cerr << "sanquan-node: INTERNAL: " << error.what() << '\n';
        return 1;
    }
}
