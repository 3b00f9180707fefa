// Which of the keys that a user holds for an organisation sign its transactions and requests.
//
// A key file may be newer than the register (`sanquan key new`, before add_key) or older (after revoke_key); one such
// signature makes nodes refuse the whole transaction. Asked once per organisation and command, and only when there is
// more than one file.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <vector>

#include "client/cli/command.h"
#include "ledger/base/ids.h"
#include "ledger/crypto/signing_key.h"

namespace sanquan::cli {

using SigningKeys = std::vector<const SigningKey*>;
using SigningKeysOf = std::function<Result<SigningKeys>(const std::string& organisation)>;

// Those of `held` that `register_entry`, the answer of GET /v1/organisations/{id}, lists as live at `now`; all of them
// when it lists none, so that the ledger says why it refuses.
SigningKeys registered_keys(const SigningKeys& held, const boost::json::object& register_entry,
                            TimeMs now);

// The keys that sign for the organisation: the registered ones, or every key that is held when no node answers.
// kNoSigningKey, and what load_key refuses.
SigningKeysOf signing_keys(Context& context);

}  // namespace sanquan::cli
