// A ledger of one block for tests of the gateway: whatever is submitted stands in it at once.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/genesis.pb.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/codec/transaction.pb.h"
#include "ledger/crypto/signing_key.h"
#include "ledger/model/state_keys.h"
#include "ledger/model/transaction.h"
#include "ledger/model/wire_keys.h"
#include "ledger/state/read_meter.h"
#include "node/ledger_service.h"

namespace sanquan::node {

class MapView final : public ReadView {
  public:
    std::map<Bytes, Bytes> entries;
    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override {
        const auto found = entries.find(Bytes(key));
        return found == entries.end() ? std::nullopt : std::optional(found->second);
    }
};

class FakeLedger final : public LedgerService {
  public:
    FakeLedger() {
        chain_.id.octets[0] = 7;
        chain_.profile = ChainProfile::kDemo;
    }

    // Registers the key for the organisation, and a role if there is one.
    void add_member(const std::string& organisation, const SigningKey& key,
                    wire::Role role = wire::ROLE_UNSPECIFIED) {
        wire::KeyRecord record;
        record.set_organisation(organisation);
        *record.mutable_key() = to_wire(key.public_key());
        view_->entries[keys::key(key.id().view())] = encode(record);
        if (role != wire::ROLE_UNSPECIFIED) {
            view_->entries[keys::role(organisation, role)] = encode(wire::RoleRecord());
        }
    }
    MapView& view() { return *view_; }
    // Bytes of the block's certificate, and so of what is read for it.
    void set_certificate_bytes(std::size_t bytes) { certificate_.assign(bytes, 'c'); }
    [[nodiscard]] std::size_t blocks_read() const { return blocks_read_; }
    void refuse_with(Code code) { refusal_ = code; }
    // The code of every operation's result from now on.
    void refuse_operations_with(Code code) { result_ = code; }
    // Empty blocks up to `height`, and a call for whoever listens.
    void grow_to(std::uint64_t height) {
        height_ = height;
        ring();
    }
    // As an audit node that found another result.
    void diverge(const std::string& where) {
        {
            const std::lock_guard lock(mutex_);
            divergence_ = where;
        }
        ring();
    }
    // From now on nobody is answered before drop_held().
    void hold() { holds_ = true; }
    [[nodiscard]] std::size_t held() const {
        const std::lock_guard lock(mutex_);
        return held_.size();
    }
    [[nodiscard]] std::size_t listeners() const {
        const std::lock_guard lock(mutex_);
        return listeners_.size();
    }
    // As a node that stops: answers whoever waits, tells every listener it ever had, and forgets them.
    void drop_held() {
        std::vector<std::function<void(Result<TransactionOutcome>)>> held;
        std::vector<std::function<void(Height)>> listeners;
        {
            const std::lock_guard lock(mutex_);
            held.swap(held_);
            listeners.swap(listeners_);
        }
        for (const auto& done : held) {
            done(fail(Code::kStopping));
        }
        for (const auto& listener : listeners) {
            listener(Height{2});
        }
    }

    [[nodiscard]] const Chain& chain() const override { return chain_; }
    [[nodiscard]] Bytes genesis() const override {
        wire::Genesis genesis;
        genesis.set_network("fake");
        return encode(genesis);
    }
    [[nodiscard]] NodeStatus status() const override {
        NodeStatus status;
        status.height = Height{height_};
        const std::lock_guard lock(mutex_);
        status.diverged = !divergence_.empty();
        status.divergence = divergence_;
        status.time = TimeMs{1'000};
        status.role = "validator";
        status.name = "fake";
        status.build = "test";
        status.state_root.octets[0] = 9;
        return status;
    }
    void submit(Bytes raw, WaitFor wait, std::chrono::milliseconds /*timeout*/,
                std::function<void(Result<TransactionOutcome>)> done) override {
        auto transaction = decode_transaction(raw, chain_);
        if (!transaction || refusal_ != Code::kOk) {
            done(transaction ? fail(refusal_) : fail(transaction.error().code));
            return;
        }
        if (holds_) {
            const std::lock_guard lock(mutex_);
            held_.push_back(std::move(done));
            return;
        }
        TransactionOutcome outcome;
        outcome.id = transaction->id;
        if (wait != WaitFor::kAdmitted) {
            outcome.height = Height{1};
            outcome.receipt = std::make_shared<const Bytes>(receipt_of(*transaction));
            outcome.sealed = wait == WaitFor::kSealed;
            const std::lock_guard lock(mutex_);
            raw_ = raw;
            known_ = outcome;
        }
        done(outcome);
    }
    [[nodiscard]] Result<TransactionOutcome> find_transaction(
        const TransactionId& id) const override {
        const std::lock_guard lock(mutex_);
        if (known_.id != id) {
            return fail(Code::kNotFound);
        }
        return known_;
    }
    [[nodiscard]] Result<Bytes> dry_run(Bytes body) const override {
        Transaction transaction;
        transaction.body_bytes = std::move(body);
        return receipt_of(transaction);
    }
    [[nodiscard]] StateSnapshot state() const override {
        StateSnapshot snapshot;
        snapshot.height = Height{1};
        snapshot.time = TimeMs{1'000};
        snapshot.root.octets[0] = 9;
        snapshot.view = view_;
        return snapshot;
    }
    [[nodiscard]] Result<PastState> state_at(Height at) const override {
        if (at > Height{1}) {
            return fail(Code::kNotFound);
        }
        PastState past{state(), [] { return Status(); }};
        past.state.height = at;
        return past;
    }
    [[nodiscard]] std::vector<std::pair<Bytes, Bytes>> scan(ByteView prefix, ByteView cursor,
                                                            std::size_t limit) const override {
        std::vector<std::pair<Bytes, Bytes>> found;
        for (const auto& [key, value] : view_->entries) {
            if (key.starts_with(prefix) && (cursor.empty() || key > cursor) &&
                found.size() < limit) {
                found.emplace_back(key, value);
            }
        }
        return found;
    }
    // Called with every block that is to be read, before it is.
    void before_reading(std::function<void(Height)> call) { before_reading_ = std::move(call); }
    [[nodiscard]] Result<StoredBlock> block(Height height) const override {
        if (before_reading_) {
            before_reading_(height);
        }
        const std::lock_guard lock(mutex_);
        if (height.value == 0 || height.value > height_ || (height_ == 1 && raw_.empty())) {
            return fail(Code::kNotFound, "no such block");
        }
        wire::BlockHeader header;
        header.set_chain_id(chain_.id.bytes());
        header.set_height(height.value);
        const std::string digest(kDigestBytes, '\1');
        for (auto* field : {header.mutable_parent(), header.mutable_transactions_root(),
                            header.mutable_validator_set(), header.mutable_next_validator_set(),
                            header.mutable_history_root(), header.mutable_state_root(),
                            header.mutable_receipts_root()}) {
            *field = digest;
        }
        wire::Block block;
        block.set_header(encode(header));
        if (height.value > 1 || raw_.empty()) {
            return StoredBlock{height, encode(block), "certificate", {}};
        }
        block.add_transactions(raw_);
        ++blocks_read_;
        count_read(certificate_.size());
        return StoredBlock{height, encode(block), certificate_, {*known_.receipt}};
    }
    [[nodiscard]] Result<Bytes> prove_receipt(const TransactionId&) const override {
        return Bytes("voucher");
    }
    [[nodiscard]] Result<Bytes> prove_state(ByteView, std::optional<Height>) const override {
        return Bytes("voucher");
    }
    [[nodiscard]] Result<Bytes> checkpoint(std::optional<Height>) const override {
        return Bytes("checkpoint");
    }
    [[nodiscard]] Result<Bytes> trust_file() const override { return Bytes("trust"); }
    [[nodiscard]] Result<Bytes> prove_consistency(Height, Height) const override {
        return Bytes("consistency");
    }
    std::uint64_t subscribe(std::function<void(Height)> on_block) override {
        const std::lock_guard lock(mutex_);
        listeners_.push_back(std::move(on_block));
        return 1;
    }
    void unsubscribe(std::uint64_t) override {}
    [[nodiscard]] std::string metrics() const override { return "sanquan_height 1\n"; }

  private:
    std::function<void(Height)> before_reading_;
    void ring() {
        std::vector<std::function<void(Height)>> listeners;
        {
            const std::lock_guard lock(mutex_);
            listeners = listeners_;
        }
        for (const auto& listener : listeners) {
            listener(Height{height_});
        }
    }
    [[nodiscard]] Bytes receipt_of(const Transaction& transaction) const {
        wire::Receipt receipt;
        receipt.set_transaction_id(transaction_id(chain_, transaction.body_bytes).bytes());
        receipt.set_height(1);
        auto& result = *receipt.add_results();
        result.set_code(static_cast<std::uint32_t>(result_.load()));
        result.set_rule("money.issue");
        result.set_rule_version(1);
        result.set_subject("X-BUYER");
        auto& fact = *result.add_facts();
        fact.set_name("amount");
        fact.set_value("4242");
        return encode(receipt);
    }

    Chain chain_;
    std::shared_ptr<MapView> view_ = std::make_shared<MapView>();
    Code refusal_ = Code::kOk;
    std::atomic<Code> result_ = Code::kOk;
    std::atomic<std::uint64_t> height_ = 1;
    std::string divergence_;
    std::atomic<bool> holds_ = false;
    Bytes certificate_ = "certificate";
    mutable std::atomic<std::size_t> blocks_read_ = 0;
    mutable std::mutex mutex_;
    Bytes raw_;
    TransactionOutcome known_;
    std::vector<std::function<void(Result<TransactionOutcome>)>> held_;
    std::vector<std::function<void(Height)>> listeners_;
};

}  // namespace sanquan::node
