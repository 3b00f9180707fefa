#include "ledger/model/block.h"

#include <set>

#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/wire_keys.h"

namespace sanquan {
namespace {

constexpr std::size_t kHeaderBytesMax = 1'024;
constexpr std::size_t kValidatorSetBytesMax = limits::kValidatorsMax * 1'024;

Result<Validator> to_validator(const wire::Validator& in) {
    Validator out;
    out.organisation = in.organisation();
    out.name = in.name();
    if (out.organisation.size() > limits::kIdentifierBytesMax || out.name.empty() ||
        out.name.size() > limits::kIdentifierBytesMax) {
        return fail(Code::kTooLong, "a validator's organisation and name have at most 64 bytes");
    }
    SANQUAN_TRY_ASSIGN(out.vote_key, from_wire(in.vote_key()));
    SANQUAN_TRY(check_key_admissible(out.vote_key));
    SANQUAN_TRY_ASSIGN(out.tls_key, Digest::from_bytes(in.tls_key()));
    return out;
}

}  // namespace

Bytes encode_header(const BlockHeader& header) {
    wire::BlockHeader out;
    out.set_chain_id(header.chain.bytes());
    out.set_epoch(header.epoch.value);
    out.set_height(header.height.value);
    out.set_view(header.view.value);
    out.set_time_ms(header.time.value);
    out.set_parent(header.parent.bytes());
    out.set_transactions_root(header.transactions_root.bytes());
    out.set_validator_set(header.validators.bytes());
    out.set_next_validator_set(header.next_validators.bytes());
    out.set_history_size(header.history_size);
    out.set_history_root(header.history_root.bytes());
    out.set_state_root(header.state_root.bytes());
    out.set_receipts_root(header.receipts_root.bytes());
    out.set_proposer(header.proposer.value);
    return encode(out);
}

Result<BlockHeader> decode_header(ByteView bytes) {
    SANQUAN_TRY_ASSIGN(const auto in, decode<wire::BlockHeader>(bytes, kHeaderBytesMax));
    BlockHeader header;
    header.epoch = Epoch{in.epoch()};
    header.height = Height{in.height()};
    header.view = View{in.view()};
    header.time = TimeMs{in.time_ms()};
    header.history_size = in.history_size();
    SANQUAN_TRY_ASSIGN(header.chain, ChainId::from_bytes(in.chain_id()));
    SANQUAN_TRY_ASSIGN(header.parent, BlockDigest::from_bytes(in.parent()));
    SANQUAN_TRY_ASSIGN(header.transactions_root, MerkleRoot::from_bytes(in.transactions_root()));
    SANQUAN_TRY_ASSIGN(header.validators, ValidatorSetDigest::from_bytes(in.validator_set()));
    SANQUAN_TRY_ASSIGN(header.next_validators,
                       ValidatorSetDigest::from_bytes(in.next_validator_set()));
    SANQUAN_TRY_ASSIGN(header.history_root, MerkleRoot::from_bytes(in.history_root()));
    SANQUAN_TRY_ASSIGN(header.state_root, StateRoot::from_bytes(in.state_root()));
    SANQUAN_TRY_ASSIGN(header.receipts_root, MerkleRoot::from_bytes(in.receipts_root()));
    if (in.proposer() >= limits::kValidatorsMax) {
        return fail(Code::kBadEncoding, "proposer: an index below 128");
    }
    header.proposer = ReplicaIndex{static_cast<std::uint16_t>(in.proposer())};
    return header;
}

BlockDigest block_digest(const Chain& chain, ByteView header_bytes) {
    return BlockDigest::from(domain_digest(chain.hash, "block", chain.id, header_bytes));
}

Bytes encode_block(ByteView header_bytes, const std::vector<Bytes>& transactions) {
    wire::Block block;
    block.set_header(Bytes(header_bytes));
    for (const Bytes& transaction : transactions) {
        block.add_transactions(transaction);
    }
    return encode(block);
}

Result<Block> decode_block(Bytes raw, const Chain& chain) {
    SANQUAN_TRY_ASSIGN(auto in, decode<wire::Block>(raw, limits::kBlockBytesMax));
    Block block;
    SANQUAN_TRY_ASSIGN(block.header, decode_header(in.header()));
    if (block.header.chain != chain.id) {
        return fail(Code::kWrongChain, "this chain is " + chain.id.hex());
    }
    if (static_cast<std::size_t>(in.transactions_size()) > limits::kTransactionsPerBlockMax) {
        return fail(Code::kTooLong, "more than 5,000 transactions in a block");
    }
    block.digest = block_digest(chain, in.header());
    block.header_bytes = std::move(*in.mutable_header());
    block.transactions.reserve(static_cast<std::size_t>(in.transactions_size()));
    for (auto& transaction : *in.mutable_transactions()) {
        block.transactions.push_back(std::move(transaction));
    }
    block.raw = std::move(raw);
    return block;
}

Bytes encode_validator_set(const ValidatorSet& set) {
    wire::ValidatorSet out;
    out.set_epoch(set.epoch.value);
    for (const Validator& validator : set.validators) {
        auto& entry = *out.add_validators();
        entry.set_organisation(validator.organisation);
        entry.set_name(validator.name);
        entry.mutable_vote_key()->set_algorithm(
            static_cast<wire::KeyAlgorithm>(validator.vote_key.algorithm));
        entry.mutable_vote_key()->set_key(validator.vote_key.bytes);
        entry.set_tls_key(validator.tls_key.bytes());
    }
    return encode(out);
}

Result<ValidatorSet> decode_validator_set(ByteView bytes) {
    SANQUAN_TRY_ASSIGN(const auto in, decode<wire::ValidatorSet>(bytes, kValidatorSetBytesMax));
    const auto count = static_cast<std::size_t>(in.validators_size());
    if (count == 0 || count > limits::kValidatorsMax) {
        return fail(Code::kBadRequest, "a validator set has 1 to 128 members");
    }
    ValidatorSet set;
    set.epoch = Epoch{in.epoch()};
    std::set<Bytes> keys;
    for (const auto& entry : in.validators()) {
        SANQUAN_TRY_ASSIGN(auto validator, to_validator(entry));
        if (!keys.insert("vote" + validator.vote_key.encode()).second ||
            !keys.insert("tls" + validator.tls_key.bytes()).second ||
            !keys.insert("name" + validator.name).second) {
            return fail(Code::kBadRequest, "a validator's key or name stands twice in the set");
        }
        set.validators.push_back(std::move(validator));
    }
    return set;
}

ValidatorSetDigest validator_set_digest(const Chain& chain, ByteView encoded) {
    return ValidatorSetDigest::from(domain_digest(chain.hash, "validator-set", chain.id, encoded));
}

}  // namespace sanquan
