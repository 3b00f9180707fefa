// A folder that goes with the test.
#pragma once

#include <filesystem>

#include "ledger/base/bytes.h"
#include "ledger/crypto/random.h"

namespace sanquan {

struct TemporaryFolder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("sanquan-test-" + to_hex(random_bytes(8)));
    TemporaryFolder() { std::filesystem::create_directories(path); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
};

}  // namespace sanquan
