// Goal: inclusion and consistency proofs are judged as transparency-dev judges them. Method: every
// case of the collection; of the subtree cases those that say something about a plain tree.
#include "tests/support/catch.h"
#include "tests/vectors/vector_support.h"

namespace sanquan::vectors_test {
namespace {

json::array hex_list(const json::object& test, const std::string& member) {
    json::array list;
    if (const json::value& hashes = test.at(member); hashes.is_array()) {
        for (const json::value& hash : hashes.as_array()) {
            list.emplace_back(json::string(to_hex(from_base64(std::string(hash.as_string())))));
        }
    }
    return list;
}

json::string hex_of(const json::object& test, const std::string& member) {
    return json::string(to_hex(from_base64(text_of(test, member))));
}

void check_all(const std::string& folder, json::object (*question)(const json::object&),
               bool (*applies)(const json::object&)) {
    std::size_t count = 0;
    for (const auto& file : files_below("merkle-rfc6962/testdata/" + folder, ".json")) {
        const json::value document = read_json(file);
        const json::object& test = document.as_object();
        if (!applies(test)) {
            continue;
        }
        CAPTURE(file.string());
        const auto answer = ask(question(test));
        CHECK(is_ok(answer) == !test.at("wantErr").as_bool());
        CHECK((is_ok(answer) || text_of(answer, "code") == "PROOF_INVALID"));
        ++count;
    }
    CHECK(count > 5);
}

std::uint64_t number(const json::object& test, const std::string& member) {
    return test.at(member).to_number<std::uint64_t>();
}

bool always(const json::object&) { return true; }

json::object inclusion_question(const json::object& test) {
    return {{"op", "merkle.inclusion"},
            {"leaf_index", test.at("leafIdx")},
            {"tree_size", test.at("treeSize")},
            {"root", hex_of(test, "root")},
            {"leaf_hash", hex_of(test, "leafHash")},
            {"proof", hex_list(test, "proof")}};
}

json::object consistency_question(const json::object& test) {
    return {{"op", "merkle.consistency"},     {"size1", test.at("size1")},
            {"size2", test.at("size2")},      {"root1", hex_of(test, "root1")},
            {"root2", hex_of(test, "root2")}, {"proof", hex_list(test, "proof")}};
}

// A leaf of the subtree [start, end) is leaf index - start of a tree of end - start leaves.
json::object subtree_question(const json::object& test) {
    return {{"op", "merkle.inclusion"},
            {"leaf_index", number(test, "leafIdx") - number(test, "start")},
            {"tree_size", number(test, "end") - number(test, "start")},
            {"root", hex_of(test, "root")},
            {"leaf_hash", hex_of(test, "leafHash")},
            {"proof", hex_list(test, "proof")}};
}

bool is_plain_subtree(const json::object& test) {
    return number(test, "start") <= number(test, "leafIdx") &&
           number(test, "start") < number(test, "end");
}

// A subtree that starts at the first leaf is an earlier tree.
json::object prefix_question(const json::object& test) {
    return {{"op", "merkle.consistency"},     {"size1", test.at("end")},
            {"size2", test.at("size")},       {"root1", hex_of(test, "root1")},
            {"root2", hex_of(test, "root2")}, {"proof", hex_list(test, "proof")}};
}

bool is_prefix(const json::object& test) {
    return number(test, "start") == 0 && number(test, "end") != 0;
}

TEST_CASE("transparency-dev: inclusion", "[vectors][merkle]") {
    check_all("inclusion", inclusion_question, always);
}

TEST_CASE("transparency-dev: consistency", "[vectors][merkle]") {
    check_all("consistency", consistency_question, always);
}

TEST_CASE("transparency-dev: subtree inclusion", "[vectors][merkle]") {
    check_all("subtreeinclusion", subtree_question, is_plain_subtree);
}

TEST_CASE("transparency-dev: subtrees that are earlier trees", "[vectors][merkle]") {
    check_all("subtreeconsistency", prefix_question, is_prefix);
}

}  // namespace
}  // namespace sanquan::vectors_test
