#include "node/config.h"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <initializer_list>
#include <limits>
#include <optional>
#include <set>
#include <sstream>

#include "ledger/base/limits.h"

namespace sanquan::node {
namespace {

constexpr std::size_t kConfigBytesMax = 1U << 20U;
constexpr std::size_t kNameCharsMax = limits::kIdentifierBytesMax;

// Reads the keys of one table and refuses the ones that nobody asked for.
class Section {
  public:
    Section(const std::filesystem::path& file, std::string name, const toml::table* table)
        : file_(file), name_(std::move(name)), table_(table) {}

    [[nodiscard]] bool present() const { return table_ != nullptr; }

    Status text(std::string_view key, std::string& value, bool required) {
        return read(key, required, [&](const toml::node& node) -> Status {
            const auto found = node.value_exact<std::string>();
            if (!found) {
                return refuse(node, key, "must be a text in quotes");
            }
            if (found->empty() || found->find('\0') != std::string::npos) {
                return refuse(node, key, "must not be empty");
            }
            value = *found;
            return {};
        });
    }

    Status path(std::string_view key, std::filesystem::path& value, bool required) {
        std::string found;
        SANQUAN_TRY(text(key, found, required));
        if (!found.empty()) {
            value = (file_.parent_path() / found).lexically_normal();
        }
        return {};
    }

    Status endpoint(std::string_view key, Endpoint& value, bool required) {
        std::string found;
        SANQUAN_TRY(text(key, found, required));
        if (!found.empty()) {
            auto parsed = parse_endpoint(found);
            if (!parsed) {
                return refuse(*table_->get(key), key, parsed.error().context);
            }
            value = std::move(*parsed);
        }
        return {};
    }

    Status number(std::string_view key, std::uint32_t& value, std::uint32_t low,
                  std::uint32_t high) {
        return read(key, /*required=*/false, [&](const toml::node& node) -> Status {
            const auto found = node.value_exact<std::int64_t>();
            if (!found || *found < low || *found > high) {
                return refuse(node, key,
                              "must be a whole number from " + std::to_string(low) + " to " +
                                  std::to_string(high));
            }
            value = static_cast<std::uint32_t>(*found);
            return {};
        });
    }

    Result<Section> table(std::string_view key, bool required) {
        const toml::table* found = nullptr;
        SANQUAN_TRY(read(key, required, [&](const toml::node& node) -> Status {
            found = node.as_table();
            if (found == nullptr) {
                return refuse(node, key, "must be a table: [" + std::string(key) + "]");
            }
            return {};
        }));
        return Section(file_, std::string(key), found);
    }

    Result<std::vector<Section>> tables(std::string_view key) {
        std::vector<Section> sections;
        SANQUAN_TRY(read(key, /*required=*/false, [&](const toml::node& node) -> Status {
            const toml::array* array = node.as_array();
            if (array == nullptr) {
                return refuse(node, key, "must be a list of tables: [[" + std::string(key) + "]]");
            }
            for (const toml::node& element : *array) {
                if (element.as_table() == nullptr) {
                    return refuse(element, key,
                                  "must be a list of tables: [[" + std::string(key) + "]]");
                }
                sections.emplace_back(file_, std::string(key), element.as_table());
            }
            return {};
        }));
        return sections;
    }

    // To be called last: kBadConfig at the first key that was not read.
    [[nodiscard]] Status finish() const {
        if (table_ == nullptr) {
            return {};
        }
        for (const auto& [key, node] : *table_) {
            if (!known_.contains(std::string(key.str()))) {
                std::string keys;
                for (const auto& known : known_) {
                    keys += keys.empty() ? known : ", " + known;
                }
                return refuse(node, key.str(), "is not a known key; known here: " + keys);
            }
        }
        return {};
    }

    [[nodiscard]] tl::unexpected<Error> refuse(const toml::node& node, std::string_view key,
                                               const std::string& what) const {
        const std::string full = name_.empty() ? std::string(key) : name_ + "." + std::string(key);
        return at(node.source().begin.line, full + " " + what);
    }

    // As above for a key whose text was read already.
    [[nodiscard]] tl::unexpected<Error> refuse(std::string_view key,
                                               const std::string& what) const {
        const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
        const std::string full = name_.empty() ? std::string(key) : name_ + "." + std::string(key);
        return node == nullptr ? at(0, full + " " + what) : refuse(*node, key, what);
    }

  private:
    template <typename Use>
    Status read(std::string_view key, bool required, const Use& use) {
        known_.emplace(key);
        const toml::node* node = table_ == nullptr ? nullptr : table_->get(key);
        if (node != nullptr) {
            return use(*node);
        }
        if (required) {
            const auto line = table_ == nullptr ? 0 : table_->source().begin.line;
            const std::string full =
                name_.empty() ? std::string(key) : name_ + "." + std::string(key);
            return at(line, full + " is missing; add it");
        }
        return {};
    }

    [[nodiscard]] tl::unexpected<Error> at(std::uint32_t line, const std::string& what) const {
        return fail(Code::kBadConfig,
                    file_.string() + ":" + std::to_string(std::max(line, 1U)) + ": " + what);
    }

    std::filesystem::path file_;
    std::string name_;
    const toml::table* table_;
    std::set<std::string> known_;
};

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= kNameCharsMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                      c == '.';
           });
}

Status bad(const std::filesystem::path& file, const std::string& what) {
    return fail(Code::kBadConfig, file.string() + ":1: " + what);
}

Status read_keys(Section section, NodeRole role, KeyConfig& keys) {
    SANQUAN_TRY(section.path("passphrase_file", keys.passphrase_file, /*required=*/true));
    SANQUAN_TRY(section.path("vote_key", keys.vote_key, role == NodeRole::kValidator));
    SANQUAN_TRY(section.path("tls_key", keys.tls_key, /*required=*/true));
    SANQUAN_TRY(section.path("tls_certificate", keys.tls_certificate, /*required=*/true));
    return section.finish();
}

Status read_peers(std::vector<Section> sections, NodeConfig& config,
                  const std::filesystem::path& file) {
    std::set<std::string> names;
    if (sections.size() > limits::kValidatorsMax) {
        return bad(file, "peers has more than " + std::to_string(limits::kValidatorsMax) +
                             " entries; remove some");
    }
    for (Section& section : sections) {
        PeerConfig peer;
        SANQUAN_TRY(section.text("name", peer.name, /*required=*/true));
        SANQUAN_TRY(section.endpoint("address", peer.address, /*required=*/true));
        SANQUAN_TRY(section.finish());
        if (!names.insert(peer.name).second) {
            return bad(file, "peers names '" + peer.name + "' twice; keep one");
        }
        if (peer.name != config.name) {
            config.peers.push_back(std::move(peer));
        }
    }
    return {};
}

Status read_client(Section section, ClientConfig& client) {
    client.enabled = section.present();
    if (!client.enabled) {
        return {};
    }
    SANQUAN_TRY(section.endpoint("listen", client.listen, /*required=*/true));
    SANQUAN_TRY(section.path("tls_certificate", client.tls_certificate, /*required=*/true));
    SANQUAN_TRY(section.path("tls_key", client.tls_key, /*required=*/true));
    SANQUAN_TRY(section.path("client_ca", client.client_ca, /*required=*/false));
    SANQUAN_TRY(section.path("console_dir", client.console_dir, /*required=*/false));
    return section.finish();
}

Status read_consensus(Section section, ConsensusConfig& consensus) {
    SANQUAN_TRY(section.number("tick_ms", consensus.tick_ms, 1, 1'000));
    SANQUAN_TRY(section.number("view_timeout_ms", consensus.view_timeout_ms, 50, 60'000));
    SANQUAN_TRY(section.number("heartbeat_ms", consensus.heartbeat_ms, 500, 600'000));
    SANQUAN_TRY(section.number("clock_drift_ms", consensus.clock_drift_ms, 10, 10'000));
    return section.finish();
}

Status read_limits(Section section, LimitConfig& limits) {
    SANQUAN_TRY(section.number("signature_threads", limits.signature_threads, 0, 256));
    SANQUAN_TRY(section.number("pool_transactions", limits.pool_transactions, 100, 10'000'000));
    SANQUAN_TRY(section.number("pool_bytes", limits.pool_bytes, 4U << 20U, 4'000'000'000U));
    SANQUAN_TRY(section.number("organisation_transactions", limits.organisation_transactions, 10,
                               10'000'000));
    SANQUAN_TRY(section.number("block_transactions", limits.block_transactions, 1,
                               limits::kTransactionsPerBlockMax));
    SANQUAN_TRY(section.number("block_bytes", limits.block_bytes,
                               limits::kTransactionBytesMax + 4'096, limits::kBlockBytesMax));
    SANQUAN_TRY(section.number("sync_sessions", limits.sync_sessions, 0, 1'024));
    SANQUAN_TRY(section.number("client_connections", limits.client_connections, 4, 100'000));
    return section.finish();
}

Status read_log(Section section, LogConfig& log) {
    SANQUAN_TRY(section.text("level", log.level, /*required=*/false));
    SANQUAN_TRY(section.path("file", log.file, /*required=*/false));
    constexpr std::array kLevels = {"trace", "debug", "info", "warn", "error"};
    if (std::find(kLevels.begin(), kLevels.end(), log.level) == kLevels.end()) {
        return section.refuse("level", "must be one of trace, debug, info, warn, error");
    }
    return section.finish();
}

Status read_all(Section& root, NodeConfig& config, const std::filesystem::path& file) {
    std::string role;
    SANQUAN_TRY(root.text("name", config.name, /*required=*/true));
    SANQUAN_TRY(root.text("role", role, /*required=*/true));
    if (role != "validator" && role != "audit") {
        return root.refuse("role", "must be \"validator\" or \"audit\"");
    }
    if (!is_name(config.name)) {
        return root.refuse("name", "must be 1 to 64 of a-z, 0-9, '-', '_' and '.'");
    }
    config.role = role == "audit" ? NodeRole::kAudit : NodeRole::kValidator;
    SANQUAN_TRY(root.path("data_dir", config.data_dir, /*required=*/true));
    SANQUAN_TRY(root.path("genesis", config.genesis, /*required=*/true));
    SANQUAN_TRY_ASSIGN(auto keys, root.table("keys", /*required=*/true));
    SANQUAN_TRY(read_keys(std::move(keys), config.role, config.keys));
    SANQUAN_TRY_ASSIGN(auto peer, root.table("peer", config.role == NodeRole::kValidator));
    SANQUAN_TRY(peer.endpoint("listen", config.peer_listen, config.role == NodeRole::kValidator));
    SANQUAN_TRY(peer.finish());
    SANQUAN_TRY_ASSIGN(auto peers, root.tables("peers"));
    SANQUAN_TRY(read_peers(std::move(peers), config, file));
    SANQUAN_TRY_ASSIGN(auto client, root.table("client", /*required=*/false));
    SANQUAN_TRY(read_client(std::move(client), config.client));
    SANQUAN_TRY_ASSIGN(auto consensus, root.table("consensus", /*required=*/false));
    SANQUAN_TRY(read_consensus(std::move(consensus), config.consensus));
    SANQUAN_TRY_ASSIGN(auto limits, root.table("limits", /*required=*/false));
    SANQUAN_TRY(read_limits(std::move(limits), config.limits));
    SANQUAN_TRY_ASSIGN(auto log, root.table("log", /*required=*/false));
    SANQUAN_TRY(read_log(std::move(log), config.log));
    return root.finish();
}

}  // namespace

std::string Endpoint::text() const {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
    const auto colon = text.rfind(':');
    const auto refused = fail(Code::kBadConfig, "must be host:port, such as 127.0.0.1:7001");
    if (colon == std::string_view::npos || colon == 0) {
        return refused;
    }
    std::string_view host = text.substr(0, colon);
    const std::string_view port = text.substr(colon + 1);
    Endpoint endpoint;
    const auto [end, error] =
        std::from_chars(port.data(), port.data() + port.size(), endpoint.port);
    if (error != std::errc{} || end != port.data() + port.size() || endpoint.port == 0) {
        return refused;
    }
    if (host.front() == '[' && host.back() == ']') {
        host = host.substr(1, host.size() - 2);
    } else if (host.find(':') != std::string_view::npos) {
        return refused;
    }
    if (host.empty() || host.size() > 255) {
        return refused;
    }
    endpoint.host = std::string(host);
    return endpoint;
}

Result<NodeConfig> parse_config(std::string_view text, const std::filesystem::path& file) {
    if (text.size() > kConfigBytesMax) {
        return fail(Code::kBadConfig, file.string() + ":1: larger than 1 MiB");
    }
    toml::table table;
    try {
        table = toml::parse(text, file.string());
    } catch (const toml::parse_error& error) {
        return fail(Code::kBadConfig, file.string() + ":" +
                                          std::to_string(error.source().begin.line) + ": " +
                                          std::string(error.description()));
    }
    NodeConfig config;
    Section root(file, "", &table);
    SANQUAN_TRY(read_all(root, config, file));
    return config;
}

Result<NodeConfig> load_config(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) {
        return fail(Code::kIo, file.string() + ": cannot be read; check --config");
    }
    std::ostringstream text;
    text << stream.rdbuf();
    std::error_code ignored;
    const auto absolute = std::filesystem::absolute(file, ignored);
    return parse_config(text.str(), ignored ? file : absolute);
}

}  // namespace sanquan::node
