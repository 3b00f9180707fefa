#include "ledger/crypto/secret.h"

#include <openssl/crypto.h>

#include <utility>

#include "ledger/base/assert.h"

namespace sanquan {

SecretBytes::SecretBytes(SecretBytes&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
    if (this != &other) {
        wipe();
        bytes_ = std::exchange(other.bytes_, {});
    }
    return *this;
}

SecretBytes::~SecretBytes() { wipe(); }

void SecretBytes::shrink(std::size_t size) {
    SANQUAN_ASSERT(size <= bytes_.size());
    OPENSSL_cleanse(bytes_.data() + size, bytes_.size() - size);
    bytes_.resize(size);
}

void SecretBytes::wipe() {
    if (!bytes_.empty()) {
        OPENSSL_cleanse(bytes_.data(), bytes_.size());
    }
}

}  // namespace sanquan
