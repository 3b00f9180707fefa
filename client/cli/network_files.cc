#include "client/cli/network_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>

#include "client/cli/code_lists.h"
#include "client/cli/free_ports.h"
#include "client/lib/key_ring.h"
#include "client/lib/transaction_builder.h"
#include "ledger/codec/canonical.h"
#include "ledger/crypto/key_store.h"
#include "ledger/crypto/tls_certificate.h"
#include "ledger/model/genesis.h"
#include "ledger/model/wire_keys.h"

namespace sanquan::cli {
namespace {

constexpr std::uint64_t kHeartbeatMs = 10'000;
constexpr std::uint64_t kViewTimeoutMs = 1'000;
constexpr std::uint32_t kReappendsPerEntry = 1;
constexpr std::int64_t kCertificateSeconds = 10LL * 365 * 24 * 3600;
constexpr std::int64_t kCertificateBackdateSeconds = 3600;  // clocks differ

std::string toml_text(const std::string& key, const std::string& value) {
    return key + " = \"" + value + "\"\n";
}

std::string endpoint(const std::string& host, std::uint16_t port) {
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::string node_toml(const NodeIdentity& self, const std::vector<NodeIdentity>& nodes) {
    std::ostringstream text;
    text << "# One node; every key is described in network-config/README.md. Paths count from this "
            "folder.\n"
         << toml_text("name", self.node.name)
         << toml_text("role", self.node.validator ? "validator" : "audit")
         << toml_text("data_dir", "data") << toml_text("genesis", "../../genesis.bin")
         << "\n[keys]\n"
         << toml_text("passphrase_file", "passphrase");
    if (self.node.validator) {
        text << toml_text("vote_key", "vote.pem");
    }
    text << toml_text("tls_key", "tls.pem") << toml_text("tls_certificate", "tls.crt")
         << "\n[peer]\n"
         << toml_text("listen", endpoint(self.host, self.peer_port));
    for (const auto& other : nodes) {
        if (other.node.validator && other.node.name != self.node.name) {
            text << "\n[[peers]]\n"
                 << toml_text("name", other.node.name)
                 << toml_text("address", endpoint(other.host, other.peer_port));
        }
    }
    text << "\n[client]\n"
         << toml_text("listen", endpoint(self.host, self.client_port))
         << toml_text("tls_certificate", "tls.crt") << toml_text("tls_key", "tls.pem")
         << "\n[log]\n"
         << toml_text("level", "info");
    return text.str();
}

// In single quotes for a shell.
std::string shell_quoted(const std::string& word) {
    std::string text = "'";
    for (const char letter : word) {
        text += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    }
    return text + "'";
}

// A script that runs `sanquan network VERB` on its own folder, with the program that wrote it
// unless SANQUAN names another.
std::string network_script(const std::string& about, const std::string& verb) {
    std::error_code error;
    const auto self = fs::read_symlink("/proc/self/exe", error);
    const bool known = !error && self.filename() == "sanquan";
    return "#!/bin/sh\n# " + about + " SANQUAN=PROGRAM runs another sanquan.\nprogram=" +
           shell_quoted(known ? self.string() : "sanquan") +
           "\n[ -x \"$program\" ] || program=sanquan\nexec \"${SANQUAN:-$program}\" network " +
           verb + " --dir \"$(dirname \"$0\")\" \"$@\"\n";
}

wire::GenesisRole genesis_role(const PlannedOrganisation& organisation,
                               const PlannedRole& planned) {
    wire::GenesisRole role;
    role.set_organisation(organisation.id);
    role.set_role(planned.role);
    role.set_sector(planned.sector);
    role.set_lead(planned.role == wire::SECTOR_AUTHORITY);
    return role;
}

void add_nodes(const std::vector<NodeIdentity>& nodes, wire::Genesis& genesis) {
    for (const auto& identity : nodes) {
        const Bytes pin = from_hex(identity.tls_pin).value();
        if (identity.node.validator) {
            auto& validator = *genesis.add_validators();
            validator.set_organisation(identity.node.organisation);
            validator.set_name(identity.node.name);
            *validator.mutable_vote_key() = identity.vote_key;
            validator.set_tls_key(pin);
        } else {
            auto& audit = *genesis.add_audit_nodes();
            audit.set_organisation(identity.node.organisation);
            audit.set_name(identity.node.name);
            audit.set_tls_key(pin);
        }
    }
}

Status prepare_directory(const fs::path& directory) {
    std::error_code error;
    if (fs::exists(directory, error) && !fs::is_empty(directory, error)) {
        return fail(Code::kDirectoryExists,
                    directory.string() + " is not empty; choose another --dir");
    }
    fs::create_directories(directory / "nodes", error);
    if (error) {
        return fail(Code::kIo, "cannot make " + directory.string() + ": " + error.message());
    }
    fs::permissions(directory, fs::perms::owner_all, error);
    return {};
}

client::Profile make_profile(const Genesis& genesis, const NetworkPlan& plan,
                             const std::vector<NodeIdentity>& nodes) {
    client::Profile profile;
    profile.chain = genesis.chain;
    profile.keys_dir = "keys";
    profile.passphrase_file = "keys/passphrase";
    profile.genesis = "genesis.bin";
    for (const auto& identity : nodes) {
        profile.nodes.push_back({identity.node.name, identity.host,
                                 std::to_string(identity.client_port), identity.tls_pin, "",
                                 !identity.node.validator});
    }
    for (const auto& organisation : plan.organisations) {
        profile.organisations.push_back({organisation.alias, organisation.id});
    }
    return profile;
}

Status assign_ports(const NetworkOptions& options, std::vector<NodeIdentity>& nodes) {
    std::vector<std::uint16_t> ports;
    if (options.base_port == 0) {
        SANQUAN_TRY_ASSIGN(ports, free_ports(options.host, nodes.size() * 2));
    } else {
        for (std::size_t i = 0; i < nodes.size() * 2; ++i) {
            ports.push_back(static_cast<std::uint16_t>(options.base_port + i));
        }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        nodes[i].host = options.host;
        nodes[i].peer_port = ports[2 * i];
        nodes[i].client_port = ports[2 * i + 1];
    }
    return {};
}

// node.toml of every node, client.toml, start.sh and stop.sh.
Status write_network_files(const fs::path& directory, const std::vector<NodeIdentity>& nodes,
                           const client::Profile& profile) {
    for (const auto& identity : nodes) {
        const fs::path folder = directory / "nodes" / identity.node.name;
        std::error_code error;
        fs::create_directories(folder, error);
        SANQUAN_TRY(write_file(folder / "node.toml", node_toml(identity, nodes),
                               /*owner_only=*/false));
    }
    SANQUAN_TRY(write_file(directory / "client.toml", client::profile_toml(profile),
                           /*owner_only=*/false));
    return write_scripts(directory);
}

}  // namespace

Status write_scripts(const fs::path& directory) {
    SANQUAN_TRY(write_file(
        directory / "start.sh",
        network_script("Starts every node of this folder and waits until all answer.", "start"),
        /*owner_only=*/false, /*executable=*/true));
    return write_file(directory / "stop.sh",
                      network_script("Stops every node of this folder.", "stop"),
                      /*owner_only=*/false, /*executable=*/true);
}

Status write_file(const fs::path& file, const std::string& content, bool owner_only,
                  bool executable) {
    const mode_t mode = owner_only ? 0600 : (executable ? 0755 : 0644);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor < 0) {
        return fail(Code::kIo, "cannot create " + file.string() + ": " + std::strerror(errno));
    }
    std::size_t written = 0;
    while (written < content.size()) {
        const ssize_t step =
            ::write(descriptor, content.data() + written, content.size() - written);
        if (step < 0) {
            const int error = errno;
            ::close(descriptor);
            return fail(Code::kIo, "cannot write " + file.string() + ": " + std::strerror(error));
        }
        written += static_cast<std::size_t>(step);
    }
    const bool synced = ::fsync(descriptor) == 0;
    if (::close(descriptor) != 0 || !synced) {
        return fail(Code::kIo, "cannot sync " + file.string());
    }
    return {};
}

Result<NodeIdentity> create_node_keys(const fs::path& directory, const PlannedNode& node) {
    const fs::path folder = directory / "nodes" / node.name;
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        return fail(Code::kIo, "cannot make " + folder.string() + ": " + error.message());
    }
    SANQUAN_TRY(create_passphrase_file((folder / "passphrase").string()));
    SANQUAN_TRY_ASSIGN(const auto passphrase, load_passphrase((folder / "passphrase").string()));
    NodeIdentity identity;
    identity.node = node;
    if (node.validator) {
        const auto vote_key = SigningKey::generate(KeyAlgorithm::kEd25519);
        SANQUAN_TRY(save_key((folder / "vote.pem").string(), vote_key, passphrase));
        identity.vote_key = to_wire(vote_key.public_key());
    }
    // P-256 rather than Ed25519: browsers that open the console know no other.
    const auto tls_key = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    SANQUAN_TRY(save_key((folder / "tls.pem").string(), tls_key, passphrase));
    const auto now = static_cast<std::int64_t>(client::now_ms().value / 1'000);
    SANQUAN_TRY_ASSIGN(
        const Bytes certificate,
        make_self_signed_certificate(tls_key, node.name, now - kCertificateBackdateSeconds,
                                     now + kCertificateSeconds));
    SANQUAN_TRY(write_file(folder / "tls.crt", certificate, /*owner_only=*/false));
    SANQUAN_TRY_ASSIGN(const auto pin, spki_hash(certificate));
    identity.tls_pin = pin.hex();
    return identity;
}

Result<wire::Genesis> genesis_frame(const NetworkOptions& options, const NetworkPlan& plan) {
    wire::Genesis genesis;
    genesis.set_format(1);
    genesis.set_network(options.network_name);
    genesis.set_profile(options.demo ? wire::DEMO : wire::PRODUCTION);
    genesis.set_hash(options.sm3 ? wire::SM3 : wire::SHA256);
    genesis.set_time_ms(client::now_ms().value);
    genesis.add_key_algorithms(wire::ED25519);
    genesis.add_key_algorithms(wire::SM2);
    genesis.add_key_algorithms(wire::ECDSA_P256);
    genesis.set_leading_group_quorum(plan.leading_group_quorum);
    genesis.set_heartbeat_ms(kHeartbeatMs);
    genesis.set_view_timeout_ms(kViewTimeoutMs);
    genesis.set_state_reappends_per_entry(kReappendsPerEntry);
    SANQUAN_TRY(load_code_lists(options.codes, genesis));
    return genesis;
}

void add_organisation(const PlannedOrganisation& organisation, const wire::PublicKey& key,
                      wire::Genesis& genesis) {
    auto& entry = *genesis.add_organisations();
    entry.set_id(organisation.id);
    entry.mutable_name()->set_zh(organisation.name_zh);
    entry.mutable_name()->set_en(organisation.name_en);
    entry.set_kind(organisation.kind);
    entry.set_region("530000");
    *entry.add_keys() = key;
    entry.set_threshold(1);
    for (const auto& role : organisation.roles) {
        *genesis.add_roles() = genesis_role(organisation, role);
    }
}

Result<client::Profile> finish_network(const fs::path& directory, wire::Genesis genesis,
                                       const NetworkPlan& plan,
                                       const std::vector<NodeIdentity>& nodes) {
    add_nodes(nodes, genesis);
    const Bytes file = encode(genesis);
    SANQUAN_TRY_ASSIGN(const Genesis checked, decode_genesis(file));
    SANQUAN_TRY(write_file(directory / "genesis.bin", file, /*owner_only=*/false));
    client::Profile profile = make_profile(checked, plan, nodes);
    SANQUAN_TRY(write_network_files(directory, nodes, profile));
    return profile;
}

Result<client::Profile> create_network(const NetworkOptions& options) {
    SANQUAN_TRY_ASSIGN(NetworkPlan plan, plan_network(options.validators));
    SANQUAN_TRY(prepare_directory(options.directory));
    SANQUAN_TRY_ASSIGN(wire::Genesis genesis, genesis_frame(options, plan));
    client::KeyRing keys(options.directory / "keys", options.directory / "keys" / "passphrase");
    auto ascending = plan.organisations;
    std::sort(ascending.begin(), ascending.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    for (const auto& organisation : ascending) {
        SANQUAN_TRY_ASSIGN(const auto* key, keys.create(organisation.id, KeyAlgorithm::kEd25519));
        add_organisation(organisation, to_wire(key->public_key()), genesis);
    }
    std::vector<NodeIdentity> nodes;
    for (const auto& node : plan.nodes) {
        SANQUAN_TRY_ASSIGN(auto identity, create_node_keys(options.directory, node));
        nodes.push_back(std::move(identity));
    }
    SANQUAN_TRY(assign_ports(options, nodes));
    return finish_network(options.directory, std::move(genesis), plan, nodes);
}

}  // namespace sanquan::cli
