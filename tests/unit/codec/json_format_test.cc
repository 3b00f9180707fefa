// Goal: the JSON mapping loses nothing and repairs nothing. Method: round trips of messages with
// every kind of field, and a table of inputs that must be refused with their code and place.
#include "ledger/codec/json_format.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "ledger/base/amount.h"
#include "ledger/codec/block.pb.h"
#include "ledger/codec/canonical.h"
#include "ledger/codec/transaction.pb.h"
#include "tests/support/catch.h"

namespace sanquan {
namespace {

namespace json = boost::json;

wire::TransactionBody sample_body() {
    wire::TransactionBody body;
    body.set_chain_id(std::string(32, '\x07'));
    body.set_sender("X-BANK");
    body.set_nonce(std::string(16, '\xfe'));
    body.set_valid_until_ms(18'446'744'073'709'551'615U);
    body.set_mode(wire::INDEPENDENT);
    auto& money = *body.add_operations()->mutable_issue_money();
    money.set_to("X-BUYER");
    money.mutable_money()->set_currency("XTS");
    money.mutable_money()->set_amount(Amount::parse("36893488147419103232").value().encode());
    auto& grant = *body.add_operations()->mutable_grant_right();
    grant.set_right(wire::USAGE);
    grant.add_actions(wire::USE);
    grant.set_exclusive(true);
    grant.set_delegation_depth(3);
    grant.add_constraints()->add_right_operand("科研");
    return body;
}

TEST_CASE("messages survive the way to JSON and back", "[codec][json]") {
    const auto body = sample_body();
    const auto text = json::serialize(to_json(body));
    wire::TransactionBody again;
    REQUIRE(from_json(json::parse(text), again));
    CHECK(encode(again) == encode(body));
}

TEST_CASE("JSON shows hexadecimal, decimal amounts, enum names and the one operation set",
          "[codec][json]") {
    const auto object = to_json(sample_body());
    CHECK(object.at("nonce").as_string() == "fefefefefefefefefefefefefefefefe");
    CHECK(object.at("mode").as_string() == "INDEPENDENT");
    CHECK(object.at("valid_until_ms").as_string() == "18446744073709551615");
    const auto& first = object.at("operations").as_array().at(0).as_object();
    REQUIRE(first.size() == 1);
    const auto& money = first.at("issue_money").at("money").as_object();
    CHECK(money.at("amount").as_string() == "36893488147419103232");
}

TEST_CASE("a zero amount is \"0\" and encodes to nothing", "[codec][json]") {
    wire::Money money;
    REQUIRE(from_json(json::parse(R"({"currency":"XTS","amount":"0"})"), money));
    CHECK(money.amount().empty());
    CHECK(to_json(money).at("amount").as_string() == "0");
}

TEST_CASE("JSON that does not fit is refused with code and place", "[codec][json]") {
    struct Row {
        const char* text;
        Code code;
        const char* place;
    };
    const Row rows[] = {
        {R"([])", Code::kBadEncoding, "the message"},
        {R"({"sendr":"X-A"})", Code::kUnknownField, "sendr"},
        {R"({"sender":7})", Code::kBadEncoding, "sender"},
        {R"({"sender":null})", Code::kBadEncoding, "sender"},
        {R"({"nonce":"FE"})", Code::kBadHex, "nonce"},
        {R"({"nonce":"0xfe"})", Code::kBadHex, "nonce"},
        {R"({"mode":"atomic"})", Code::kBadRequest, "mode"},
        {R"({"mode":1})", Code::kBadRequest, "mode"},
        {R"({"valid_until_ms":-1})", Code::kBadNumber, "valid_until_ms"},
        {R"({"valid_until_ms":1.0})", Code::kBadNumber, "valid_until_ms"},
        {R"({"valid_until_ms":1e3})", Code::kBadNumber, "valid_until_ms"},
        {R"({"valid_until_ms":9007199254740993})", Code::kBadNumber, "valid_until_ms"},
        {R"({"valid_until_ms":"18446744073709551616"})", Code::kBadNumber, "valid_until_ms"},
        {R"({"valid_until_ms":"007"})", Code::kBadNumber, "valid_until_ms"},
        {R"({"valid_until_ms":""})", Code::kBadNumber, "valid_until_ms"},
        {R"({"valid_until_ms":" 7"})", Code::kBadNumber, "valid_until_ms"},
        {R"({"operations":{}})", Code::kBadEncoding, "operations"},
        {R"({"operations":[{"fly":{}}]})", Code::kUnknownField, "operations[0].fly"},
        {R"({"operations":[{"freeze":{},"lift_freeze":{}}]})", Code::kBadRequest,
         "operations[0].lift_freeze"},
        {R"({"operations":[{"freeze":{}},{"issue_money":{"money":{"amount":12}}}]})",
         Code::kBadAmount, "operations[1].issue_money.money.amount"},
        {R"({"operations":[{"issue_money":{"money":{"amount":"-1"}}}]})", Code::kBadAmount,
         "operations[0].issue_money.money.amount"},
        {R"({"operations":[{"issue_money":{"money":{"amount":"1.5"}}}]})", Code::kBadAmount,
         "operations[0].issue_money.money.amount"},
        {R"({"operations":[{"issue_money":{"money":{"amount":"170141183460469231731687303715884105728"}}}]})",
         Code::kAmountOverflow, "operations[0].issue_money.money.amount"},
        {R"({"operations":[{"grant_right":{"delegation_depth":4294967296}}]})", Code::kBadNumber,
         "operations[0].grant_right.delegation_depth"},
        {R"({"operations":[{"grant_right":{"exclusive":"yes"}}]})", Code::kBadEncoding,
         "operations[0].grant_right.exclusive"},
    };
    for (const auto& row : rows) {
        INFO(row.text);
        wire::TransactionBody body;
        const auto status = from_json(json::parse(row.text), body);
        REQUIRE_FALSE(status);
        CHECK(text(status.error().code) == text(row.code));
        CHECK(status.error().context.substr(0, std::string(row.place).size() + 1) ==
              std::string(row.place) + ":");
    }
}

}  // namespace
}  // namespace sanquan
