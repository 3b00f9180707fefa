#include "node/verify_data.h"

#include <optional>

#include "contracts/admission.h"
#include "contracts/apply_block.h"
#include "contracts/genesis_state.h"
#include "contracts/invariants/whole_state.h"
#include "ledger/base/limits.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/model/genesis.h"
#include "ledger/model/header_rules.h"
#include "ledger/proof/merkle.h"
#include "ledger/proof/trust.h"
#include "ledger/store/block_store.h"
#include "ledger/store/data_directory.h"
#include "ledger/store/state_store.h"
#include "ledger/store/verify_data.h"
#include "node/shadow_directory.h"

namespace sanquan::node {
namespace {

constexpr std::size_t kScanKeys = 1'000;

Error at_block(Height height, const Error& error) {
    return {error.code, "block " + std::to_string(height.value) + ": " + error.context};
}

// Removes the scratch directory when the check is over, whatever its end.
class Scratch {
  public:
    explicit Scratch(std::filesystem::path path) : path_(std::move(path)) {
        std::error_code seen_by_the_first_user;
        std::filesystem::create_directories(path_, seen_by_the_first_user);
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] std::string state() const { return (path_ / "state").string(); }
    [[nodiscard]] std::filesystem::path shadow() const { return path_ / "shadow"; }

  private:
    std::filesystem::path path_;
};

// Walks the chain from genesis, executing again.
class Checker {
  public:
    Checker(const Genesis& genesis, const BlockStore& blocks, StateStore& again)
        : genesis_(genesis),
          blocks_(blocks),
          again_(again),
          validators_(genesis_validators(genesis)),
          parent_(genesis_header(genesis)),
          parent_digest_(genesis_block_digest(genesis.chain)),
          receipts_root_(merkle_root_of_leaves(genesis.chain.hash, {})) {}

    Status run(DataReport& report) {
        SANQUAN_TRY_ASSIGN(const auto writes, contracts::genesis_state(genesis_));
        SANQUAN_TRY_ASSIGN(const auto first, again_.extend(again_.head(), Height{0}, writes));
        SANQUAN_TRY(again_.commit(first));
        const Height last = blocks_.height().value_or(Height{});
        for (Height height{1}; height <= last; height = height.next()) {
            if (const Status status = check_block(height, report); !status) {
                return tl::unexpected(at_block(height, status.error()));
            }
        }
        report.height = last;
        report.state_root = again_.root();
        return {};
    }

  private:
    Status check_block(Height height, DataReport& report) {
        SANQUAN_TRY_ASSIGN(Bytes raw, blocks_.block(height));
        SANQUAN_TRY_ASSIGN(const Block block, decode_block(std::move(raw), genesis_.chain));
        const BlockHeader& header = block.header;
        SANQUAN_TRY(check_header(header, parent_, parent_digest_));
        if (header.state_root != again_.root()) {
            return fail(Code::kStateMismatch,
                        "state_root: the header says " + header.state_root.hex() +
                            ", executed again the parent gives " + again_.root().hex());
        }
        if (header.receipts_root != receipts_root_) {
            return fail(Code::kStateMismatch, "receipts_root is not the parent's");
        }
        SANQUAN_TRY_ASSIGN(const MerkleRoot history, blocks_.history_root(height.value));
        if (header.history_root != history || header.history_size != height.value) {
            return fail(Code::kCorrupt, "history_root is not that of the stored log");
        }
        if (header.transactions_root !=
            merkle_root_of_leaves(genesis_.chain.hash, block.transactions)) {
            return fail(Code::kCorrupt, "transactions_root is not that of the transactions");
        }
        SANQUAN_TRY(check_certificate(height, report));
        SANQUAN_TRY(execute(block, report));
        parent_ = header;
        parent_digest_ = block.digest;
        return {};
    }

    Status check_certificate(Height height, DataReport& report) {
        SANQUAN_TRY_ASSIGN(const Bytes bytes, blocks_.certificate(height));
        if (bytes == last_certificate_) {
            return {};
        }
        SANQUAN_TRY_ASSIGN(const auto certificate,
                           decode<wire::Certificate>(bytes, limits::kCertificateBytesMax));
        SANQUAN_TRY_ASSIGN(const auto vote, decode<wire::Vote>(certificate.vote(), 256));
        SANQUAN_TRY_ASSIGN(const auto digest, BlockDigest::from_bytes(vote.digest()));
        const auto certified = blocks_.find_block(digest);
        if (certified && *certified < height) {
            return fail(Code::kCertificateInvalid, "it finalizes an earlier block");
        }
        SANQUAN_TRY(check_finalization(genesis_.chain, validators_, certificate, digest));
        report.signatures += static_cast<std::uint64_t>(certificate.signatures_size());
        last_certificate_ = bytes;
        return {};
    }

    Status execute(const Block& block, DataReport& report) {
        const contracts::BlockContext context{genesis_.chain, block.header.height,
                                              block.header.time};
        const auto state = again_.head();
        std::vector<Transaction> transactions;
        std::vector<const Transaction*> pointers;
        for (const Bytes& raw : block.transactions) {
            SANQUAN_TRY_ASSIGN(auto transaction, decode_transaction(raw, genesis_.chain));
            report.signatures += transaction.signatures.size();
            const auto admitted = contracts::check_admission(
                transaction, context, *state,
                [](const PublicKey& key, ByteView message, ByteView signature) {
                    return verify(key, message, signature).has_value();
                });
            if (!admitted) {
                return tl::unexpected(admitted.error());
            }
            transactions.push_back(std::move(transaction));
        }
        for (const Transaction& transaction : transactions) {
            pointers.push_back(&transaction);
        }
        const auto result = contracts::apply_block(context, pointers, *state);
        SANQUAN_TRY_ASSIGN(const auto stored, blocks_.receipts(block.header.height));
        if (result.receipts != stored) {
            return fail(Code::kStateMismatch, "the stored receipts are not what execution gives");
        }
        SANQUAN_TRY_ASSIGN(const auto next,
                           again_.extend(state, block.header.height, result.writes));
        SANQUAN_TRY(again_.commit(next));
        receipts_root_ = merkle_root_of_leaves(genesis_.chain.hash, result.receipts);
        report.transactions += transactions.size();
        return {};
    }

    const Genesis& genesis_;
    const BlockStore& blocks_;
    StateStore& again_;
    ValidatorSet validators_;
    BlockHeader parent_;
    BlockDigest parent_digest_;
    MerkleRoot receipts_root_;
    Bytes last_certificate_;
};

Status compare_states(const StateStore& stored, const StateStore& again, DataReport& report) {
    const auto left = stored.snapshot();
    const auto right = again.snapshot();
    Bytes after;
    for (;;) {
        const auto expected = right->scan("", after, kScanKeys);
        const auto found = left->scan("", after, kScanKeys);
        for (std::size_t i = 0; i < expected.size(); ++i) {
            if (i >= found.size() || found[i] != expected[i]) {
                return fail(Code::kStateMismatch,
                            "the stored state differs from the executed one at key " +
                                to_hex(expected[i].first));
            }
        }
        if (found.size() != expected.size()) {
            return fail(Code::kStateMismatch, "the stored state holds further keys");
        }
        report.keys += expected.size();
        if (expected.size() < kScanKeys) {
            break;
        }
        after = expected.back().first;
    }
    return left->root() == right->root() ? Status{}
                                         : Status(fail(Code::kStateMismatch, "state roots differ"));
}

// The checks after each transaction saw what it touched; this sees everything that stands now.
Status check_invariants(const StateStore& state) {
    const auto head = state.snapshot();
    return contracts::check_whole_state(*head,
                                        [&](ByteView prefix, ByteView after, std::size_t limit) {
                                            return head->scan(prefix, after, limit);
                                        });
}

// `held` stands in for `directory`, whose files it links.
Result<DataReport> verify_shadow(const std::filesystem::path& directory, ShadowDirectory& held,
                                 const Scratch& scratch) {
    Env& env = held.env();
    DataReport report;
    SANQUAN_TRY_ASSIGN(const auto identity, DataDirectory::read_identity(env, directory.string()));
    report.chain = identity.chain;
    if (env.exists(held.file("votes"))) {  // an audit node has none
        SANQUAN_TRY(verify_votes(env, held.file("votes")));
    }
    SANQUAN_TRY_ASSIGN(auto kv, open_leveldb(held.file("blocks")));
    // The hash algorithm stands in genesis, which is block 0: read it with either, then open for good.
    SANQUAN_TRY_ASSIGN(auto probe, BlockStore::open(std::move(kv), HashAlgorithm::kSha256));
    SANQUAN_TRY_ASSIGN(const Bytes file, probe->block(Height{0}));
    SANQUAN_TRY_ASSIGN(const Genesis genesis, decode_genesis(file));
    if (genesis.chain.id != identity.chain) {
        return fail(Code::kCorrupt, "the stored genesis is not the directory's");
    }
    std::unique_ptr<BlockStore> blocks = std::move(probe);
    if (genesis.chain.hash != HashAlgorithm::kSha256) {
        blocks.reset();
        SANQUAN_TRY_ASSIGN(kv, open_leveldb(held.file("blocks")));
        SANQUAN_TRY_ASSIGN(blocks, BlockStore::open(std::move(kv), genesis.chain.hash));
    }
    SANQUAN_TRY(blocks->verify());
    StateOptions options;
    options.hash = genesis.chain.hash;
    options.reappends_per_entry = genesis.message.state_reappends_per_entry();
    const std::string state = held.file("state");
    const Height last = blocks->height().value_or(Height{});
    std::optional<StateRoot> root_at_last;
    const auto on_root = [&](Height height, const StateRoot& root) -> Status {
        if (height == last) {
            root_at_last = root;
        }
        return {};
    };
    {
        SANQUAN_TRY_ASSIGN(const auto tombstones, open_leveldb(state + "/tombstones"));
        SANQUAN_TRY(verify_state(env, state, StateCheck{options.hash, tombstones.get(), on_root}));
    }
    SANQUAN_TRY_ASSIGN(const auto again, StateStore::open(env, scratch.state(), options));
    SANQUAN_TRY(Checker(genesis, *blocks, *again).run(report));
    SANQUAN_TRY_ASSIGN(const auto stored, StateStore::open(env, state, options));
    // A crash between the two writes of a block leaves the state one block ahead; the next start cuts it back.
    if (stored->height() < last || stored->height() > last.next()) {
        return fail(Code::kStateMismatch,
                    state + " ends at block " + std::to_string(stored->height().value) + ", " +
                        held.file("blocks") + " at block " + std::to_string(last.value));
    }
    if (root_at_last && *root_at_last != again->root()) {
        return fail(Code::kStateMismatch, state + ": another root than execution gives at block " +
                                              std::to_string(last.value));
    }
    if (stored->height() == last) {
        SANQUAN_TRY(compare_states(*stored, *again, report));
    }
    // ORDER: after the comparisons, so that damage is not taken for a rule that failed.
    if (const Status status = check_invariants(*again); !status) {
        return tl::unexpected(at_block(last, status.error()));
    }
    return report;
}

// The user's path in place of the stand-in's.
Error named_as(const std::filesystem::path& directory, const std::string& shadow, Error error) {
    for (auto at = error.context.find(shadow); at != std::string::npos;
         at = error.context.find(shadow, at + directory.string().size())) {
        error.context.replace(at, shadow.size(), directory.string());
    }
    return error;
}

}  // namespace

Result<DataReport> verify_data(const std::filesystem::path& directory,
                               const std::filesystem::path& scratch_path) {
    const Scratch scratch(scratch_path);
    SANQUAN_TRY_ASSIGN(const auto held, ShadowDirectory::make(directory, scratch.shadow()));
    auto report = verify_shadow(directory, *held, scratch);
    if (!report) {
        return tl::unexpected(named_as(directory, scratch.shadow().string(), report.error()));
    }
    return report;
}

}  // namespace sanquan::node
