// SecretBytes: bytes that are overwritten before their memory is given back.
//
// For seeds, passphrases and plain PEM. Copying is forbidden, so that there is one place to wipe;
// it never converts to a string by itself, so that it cannot slip into a log line.
#pragma once

#include <cstddef>
#include <vector>

#include "ledger/base/bytes.h"

namespace sanquan {

class SecretBytes {
  public:
    SecretBytes() = default;
    explicit SecretBytes(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {}
    explicit SecretBytes(std::size_t size) : bytes_(size) {}
    SecretBytes(SecretBytes&& other) noexcept;
    SecretBytes& operator=(SecretBytes&& other) noexcept;
    SecretBytes(const SecretBytes&) = delete;
    SecretBytes& operator=(const SecretBytes&) = delete;
    ~SecretBytes();

    [[nodiscard]] ByteView view() const { return {bytes_.data(), bytes_.size()}; }
    [[nodiscard]] char* data() { return bytes_.data(); }
    [[nodiscard]] std::size_t size() const { return bytes_.size(); }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }
    // Wipes what lies beyond `size` and forgets it; `size` is at most the present size.
    void shrink(std::size_t size);

  private:
    void wipe();
    std::vector<char> bytes_;  // a vector moves its buffer; a short std::string would copy it
};

}  // namespace sanquan
