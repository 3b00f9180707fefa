// The client profile: which chain, which nodes, and where this user's keys are (client.toml, made
// by `network create`).
//
// Read once at start; strict: an unknown key is refused with file and line. A profile holds no
// secret.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "client/lib/http_client.h"
#include "ledger/base/result.h"
#include "ledger/model/chain.h"

namespace sanquan::client {

struct ProfileOrganisation {
    std::string alias;  // "settlement-bank": what a person types
    std::string id;     // "X-SETTLEMENT-BANK": what the ledger knows
};

struct Profile {
    Chain chain;
    std::vector<NodeAddress> nodes;  // validators first
    std::vector<ProfileOrganisation> organisations;
    std::filesystem::path keys_dir;
    std::filesystem::path passphrase_file;
    std::filesystem::path genesis;
    std::string language;  // "en", "zh" or empty: what this user reads

    // The organisation id of an alias; any other text is an id already.
    [[nodiscard]] std::string organisation_id(const std::string& alias_or_id) const;

    // Whether an audit node of that very name has that TLS key (64 hexadecimal digits).
    [[nodiscard]] bool knows_audit_node(const std::string& name, const std::string& tls_pin) const;
};

// Reads `directory`/client.toml, or `directory` itself when it names a file; relative paths count
// from its folder. kBadProfile.
Result<Profile> load_profile(const std::filesystem::path& directory);

// The text of a client.toml that load_profile reads back; paths are written as given.
std::string profile_toml(const Profile& profile);

}  // namespace sanquan::client
