#include "ledger/model/genesis.h"

#include "ledger/base/assert.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/genesis_checks.h"
#include "ledger/model/wire_keys.h"

namespace sanquan {

ChainId genesis_digest(HashAlgorithm algorithm, ByteView file) {
    using namespace std::string_view_literals;
    return ChainId::from(hash(algorithm, {"sanquan/genesis/v1\0"sv, file}));
}

Result<Genesis> decode_genesis(ByteView file) {
    Genesis genesis;
    SANQUAN_TRY(decode_canonical(file, kGenesisBytesMax, genesis.message));
    SANQUAN_TRY(check_genesis(genesis.message));
    genesis.bytes = Bytes(file);
    genesis.chain.hash =
        genesis.message.hash() == wire::SM3 ? HashAlgorithm::kSm3 : HashAlgorithm::kSha256;
    genesis.chain.profile =
        genesis.message.profile() == wire::DEMO ? ChainProfile::kDemo : ChainProfile::kProduction;
    genesis.chain.id = genesis_digest(genesis.chain.hash, file);
    return genesis;
}

ValidatorSet genesis_validators(const Genesis& genesis) {
    ValidatorSet set;
    for (const auto& entry : genesis.message.validators()) {
        const Result<PublicKey> vote_key = from_wire(entry.vote_key());
        const Result<Digest> tls_key = Digest::from_bytes(entry.tls_key());
        SANQUAN_ASSERT(vote_key && tls_key);  // check_genesis has seen both
        set.validators.push_back({entry.organisation(), entry.name(), *vote_key, *tls_key});
    }
    return set;
}

BlockHeader genesis_header(const Genesis& genesis) {
    const Digest empty_tree = hash(genesis.chain.hash, {});
    BlockHeader header;
    header.chain = genesis.chain.id;
    header.time = TimeMs{genesis.message.time_ms()};
    header.validators =
        validator_set_digest(genesis.chain, encode_validator_set(genesis_validators(genesis)));
    header.next_validators = header.validators;
    header.transactions_root = MerkleRoot::from(empty_tree);
    header.history_root = MerkleRoot::from(empty_tree);
    header.receipts_root = MerkleRoot::from(empty_tree);
    return header;
}

}  // namespace sanquan
