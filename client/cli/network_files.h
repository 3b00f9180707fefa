// Writes what a network is made of: keys, genesis, one TOML file per node, start scripts, the
// client profile.
//
//   DIR/genesis.bin  DIR/client.toml  DIR/start.sh  DIR/stop.sh
//   DIR/keys/passphrase  DIR/keys/<organisation>.pem
//   DIR/nodes/<name>/{node.toml, passphrase, vote.pem, tls.pem, tls.crt}, later data/, node.log,
//   node.pid
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

// Genesis without organisations, roles and nodes: code lists, algorithms, timing. kIo, kBadConfig.
Result<wire::Genesis> genesis_frame(const NetworkOptions& options, const NetworkPlan& plan);

// Enters the organisation with its key and roles; organisations come in ascending order of their
// ids.
void add_organisation(const PlannedOrganisation& organisation, const wire::PublicKey& key,
                      wire::Genesis& genesis);

// Enters nodes, checks genesis as a node would, and writes genesis.bin, client.toml, node.toml
// files and scripts.
Result<client::Profile> finish_network(const fs::path& directory, wire::Genesis genesis,
                                       const NetworkPlan& plan,
                                       const std::vector<NodeIdentity>& nodes);

// start.sh and stop.sh of a folder with nodes; kIo.
Status write_scripts(const fs::path& directory);

// Everything at once on one machine; kDirectoryExists (it is not empty), and what the parts refuse.
Result<client::Profile> create_network(const NetworkOptions& options);

// Writes a new file of the given mode; kIo (it exists, disk full).
Status write_file(const fs::path& file, const std::string& content, bool owner_only,
                  bool executable = false);

}  // namespace sanquan::cli
