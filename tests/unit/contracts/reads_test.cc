// Goal: what an operation reads stays within its weight, however its sender prepares the state.
// Method: an asset that rests on as many sources and grants as the rules allow, mandates and grants
// of a holder up to their limits; each operation is run on it, and the records it reads are counted.
#include <google/protobuf/text_format.h>

#include "contracts/asset_records.h"
#include "contracts/records.h"
#include "contracts/registry.h"
#include "contracts/sources.h"
#include "ledger/base/amount.h"
#include "ledger/codec/state_party.pb.h"
#include "ledger/model/asset_code.h"
#include "ledger/model/state_keys.h"
#include "ledger/model/transaction.h"
#include "tests/support/catch.h"
#include "tests/unit/contracts/world.h"

namespace sanquan::contracts::testing {
namespace {

constexpr std::uint64_t kStart = 1'800'000'000'000;
constexpr std::uint64_t kUntil = kStart + 1'000'000'000;
// Records that one unit of weight may read.
constexpr std::size_t kReadsPerWeight = 400;

class CountingView final : public ReadView {
  public:
    explicit CountingView(const ReadView& parent) : parent_(parent) {}
    [[nodiscard]] std::optional<Bytes> get(ByteView key) const override {
        ++reads_;
        return parent_.get(key);
    }
    [[nodiscard]] std::size_t reads() const { return reads_; }

  private:
    const ReadView& parent_;
    mutable std::size_t reads_ = 0;
};

struct Measured {
    std::string code;
    std::size_t reads = 0;
    std::size_t weight = 0;
};

// The asset of number 0, OW1's, is made from all others, each under a chain of `depth` grants.
class Deep {
  public:
    Deep(std::uint64_t sources, std::uint32_t depth) {
        wire::DerivationRecord derivation;
        for (std::uint64_t number = 1; number <= sources; ++number) {
            asset(number);
            auto& input = *derivation.add_inputs();
            input.set_asset(code(number));
            input.set_grant(chain(number, depth, wire::OPERATION_MANAGEMENT, "PC"));
        }
        asset(0);
        store(state(), keys::derivation(code(0)), derivation);
        auto product = load_asset(state(), code(0));
        product.set_derived(true);
        product.set_responsible_officer("OW1");
        for (const auto kind : {wire::SECRECY, wire::ETHICS}) {
            auto& mark = *product.add_reviews();
            mark.set_kind(kind);
            mark.set_passed(true);
            mark.set_valid_until_ms(kUntil);
        }
        std::sort(product.mutable_reviews()->begin(), product.mutable_reviews()->end(),
                  [](const auto& a, const auto& b) { return a.kind() < b.kind(); });
        store(state(), keys::asset(code(0)), product);
        for (const char* party : {"OW1", "OW2", "US", "PC"}) {
            world_.balance(party, "CNY", 1'000'000);
        }
    }

    static std::string code(std::uint64_t number) { return format({"530000", "S01", number + 1}); }

    // A chain of `depth` grants on an asset; answers the id of the last, which `holder` holds.
    std::string chain(std::uint64_t number, std::uint32_t depth, wire::Right right,
                      const std::string& holder, bool revoked = false) {
        std::string parent;
        for (std::uint32_t link = 0; link < depth; ++link) {
            wire::GrantRecord grant;
            grant.set_asset(code(number));
            grant.set_grantor("OW1");
            grant.set_holder(link + 1 == depth ? holder : "SP");
            grant.set_right(right);
            for (const auto action : {wire::AGGREGATE, wire::PROCESS, wire::LIST, wire::PRICE,
                                      wire::SUBLICENSE, wire::USE}) {
                grant.add_actions(action);
            }
            grant.set_valid_until_ms(kUntil);
            grant.set_parent(parent);
            grant.set_delegation_depth(8 - std::min(link, 8U));
            grant.set_revoked_ms(revoked && link == 0 ? 1 : 0);
            parent = "G-" + std::to_string(++grants_);
            store(state(), keys::grant(parent), grant);
        }
        return parent;
    }

    // `holder` was granted as much as it can be, all of it dead at the root.
    void dead_grants(const std::string& holder) {
        wire::HolderRecord held;
        for (std::size_t i = 0; i < limits::kHolderGrantsMax; ++i) {
            held.add_grants(chain(0, 9, wire::OPERATION_MANAGEMENT, holder, /*revoked=*/true));
        }
        store(state(), keys::right(code(0), holder), held);
    }

    // 64 mandates for EX, of which the last covers.
    void mandates(const std::string& party, bool sells) {
        wire::MandateIndexRecord index;
        for (int i = 0; i < 64; ++i) {
            wire::MandateRecord mandate;
            auto& terms = *mandate.mutable_terms();
            terms.set_may_sell(sells);
            terms.set_may_buy(!sells);
            terms.mutable_price_max()->set_currency("CNY");
            terms.mutable_price_max()->set_amount(Amount(i == 63 ? 100 : 1).encode());
            terms.set_valid_until_ms(kUntil);
            const std::string id = "M-" + party + std::to_string(i);
            store(state(), keys::mandate(id), mandate);
            index.add_mandates(id);
        }
        store(state(), keys::mandates(party, "EX"), index);
    }

    // Runs the operation as the block would and keeps its writes.
    Measured run(const std::string& sender, const std::string& text,
                 const std::set<std::string>& cosigners = {}) {
        wire::Operation operation;
        INFO(text);
        REQUIRE(google::protobuf::TextFormat::ParseFromString(text, &operation));
        wire::TransactionBody body;
        *body.add_operations() = operation;
        std::set<std::string> signers = cosigners;
        signers.insert(sender);
        TransactionId id;
        id.octets[0] = ++transactions_;
        const Context context{world_.chain(), Height{1}, world_.time(), id, 0, sender, signers};
        const CountingView counting(state());
        Overlay overlay(counting);
        const Execution execution = execute(operation, context, overlay);
        Measured measured{"OK", counting.reads(), weight_of(body)};
        if (const auto* refusal = std::get_if<Refusal>(&execution.result)) {
            measured.code = std::string(sanquan::text(refusal->code));
            return measured;
        }
        subject_ = std::get<Outcome>(execution.result).subject;
        for (const auto& [key, value] : overlay.writes()) {
            value ? state().put(key, *value) : state().erase(key);
        }
        return measured;
    }

    [[nodiscard]] const std::string& subject() const { return subject_; }
    World& world() { return world_; }
    Overlay& state() { return world_.state(); }

  private:
    void asset(std::uint64_t number) {
        wire::AssetRecord record;
        record.set_status(wire::ASSET_CERTIFIED);
        record.set_stage(wire::PROCESSED);
        record.set_level(wire::GENERAL);
        record.set_level_reviewed(true);
        record.set_source_class(wire::ENTERPRISE_DATA);
        record.set_access(wire::PUBLIC);
        record.set_certificate_until_ms(kUntil);
        auto& owner = *record.add_owners();
        owner.set_organisation("OW1");
        owner.set_basis_points(10'000);
        store(state(), keys::asset(code(number)), record);
    }

    World world_;
    std::size_t grants_ = 0;
    std::uint8_t transactions_ = 0;
    std::string subject_;
};

void within_weight(const Measured& measured, const std::string& code) {
    CAPTURE(measured.reads, measured.weight);
    CHECK(measured.code == code);
    CHECK(measured.reads <= measured.weight * kReadsPerWeight);
}

// Shows that a worst case was met: the operation has read at least so much.
void reaches(const Measured& measured, std::size_t reads) {
    CAPTURE(measured.reads);
    CHECK(measured.reads >= reads);
}

constexpr std::uint32_t kDepth = limits::kDelegationDepthMax + 1;

std::string sale() {
    return "trade_ownership { asset: '" + Deep::code(0) +
           "' seller: 'OW1' buyer: 'OW2' price { currency: 'CNY' amount: '2' } "
           "client_reference: 's' }";
}

}  // namespace

TEST_CASE("a sale of ownership reads as little as its weight says", "[contracts][weight]") {
    SECTION("as many grants as a sale looks at") {
        Deep deep(32, 1);
        deep.mandates("OW1", /*sells=*/true);
        deep.mandates("OW2", /*sells=*/false);
        const Measured measured = deep.run("EX", sale());
        within_weight(measured, "OK");
        reaches(measured, 300);
    }
    SECTION("one more") { within_weight(Deep(33, 1).run("OW1", sale(), {"OW2"}), "BAD_INPUTS"); }
    SECTION("few sources, long chains") {
        within_weight(Deep(3, kDepth).run("OW1", sale(), {"OW2"}), "OK");
        within_weight(Deep(4, kDepth).run("OW1", sale(), {"OW2"}), "BAD_INPUTS");
    }
    SECTION("all that an asset may rest on") {
        within_weight(Deep(kSourcesMax, kDepth).run("OW1", sale(), {"OW2"}), "BAD_INPUTS");
    }
    SECTION("an asset of its own is sold for a few reads") {
        Deep deep(1, 1);
        auto asset = load_asset(deep.state(), Deep::code(0));
        asset.set_derived(false);
        store(deep.state(), keys::asset(Deep::code(0)), asset);
        const Measured measured = deep.run("OW1", sale(), {"OW2"});
        CHECK(measured.code == "OK");
        CHECK(measured.reads <= 30);
    }
}

TEST_CASE("operations on an asset with all sources stay within their weight",
          "[contracts][weight]") {
    Deep deep(kSourcesMax, kDepth);
    const std::string asset = "asset: '" + Deep::code(0) + "' ";
    SECTION("use and payment") {
        const std::string grant = deep.chain(0, kDepth + 1, wire::USAGE, "US");
        const std::string use = "record_use { grant: '" + grant + "' action: USE count: 1 ";
        within_weight(deep.run("US", use + "}"), "OK");
        const Measured paid = deep.run("US", use + "paid { currency: 'CNY' amount: '2' } }");
        within_weight(paid, "OK");
        reaches(paid, 500);
        // Who cannot pay does not buy the walk.
        const Measured poor = deep.run("US", use + "paid { currency: 'XTS' amount: '2' } }");
        CHECK(poor.code == "INSUFFICIENT_FUNDS");
        CHECK(poor.reads <= 80);
    }
    SECTION("grants") {
        const std::string terms =
            "holder: 'US' right: USAGE actions: [USE] valid_until_ms: 1800000900000 "
            "valid_from_ms: 1800000000000 ";
        const std::string price =
            "constraints { left_operand: 'payAmount' operator: 'gteq' right_operand: '50' "
            "unit: 'CNY' } ";
        const Measured granted = deep.run("OW1", "grant_right { " + asset + terms + price + "}");
        within_weight(granted, "OK");
        reaches(granted, 1'000);
    }
    SECTION("grading") {
        within_weight(deep.run("KA", "review_grading { " + asset + "level: IMPORTANT evidence: '" +
                                         Bytes(32, 'e') + "' }"),
                      "OK");
    }
    SECTION("a holder of many grants that are dead") {
        deep.dead_grants("US");
        const Measured declared = deep.run(
            "US", "declare_stage_not_needed { " + asset + "stage: AGGREGATED reason: 'r' }");
        within_weight(declared, "NO_RIGHT");
        reaches(declared, limits::kHolderGrantsMax * kDepth);
        within_weight(deep.run("US", "license_asset { " + asset + "}"), "NO_RIGHT");
    }
}

TEST_CASE("the market's operations on an asset with all sources stay within their weight",
          "[contracts][weight]") {
    Deep deep(kSourcesMax - 1, kDepth);  // the split counts the asset with its sources
    const std::string grant = deep.chain(0, kDepth, wire::OPERATION_MANAGEMENT, "PC");
    const Measured listed = deep.run(
        "PC", "create_listing { reference: 'l' asset: '" + Deep::code(0) + "' grant: '" + grant +
                  "' mode: TRADE_MODE price { currency: 'CNY' amount: '2' } "
                  "split { part: OPERATOR organisation: 'PC' basis_points: 5000 } "
                  "split { part: OWNER organisation: 'OW1' basis_points: 5000 } "
                  "actions: USE licence_term_ms: 1000 valid_until_ms: 1800000900000 "
                  "exchange: 'EX' }");
    within_weight(listed, "OK");
    reaches(listed, 500);
    const std::string listing = deep.subject();
    const Measured approved =
        deep.run("EX", "change_listing { listing: '" + listing + "' change: APPROVE }");
    within_weight(approved, "OK");
    reaches(approved, 500);
    const auto place = [&](const std::string& reference) {
        const Measured placed = deep.run(
            "OW2", "place_order { client_reference: '" + reference + "' listing: '" + listing +
                       "' price { currency: 'CNY' amount: '2' } "
                       "delivery_deadline_ms: 1800000001000 acceptance_deadline_ms: 1800000002000 "
                       "}");
        within_weight(placed, "OK");
        reaches(placed, 500);
        return "order: '" + deep.subject() + "' ";
    };
    const std::string refused = place("a");
    within_weight(deep.run("EX", "cancel_order { " + refused + "}"), "NOT_THE_BUYER");
    const std::string order = place("b");
    const std::string digest = "'" + Bytes(32, 'd') + "' ";
    const Measured delivered = deep.run("PC", "deliver { " + order + "delivered: " + digest + "}");
    within_weight(delivered, "OK");
    reaches(delivered, 500);
    within_weight(deep.run("OW2", "accept_delivery { " + order + "received: " + digest + "}"),
                  "OK");
    within_weight(deep.run("EX", "settle_order { " + order + "}"), "OK");
    within_weight(
        deep.run("OW2", "record_application { " + order +
                            "title { en: 'T' } purpose: 'credit-scoring' output: " + digest + "}"),
        "OK");
}

}  // namespace sanquan::contracts::testing
