// Goal: every example that the program prints is one that a node takes. Method: each of the ledger's operations must have
// a sample; its document is signed, decoded and executed on the first state of a new network; its command line is typed.
#include "client/cli/operation_examples.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <fstream>
#include <map>
#include <set>
#include <utility>

#include "client/cli/network_files.h"
#include "client/cli/operation_fields.h"
#include "client/cli/operation_file.h"
#include "client/cli/operation_samples.h"
#include "contracts/genesis_state.h"
#include "contracts/registry.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/json_format.h"
#include "ledger/model/genesis.h"
#include "ledger/model/transaction.h"
#include "tests/support/catch.h"
#include "tests/unit/client/temporary_folder.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

class EmptyView final : public ReadView {
  public:
    [[nodiscard]] std::optional<Bytes> get(ByteView /*key*/) const override { return std::nullopt; }
};

Bytes read_file(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// A new network's keys, and its first state to run operations on.
struct NewNetwork {
    NewNetwork() {
        NetworkOptions options;
        options.directory = folder.path / "net";
        options.demo = true;
        options.network_name = "demo";
        REQUIRE(create_network(options));
        const auto loaded = client::load_profile(options.directory);
        REQUIRE(loaded);
        profile = *loaded;
        const auto genesis = decode_genesis(read_file(options.directory / "genesis.bin"));
        REQUIRE(genesis);
        const auto writes = contracts::genesis_state(*genesis);
        REQUIRE(writes);
        for (const auto& [key, value] : *writes) {
            overlay.put(key, *value);
        }
    }

    Code run(const Transaction& transaction) {
        const std::set<std::string> signers = signers_of(transaction.body);
        const contracts::Context context{profile.chain,  Height{1}, client::now_ms(),
                                         transaction.id, 0,         transaction.body.sender(),
                                         signers};
        const auto done = contracts::execute(transaction.body.operations(0), context, overlay);
        const auto* refusal = std::get_if<contracts::Refusal>(&done.result);
        return refusal == nullptr ? Code::kOk : refusal->code;
    }

    TemporaryFolder folder;
    client::Profile profile;
    EmptyView empty;
    Overlay overlay{empty};
};

TEST_CASE("every operation has a document that a node takes", "[cli][examples]") {
    NewNetwork network;
    client::KeyRing keys(network.profile.keys_dir, network.profile.passphrase_file);
    OperationFile source(network.profile, keys, SubmitDefaults{});
    const auto* kinds = wire::Operation::descriptor()->oneof_decl(0);
    REQUIRE(operation_samples().size() == static_cast<std::size_t>(kinds->field_count()));
    const std::set<std::string> alone = {
        "register_organisation", "grant_role",        "revoke_role",     "approve_pilot_sector",
        "submit_proposal",       "open_tender",       "issue_money",     "redeem_money",
        "grant_mandate",         "register_asset",    "freeze",          "lift_freeze",
        "object_to_asset",       "resolve_objection", "appeal_objection"};
    std::map<std::string, Code> codes;
    // The asset that the others name comes first.
    std::vector<std::string> order = {"register_asset"};
    for (int i = 0; i < kinds->field_count(); ++i) {
        if (kinds->field(i)->name() != order.front()) {
            order.push_back(kinds->field(i)->name());
        }
    }
    for (const auto& operation : order) {
        INFO(operation);
        const auto document = example_document(operation);
        REQUIRE(document);
        REQUIRE(json::parse(indented_json(*document)) == *document);
        const auto transaction = source.sign_line(indented_json(*document));
        INFO((transaction ? "" : to_string(transaction.error())));
        REQUIRE(transaction);
        const auto decoded = decode_transaction(transaction->raw, network.profile.chain);
        REQUIRE(decoded);
        codes[operation] = network.run(*decoded);
    }
    for (const auto& [operation, code] : codes) {
        INFO(operation << ": " << text(code));
        // Proofs of possession hold on one chain and for one key; ids of records stand in capitals.
        const bool names_others = operation == "claim_organisation" || operation == "add_key";
        CHECK((names_others || info(code).group != CodeGroup::kMalformed));
        CHECK((!alone.contains(operation) || code == Code::kOk));
    }
}

// The words of a printed command line: blanks part them, single quotes join them.
std::vector<std::string> words_of(const std::string& line) {
    std::vector<std::string> words;
    std::string word;
    bool quoted = false;
    for (const char letter : line) {
        if (letter == '\'') {
            quoted = !quoted;
        } else if (!quoted && (letter == ' ' || letter == '\n' || letter == '\\')) {
            if (!word.empty()) {
                words.push_back(std::exchange(word, {}));
            }
        } else {
            word += letter;
        }
    }
    words.push_back(word);
    return words;
}

TypedFields typed_from(const OperationCommand& command, const std::vector<std::string>& words) {
    TypedFields typed = no_fields(command);
    std::size_t at = command.fields.size();
    for (const auto& word : words) {
        if (word.starts_with("--")) {
            for (at = 0; at < command.fields.size() &&
                         "--" + std::string(command.fields[at].flag) != word;) {
                ++at;
            }
            if (at < command.fields.size()) {
                typed.flags[at] = 1;
            }
        } else if (at < command.fields.size()) {
            typed.values[at].push_back(word);
        }
    }
    return typed;
}

// Without times, which are counted from two different moments.
json::object timeless(const json::object& fields) {
    json::object kept;
    for (const auto& member : fields) {
        if (!member.key().ends_with("_ms") || member.key() == "licence_term_ms") {
            kept[member.key()] = member.value();
        }
    }
    return kept;
}

Bytes wire_of(const OperationCommand& command, const json::object& fields) {
    wire::Operation operation;
    REQUIRE(from_json(json::object{{command.operation, timeless(fields)}}, operation));
    return encode(operation);
}

TEST_CASE("the command line of each example fills the fields of its document", "[cli][examples]") {
    const NewNetwork network;
    for (const auto& command : operation_commands()) {
        const std::string line = example_of(command);
        INFO(line);
        const auto words = words_of(line);
        const auto typed = typed_from(command, words);
        for (std::size_t i = 0; i < command.fields.size(); ++i) {
            INFO(command.fields[i].flag);
            CHECK((!command.fields[i].required || !typed.values[i].empty()));
        }
        const auto document = example_document(command.operation);
        REQUIRE(document);
        const auto& expected = document->at("operations").at(0).at(command.operation).as_object();
        const auto fields = build_fields(
            network.profile,
            [&](const std::string& organisation) -> Result<json::array> {
                CHECK(organisation == expected.at("id").as_string());
                return expected.at("keys").as_array();
            },
            typed);
        REQUIRE(fields);
        CHECK(wire_of(command, *fields) == wire_of(command, expected));
    }
}

TEST_CASE("operations without a command of their own have a document", "[cli][examples]") {
    std::set<std::string_view> with_command;
    for (const auto& command : operation_commands()) {
        CHECK(with_command.insert(command.operation).second);
    }
    std::set<std::string_view> without;
    for (const auto& sample : operation_samples()) {
        if (!with_command.contains(sample.operation)) {
            without.insert(sample.operation);
        }
    }
    CHECK(without == std::set<std::string_view>{"aggregate_assets", "process_asset"});
    CHECK_FALSE(example_document("no_such_operation"));
}

}  // namespace
}  // namespace sanquan::cli
