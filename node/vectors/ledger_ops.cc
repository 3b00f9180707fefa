// Messages, transactions and state proofs: the ledger's own formats.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <array>
#include <memory>
#include <string>

#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/genesis.pb.h"
#include "ledger/codec/peer.pb.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/model/genesis.h"
#include "ledger/model/transaction.h"
#include "ledger/proof/state_proof.h"
#include "node/vectors/groups.h"

namespace sanquan::vectors {
namespace {

constexpr std::string_view kPackage = "sanquan.wire.";

// The prototype of a message of the wire package, with or without the package's name; null when
// there is none.
const google::protobuf::Message* prototype_of(std::string_view type) {
    // Naming one message of each file keeps the linker from dropping the file's descriptors.
    static const std::array kFiles = {wire::SignedTransaction::descriptor(),
                                      wire::Block::descriptor(), wire::Genesis::descriptor(),
                                      wire::PeerFrame::descriptor()};
    std::string name(type);
    if (!type.starts_with(kPackage)) {
        name.insert(0, kPackage);
    }
    const auto* descriptor = kFiles.front()->file()->pool()->FindMessageTypeByName(name);
    return descriptor == nullptr
               ? nullptr
               : google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor);
}

Result<Answer> proto_check_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const std::string_view type, text_field(question, "type"));
    SANQUAN_TRY_ASSIGN(const Bytes raw, hex_field(question, "raw"));
    const auto* prototype = prototype_of(type);
    if (prototype == nullptr) {
        return fail(Code::kUnsupported, "no such message");
    }
    const std::unique_ptr<google::protobuf::Message> message(prototype->New());
    return Answer::of(decode_canonical(raw, limits::kFrameBytesMax, *message));
}

Result<Answer> tx_check_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const Bytes genesis_file, hex_field(question, "genesis"));
    SANQUAN_TRY_ASSIGN(const Bytes raw, hex_field(question, "raw"));
    SANQUAN_TRY_ASSIGN(const Genesis genesis, decode_genesis(genesis_file));
    SANQUAN_TRY_ASSIGN(const Transaction transaction, decode_transaction(raw, genesis.chain));
    return Answer::accepted(
        boost::json::object{{"transaction_id", boost::json::string(transaction.id.hex())}});
}

// A value claims presence; null or nothing claims absence.
Result<Answer> state_prove_check_op(const Question& question) {
    SANQUAN_TRY_ASSIGN(const Bytes root_bytes, hex_field(question, "state_root"));
    SANQUAN_TRY_ASSIGN(const Bytes key, hex_field(question, "key"));
    SANQUAN_TRY_ASSIGN(const Bytes proof, hex_field(question, "proof"));
    SANQUAN_TRY_ASSIGN(const auto claimed, optional_text_field(question, "value"));
    SANQUAN_TRY_ASSIGN(const StateRoot root, StateRoot::from_bytes(root_bytes));
    if (!claimed) {
        return Answer::of(verify_absent(HashAlgorithm::kSha256, root, key, proof));
    }
    SANQUAN_TRY_ASSIGN(const Bytes value, hex_field(question, "value"));
    SANQUAN_TRY_ASSIGN(const HeldValue held, verify_held(HashAlgorithm::kSha256, root, key, proof));
    if (held.value != value) {
        return fail(Code::kProofInvalid, "the proof shows another value");
    }
    return Answer::accepted();
}

}  // namespace

std::span<const OpEntry> ledger_ops() {
    static constexpr auto kOps = std::to_array<OpEntry>({
        {"proto.check", proto_check_op},
        {"state.prove_check", state_prove_check_op},
        {"tx.check", tx_check_op},
    });
    return kOps;
}

}  // namespace sanquan::vectors
