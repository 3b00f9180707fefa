#include "client/cli/network_parts.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <map>
#include <optional>
#include <set>

#include "client/cli/node_process.h"
#include "client/cli/reader.h"
#include "client/lib/key_ring.h"
#include "ledger/base/limits.h"
#include "ledger/codec/json_format.h"
#include "ledger/codec/strict_json.h"
#include "ledger/model/genesis.h"
#include "ledger/model/wire_keys.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kPartBytesMax = 64U << 10U;
constexpr std::string_view kPartDomain = "sanquan/network-part/v1";
constexpr std::string_view kGenesisDomain = "sanquan/genesis-signature/v1";

// What one organisation tells the others.
struct Part {
    std::string organisation;
    wire::PublicKey key;
    std::optional<NodeIdentity> node;
};

Bytes signed_bytes(std::string_view domain, std::string_view text) {
    Bytes bytes(domain);
    bytes.push_back('\0');
    bytes += text;
    return bytes;
}

json::object part_json(const Part& part) {
    json::object object;
    object["format"] = 1;
    object["organisation"] = part.organisation;
    object["key"] = to_json(part.key);
    if (part.node) {
        object["node"] = part.node->node.name;
        object["host"] = part.node->host;
        object["peer_port"] = part.node->peer_port;
        object["client_port"] = part.node->client_port;
        object["tls_pin"] = part.node->tls_pin;
        if (part.node->node.validator) {
            object["vote_key"] = to_json(part.node->vote_key);
        }
    }
    return object;
}

Result<std::string> text_member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) {
        return fail(Code::kBadRequest, "member '" + std::string(name) + "' must be a text");
    }
    return std::string(value->get_string());
}

Result<std::uint16_t> port_member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 1 ||
        value->get_int64() > 65'535) {
        return fail(Code::kBadRequest, "member '" + std::string(name) + "' must be a port");
    }
    return static_cast<std::uint16_t>(value->get_int64());
}

Result<PlannedNode> planned_node(const NetworkPlan& plan, const std::string& name) {
    for (const auto& node : plan.nodes) {
        if (node.name == name) {
            return node;
        }
    }
    return fail(Code::kBadRequest,
                "no node '" + name +
                    "' in this plan: sector-authority, platform-company, data-exchange, "
                    "informatisation-authority, operator-5 to operator-128, regulator-audit");
}

Result<NodeIdentity> parse_node(const json::object& object, const NetworkPlan& plan) {
    NodeIdentity identity;
    SANQUAN_TRY_ASSIGN(const auto name, text_member(object, "node"));
    SANQUAN_TRY_ASSIGN(identity.node, planned_node(plan, name));
    SANQUAN_TRY_ASSIGN(identity.host, text_member(object, "host"));
    SANQUAN_TRY_ASSIGN(identity.peer_port, port_member(object, "peer_port"));
    SANQUAN_TRY_ASSIGN(identity.client_port, port_member(object, "client_port"));
    SANQUAN_TRY_ASSIGN(identity.tls_pin, text_member(object, "tls_pin"));
    const auto pin = from_hex(identity.tls_pin);
    if (!pin || pin->size() != kDigestBytes) {
        return fail(Code::kBadRequest, "tls_pin: 64 hexadecimal digits");
    }
    if (identity.node.validator) {
        const auto* key = object.if_contains("vote_key");
        SANQUAN_TRY(
            from_json(key == nullptr ? json::value() : *key, identity.vote_key, "vote_key"));
    }
    return identity;
}

// Checks the organisation's signature over everything else in the file.
Result<Part> load_part(const fs::path& file, const NetworkPlan& plan) {
    SANQUAN_TRY_ASSIGN(const Bytes text, read_whole_file(file, kPartBytesMax));
    SANQUAN_TRY_ASSIGN(const auto document, parse_strict_json(text, kPartBytesMax));
    if (!document.is_object()) {
        return fail(Code::kBadRequest, file.string() + ": an object is expected");
    }
    const auto& object = document.get_object();
    Part part;
    SANQUAN_TRY_ASSIGN(part.organisation, text_member(object, "organisation"));
    const auto* key = object.if_contains("key");
    SANQUAN_TRY(from_json(key == nullptr ? json::value() : *key, part.key, "key"));
    if (object.contains("node")) {
        SANQUAN_TRY_ASSIGN(part.node, parse_node(object, plan));
        if (part.node->node.organisation != part.organisation) {
            return fail(Code::kBadRequest, file.string() + ": node " + part.node->node.name +
                                               " belongs to " + part.node->node.organisation);
        }
    }
    SANQUAN_TRY_ASSIGN(const auto signature_text, text_member(object, "signature"));
    SANQUAN_TRY_ASSIGN(const auto signature, from_hex(signature_text));
    SANQUAN_TRY_ASSIGN(const auto public_key, from_wire(part.key));
    const auto message = signed_bytes(kPartDomain, json::serialize(part_json(part)));
    if (!verify(public_key, message, signature)) {
        return fail(Code::kSigInvalid, file.string() + ": " + part.organisation + "'s signature");
    }
    return part;
}

client::KeyRing ring_of(const fs::path& directory) {
    return client::KeyRing(directory / "keys", directory / "keys" / "passphrase");
}

bool stands_in(const wire::Genesis& genesis, const std::string& organisation,
               const wire::PublicKey& key) {
    for (const auto& entry : genesis.organisations()) {
        if (entry.id() == organisation) {
            return std::any_of(entry.keys().begin(), entry.keys().end(), [&](const auto& own) {
                return own.algorithm() == key.algorithm() && own.key() == key.key();
            });
        }
    }
    return false;
}

Status copy_new_file(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    if (!fs::copy_file(from, to, error)) {
        return fail(Code::kIo,
                    "cannot copy " + from.string() + " to " + to.string() + ": " + error.message());
    }
    return {};
}

// Refuses what assembling would refuse later, on another machine.
Status check_part(const PartOptions& options, const NetworkPlan& plan) {
    const auto known = std::any_of(
        plan.organisations.begin(), plan.organisations.end(),
        [&](const auto& organisation) { return organisation.id == options.organisation; });
    if (!known) {
        std::string names;
        for (const auto& organisation : plan.organisations) {
            if (!organisation.id.starts_with("X-OPERATOR-")) {
                names += organisation.id + ", ";
            }
        }
        return fail(Code::kBadRequest, "no organisation '" + options.organisation +
                                           "' in this plan: " + names +
                                           "X-OPERATOR-5 to X-OPERATOR-128");
    }
    if (!options.node.empty() &&
        (options.host.empty() || options.peer_port == 0 || options.client_port == 0)) {
        return fail(Code::kBadRequest,
                    "a node needs --host, --peer-port and --client-port: the others connect there");
    }
    return {};
}

// One "organisation signed this digest" file; the organisation it is from.
Result<std::string> check_statement(const fs::path& file, const Genesis& genesis) {
    SANQUAN_TRY_ASSIGN(const Bytes text, read_whole_file(file, kPartBytesMax));
    SANQUAN_TRY_ASSIGN(const auto document, parse_strict_json(text, kPartBytesMax));
    if (!document.is_object()) {
        return fail(Code::kBadRequest, file.string() + ": an object is expected");
    }
    const auto& object = document.get_object();
    SANQUAN_TRY_ASSIGN(const auto organisation, text_member(object, "organisation"));
    SANQUAN_TRY_ASSIGN(const auto digest, text_member(object, "genesis_digest"));
    SANQUAN_TRY_ASSIGN(const auto signature_text, text_member(object, "signature"));
    SANQUAN_TRY_ASSIGN(const auto signature, from_hex(signature_text));
    if (digest != genesis.chain.id.hex()) {
        return fail(Code::kGenesisInvalid, file.string() + " signs another genesis: " + digest);
    }
    for (const auto& entry : genesis.message.organisations()) {
        if (entry.id() != organisation) {
            continue;
        }
        for (const auto& own : entry.keys()) {
            SANQUAN_TRY_ASSIGN(const auto key, from_wire(own));
            if (verify(key, signed_bytes(kGenesisDomain, digest), signature)) {
                return organisation;
            }
        }
    }
    return fail(Code::kSigInvalid,
                file.string() + ": no key of " + organisation + " in genesis made this signature");
}

}  // namespace

Result<fs::path> create_part(const PartOptions& options) {
    // The names of nodes do not depend on how many there are.
    SANQUAN_TRY_ASSIGN(const auto plan, plan_network(limits::kValidatorsMax));
    SANQUAN_TRY(check_part(options, plan));
    auto keys = ring_of(options.directory);
    SANQUAN_TRY_ASSIGN(const auto* key, keys.create(options.organisation, KeyAlgorithm::kEd25519));
    Part part;
    part.organisation = options.organisation;
    part.key = to_wire(key->public_key());
    if (!options.node.empty()) {
        SANQUAN_TRY_ASSIGN(const auto node, planned_node(plan, options.node));
        SANQUAN_TRY_ASSIGN(part.node, create_node_keys(options.directory, node));
        part.node->host = options.host;
        part.node->peer_port = options.peer_port;
        part.node->client_port = options.client_port;
    }
    json::object object = part_json(part);
    object["signature"] = to_hex(key->sign(signed_bytes(kPartDomain, json::serialize(object))));
    const fs::path file = options.directory / (options.organisation + ".part.json");
    SANQUAN_TRY(write_file(file, json::serialize(object) + "\n", /*owner_only=*/false));
    return file;
}

Result<client::Profile> assemble_network(const NetworkOptions& options,
                                         const std::vector<fs::path>& files) {
    SANQUAN_TRY_ASSIGN(const auto plan, plan_network(options.validators));
    std::map<std::string, Part> parts;
    for (const auto& file : files) {
        SANQUAN_TRY_ASSIGN(auto part, load_part(file, plan));
        const std::string id = part.organisation;
        if (!parts.emplace(id, std::move(part)).second) {
            return fail(Code::kBadRequest, "two parts of " + id);
        }
    }
    std::error_code error;
    fs::create_directories(options.directory, error);
    SANQUAN_TRY_ASSIGN(wire::Genesis genesis, genesis_frame(options, plan));
    std::map<std::string, PlannedOrganisation> ascending;
    for (const auto& organisation : plan.organisations) {
        ascending.emplace(organisation.id, organisation);
    }
    for (const auto& [id, organisation] : ascending) {
        const auto part = parts.find(id);
        if (part == parts.end()) {
            return fail(Code::kBadRequest,
                        "the part of " + id + " (" + organisation.alias +
                            ") is missing: sanquan network keys --organisation " + id);
        }
        add_organisation(organisation, part->second.key, genesis);
    }
    std::vector<NodeIdentity> nodes;
    for (const auto& node : plan.nodes) {
        const auto& part = parts.at(node.organisation);
        if (!part.node) {
            return fail(Code::kBadRequest, node.organisation + "'s part has no node " + node.name);
        }
        nodes.push_back(*part.node);
    }
    return finish_network(options.directory, std::move(genesis), plan, nodes);
}

Result<fs::path> join_network(const fs::path& directory, const fs::path& from,
                              const std::string& organisation, const std::string& digest) {
    SANQUAN_TRY_ASSIGN(const Bytes file, read_whole_file(from / "genesis.bin", kGenesisBytesMax));
    SANQUAN_TRY_ASSIGN(const Genesis genesis, decode_genesis(file));
    if (genesis.chain.id.hex() != digest) {
        return fail(Code::kGenesisInvalid,
                    "its digest is " + genesis.chain.id.hex() + ", not " + digest);
    }
    auto keys = ring_of(directory);
    SANQUAN_TRY_ASSIGN(const auto own, keys.keys_of(organisation));
    if (!stands_in(genesis.message, organisation, to_wire(own.front()->public_key()))) {
        return fail(Code::kGenesisInvalid, organisation + "'s key in genesis is another one");
    }
    SANQUAN_TRY(copy_new_file(from / "genesis.bin", directory / "genesis.bin"));
    SANQUAN_TRY(copy_new_file(from / "client.toml", directory / "client.toml"));
    std::error_code error;
    for (fs::directory_iterator entry(directory / "nodes", error), end; !error && entry != end;
         entry.increment(error)) {
        const auto name = entry->path().filename();
        SANQUAN_TRY(
            copy_new_file(from / "nodes" / name / "node.toml", entry->path() / "node.toml"));
    }
    if (!nodes_of(directory).empty()) {
        SANQUAN_TRY(write_scripts(directory));
    }
    json::object statement;
    statement["organisation"] = organisation;
    statement["key_id"] = own.front()->id().hex();
    statement["genesis_digest"] = digest;
    statement["signature"] = to_hex(own.front()->sign(signed_bytes(kGenesisDomain, digest)));
    const fs::path signature = directory / (organisation + ".signature.json");
    SANQUAN_TRY(write_file(signature, json::serialize(statement) + "\n", /*owner_only=*/false));
    return signature;
}

Result<std::vector<std::string>> missing_signatures(const fs::path& directory,
                                                    const std::vector<fs::path>& files) {
    SANQUAN_TRY_ASSIGN(const Bytes bytes,
                       read_whole_file(directory / "genesis.bin", kGenesisBytesMax));
    SANQUAN_TRY_ASSIGN(const Genesis genesis, decode_genesis(bytes));
    std::set<std::string> missing;
    for (const auto& entry : genesis.message.organisations()) {
        missing.insert(entry.id());
    }
    for (const auto& file : files) {
        SANQUAN_TRY_ASSIGN(const auto organisation, check_statement(file, genesis));
        missing.erase(organisation);
    }
    return std::vector<std::string>(missing.begin(), missing.end());
}

}  // namespace sanquan::cli
