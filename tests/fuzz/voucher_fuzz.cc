// Goal: nobody without the validators' keys makes a voucher, checkpoint or trust file say what the chain did not.
// Method: genuine ones of a chain of three blocks are edited as the input says, with and without a right checksum, and
// whatever is then accepted must be one of that chain's facts; the input is also read as it is.
#include <algorithm>

#include "ledger/codec/canonical.h"
#include "ledger/codec/proof.pb.h"
#include "ledger/proof/merkle.h"
#include "ledger/proof/trust.h"
#include "ledger/proof/voucher.h"
#include "tests/fuzz/edits.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/sample_genesis.h"

namespace {

using namespace sanquan;
using namespace std::string_view_literals;

constexpr std::size_t kReceipts = 5;
constexpr std::uint64_t kBlocks = 3;

// The chain: all that its validators ever signed is the finalization of block 3.
struct Sample {
    Genesis genesis = testing::decoded_sample();
    std::vector<Bytes> receipts;
    std::vector<BlockDigest> digests{genesis_block_digest(genesis.chain)};
    VoucherParts parts;
    Bytes receipt_voucher;
    Bytes checkpoint;

    Sample() {
        for (std::uint32_t index = 0; index < kReceipts; ++index) {
            wire::Receipt receipt;
            receipt.set_transaction_id(Bytes(32, static_cast<char>('a' + index)));
            receipt.set_height(1);
            receipt.set_index(index);
            receipts.push_back(encode(receipt));
        }
        parts.trust = make_trust_file(genesis);
        BlockHeader header = genesis_header(genesis);
        for (std::uint64_t height = 1; height <= kBlocks; ++height) {
            header.height = Height{height};
            header.view = View{height};
            header.time = TimeMs{header.time.value + 1};
            header.parent = digests.back();
            header.history_size = height;
            header.proposer = ReplicaIndex{1};
            if (height == 2) {
                header.receipts_root = merkle_root_of_leaves(genesis.chain.hash, receipts);
            }
            parts.headers.push_back(encode_header(header));
            digests.push_back(block_digest(genesis.chain, parts.headers.back()));
        }
        parts.certificate = finalization(digests.back());
        receipt_voucher = make_receipt_voucher(genesis.chain, parts, receipts, 2).value();
        const SigningKey auditor = testing::key_of("audit");
        checkpoint = make_checkpoint(genesis.chain, parts, "audit", &auditor).value();
    }

    [[nodiscard]] Bytes finalization(const BlockDigest& digest) const {
        wire::Vote vote;
        vote.set_view(kBlocks);
        vote.set_kind(wire::FINALIZE);
        vote.set_digest(digest.bytes());
        wire::Certificate certificate;
        certificate.set_vote(encode(vote));
        for (const std::uint32_t index : {0U, 2U, 3U}) {
            auto& signature = *certificate.add_signatures();
            signature.set_index(index);
            signature.set_signature(
                testing::key_of("vote-" + std::to_string(index))
                    .sign(domain_message("vote", genesis.chain.id, certificate.vote())));
        }
        return encode(certificate);
    }
};

const Sample& sample() {
    static const Sample made;
    return made;
}

// `bytes` as a forger would close it; as it is when it is no voucher.
Bytes with_right_checksum(ByteView bytes) {
    auto voucher = decode<wire::Voucher>(bytes, kVoucherBytesMax);
    if (!voucher) {
        return Bytes(bytes);
    }
    voucher->clear_checksum();
    voucher->set_checksum(
        hash(HashAlgorithm::kSha256, {"sanquan/voucher/v1\0"sv, encode(*voucher)}).bytes());
    return encode(*voucher);
}

void require_fact_of_the_chain(const VerifiedFact& fact) {
    const Sample& chain = sample();
    REQUIRE_THAT(fact.chain.id == chain.genesis.chain.id);
    REQUIRE_THAT(fact.certified_height == Height{kBlocks});
    REQUIRE_THAT(fact.height.value >= 1 && fact.height.value <= kBlocks);
    REQUIRE_THAT(fact.signers.size() == 3);
    if (fact.kind == FactKind::kCheckpoint) {
        REQUIRE_THAT(fact.digest == chain.digests[fact.height.value]);
    } else {
        REQUIRE_THAT(fact.kind == FactKind::kReceipt);  // no state proof was ever made
        REQUIRE_THAT(fact.height == Height{1});
        REQUIRE_THAT(std::find(chain.receipts.begin(), chain.receipts.end(), fact.receipt) !=
                     chain.receipts.end());
    }
}

void judge_voucher(ByteView voucher) {
    const Sample& chain = sample();
    if (const auto fact = verify_voucher(chain.genesis.chain.id, voucher)) {
        require_fact_of_the_chain(*fact);
    }
    const Anchor anchor{Height{1}, chain.digests[1]};
    if (const auto fact = verify_voucher(anchor, chain.checkpoint, voucher)) {
        require_fact_of_the_chain(*fact);
    }
    // The certificate of an anchor's checkpoint is not looked at, so that its fact must come from the voucher.
    if (const auto fact = verify_voucher(anchor, voucher, chain.receipt_voucher)) {
        require_fact_of_the_chain(*fact);
        REQUIRE_THAT(fact->receipt == chain.receipts[2]);
    }
    (void)without_audits(voucher);
    (void)add_audit(chain.checkpoint, voucher, "audit", SpkiHash{{1}});
    (void)add_audit(voucher, chain.checkpoint, "audit", SpkiHash{{1}});
}

void judge_trust(ByteView trust) {
    const Sample& chain = sample();
    if (const auto found = verify_trust(chain.genesis.chain.id, trust)) {
        REQUIRE_THAT(found->sets.size() == 1);  // no set ever ended
        REQUIRE_THAT(encode_validator_set(found->sets.front()) ==
                     encode_validator_set(genesis_validators(chain.genesis)));
    }
    for (const std::uint64_t epoch : {0U, 1U}) {
        (void)claimed_set(chain.genesis.chain.id, trust, Epoch{epoch});
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Sample& chain = sample();
    static const bool sound =
        verify_voucher(chain.genesis.chain.id, chain.receipt_voucher).has_value();
    REQUIRE_THAT(sound);
    const auto input = fuzz::input(data, size);
    judge_voucher(input);
    judge_trust(input);
    for (const Bytes* genuine : {&chain.receipt_voucher, &chain.checkpoint}) {
        const Bytes changed = fuzz::edited(*genuine, input);
        judge_voucher(changed);
        judge_voucher(with_right_checksum(changed));
    }
    judge_trust(fuzz::edited(chain.parts.trust, input));
    return 0;
}
