// Goal: every example that the program prints is one that a node takes. Method: each of the ledger's operations must have
// a sample; its document is signed, decoded and executed on the first state of a new network; its command line is typed.
#include "client/cli/operation_examples.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "client/cli/key_registration.h"
#include "client/cli/network_files.h"
#include "client/cli/operation_fields.h"
#include "client/cli/operation_file.h"
#include "client/cli/operation_samples.h"
#include "client/cli/signing_keys.h"
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

    Code run(const Transaction& transaction, TimeMs time) {
        const std::set<std::string> signers = signers_of(transaction.body);
        const contracts::Context context{
            profile.chain, Height{1}, time, transaction.id, 0, transaction.body.sender(), signers};
        const auto done = contracts::execute(transaction.body.operations(0), context, overlay);
        const auto* refusal = std::get_if<contracts::Refusal>(&done.result);
        return refusal == nullptr ? Code::kOk : refusal->code;
    }

    TemporaryFolder folder;
    client::Profile profile;
    EmptyView empty;
    Overlay overlay{empty};
};

// The document with a key in the place of the words that stand for one; ids of records stay in capitals.
std::string filled(std::string text, const Chain& chain, const SigningKey& key) {
    const auto operation = json::parse(text).at("operations").at(0).as_object();
    const bool claims = operation.contains("claim_organisation");
    const std::string organisation =
        claims ? "X-CITY-BUREAU" : std::string(json::parse(text).at("as").as_string());
    const json::object registration = key_registration(chain, organisation, key);
    const std::pair<std::string, json::string> values[] = {
        {"PUBLIC-KEY", registration.at("key").at("key").as_string()},
        {"POSSESSION", registration.at("possession").as_string()},
        {"KEY-ID", json::string(key.id().hex())}};
    for (const auto& [word, value] : values) {
        if (const auto at = text.find(word); at != std::string::npos) {
            text.replace(at, word.size(), std::string(value));
        }
    }
    return text;
}

TEST_CASE("every operation has a document that a node takes", "[cli][examples]") {
    NewNetwork network;
    client::KeyRing keys(network.profile.keys_dir, network.profile.passphrase_file);
    const auto bureau_key = SigningKey::generate(KeyAlgorithm::kEd25519);
    const auto added_key = SigningKey::generate(KeyAlgorithm::kEd25519);
    OperationFile source(
        network.profile, [&](const std::string& id) { return keys.keys_of(id); }, SubmitDefaults{});
    const auto* kinds = wire::Operation::descriptor()->oneof_decl(0);
    REQUIRE(operation_samples().size() == static_cast<std::size_t>(kinds->field_count()));
    const std::set<std::string> alone = {"register_organisation",
                                         "grant_role",
                                         "revoke_role",
                                         "approve_pilot_sector",
                                         "submit_proposal",
                                         "open_tender",
                                         "issue_money",
                                         "redeem_money",
                                         "grant_mandate",
                                         "register_asset",
                                         "freeze",
                                         "lift_freeze",
                                         "object_to_asset",
                                         "resolve_objection",
                                         "appeal_objection",
                                         "claim_organisation",
                                         "add_key",
                                         "revoke_key"};
    std::vector<std::pair<std::string, Transaction>> signed_ones;
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
        const auto transaction =
            source.sign_line(filled(indented_json(*document), network.profile.chain,
                                    operation == "claim_organisation" ? bureau_key : added_key));
        INFO((transaction ? "" : to_string(transaction.error())));
        REQUIRE(transaction);
        const auto decoded = decode_transaction(transaction->raw, network.profile.chain);
        REQUIRE(decoded);
        signed_ones.emplace_back(operation, *decoded);
    }
    // At one moment: reading keys takes longer than a demo chain's notice on a busy machine.
    const TimeMs time = client::now_ms();
    std::map<std::string, Code> codes;
    for (const auto& [operation, transaction] : signed_ones) {
        codes[operation] = network.run(transaction, time);
    }
    for (const auto& [operation, code] : codes) {
        INFO(operation << ": " << text(code));
        CHECK(info(code).group != CodeGroup::kMalformed);
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
    std::string text = json::serialize(json::object{{command.operation, timeless(fields)}});
    for (const std::string word : {"\"PUBLIC-KEY\"", "\"POSSESSION\"", "\"KEY-ID\""}) {
        if (const auto at = text.find(word); at != std::string::npos) {
            text.replace(at, word.size(), "\"" + to_hex(word) + "\"");
        }
    }
    REQUIRE(from_json(json::parse(text), operation));
    return encode(operation);
}

TEST_CASE("examples name what the reader must fill in", "[cli][examples]") {
    std::set<std::string> found;
    for (const auto& sample : operation_samples()) {
        std::istringstream words(placeholders_in(std::string(sample.fields)));
        for (std::string word; std::getline(words >> std::ws, word, ',');) {
            found.insert(word);
        }
    }
    CHECK(found == std::set<std::string>(placeholders().begin(), placeholders().end()));
    CHECK(placeholders_in(R"({"key": "PUBLIC-KEY", "order": "ORDER", "again": "ORDER"})") ==
          "PUBLIC-KEY, ORDER");
    CHECK(placeholders_in("--order BORDER --kind PRE-ORDER").empty());
}

TEST_CASE("a moment beyond 64 bits is refused", "[cli]") {
    for (const char* text : {"+300000000000d", "+213503982335d", "+18446744073709551615s",
                             "+18446744073709551s", "18446744073709551616"}) {
        INFO(text);
        REQUIRE_FALSE(parse_time_ms(text));
        CHECK(parse_time_ms(text).error().code == Code::kBadRequest);
    }
    CHECK(parse_time_ms("18446744073709551615").value() == 18446744073709551615U);
    CHECK(parse_time_ms("+100000d").value() >= 100000ULL * 86'400'000);
}

TEST_CASE("only registered keys sign", "[cli][keys]") {
    const auto old_key = SigningKey::generate(KeyAlgorithm::kEd25519);
    const auto fresh = SigningKey::generate(KeyAlgorithm::kEd25519);
    const SigningKeys held = {&old_key, &fresh};
    constexpr TimeMs kNow{1'000};
    const auto listed = [](const SigningKey& key, json::object more) {
        more["key_id"] = key.id().hex();
        return more;
    };
    const auto signing = [&](json::array keys) {
        return registered_keys(held, {{"id", "X-A"}, {"keys", std::move(keys)}}, kNow);
    };
    CHECK(signing({listed(old_key, {})}) == SigningKeys{&old_key});
    CHECK(signing({listed(fresh, {}), listed(old_key, {})}) == held);
    CHECK(signing({listed(old_key, {{"revoked_ms", "900"}}), listed(fresh, {})}) ==
          SigningKeys{&fresh});
    CHECK(signing({listed(old_key, {{"revoked_ms", "0"}, {"valid_until_ms", "0"}})}) ==
          SigningKeys{&old_key});
    CHECK(signing({listed(old_key, {{"valid_until_ms", "1000"}}),
                   listed(fresh, {{"valid_from_ms", "1000"}})}) == SigningKeys{&fresh});
    CHECK(signing({listed(old_key, {{"valid_until_ms", "1001"}}),
                   listed(fresh, {{"valid_from_ms", "1001"}})}) == SigningKeys{&old_key});
    // The ledger itself then says what is wrong.
    CHECK(signing({}) == held);
    CHECK(registered_keys(held, {}, kNow) == held);
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
