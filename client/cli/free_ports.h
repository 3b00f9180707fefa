// Ports that nobody uses right now.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ledger/base/result.h"

namespace sanquan::cli {

// `count` different TCP ports that are free on `host` at this moment; kIo.
Result<std::vector<std::uint16_t>> free_ports(const std::string& host, std::size_t count);

}  // namespace sanquan::cli
