// Goal: a voucher stands on the genesis digest alone, and no changed copy of it is accepted.
// Method: a chain of three headers made by hand and signed by the sample's validators; then every byte is flipped, and
// every field is changed with the checksum made right again, as a forger would.
#include "ledger/proof/voucher.h"

#include <functional>

#include "ledger/codec/canonical.h"
#include "ledger/codec/proof.pb.h"
#include "ledger/proof/merkle.h"
#include "ledger/proof/trust.h"
#include "tests/support/catch.h"
#include "tests/support/sample_genesis.h"

using namespace sanquan;
using namespace sanquan::testing;

namespace {

using namespace std::string_view_literals;

struct Sample {
    Genesis genesis = decoded_sample();
    std::vector<Bytes> receipts;
    VoucherParts parts;

    explicit Sample(std::size_t receipts_count = 5) {
        for (std::size_t i = 0; i < receipts_count; ++i) {
            wire::Receipt receipt;
            receipt.set_transaction_id(Bytes(32, static_cast<char>('a' + i)));
            receipt.set_height(1);
            receipt.set_index(static_cast<std::uint32_t>(i));
            receipts.push_back(encode(receipt));
        }
        parts.trust = make_trust_file(genesis);
        BlockHeader parent = genesis_header(genesis);
        BlockDigest parent_digest = genesis_block_digest(genesis.chain);
        for (std::uint64_t height = 1; height <= 3; ++height) {
            BlockHeader header = parent;
            header.height = Height{height};
            header.view = View{height};
            header.time = TimeMs{parent.time.value + 1};
            header.parent = parent_digest;
            header.history_size = height;
            header.proposer = ReplicaIndex{1};
            if (height == 2) {
                header.receipts_root = merkle_root_of_leaves(genesis.chain.hash, receipts);
            }
            parts.headers.push_back(encode_header(header));
            parent = header;
            parent_digest = block_digest(genesis.chain, parts.headers.back());
        }
        parts.certificate = certificate(parent_digest, {0, 2, 3});
    }

    [[nodiscard]] Bytes certificate(const BlockDigest& digest, const std::vector<int>& signers,
                                    wire::VoteKind kind = wire::FINALIZE,
                                    std::uint64_t epoch = 0) const {
        wire::Vote vote;
        vote.set_epoch(epoch);
        vote.set_view(3);
        vote.set_kind(kind);
        vote.set_digest(digest.bytes());
        wire::Certificate out;
        out.set_vote(encode(vote));
        for (const int index : signers) {
            auto& signature = *out.add_signatures();
            signature.set_index(static_cast<std::uint32_t>(index));
            signature.set_signature(
                key_of("vote-" + std::to_string(index))
                    .sign(domain_message("vote", genesis.chain.id, out.vote())));
        }
        return encode(out);
    }
    [[nodiscard]] Bytes voucher(std::uint32_t index = 2) const {
        return make_receipt_voucher(genesis.chain, parts, receipts, index).value();
    }
    [[nodiscard]] Result<VerifiedFact> verify(ByteView bytes) const {
        return verify_voucher(genesis.chain.id, bytes);
    }
    [[nodiscard]] BlockDigest last_digest() const {
        return block_digest(genesis.chain, parts.headers.back());
    }
};

Bytes with_checksum(wire::Voucher voucher) {
    voucher.clear_checksum();
    voucher.set_checksum(
        hash(HashAlgorithm::kSha256, {"sanquan/voucher/v1\0"sv, encode(voucher)}).bytes());
    return encode(voucher);
}

}  // namespace

TEST_CASE("a receipt voucher verifies and says what it assumes", "[proof][voucher]") {
    for (const std::size_t count : {1U, 2U, 3U, 5U, 8U}) {
        const Sample sample(count);
        for (std::uint32_t index = 0; index < count; ++index) {
            const auto fact = sample.verify(sample.voucher(index));
            INFO((fact ? std::string("ok") : to_string(fact.error())));
            REQUIRE(fact);
            CHECK(fact->kind == FactKind::kReceipt);
            CHECK(fact->receipt == sample.receipts[index]);
            CHECK(fact->height == Height{1});
            CHECK(fact->certified_height == Height{3});
            CHECK(fact->set_changes == 0);
            CHECK(fact->validators == 4);
            CHECK(fact->signers == std::vector<std::string>{"node-0", "node-2", "node-3"});
            CHECK(fact->chain.profile == ChainProfile::kDemo);
            CHECK(fact->network == "sample");
        }
    }
}

TEST_CASE("a voucher with any one byte changed is refused with a reason", "[proof][voucher]") {
    const Sample sample;
    const Bytes good = sample.voucher();
    REQUIRE(sample.verify(good));
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const unsigned mask : {1U, 0x80U}) {
            Bytes changed = good;
            changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ mask);
            const auto fact = sample.verify(changed);
            REQUIRE_FALSE(fact);
            CHECK(fact.error().code != Code::kOk);
        }
    }
    for (std::size_t cut = 0; cut < good.size(); cut += 7) {
        CHECK_FALSE(sample.verify(ByteView(good).substr(0, cut)));
    }
    CHECK_FALSE(sample.verify(good + "x"));
}

TEST_CASE("a forger who mends the checksum is refused at every field", "[proof][voucher]") {
    const Sample sample;
    const auto good = decode<wire::Voucher>(sample.voucher(), kVoucherBytesMax).value();
    struct Row {
        const char* field;
        std::function<void(wire::Voucher&)> change;
        Code code;
    };
    const auto flip = [](Bytes& bytes, std::size_t at) {
        bytes[at] = static_cast<char>(bytes[at] ^ 1);
    };
    const std::vector<Row> rows = {
        {"format", [](auto& v) { v.set_format(2); }, Code::kUnsupported},
        {"trust", [](auto& v) { v.clear_trust(); }, Code::kUnsupported},
        {"trust genesis head",
         [](auto& v) {
             auto trust = decode<wire::TrustFile>(v.trust(), kTrustBytesMax).value();
             auto head = wire::GenesisHead();
             REQUIRE(head.ParseFromString(trust.genesis_head()));
             head.mutable_validators(0)->set_name("mallory");
             trust.set_genesis_head(encode(head));
             v.set_trust(encode(trust));
         },
         Code::kGenesisInvalid},
        {"receipt", [&](auto& v) { v.mutable_receipt()->set_receipt(sample.receipts[3]); },
         Code::kProofInvalid},
        {"receipt of another height",
         [](auto& v) {
             wire::Receipt receipt;
             receipt.set_height(2);
             v.mutable_receipt()->set_receipt(encode(receipt));
         },
         Code::kProofInvalid},
        {"path sibling",
         [&](auto& v) { flip(*v.mutable_receipt()->mutable_path()->mutable_siblings(0), 5); },
         Code::kProofInvalid},
        {"path side",
         [&](auto& v) { flip(*v.mutable_receipt()->mutable_path()->mutable_sides(), 0); },
         Code::kProofInvalid},
        {"path cut", [](auto& v) { v.mutable_receipt()->mutable_path()->clear_sides(); },
         Code::kProofInvalid},
        {"a key that is not visible", [](auto& v) { v.mutable_state()->set_key("order/\x1b[2J"); },
         Code::kBadText},
        {"no claim", [](auto& v) { v.clear_receipt(); }, Code::kMissingField},
        {"first header gone",
         [](auto& v) { v.mutable_headers()->erase(v.mutable_headers()->begin()); },
         Code::kProofInvalid},
        {"last header gone", [](auto& v) { v.mutable_headers()->RemoveLast(); },
         Code::kCertificateInvalid},
        {"headers swapped", [](auto& v) { v.mutable_headers()->SwapElements(0, 1); },
         Code::kBlockInvalid},
        {"too few headers",
         [](auto& v) {
             v.mutable_headers()->RemoveLast();
             v.mutable_headers()->RemoveLast();
         },
         Code::kProofInvalid},
        {"another block's certificate",
         [&](auto& v) {
             v.mutable_certificate()->ParseFromString(
                 sample.certificate(BlockDigest{{7}}, {0, 1, 2}));
         },
         Code::kCertificateInvalid},
        {"a notarization instead",
         [&](auto& v) {
             v.mutable_certificate()->ParseFromString(
                 sample.certificate(sample.last_digest(), {0, 1, 2}, wire::NOTARIZE));
         },
         Code::kCertificateInvalid},
        {"another epoch's certificate",
         [&](auto& v) {
             v.mutable_certificate()->ParseFromString(
                 sample.certificate(sample.last_digest(), {0, 1, 2}, wire::FINALIZE, 1));
         },
         Code::kCertificateInvalid},
        {"below the quorum",
         [](auto& v) { v.mutable_certificate()->mutable_signatures()->RemoveLast(); },
         Code::kCertificateInvalid},
        {"one signer twice",
         [](auto& v) {
             *v.mutable_certificate()->mutable_signatures(1) = v.certificate().signatures(0);
         },
         Code::kCertificateInvalid},
        {"signer beyond the set",
         [](auto& v) { v.mutable_certificate()->mutable_signatures(2)->set_index(4); },
         Code::kCertificateInvalid},
        {"signature of another validator",
         [](auto& v) { v.mutable_certificate()->mutable_signatures(0)->set_index(1); },
         Code::kCertificateInvalid},
        {"signature",
         [&](auto& v) {
             flip(*v.mutable_certificate()->mutable_signatures(1)->mutable_signature(), 9);
         },
         Code::kCertificateInvalid},
        {"vote's view",
         [](auto& v) {
             auto vote = decode<wire::Vote>(v.certificate().vote(), 256).value();
             vote.set_view(4);
             v.mutable_certificate()->set_vote(encode(vote));
         },
         Code::kCertificateInvalid},
    };
    for (const Row& row : rows) {
        INFO(row.field);
        wire::Voucher changed = good;
        row.change(changed);
        const auto fact = sample.verify(with_checksum(changed));
        REQUIRE_FALSE(fact);
        INFO(to_string(fact.error()));
        CHECK(fact.error().code == row.code);
    }
}

TEST_CASE("every field of every header is bound", "[proof][voucher]") {
    const Sample sample;
    const auto good = decode<wire::Voucher>(sample.voucher(), kVoucherBytesMax).value();
    for (int which = 0; which < good.headers_size(); ++which) {
        for (std::size_t at = 0; at < good.headers(which).size(); ++at) {
            wire::Voucher changed = good;
            Bytes& header = *changed.mutable_headers(which);
            header[at] = static_cast<char>(header[at] ^ 2);
            REQUIRE_FALSE(sample.verify(with_checksum(changed)));
        }
    }
}

TEST_CASE("a voucher of another chain is refused", "[proof][voucher]") {
    const Sample sample;
    const auto fact = verify_voucher(ChainId{{1, 2, 3}}, sample.voucher());
    REQUIRE_FALSE(fact);
    CHECK(fact.error().code == Code::kGenesisInvalid);
}

TEST_CASE("a checkpoint is an anchor: height and digest stand for genesis",
          "[proof][voucher][anchor]") {
    const Sample sample;
    const auto auditor = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    const Bytes checkpoint =
        make_checkpoint(sample.genesis.chain, sample.parts, "audit-0", &auditor).value();
    const auto shown = sample.verify(checkpoint);
    REQUIRE(shown);
    CHECK(shown->kind == FactKind::kCheckpoint);
    CHECK(shown->height == Height{1});
    CHECK(shown->digest == block_digest(sample.genesis.chain, sample.parts.headers[0]));
    REQUIRE(shown->audits.size() == 1);
    CHECK(shown->audits[0].node == "audit-0");
    CHECK(shown->audits[0].pin == spki_hash(auditor).value());

    const Anchor anchor{shown->height, shown->digest};
    const auto fact = verify_voucher(anchor, checkpoint, sample.voucher());
    INFO((fact ? std::string("ok") : to_string(fact.error())));
    REQUIRE(fact);
    CHECK(fact->kind == FactKind::kReceipt);
    CHECK(fact->anchor_height == Height{1});
    CHECK(fact->anchor_digest == anchor.digest);
    CHECK(fact->anchor_time == shown->time);
    CHECK(fact->set_changes == 0);
    CHECK(fact->chain.id == sample.genesis.chain.id);
}

TEST_CASE("an anchor that the file does not stand for is refused", "[proof][voucher][anchor]") {
    const Sample sample;
    const Bytes checkpoint =
        make_checkpoint(sample.genesis.chain, sample.parts, "", nullptr).value();
    const Anchor good{Height{1}, sample.verify(checkpoint)->digest};
    REQUIRE(verify_voucher(good, checkpoint, sample.voucher()));

    Anchor other_height = good;
    other_height.height = Height{2};
    CHECK(verify_voucher(other_height, checkpoint, sample.voucher()).error().code ==
          Code::kProofInvalid);
    Anchor other_digest = good;
    other_digest.digest.octets[3] ^= 1;
    CHECK(verify_voucher(other_digest, checkpoint, sample.voucher()).error().code ==
          Code::kProofInvalid);
    CHECK(verify_voucher(good, sample.voucher(), sample.voucher()).error().code ==
          Code::kProofInvalid);

    // A file for the right block that shows another validator set, its checksum mended.
    auto forged = decode<wire::Voucher>(checkpoint, kVoucherBytesMax).value();
    auto trust = decode<wire::TrustFile>(forged.trust(), kTrustBytesMax).value();
    wire::GenesisHead head;
    REQUIRE(head.ParseFromString(trust.genesis_head()));
    head.mutable_validators(0)->set_name("mallory");
    trust.set_genesis_head(encode(head));
    forged.set_trust(encode(trust));
    CHECK_FALSE(verify_voucher(good, with_checksum(forged), sample.voucher()));

    // A chain that forked at the anchor's height: certified by the same set, and still refused.
    Sample fork;
    BlockHeader header = decode_header(fork.parts.headers[0]).value();
    header.time = TimeMs{header.time.value + 500};
    fork.parts.headers[0] = encode_header(header);
    BlockDigest digest = block_digest(fork.genesis.chain, fork.parts.headers[0]);
    for (std::size_t i = 1; i < fork.parts.headers.size(); ++i) {
        header = decode_header(fork.parts.headers[i]).value();
        header.parent = digest;
        header.time = TimeMs{header.time.value + 500};
        fork.parts.headers[i] = encode_header(header);
        digest = block_digest(fork.genesis.chain, fork.parts.headers[i]);
    }
    fork.parts.certificate = fork.certificate(digest, {0, 1, 2});
    REQUIRE(fork.verify(fork.voucher()));
    CHECK(verify_voucher(good, checkpoint, fork.voucher()).error().code == Code::kProofInvalid);
}

TEST_CASE("audit signatures are joined, and each must verify", "[proof][voucher][anchor]") {
    const Sample sample;
    const auto one = SigningKey::generate(KeyAlgorithm::kEcdsaP256);
    const auto two = SigningKey::generate(KeyAlgorithm::kEd25519);
    const auto make = [&](const char* node, const SigningKey& key) {
        return make_checkpoint(sample.genesis.chain, sample.parts, node, &key).value();
    };
    const SpkiHash pin_one = spki_hash(one).value();
    const auto joined = add_audit(make("b", two), make("a", one), "a", pin_one);
    REQUIRE(joined);
    const auto fact = sample.verify(*joined);
    REQUIRE(fact);
    REQUIRE(fact->audits.size() == 2);
    CHECK(fact->audits[0].node == "a");
    CHECK(fact->audits[1].pin == spki_hash(two).value());

    struct Row {
        const char* what;
        std::function<void(wire::CheckpointClaim&)> change;
        Code code;
    };
    const std::vector<Row> rows = {
        {"signature", [](auto& c) { (*c.mutable_audits(0)->mutable_signature())[8] ^= 1; },
         Code::kProofInvalid},
        {"another's key", [](auto& c) { *c.mutable_audits(0)->mutable_key() = c.audits(1).key(); },
         Code::kProofInvalid},
        {"order", [](auto& c) { c.mutable_audits()->SwapElements(0, 1); }, Code::kProofInvalid},
        {"one twice", [](auto& c) { *c.mutable_audits(1) = c.audits(0); }, Code::kProofInvalid},
        {"a name with a control", [](auto& c) { c.mutable_audits(0)->set_node("a\x1b[2J"); },
         Code::kBadText},
    };
    for (const Row& row : rows) {
        INFO(row.what);
        auto changed = decode<wire::Voucher>(*joined, kVoucherBytesMax).value();
        row.change(*changed.mutable_checkpoint());
        const auto refused = sample.verify(with_checksum(changed));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == row.code);
    }
    CHECK_FALSE(add_audit(*joined, sample.voucher(), "a", pin_one));
    // One witness under two names is one witness.
    const auto shared = add_audit(make("b", one), make("a", one), "a", pin_one);
    REQUIRE(shared);
    CHECK_FALSE(sample.verify(*shared));
    // A server that signs as "regulator-audit" with a key of its own adds nothing, whatever the names.
    CHECK(
        add_audit(*joined, make("regulator-audit", two), "regulator-audit", pin_one).error().code ==
        Code::kProofInvalid);
    const auto honest =
        add_audit(without_audits(make("a", two)).value(), make("x", one), "a", pin_one);
    REQUIRE(honest);
    const auto witnessed = sample.verify(*honest);
    REQUIRE(witnessed);
    REQUIRE(witnessed->audits.size() == 1);
    CHECK(witnessed->audits[0].pin == pin_one);
}
