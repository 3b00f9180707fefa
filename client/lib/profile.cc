#include "client/lib/profile.h"

// Header-only: the packaged library is built with exceptions.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <sstream>

#include "ledger/base/limits.h"

namespace sanquan::client {
namespace {

constexpr std::size_t kProfileBytesMax = 1U << 20U;

class Reader {
  public:
    explicit Reader(std::filesystem::path file) : file_(std::move(file)) {}

    // kBadProfile at the first key of `table` that is not in `known`.
    Status only(const toml::table& table, std::initializer_list<std::string_view> known) const {
        for (const auto& [key, node] : table) {
            if (std::find(known.begin(), known.end(), key.str()) == known.end()) {
                return refuse(node, std::string(key.str()) + " is not a known key");
            }
        }
        return {};
    }

    Result<std::string> text(const toml::table& table, std::string_view key) const {
        const toml::node* node = table.get(key);
        const auto value = node == nullptr ? std::nullopt : node->value_exact<std::string>();
        if (!value || value->empty()) {
            return refuse(node == nullptr ? static_cast<const toml::node&>(table) : *node,
                          std::string(key) + " must be a text in quotes");
        }
        return *value;
    }

    std::string text_or_empty(const toml::table& table, std::string_view key) const {
        const toml::node* node = table.get(key);
        return node == nullptr ? std::string()
                               : node->value_exact<std::string>().value_or(std::string());
    }

    Result<std::filesystem::path> path(const toml::table& table, std::string_view key) const {
        SANQUAN_TRY_ASSIGN(const auto value, text(table, key));
        return (file_.parent_path() / value).lexically_normal();
    }

    tl::unexpected<Error> refuse(const toml::node& node, const std::string& what) const {
        return fail(Code::kBadProfile, file_.string() + ":" +
                                           std::to_string(std::max(node.source().begin.line, 1U)) +
                                           ": " + what);
    }

  private:
    std::filesystem::path file_;
};

Result<NodeAddress> read_node(const Reader& reader, const toml::table& table) {
    SANQUAN_TRY(reader.only(table, {"name", "address", "tls_pin", "ca_file", "role"}));
    NodeAddress node;
    SANQUAN_TRY_ASSIGN(node.name, reader.text(table, "name"));
    SANQUAN_TRY_ASSIGN(const auto address, reader.text(table, "address"));
    const auto colon = address.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == address.size()) {
        return reader.refuse(table, "address must be host:port");
    }
    node.host = address.substr(0, colon);
    node.port = address.substr(colon + 1);
    const std::string role = reader.text_or_empty(table, "role");
    if (!role.empty() && role != "validator" && role != "audit") {
        return reader.refuse(table, "role must be \"validator\" or \"audit\"");
    }
    node.audit = role == "audit";
    node.tls_pin = reader.text_or_empty(table, "tls_pin");
    if (node.tls_pin.empty()) {
        SANQUAN_TRY_ASSIGN(const auto ca_file, reader.path(table, "ca_file"));
        node.ca_file = ca_file.string();
    } else if (node.tls_pin.size() != 2 * kDigestBytes || !from_hex(node.tls_pin)) {
        return reader.refuse(table, "tls_pin must be 64 lower-case hexadecimal digits");
    }
    return node;
}

Status read_chain(const Reader& reader, const toml::table& root, Chain& chain) {
    SANQUAN_TRY_ASSIGN(const auto id_text, reader.text(root, "chain_id"));
    const auto id_bytes = from_hex(id_text);
    const auto id = id_bytes ? ChainId::from_bytes(*id_bytes) : fail(Code::kBadHex);
    if (!id) {
        return reader.refuse(root, "chain_id must be 64 lower-case hexadecimal digits");
    }
    chain.id = *id;
    SANQUAN_TRY_ASSIGN(const auto hash, reader.text(root, "hash"));
    if (hash != "sha256" && hash != "sm3") {
        return reader.refuse(root, "hash must be \"sha256\" or \"sm3\"");
    }
    chain.hash = hash == "sm3" ? HashAlgorithm::kSm3 : HashAlgorithm::kSha256;
    SANQUAN_TRY_ASSIGN(const auto profile, reader.text(root, "profile"));
    if (profile != "demo" && profile != "production") {
        return reader.refuse(root, "profile must be \"demo\" or \"production\"");
    }
    chain.profile = profile == "demo" ? ChainProfile::kDemo : ChainProfile::kProduction;
    return {};
}

Status read_lists(const Reader& reader, const toml::table& root, Profile& profile) {
    const toml::array* nodes = root["nodes"].as_array();
    if (nodes == nullptr || nodes->empty() || nodes->size() > limits::kValidatorsMax) {
        return reader.refuse(root, "at least one [[nodes]] is needed");
    }
    for (const auto& entry : *nodes) {
        if (!entry.is_table()) {
            return reader.refuse(entry, "nodes must be tables: [[nodes]]");
        }
        SANQUAN_TRY_ASSIGN(auto node, read_node(reader, *entry.as_table()));
        profile.nodes.push_back(std::move(node));
    }
    if (const toml::array* organisations = root["organisations"].as_array()) {
        for (const auto& entry : *organisations) {
            if (!entry.is_table()) {
                return reader.refuse(entry, "organisations must be tables: [[organisations]]");
            }
            const auto& table = *entry.as_table();
            SANQUAN_TRY(reader.only(table, {"alias", "id"}));
            ProfileOrganisation organisation;
            SANQUAN_TRY_ASSIGN(organisation.alias, reader.text(table, "alias"));
            SANQUAN_TRY_ASSIGN(organisation.id, reader.text(table, "id"));
            profile.organisations.push_back(std::move(organisation));
        }
    }
    return {};
}

}  // namespace

std::string Profile::organisation_id(const std::string& alias_or_id) const {
    for (const auto& organisation : organisations) {
        if (organisation.alias == alias_or_id) {
            return organisation.id;
        }
    }
    return alias_or_id;
}

bool Profile::knows_audit_node(const std::string& name, const std::string& tls_pin) const {
    return std::any_of(nodes.begin(), nodes.end(), [&](const NodeAddress& node) {
        return node.audit && node.name == name && node.tls_pin == tls_pin;
    });
}

Result<Profile> load_profile(const std::filesystem::path& directory) {
    std::error_code ignored;
    const auto file =
        std::filesystem::is_directory(directory, ignored) ? directory / "client.toml" : directory;
    std::ifstream stream(file);
    if (!stream) {
        return fail(Code::kBadProfile, "cannot open '" + file.string() +
                                           "'; name the network's folder with --profile DIR");
    }
    std::string content(kProfileBytesMax + 1, '\0');
    stream.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(stream.gcount()));
    if (content.size() > kProfileBytesMax) {
        return fail(Code::kBadProfile, file.string() + " is larger than 1 MiB");
    }
    const toml::parse_result parsed = toml::parse(content);
    if (!parsed) {
        return fail(Code::kBadProfile, file.string() + ":" +
                                           std::to_string(parsed.error().source().begin.line) +
                                           ": " + std::string(parsed.error().description()));
    }
    const toml::table& root = parsed.table();
    const Reader reader(file);
    SANQUAN_TRY(reader.only(root, {"chain_id", "hash", "profile", "genesis", "keys_dir",
                                   "passphrase_file", "language", "nodes", "organisations"}));
    Profile profile;
    SANQUAN_TRY(read_chain(reader, root, profile.chain));
    SANQUAN_TRY_ASSIGN(profile.genesis, reader.path(root, "genesis"));
    SANQUAN_TRY_ASSIGN(profile.keys_dir, reader.path(root, "keys_dir"));
    SANQUAN_TRY_ASSIGN(profile.passphrase_file, reader.path(root, "passphrase_file"));
    profile.language = reader.text_or_empty(root, "language");
    if (root.contains("language") && profile.language != "en" && profile.language != "zh") {
        return reader.refuse(*root.get("language"), "language must be \"en\" or \"zh\"");
    }
    SANQUAN_TRY(read_lists(reader, root, profile));
    return profile;
}

std::string profile_toml(const Profile& profile) {
    std::ostringstream text;
    const auto quoted = [](const std::string& value) { return '"' + value + '"'; };
    text
        << "# Client profile: read by `sanquan --profile DIR` and libsanquan. It holds no secret.\n"
        << "chain_id = " << quoted(profile.chain.id.hex()) << '\n'
        << "hash = " << quoted(profile.chain.hash == HashAlgorithm::kSm3 ? "sm3" : "sha256") << '\n'
        << "profile = "
        << quoted(profile.chain.profile == ChainProfile::kDemo ? "demo" : "production") << '\n'
        << "genesis = " << quoted(profile.genesis.string()) << '\n'
        << "keys_dir = " << quoted(profile.keys_dir.string()) << '\n'
        << "passphrase_file = " << quoted(profile.passphrase_file.string()) << '\n';
    if (!profile.language.empty()) {
        text << "language = " << quoted(profile.language) << '\n';
    }
    for (const auto& node : profile.nodes) {
        text << "\n[[nodes]]\nname = " << quoted(node.name)
             << "\naddress = " << quoted(node.host + ":" + node.port) << '\n';
        text << "role = " << quoted(node.audit ? "audit" : "validator") << '\n';
        if (node.tls_pin.empty()) {
            text << "ca_file = " << quoted(node.ca_file) << '\n';
        } else {
            text << "tls_pin = " << quoted(node.tls_pin) << '\n';
        }
    }
    for (const auto& organisation : profile.organisations) {
        text << "\n[[organisations]]\nalias = " << quoted(organisation.alias)
             << "\nid = " << quoted(organisation.id) << '\n';
    }
    return text.str();
}

}  // namespace sanquan::client
