// The keys of the organisations that a user acts for, loaded when first needed.
//
// Files: KEYS_DIR/ID.pem, and further ones of the same organisation as ID.2.pem, ID.3.pem …
// (thresholds). An exchange or wallet service that keeps keys for many members can hold one file
// KEYS_DIR/wallet.pem instead: the key of any other organisation is then derived from the wallet
// key's signature over its id, so that one encrypted file opens them all. Belongs to one thread
// until loaded; keys may then be used from several.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/result.h"
#include "ledger/crypto/secret.h"
#include "ledger/crypto/signing_key.h"

namespace sanquan::client {

class KeyRing {
  public:
    KeyRing(std::filesystem::path keys_dir, std::filesystem::path passphrase_file);

    // The keys of an organisation, first file first; kNoSigningKey, and what load_key refuses.
    Result<std::vector<const SigningKey*>> keys_of(const std::string& organisation);

    // Generates and saves the next key file of the organisation; makes folder and passphrase file
    // when there are none. kIo, kBadText (an id that cannot name a file).
    Result<const SigningKey*> create(const std::string& organisation, KeyAlgorithm algorithm);

    // Generates KEYS_DIR/wallet.pem; kIo when there is one.
    Status create_wallet();

    // The key that the wallet stands for; kNoSigningKey without a wallet.
    Result<SigningKey> derived(const std::string& organisation);

    // Organisation ids that have a file, in order.
    [[nodiscard]] Result<std::vector<std::string>> organisations() const;

    [[nodiscard]] std::filesystem::path file_of(const std::string& organisation,
                                                std::size_t number) const;

  private:
    Result<const SecretBytes*> passphrase();
    Status prepare_directory();

    std::filesystem::path keys_dir_;
    std::filesystem::path passphrase_file_;
    std::optional<SecretBytes> passphrase_;
    std::optional<SigningKey> wallet_;
    std::map<std::string, std::vector<SigningKey>> keys_;
};

}  // namespace sanquan::client
