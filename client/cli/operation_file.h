// Operations written by people and scripts as JSON, turned into signed transactions.
//
// A document is one operation {"issue_money": {…}}, a list of them, or {"as", "also", "mode",
// "valid_ms", "valid_until_ms", "operations"}, whose members win over the flags.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "client/cli/signing_keys.h"
#include "client/lib/profile.h"
#include "client/lib/transaction_builder.h"
#include "ledger/base/result.h"

namespace sanquan::cli {

struct SubmitDefaults {
    std::string sender;             // alias or id
    std::vector<std::string> also;  // aliases or ids
    std::string mode = "INDEPENDENT";
    std::uint64_t valid_ms = 300'000;
};

struct BuiltTransaction {
    client::UnsignedTransaction transaction;
    std::string sender;                // id
    std::vector<std::string> signers;  // ids, sender first
};

class OperationFile {
  public:
    OperationFile(const client::Profile& profile, SigningKeysOf keys_of, SubmitDefaults defaults);

    // kBadRequest and the codes of strict JSON and of json_format, with the place in the document.
    Result<BuiltTransaction> build_line(const std::string& document);
    // As above, signed by the keys of every signer; kNoSigningKey.
    Result<client::SignedTransaction> sign_line(const std::string& document);

  private:
    const client::Profile& profile_;
    SigningKeysOf keys_of_;
    SubmitDefaults defaults_;
};

}  // namespace sanquan::cli
