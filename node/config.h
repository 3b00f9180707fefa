// What one TOML file says about one node; everything that the ledger should decide is not here.
//
// Read once at start by main.cc. Strict: an unknown key, a wrong type or a value outside its limit is refused with
// file, line and the fix. network-config/README.md lists each key with unit, default and limit.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ledger/base/result.h"

namespace sanquan::node {

enum class NodeRole : std::uint8_t {
    kValidator,  // votes; needs a vote key
    kAudit,      // follows, re-executes everything and compares roots
};

struct Endpoint {
    std::string host;  // name, IPv4, or IPv6 without brackets
    std::uint16_t port = 0;
    [[nodiscard]] std::string text() const;
};

// "host:port" or "[v6]:port"; kBadConfig.
Result<Endpoint> parse_endpoint(std::string_view text);

// A validator that this node connects to; its TLS key hash comes from the ledger, by name.
struct PeerConfig {
    std::string name;
    Endpoint address;
};

struct KeyConfig {
    std::filesystem::path passphrase_file;
    std::filesystem::path vote_key;  // validators only
    std::filesystem::path tls_key;
    std::filesystem::path tls_certificate;
};

struct ClientConfig {
    bool enabled = false;
    Endpoint listen;
    std::filesystem::path tls_certificate;
    std::filesystem::path
        tls_key;  // encrypted PKCS#8 under the same passphrase, or plain PEM of mode 0600
    std::filesystem::path client_ca;    // optional: issuers of client certificates
    std::filesystem::path console_dir;  // optional: files of the web console
};

struct ConsensusConfig {
    std::uint32_t tick_ms = 10;
    std::uint32_t view_timeout_ms = 0;  // 0: as genesis says
    std::uint32_t heartbeat_ms = 0;     // 0: as genesis says
    std::uint32_t clock_drift_ms = 500;
};

struct LimitConfig {
    std::uint32_t signature_threads = 0;  // 0: one per core
    std::uint32_t pool_transactions = 50'000;
    std::uint32_t pool_bytes = 256U << 20U;
    std::uint32_t organisation_transactions = 20'000;  // pending in the pool, per sender
    std::uint32_t block_transactions = 2'000;
    std::uint32_t block_bytes = 2U << 20U;
    std::uint32_t sync_sessions = 0;  // of keys that the ledger does not list
    std::uint32_t client_connections = 1'024;
};

struct LogConfig {
    std::string level = "info";  // trace, debug, info, warn, error
    std::filesystem::path file;  // empty: standard error
};

struct NodeConfig {
    NodeRole role = NodeRole::kValidator;
    std::string name;
    std::filesystem::path data_dir;
    std::filesystem::path genesis;
    KeyConfig keys;
    Endpoint peer_listen;
    std::vector<PeerConfig> peers;
    ClientConfig client;
    ConsensusConfig consensus;
    LimitConfig limits;
    LogConfig log;
};

// Reads and checks the file; relative paths count from its folder. kBadConfig ("file:line: what, and the fix"), kIo.
Result<NodeConfig> load_config(const std::filesystem::path& file);

// As above from text; `file` is for messages and for the folder that relative paths count from.
Result<NodeConfig> parse_config(std::string_view text, const std::filesystem::path& file);

}  // namespace sanquan::node
