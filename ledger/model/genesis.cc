#include "ledger/model/genesis.h"

#include "ledger/base/assert.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/genesis_checks.h"
#include "ledger/model/wire_keys.h"

namespace sanquan {

namespace {

using namespace std::string_view_literals;

constexpr std::size_t kHeadBytesMax = 256U << 10U;

ChainId head_digest(HashAlgorithm algorithm, ByteView head) {
    return ChainId::from(hash(algorithm, {"sanquan/genesis/v1\0"sv, head}));
}

HashAlgorithm algorithm_of(wire::HashName name) {
    return name == wire::SM3 ? HashAlgorithm::kSm3 : HashAlgorithm::kSha256;
}

ChainProfile profile_of(wire::Profile profile) {
    return profile == wire::DEMO ? ChainProfile::kDemo : ChainProfile::kProduction;
}

}  // namespace

Bytes genesis_head(const Genesis& genesis) {
    const wire::Genesis& message = genesis.message;
    wire::GenesisHead head;
    head.set_network(message.network());
    head.set_profile(message.profile());
    head.set_hash(message.hash());
    head.set_time_ms(message.time_ms());
    *head.mutable_validators() = message.validators();
    head.set_file(
        hash(algorithm_of(message.hash()), {"sanquan/genesis-file/v1\0"sv, genesis.bytes}).bytes());
    return encode(head);
}

Result<GenesisAnchor> decode_genesis_head(ByteView head, const ChainId& id) {
    SANQUAN_TRY_ASSIGN(const auto message, decode<wire::GenesisHead>(head, kHeadBytesMax));
    GenesisAnchor anchor;
    anchor.chain = {id, algorithm_of(message.hash()), profile_of(message.profile())};
    if (head_digest(anchor.chain.hash, head) != id) {
        return fail(Code::kGenesisInvalid, "it is not the genesis of chain " + id.hex());
    }
    anchor.network = message.network();
    anchor.time = TimeMs{message.time_ms()};
    wire::ValidatorSet set;
    *set.mutable_validators() = message.validators();
    SANQUAN_TRY_ASSIGN(anchor.validators, decode_validator_set(encode(set)));
    return anchor;
}

Result<Genesis> decode_genesis(ByteView file) {
    Genesis genesis;
    SANQUAN_TRY(decode_canonical(file, kGenesisBytesMax, genesis.message));
    SANQUAN_TRY(check_genesis(genesis.message));
    genesis.bytes = Bytes(file);
    genesis.chain.hash = algorithm_of(genesis.message.hash());
    genesis.chain.profile = profile_of(genesis.message.profile());
    genesis.chain.id = head_digest(genesis.chain.hash, genesis_head(genesis));
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
