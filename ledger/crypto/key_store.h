// Key files: encrypted PKCS#8 PEM, owner-only, with the passphrase in a second owner-only file
// (D2).
//
// A service starts unattended, and a backup of the key directory alone gives nothing away. Every
// refusal names the file and what to do about it; secrets never enter a message.
#pragma once

#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/result.h"
#include "ledger/crypto/secret.h"
#include "ledger/crypto/signing_key.h"

namespace sanquan {

// The passphrase: the first line of a file that only its owner can read, 8 to 1,024 bytes; kIo,
// kKeyFileMode, kBadPassphrase.
Result<SecretBytes> load_passphrase(const std::string& path);

// Writes a fresh random passphrase (32 hexadecimal characters) to a new 0600 file; kIo when the
// file exists.
Status create_passphrase_file(const std::string& path);

// Writes `key` encrypted to a new file of mode 0600 and syncs it; never overwrites (kIo).
Status save_key(const std::string& path, const SigningKey& key, const SecretBytes& passphrase);

// Loads an encrypted key; kIo, kKeyFileMode (group or others may read it, or another owner),
// kBadPassphrase, kKeyInvalid.
Result<SigningKey> load_key(const std::string& path, const SecretBytes& passphrase);

}  // namespace sanquan
