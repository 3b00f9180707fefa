// Goal: lists go on where the page before ended, and what is no cursor is refused instead of answered with nothing.
// Method: every list of the API over a ledger with a few records of each kind.
#include "ledger/codec/state_asset.pb.h"
#include "ledger/codec/state_market.pb.h"
#include "ledger/model/asset_code.h"
#include "tests/support/catch.h"
#include "tests/unit/gateway/test_server.h"

namespace sanquan::node {
namespace {

constexpr std::uint64_t kRecords = 5;

std::string asset_code(std::uint64_t serial) { return format(AssetCode{"530000", "S01", serial}); }
std::string given(char letter, std::uint64_t number) {
    return std::string(1, letter) + "-" + std::string(23, 'a') + std::to_string(number);
}

struct Listed {
    Listed() {
        server.ledger.add_member("X-AUDITOR", auditor, wire::AUDITOR);
        auto& entries = server.ledger.view().entries;
        for (std::uint64_t i = 1; i <= kRecords; ++i) {
            wire::AssetRecord asset;
            asset.set_access(wire::PUBLIC);
            entries[keys::asset(asset_code(i))] = encode(asset);
            wire::OrderRecord order;
            order.set_id(given('O', i));
            entries[keys::order(order.id())] = encode(order);
            wire::ListingRecord listing;
            listing.set_id(given('L', i));
            entries[keys::listing(listing.id())] = encode(listing);
            wire::OrganisationRecord organisation;
            organisation.set_threshold(1);
            entries[keys::organisation("X-" + std::string(i, 'A'))] = encode(organisation);
        }
    }
    Result<boost::json::object> get(const std::string& target) {
        auto client = server.client();
        client.authenticate_with(&auditor);
        return client.get(target);
    }

    Server server;
    SigningKey auditor = SigningKey::generate();
};

TEST_CASE("pages follow each other without a gap or a repetition", "[gateway][listing]") {
    Listed listed;
    for (const auto& [path, name] :
         std::map<std::string, std::string>{{"/v1/assets", "assets"},
                                            {"/v1/organisations", "organisations"},
                                            {"/v1/market/listings", "listings"},
                                            {"/v1/market/orders", "orders"}}) {
        INFO(path);
        std::size_t found = 0;
        std::string cursor;
        do {
            const auto page =
                listed.get(path + "?limit=2" + (cursor.empty() ? "" : "&cursor=" + cursor));
            REQUIRE(page);
            found += page->at(name).as_array().size();
            REQUIRE(found <= kRecords);
            cursor = page->contains("next_cursor")
                         ? std::string(page->at("next_cursor").as_string())
                         : "";
        } while (!cursor.empty());
        CHECK(found == kRecords);
    }
}

TEST_CASE("what is no cursor of the list is refused", "[gateway][listing]") {
    Listed listed;
    const std::string asset = asset_code(1);
    const std::map<std::string, std::vector<std::string>> wrong = {
        {"/v1/assets?", {"530000S0100000001A", asset + "x", "530000"}},
        {"/v1/organisations?", {"x-lower", "X-", "X-A/B"}},
        {"/v1/market/listings?", {given('O', 1), "L-" + std::string(24, 'g'), "L-aa"}},
        {"/v1/market/orders?", {given('L', 1), "O-" + std::string(24, 'A'), asset}},
        {"/v1/rights?asset=" + asset + "&", {"-1", "1x", "4294967296"}},
        {"/v1/rights?asset=" + asset + "&holder=X-A&", {"1"}},
        {"/v1/assets/" + asset + "/history?", {"00", std::string(32, 'G'), std::string(34, '0')}},
    };
    for (const auto& [path, cursors] : wrong) {
        for (const std::string& cursor : cursors) {
            INFO(path << " " << cursor);
            const auto refused = listed.get(path + "cursor=" + cursor);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == Code::kBadRequest);
            CHECK(refused.error().context.find("cursor") != std::string::npos);
        }
        for (const char* nothing : {"zzz", "", "%00"}) {
            INFO(path << " " << nothing);
            const auto refused = listed.get(path + "cursor=" + nothing);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == Code::kBadRequest);
        }
    }
}

}  // namespace
}  // namespace sanquan::node
