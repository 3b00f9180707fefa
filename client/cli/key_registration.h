// A key's public part with the proof that it is held, as register_organisation and add_key take it.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "ledger/crypto/signing_key.h"
#include "ledger/model/chain.h"

namespace sanquan::cli {

// A wire::KeyRegistration as JSON, valid on `chain` and for `organisation` alone.
boost::json::object key_registration(const Chain& chain, const std::string& organisation,
                                     const SigningKey& key);

}  // namespace sanquan::cli
