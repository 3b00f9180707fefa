// Goal: keys, certificates and signatures from outside are refused without harm. Method: no input verifies under a key
// whose owner never signed; a key that is accepted encodes to itself.
#include "ledger/crypto/signature.h"
#include "ledger/crypto/signing_key.h"
#include "ledger/crypto/tls_certificate.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const sanquan::SigningKey honest =
        sanquan::SigningKey::from_seed(sanquan::Bytes(32, 'k')).value();
    const auto bytes = sanquan::fuzz::input(data, size);
    if (const auto key = sanquan::PublicKey::decode(bytes)) {
        REQUIRE_THAT(key->encode() == bytes);
        (void)sanquan::check_key_admissible(*key);
        REQUIRE_THAT(!sanquan::verify(*key, "never signed", bytes).has_value());
    }
    REQUIRE_THAT(!sanquan::verify(honest.public_key(), "never signed", bytes).has_value());
    (void)sanquan::spki_hash_of_der(bytes);
    if (size < 2'000) {
        (void)sanquan::spki_hash(bytes);
        (void)sanquan::SigningKey::from_pem(bytes, {});
    }
    return 0;
}
