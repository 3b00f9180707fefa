// Loads collections and asks questions through the vectors interface; for the runners of this
// folder.
#pragma once

#include <boost/json.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"

namespace sanquan::vectors_test {

namespace json = boost::json;

// `path` is relative to tests/vectors; a missing file fails the test.
Bytes read_file(const std::filesystem::path& path);
json::value read_json(const std::filesystem::path& path);
// The regular files below `folder` whose name ends in `extension`, sorted; relative to
// tests/vectors.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder,
                                               const std::string& extension);

// The answers to `questions`, which need no id; asked in one run.
std::vector<json::object> ask_all(const std::vector<json::object>& questions);
json::object ask(const json::object& question);

// The text of a member, or "".
std::string text_of(const json::object& object, const std::string& member);
bool is_ok(const json::object& answer);

// Base64 (RFC 4648) of well-formed test data as bytes.
Bytes from_base64(const std::string& text);

}  // namespace sanquan::vectors_test
