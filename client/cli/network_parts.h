// A network of several machines: each organisation makes its keys and a public part; genesis is
// assembled from the parts, compared by its digest, and signed by each.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "client/cli/network_files.h"
#include "ledger/base/result.h"

namespace sanquan::cli {

struct PartOptions {
    fs::path directory;
    std::string organisation;  // id of the plan
    std::string node;          // its node's name; empty: it runs none
    std::string host;
    std::uint16_t peer_port = 0;
    std::uint16_t client_port = 0;
};

// Makes the organisation's signing key and the node's keys below `directory` and writes
// NODE.part.json: public keys, addresses, and a signature of the organisation over them.
// kBadRequest, kIo. Answers the part's file.
Result<fs::path> create_part(const PartOptions& options);

// Checks the parts (signatures, one per organisation of the plan) and writes genesis.bin and
// client.toml into `options.directory`. Organisations without a node are among the parts too.
// kBadRequest, kSigInvalid, kGenesisInvalid.
Result<client::Profile> assemble_network(const NetworkOptions& options,
                                         const std::vector<fs::path>& parts);

// Takes genesis.bin, client.toml and its own node.toml over from the assembled folder `from`:
// checks `digest`, and that the local keys are the ones in genesis; writes ID.signature.json, the
// organisation's signature over the digest. kBadRequest, kGenesisInvalid, kIo.
Result<fs::path> join_network(const fs::path& directory, const fs::path& from,
                              const std::string& organisation, const std::string& digest);

// Checks signature files against `directory`/genesis.bin and answers the organisations of genesis that have not signed.
// kBadRequest, kGenesisInvalid, kSigInvalid, kIo.
Result<std::vector<std::string>> missing_signatures(const fs::path& directory,
                                                    const std::vector<fs::path>& files);

}  // namespace sanquan::cli
