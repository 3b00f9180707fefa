// What identifies a chain and never changes during its life.
#pragma once

#include "ledger/base/ids.h"
#include "ledger/crypto/digest.h"

namespace sanquan {

// The profile stands in the genesis file; certificates and vouchers of a demo chain say so.
enum class ChainProfile : std::uint8_t {
    kProduction,  // periods count working days
    kDemo,        // periods count seconds
};

struct Chain {
    ChainId id;
    HashAlgorithm hash = HashAlgorithm::kSha256;
    ChainProfile profile = ChainProfile::kProduction;
};

}  // namespace sanquan
