#include "client/lib/key_ring.h"

#include <algorithm>
#include <system_error>

#include "ledger/base/limits.h"
#include "ledger/crypto/digest.h"
#include "ledger/crypto/key_store.h"

namespace sanquan::client {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKeysPerOrganisationMax = 64;
constexpr std::string_view kWalletName = "wallet";
constexpr std::string_view kSuffix = ".pem";

// Ids become file names: only what organisation ids and node names are made of, and no dots.
bool is_file_name(const std::string& id) {
    return !id.empty() && id.size() <= limits::kIdentifierBytesMax &&
           std::all_of(id.begin(), id.end(), [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_';
           });
}

}  // namespace

KeyRing::KeyRing(fs::path keys_dir, fs::path passphrase_file)
    : keys_dir_(std::move(keys_dir)), passphrase_file_(std::move(passphrase_file)) {}

fs::path KeyRing::file_of(const std::string& organisation, std::size_t number) const {
    const std::string tail = number <= 1 ? std::string() : "." + std::to_string(number);
    return keys_dir_ / (organisation + tail + std::string(kSuffix));
}

Result<const SecretBytes*> KeyRing::passphrase() {
    if (!passphrase_) {
        SANQUAN_TRY_ASSIGN(passphrase_, load_passphrase(passphrase_file_.string()));
    }
    return &*passphrase_;
}

Result<std::vector<const SigningKey*>> KeyRing::keys_of(const std::string& organisation) {
    if (!is_file_name(organisation)) {
        return fail(Code::kNoSigningKey, "'" + organisation + "' is no organisation id");
    }
    auto& keys = keys_[organisation];
    std::error_code ignored;
    if (keys.empty() && fs::exists(file_of(organisation, 1), ignored)) {
        SANQUAN_TRY_ASSIGN(const auto* secret, passphrase());
        for (std::size_t number = 1; number <= kKeysPerOrganisationMax; ++number) {
            const auto file = file_of(organisation, number);
            if (!fs::exists(file, ignored)) {
                break;
            }
            SANQUAN_TRY_ASSIGN(auto key, load_key(file.string(), *secret));
            keys.push_back(std::move(key));
        }
    } else if (keys.empty()) {
        SANQUAN_TRY_ASSIGN(auto key, derived(organisation));
        keys.push_back(std::move(key));
    }
    std::vector<const SigningKey*> result;
    result.reserve(keys.size());
    for (const auto& key : keys) {
        result.push_back(&key);
    }
    return result;
}

Result<SigningKey> KeyRing::derived(const std::string& organisation) {
    if (!wallet_) {
        const auto file = keys_dir_ / (std::string(kWalletName) + std::string(kSuffix));
        std::error_code ignored;
        if (!fs::exists(file, ignored)) {
            return fail(Code::kNoSigningKey, "no " + file_of(organisation, 1).string() +
                                                 "; make it with `sanquan key new " + organisation +
                                                 "`");
        }
        SANQUAN_TRY_ASSIGN(const auto* secret, passphrase());
        SANQUAN_TRY_ASSIGN(wallet_, load_key(file.string(), *secret));
    }
    // Deterministic and secret: only the holder of the wallet key can make this signature (RFC
    // 8032, 5.1.6).
    const Bytes proof =
        wallet_->sign("sanquan/wallet-key/v1" + std::string(1, '\0') + organisation);
    const Digest seed = hash(HashAlgorithm::kSha256, {proof});
    return SigningKey::from_seed(seed.view());
}

Status KeyRing::prepare_directory() {
    std::error_code error;
    fs::create_directories(keys_dir_, error);
    if (error) {
        return fail(Code::kIo, "cannot make " + keys_dir_.string() + ": " + error.message());
    }
    if (!fs::exists(passphrase_file_, error)) {
        SANQUAN_TRY(create_passphrase_file(passphrase_file_.string()));
    }
    return {};
}

Result<const SigningKey*> KeyRing::create(const std::string& organisation, KeyAlgorithm algorithm) {
    if (!is_file_name(organisation) || organisation == kWalletName) {
        return fail(Code::kBadText, "'" + organisation + "' cannot name a key file");
    }
    SANQUAN_TRY(prepare_directory());
    SANQUAN_TRY_ASSIGN(const auto* secret, passphrase());
    std::size_t number = 1;
    std::error_code ignored;
    while (fs::exists(file_of(organisation, number), ignored)) {
        if (++number > kKeysPerOrganisationMax) {
            return fail(Code::kTooLong, organisation + " has 64 key files already");
        }
    }
    keys_.erase(organisation);
    const auto key = SigningKey::generate(algorithm);
    SANQUAN_TRY(save_key(file_of(organisation, number).string(), key, *secret));
    SANQUAN_TRY_ASSIGN(const auto loaded, keys_of(organisation));
    return loaded.back();
}

Status KeyRing::create_wallet() {
    SANQUAN_TRY(prepare_directory());
    SANQUAN_TRY_ASSIGN(const auto* secret, passphrase());
    auto key = SigningKey::generate(KeyAlgorithm::kEd25519);
    const auto file = keys_dir_ / (std::string(kWalletName) + std::string(kSuffix));
    SANQUAN_TRY(save_key(file.string(), key, *secret));
    wallet_ = std::move(key);
    return {};
}

Result<std::vector<std::string>> KeyRing::organisations() const {
    std::vector<std::string> ids;
    std::error_code error;
    for (fs::directory_iterator entry(keys_dir_, error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        if (name.size() <= kSuffix.size() || !name.ends_with(kSuffix)) {
            continue;
        }
        const std::string id = name.substr(0, name.size() - kSuffix.size());
        if (is_file_name(id) && id != kWalletName) {
            ids.push_back(id);
        }
    }
    if (error) {
        return fail(Code::kIo, "cannot list " + keys_dir_.string() + ": " + error.message());
    }
    std::sort(ids.begin(), ids.end());
    return ids;
}

}  // namespace sanquan::client
