#include "client/cli/operation_file.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "ledger/codec/json_format.h"
#include "ledger/codec/strict_json.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t kDocumentBytesMax = 8U << 20U;

struct Document {
    SubmitDefaults settings;
    std::uint64_t valid_until_ms = 0;
    json::array operations;
};

Result<std::string> read_text(const json::value& value, const std::string& name) {
    if (!value.is_string()) {
        return fail(Code::kBadRequest, name + ": a string is expected");
    }
    return std::string(value.get_string());
}

Result<std::uint64_t> read_number(const json::value& value, const std::string& name) {
    if (!value.is_int64() || value.get_int64() < 0) {
        return fail(Code::kBadRequest, name + ": a whole number is expected");
    }
    return static_cast<std::uint64_t>(value.get_int64());
}

Status read_member(const std::string& name, json::value& value, Document& document) {
    if (name == "operations") {
        if (!value.is_array()) {
            return fail(Code::kBadRequest, "operations: a list is expected");
        }
        document.operations = std::move(value.get_array());
    } else if (name == "as") {
        SANQUAN_TRY_ASSIGN(document.settings.sender, read_text(value, name));
    } else if (name == "mode") {
        SANQUAN_TRY_ASSIGN(document.settings.mode, read_text(value, name));
    } else if (name == "valid_ms") {
        SANQUAN_TRY_ASSIGN(document.settings.valid_ms, read_number(value, name));
    } else if (name == "valid_until_ms") {
        SANQUAN_TRY_ASSIGN(document.valid_until_ms, read_number(value, name));
    } else if (name == "also") {
        if (!value.is_array()) {
            return fail(Code::kBadRequest, "also: a list is expected");
        }
        document.settings.also.clear();
        for (const auto& entry : value.get_array()) {
            SANQUAN_TRY_ASSIGN(auto organisation, read_text(entry, name));
            document.settings.also.push_back(std::move(organisation));
        }
    } else {
        return fail(Code::kUnknownField,
                    name + ": known here: as, also, mode, valid_ms, valid_until_ms, operations");
    }
    return {};
}

Result<Document> read_document(const std::string& text, const SubmitDefaults& defaults) {
    SANQUAN_TRY_ASSIGN(auto value, parse_strict_json(text, kDocumentBytesMax));
    Document document;
    document.settings = defaults;
    if (value.is_array()) {
        document.operations = std::move(value.get_array());
    } else if (value.is_object() && value.get_object().contains("operations")) {
        for (auto& member : value.get_object()) {
            SANQUAN_TRY(read_member(std::string(member.key()), member.value(), document));
        }
    } else {
        document.operations.push_back(std::move(value));
    }
    if (document.settings.sender.empty()) {
        return fail(Code::kBadRequest, "no sender: give --as ORG, or \"as\" in the document");
    }
    return document;
}

}  // namespace

OperationFile::OperationFile(const client::Profile& profile, SigningKeysOf keys_of,
                             SubmitDefaults defaults)
    : profile_(profile), keys_of_(std::move(keys_of)), defaults_(std::move(defaults)) {}

Result<BuiltTransaction> OperationFile::build_line(const std::string& text) {
    SANQUAN_TRY_ASSIGN(const auto document, read_document(text, defaults_));
    BuiltTransaction built;
    built.sender = profile_.organisation_id(document.settings.sender);
    built.signers.push_back(built.sender);
    for (const auto& organisation : document.settings.also) {
        built.signers.push_back(profile_.organisation_id(organisation));
    }
    client::TransactionBuilder builder(profile_.chain, built.sender);
    for (const auto& organisation : built.signers) {
        builder.cosigner(organisation);
    }
    if (document.settings.mode != "ATOMIC" && document.settings.mode != "INDEPENDENT") {
        return fail(Code::kBadRequest, "mode must be ATOMIC or INDEPENDENT");
    }
    builder.mode(document.settings.mode == "ATOMIC" ? wire::ATOMIC : wire::INDEPENDENT);
    builder.valid_until(document.valid_until_ms != 0
                            ? TimeMs{document.valid_until_ms}
                            : TimeMs{client::now_ms().value + document.settings.valid_ms});
    std::size_t number = 0;
    for (const auto& entry : document.operations) {
        wire::Operation operation;
        SANQUAN_TRY(from_json(entry, operation, "operations[" + std::to_string(number++) + "]"));
        builder.add(std::move(operation));
    }
    SANQUAN_TRY_ASSIGN(built.transaction, builder.build());
    return built;
}

Result<client::SignedTransaction> OperationFile::sign_line(const std::string& text) {
    SANQUAN_TRY_ASSIGN(const auto built, build_line(text));
    SigningKeys signers;
    for (const auto& organisation : built.signers) {
        SANQUAN_TRY_ASSIGN(const auto keys, keys_of_(organisation));
        signers.insert(signers.end(), keys.begin(), keys.end());
    }
    return client::sign_transaction(built.transaction, signers);
}

}  // namespace sanquan::cli
