// Writes what a network is made of: keys, genesis, one TOML file per node, start scripts, the client profile.
//
//   DIR/genesis.bin  DIR/client.toml  DIR/start.sh  DIR/stop.sh
//   DIR/keys/passphrase  DIR/keys/<organisation>.pem
//   DIR/nodes/<name>/{node.toml, passphrase, vote.pem, tls.pem, tls.crt}, later data/, node.log, node.pid
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "client/cli/network_plan.h"
#include "client/lib/profile.h"
#include "ledger/base/result.h"
#include "ledger/codec/genesis.pb.h"

namespace sanquan::cli {

namespace fs = std::filesystem;

struct NetworkOptions {
    fs::path directory;
    std::size_t validators = 4;
    bool demo = false;         // profile
    bool sm3 = false;          // hash
    std::string network_name;  // in genesis
    std::string host = "127.0.0.1";
    std::uint16_t base_port = 0;  // 0: free ports
    fs::path codes;               // folder of code lists; empty: the embedded ones
};

// The public part of one node's key material.
struct NodeIdentity {
    PlannedNode node;
    std::string host;
    std::uint16_t peer_port = 0;
    std::uint16_t client_port = 0;
    std::string tls_pin;       // hex
    wire::PublicKey vote_key;  // validators
};

// Makes vote key (validators), TLS key and certificate below DIR/nodes/<name>; kIo when they exist.
Result<NodeIdentity> create_node_keys(const fs::path& directory, const PlannedNode& node);

// Writes node.toml, start.sh and stop.sh for the nodes that have their keys below DIR/nodes, and client.toml.
Status write_network_files(const fs::path& directory, const std::vector<NodeIdentity>& nodes,
                           const client::Profile& profile);

// Everything at once on one machine; kIo (the folder exists and is not empty), and what the parts refuse.
Result<client::Profile> create_network(const NetworkOptions& options);

// Writes a new file of the given mode; kIo (it exists, disk full).
Status write_file(const fs::path& file, const std::string& content, bool owner_only,
                  bool executable = false);

}  // namespace sanquan::cli
