// Goal: key files are encrypted, owner-only and refused otherwise. Method: real files in a private
// directory.
#include "ledger/crypto/key_store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/crypto/random.h"
#include "tests/support/catch.h"

namespace sanquan {
namespace {

class PrivateDirectory {
  public:
    PrivateDirectory()
        : path_(std::filesystem::temp_directory_path() /
                ("sanquan_key_store_" + to_hex(random_bytes(8)))) {
        std::filesystem::create_directory(path_);
    }
    PrivateDirectory(const PrivateDirectory&) = delete;
    PrivateDirectory& operator=(const PrivateDirectory&) = delete;
    ~PrivateDirectory() { std::filesystem::remove_all(path_); }
    [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

std::string content_of(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void write_private(const std::string& path, const std::string& content) {
    std::ofstream(path, std::ios::binary) << content;
    ::chmod(path.c_str(), 0600);
}

const SecretBytes& passphrase() {
    static const SecretBytes kPassphrase(ByteView("correct horse"));
    return kPassphrase;
}

TEST_CASE("a key comes back from its file", "[crypto][key_store]") {
    const PrivateDirectory directory;
    for (const auto algorithm :
         {KeyAlgorithm::kEd25519, KeyAlgorithm::kSm2, KeyAlgorithm::kEcdsaP256}) {
        const std::string path = directory.file(std::string(name(algorithm)));
        const SigningKey key = SigningKey::generate(algorithm);
        REQUIRE(save_key(path, key, passphrase()));
        struct ::stat attributes{};
        REQUIRE(::stat(path.c_str(), &attributes) == 0);
        CHECK((attributes.st_mode & 0777U) == 0600U);
        CHECK(content_of(path).find("BEGIN ENCRYPTED PRIVATE KEY") != std::string::npos);
        const SigningKey loaded = load_key(path, passphrase()).value();
        CHECK(loaded.public_key() == key.public_key());
        CHECK(verify(key.public_key(), "message", loaded.sign("message")));
        CHECK(save_key(path, key, passphrase()).error().code == Code::kIo);
    }
}

TEST_CASE("what may not be loaded is refused with its reason", "[crypto][key_store]") {
    const PrivateDirectory directory;
    const std::string path = directory.file("key.pem");
    REQUIRE(save_key(path, SigningKey::generate(), passphrase()));
    CHECK(load_key(path, SecretBytes(ByteView("wrong horse"))).error().code ==
          Code::kBadPassphrase);
    CHECK(load_key(path, SecretBytes()).error().code == Code::kBadPassphrase);
    CHECK(load_key(directory.file("absent"), passphrase()).error().code == Code::kIo);
    CHECK(load_key(directory.file(""), passphrase()).error().code == Code::kIo);
    CHECK(save_key(directory.file("short"), SigningKey::generate(), SecretBytes(ByteView("short")))
              .error()
              .code == Code::kBadPassphrase);
    ::chmod(path.c_str(), 0640);
    CHECK(load_key(path, passphrase()).error().code == Code::kKeyFileMode);

    const std::string sealed = content_of(path);
    write_private(directory.file("cut"), sealed.substr(0, sealed.size() / 2));
    CHECK(load_key(directory.file("cut"), passphrase()).error().code == Code::kKeyInvalid);
    write_private(directory.file("empty"), "");
    CHECK(load_key(directory.file("empty"), passphrase()).error().code == Code::kKeyInvalid);
    write_private(directory.file("long"), std::string(20'000, 'A'));
    CHECK(load_key(directory.file("long"), passphrase()).error().code == Code::kTooLong);
    const SecretBytes plain = SigningKey::generate().plain_pem();
    write_private(directory.file("plain"), std::string(plain.view()));
    CHECK(load_key(directory.file("plain"), passphrase()).error().code == Code::kKeyInvalid);
}

TEST_CASE("plain PEM is for the TLS library", "[crypto][key_store]") {
    for (const auto algorithm :
         {KeyAlgorithm::kEd25519, KeyAlgorithm::kSm2, KeyAlgorithm::kEcdsaP256}) {
        const SigningKey key = SigningKey::generate(algorithm);
        const SecretBytes pem = key.plain_pem();
        CHECK(SigningKey::from_pem(pem.view(), "").value().public_key() == key.public_key());
        CHECK(SigningKey::from_pem(pem.view(), "passphrase").error().code == Code::kKeyInvalid);
    }
}

TEST_CASE("a passphrase file is read by its first line", "[crypto][key_store]") {
    const PrivateDirectory directory;
    const std::string path = directory.file("passphrase");
    REQUIRE(create_passphrase_file(path));
    CHECK(load_passphrase(path).value().size() == 32);
    CHECK(create_passphrase_file(path).error().code == Code::kIo);
    write_private(directory.file("two"), "first line\nsecond line\n");
    CHECK(load_passphrase(directory.file("two")).value().view() == "first line");
    write_private(directory.file("short"), "seven77\n");
    CHECK(load_passphrase(directory.file("short")).error().code == Code::kBadPassphrase);
    write_private(directory.file("zero"), std::string("ab\0defghi", 9));
    CHECK(load_passphrase(directory.file("zero")).error().code == Code::kBadPassphrase);
    ::chmod(path.c_str(), 0644);
    CHECK(load_passphrase(path).error().code == Code::kKeyFileMode);
}

TEST_CASE("secret bytes move without a copy left behind", "[crypto][secret]") {
    SecretBytes first(ByteView("secret"));
    SecretBytes second = std::move(first);
    CHECK(second.view() == "secret");
    second.shrink(3);
    CHECK(second.view() == "sec");
    first = std::move(second);
    CHECK(first.view() == "sec");
}

}  // namespace
}  // namespace sanquan
