// bench_crypto [--json] [--seconds S]: signature checks and hashes per second on one core, each
// beside what the bare library reaches in the same run. The rates bound the ledger: every signed
// transaction is checked once per node.
#include <cryptopp/donna.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <ctime>
#include <memory>
#include <string_view>
#include <vector>

#include "ledger/base/assert.h"
#include "ledger/crypto/digest.h"
#include "ledger/crypto/signature.h"
#include "ledger/crypto/signing_key.h"
#include "ledger/crypto/verdict_memory.h"
#include "ledger/proof/merkle.h"
#include "tests/bench/bench_report.h"

namespace sanquan::bench {
namespace {

struct Settings {
    bool json = false;
    double seconds = 1.0;
};

// Processor seconds of this process: neighbours on the machine do not count.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Calls per processor second of `work`, measured over at least `seconds` of them.
template <typename Work>
double rate(double seconds, Work work) {
    constexpr int kBatch = 20;
    work();
    const double start = processor_seconds();
    double elapsed = 0;
    std::size_t calls = 0;
    while (elapsed < seconds) {
        for (int i = 0; i < kBatch; ++i) {
            work();
        }
        calls += kBatch;
        elapsed = processor_seconds() - start;
    }
    return static_cast<double>(calls) / elapsed;
}

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using ContextPtr = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

// Checks per second of OpenSSL alone, with a key that is loaded once.
double openssl_rate(double seconds, const char* key_type, const char* digest, bool with_signer_id) {
    constexpr std::string_view kMessage =
        "a message of the usual size, which is a few hundred bytes";
    const KeyPtr key(std::string_view(key_type) == "SM2"
                         ? EVP_PKEY_Q_keygen(nullptr, nullptr, "SM2")
                         : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "prime256v1"),
                     &EVP_PKEY_free);
    SANQUAN_ASSERT(key != nullptr);
    const auto set_id = [&](EVP_PKEY_CTX* context) {
        SANQUAN_ASSERT(!with_signer_id ||
                       EVP_PKEY_CTX_set1_id(context, "1234567812345678", 16) == 1);
    };
    Bytes signature(80, '\0');
    std::size_t size = signature.size();
    const ContextPtr signer(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_PKEY_CTX* key_context = nullptr;
    SANQUAN_ASSERT(EVP_DigestSignInit_ex(signer.get(), &key_context, digest, nullptr, nullptr,
                                         key.get(), nullptr) == 1);
    set_id(key_context);
    SANQUAN_ASSERT(EVP_DigestSign(signer.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                  &size, as_octets(kMessage), kMessage.size()) == 1);
    return rate(seconds, [&] {
        const ContextPtr context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
        EVP_PKEY_CTX* verifying = nullptr;
        EVP_DigestVerifyInit_ex(context.get(), &verifying, digest, nullptr, nullptr, key.get(),
                                nullptr);
        set_id(verifying);
        SANQUAN_ASSERT(EVP_DigestVerify(context.get(), as_octets(signature), size,
                                        as_octets(kMessage), kMessage.size()) == 1);
    });
}

void bench_signatures(const Settings& settings) {
    const Bytes message(300, 'm');
    for (const auto algorithm :
         {KeyAlgorithm::kEd25519, KeyAlgorithm::kEcdsaP256, KeyAlgorithm::kSm2}) {
        const SigningKey key = SigningKey::generate(algorithm);
        const Bytes signature = key.sign(message);
        const std::string label(name(algorithm));
        const double checks = rate(settings.seconds, [&] {
            SANQUAN_ASSERT(verify(key.public_key(), message, signature).has_value());
        });
        double ceiling = 0;
        std::string note = "OpenSSL, key loaded once";
        switch (algorithm) {
            case KeyAlgorithm::kEd25519:
                note = "Crypto++ without the rule's checks";
                ceiling = rate(settings.seconds, [&] {
                    SANQUAN_ASSERT(
                        CryptoPP::Donna::ed25519_sign_open(as_octets(message), message.size(),
                                                           as_octets(key.public_key().bytes),
                                                           as_octets(signature)) == 0);
                });
                break;
            case KeyAlgorithm::kEcdsaP256:
                ceiling = openssl_rate(settings.seconds, "EC", "SHA256", false);
                break;
            case KeyAlgorithm::kSm2:
                ceiling = openssl_rate(settings.seconds, "SM2", "SM3", true);
                break;
        }
        print_figure({label + " verify", checks, "1/s", ceiling, note}, settings.json);
        print_figure({label + " sign", rate(settings.seconds, [&] { (void)key.sign(message); }),
                      "1/s", 0, ""},
                     settings.json);
        print_figure(
            {label + " key admission",
             rate(settings.seconds,
                  [&] { SANQUAN_ASSERT(check_key_admissible(key.public_key()).has_value()); }),
             "1/s", 0, ""},
            settings.json);
    }
}

void bench_memory(const Settings& settings) {
    const Bytes message(300, 'm');
    const SigningKey key = SigningKey::generate();
    const Bytes signature = key.sign(message);
    VerdictMemory memory(100'000);
    const double hits = rate(settings.seconds, [&] {
        SANQUAN_ASSERT(memory.verify(key.public_key(), message, signature).has_value());
    });
    const double digests =
        rate(settings.seconds, [&] { (void)verdict_key(key.public_key(), message, signature); });
    print_figure({"remembered verdict", hits, "1/s", digests, "its digest alone"}, settings.json);
}

// One-shot digest with a reused context.
double openssl_hash_rate(double seconds, const EVP_MD* digest, const Bytes& input) {
    const ContextPtr context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    unsigned char out[EVP_MAX_MD_SIZE];
    return rate(seconds, [&] {
        EVP_DigestInit_ex(context.get(), digest, nullptr);
        EVP_DigestUpdate(context.get(), input.data(), input.size());
        EVP_DigestFinal_ex(context.get(), out, nullptr);
    });
}

void bench_hashes(const Settings& settings) {
    const Bytes block(1U << 20U, 'b');
    const Digest digest = hash(HashAlgorithm::kSha256, {"node"});
    const Bytes node(1 + 2 * kDigestBytes, 'n');
    for (const auto algorithm : {HashAlgorithm::kSha256, HashAlgorithm::kSm3}) {
        const bool sha = algorithm == HashAlgorithm::kSha256;
        const std::string label = sha ? "sha256" : "sm3";
        const EVP_MD* evp = sha ? EVP_sha256() : EVP_sm3();
        print_figure(
            {label + " of 1 MiB", rate(settings.seconds, [&] { (void)hash(algorithm, {block}); }),
             "MiB/s", openssl_hash_rate(settings.seconds, evp, block), "OpenSSL EVP"},
            settings.json);
        print_figure(
            {label + " Merkle node",
             rate(settings.seconds, [&] { (void)merkle_node_hash(algorithm, digest, digest); }),
             "1/s", openssl_hash_rate(settings.seconds, evp, node), "OpenSSL EVP, context reused"},
            settings.json);
    }
}

void bench_proofs(const Settings& settings) {
    constexpr std::size_t kLeaves = 100'000;
    std::vector<Digest> leaves;
    for (std::size_t i = 0; i < kLeaves; ++i) {
        leaves.push_back(merkle_leaf_hash(HashAlgorithm::kSha256, std::to_string(i)));
    }
    const MerkleRoot root = merkle_root(HashAlgorithm::kSha256, leaves);
    const MerkleProof proof = make_inclusion_proof(HashAlgorithm::kSha256, leaves, 77'777);
    const double node_rate = rate(settings.seconds, [&] {
        (void)merkle_node_hash(HashAlgorithm::kSha256, leaves[0], leaves[1]);
    });
    print_figure({"inclusion proof of 100,000 leaves verified",
                  rate(settings.seconds,
                       [&] {
                           SANQUAN_ASSERT(verify_inclusion(HashAlgorithm::kSha256, leaves[77'777],
                                                           77'777, kLeaves, proof, root)
                                              .has_value());
                       }),
                  "1/s", node_rate / static_cast<double>(proof.size()), "its node hashes alone"},
                 settings.json);
}

int run(int argc, char** argv) {
    Settings settings;
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument(argv[i]);
        if (argument == "--json") {
            settings.json = true;
        } else if (argument == "--seconds" && i + 1 < argc) {
            settings.seconds = std::strtod(argv[++i], nullptr);
        } else {
            std::fprintf(stderr, "usage: bench_crypto [--json] [--seconds S]\n");
            return 2;
        }
    }
    bench_signatures(settings);
    bench_memory(settings);
    bench_hashes(settings);
    bench_proofs(settings);
    return 0;
}

}  // namespace
}  // namespace sanquan::bench

int main(int argc, char** argv) { return sanquan::bench::run(argc, argv); }
