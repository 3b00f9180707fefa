// ODRL constraints: three-valued evaluation that fails closed, and the subset relation, checked
// against brute force.
#include "contracts/odrl.h"

#include <sstream>

#include "contracts/odrl_time.h"
#include "ledger/base/amount.h"
#include "tests/support/catch.h"

namespace sanquan::contracts {
namespace {

// "count lteq 10; purpose isAnyOf research education; payAmount gteq 500 [CNY]"
Constraints parse_list(const std::string& text) {
    Constraints constraints;
    std::istringstream list(text);
    for (std::string part; std::getline(list, part, ';');) {
        std::istringstream words(part);
        wire::Constraint constraint;
        std::string word;
        words >> word;
        constraint.set_left_operand(word);
        words >> word;
        constraint.set_operator_(word);
        while (words >> word) {
            if (word.front() == '[') {
                constraint.set_unit(word.substr(1, word.size() - 2));
            } else {
                constraint.add_right_operand(word);
            }
        }
        *constraints.Add() = constraint;
    }
    return constraints;
}

wire::Money money(const char* currency, std::uint64_t amount) {
    wire::Money result;
    result.set_currency(currency);
    result.set_amount(Amount(amount).encode());
    return result;
}

std::string code_of(const Verdict& verdict) {
    return verdict ? std::string(text(verdict->code)) : "PASS";
}

struct Row {
    const char* constraint;
    const char* purpose;
    const char* recipient;
    const char* spatial;
    const char* expected;
};

}  // namespace

TEST_CASE("Names are placed in their trees", "[contracts][odrl]") {
    const std::vector<Row> rows = {
        {"purpose eq research", "research", "", "", "PASS"},
        {"purpose eq research", "research/medical", "", "", "USE_PURPOSE"},
        {"purpose isA research", "research/medical", "", "", "PASS"},
        {"purpose isPartOf research", "research", "", "", "PASS"},
        {"purpose isA research", "researchers", "", "", "USE_PURPOSE"},
        {"purpose isAnyOf research education", "education", "", "", "PASS"},
        {"purpose isNoneOf marketing", "marketing/email", "", "", "USE_PURPOSE"},
        {"purpose isNoneOf marketing/email", "marketing", "", "", "USE_UNDECIDED"},
        {"purpose isNoneOf marketing", "research", "", "", "PASS"},
        {"purpose neq marketing", "", "", "", "USE_UNDECIDED"},
        {"purpose eq research", "/research", "", "", "USE_UNDECIDED"},
        {"recipient eq X-ACME", "", "X-ACME", "", "PASS"},
        {"recipient isNoneOf X-ACME X-B", "", "X-B", "", "USE_RECIPIENT"},
        {"spatial isPartOf 530000", "", "", "530102", "PASS"},
        {"spatial isPartOf 530100", "", "", "530000", "USE_PLACE"},
        {"spatial isPartOf CN", "", "", "440300", "PASS"},
        {"spatial isPartOf CN", "", "", "LA", "USE_PLACE"},
        {"spatial neq 530100", "", "", "530000", "USE_UNDECIDED"},
        {"spatial isNoneOf 530000", "", "", "530102", "USE_PLACE"},
        {"spatial eq 530000", "", "", "Yunnan", "USE_UNDECIDED"},
        // False is stronger than unknown: the refusal names what can never pass.
        {"recipient eq X-A;purpose eq research", "marketing", "", "", "USE_PURPOSE"},
    };
    for (const Row& row : rows) {
        INFO(row.constraint << " | " << row.purpose << row.recipient << row.spatial);
        UseFacts facts;
        facts.purpose = row.purpose;
        facts.recipient = row.recipient;
        facts.spatial = row.spatial;
        const Constraints constraints = parse_list(row.constraint);
        CHECK_FALSE(check_constraints(constraints).has_value());
        CHECK(code_of(permits(constraints, facts)) == row.expected);
    }
}

TEST_CASE("Numbers are compared without a gap", "[contracts][odrl]") {
    UseFacts facts;
    const Constraints count = parse_list("count lteq 10");
    CHECK(code_of(permits(count, facts)) == "USE_UNDECIDED");
    facts.count = 10;
    CHECK(code_of(permits(count, facts)) == "PASS");
    facts.count = 11;
    CHECK(code_of(permits(count, facts)) == "USE_COUNT_EXCEEDED");
    CHECK(code_of(permits(parse_list("count lt 11"), facts)) == "USE_COUNT_EXCEEDED");

    const Constraints until = parse_list("dateTime lteq 2026-01-31T08:00:00+08:00");
    facts.time = TimeMs{1'769'817'600'000};  // 2026-01-31T00:00:00Z
    CHECK(code_of(permits(until, facts)) == "PASS");
    facts.time = TimeMs{1'769'817'600'001};
    CHECK(code_of(permits(until, facts)) == "USE_OUTSIDE_TIME");

    const Constraints pay = parse_list("payAmount gteq 500 [CNY]");
    CHECK(code_of(permits(pay, facts)) == "USE_UNDECIDED");
    wire::Money paid = money("CNY", 500);
    facts.paid = &paid;
    CHECK(code_of(permits(pay, facts)) == "PASS");
    paid = money("CNY", 499);
    CHECK(code_of(permits(pay, facts)) == "USE_UNPAID");
    paid = money("USD", 900);
    CHECK(code_of(permits(pay, facts)) == "USE_UNDECIDED");
}

TEST_CASE("Constraints that could never be decided are refused", "[contracts][odrl]") {
    const std::vector<std::pair<const char*, const char*>> rows = {
        {"elapsedTime lteq P1D", "CONSTRAINT_UNSUPPORTED"},
        {"count gteq 1", "CONSTRAINT_UNSUPPORTED"},
        {"count hasPart 1", "CONSTRAINT_UNSUPPORTED"},
        {"spatial isA 530000", "CONSTRAINT_UNSUPPORTED"},
        {"recipient isPartOf X-A", "CONSTRAINT_UNSUPPORTED"},
        {"count lteq", "CONSTRAINT_MALFORMED"},
        {"count lteq 1 2", "CONSTRAINT_MALFORMED"},
        {"count lteq -1", "CONSTRAINT_MALFORMED"},
        {"count lteq 1.5", "CONSTRAINT_MALFORMED"},
        {"count lteq 18446744073709551616", "CONSTRAINT_MALFORMED"},
        {"count lteq 5 [CNY]", "CONSTRAINT_MALFORMED"},
        {"payAmount gteq 5", "CONSTRAINT_MALFORMED"},
        {"payAmount gteq 5 [cny]", "CONSTRAINT_MALFORMED"},
        {"spatial eq Yunnan", "CONSTRAINT_MALFORMED"},
        {"purpose eq research//x", "CONSTRAINT_MALFORMED"},
        {"dateTime lt 2026-01-31", "CONSTRAINT_MALFORMED"},
    };
    for (const auto& [text, expected] : rows) {
        INFO(text);
        CHECK(code_of(check_constraints(parse_list(text))) == expected);
        CHECK(evaluate(parse_list(text)[0], UseFacts{}) == Truth::kUnknown);
    }
    Constraints many;
    for (int i = 0; i < 17; ++i) {
        *many.Add() = parse_list("count lteq 1")[0];
    }
    CHECK(code_of(check_constraints(many)) == "CONSTRAINT_LIMIT");
    wire::Constraint wide = parse_list("purpose isAnyOf a")[0];
    for (int i = 0; i < 32; ++i) {
        wide.add_right_operand("b" + std::to_string(i));
    }
    Constraints one;
    *one.Add() = wide;
    CHECK(code_of(check_constraints(one)) == "CONSTRAINT_LIMIT");
    // Each constraint within its limit, all of them together beyond theirs.
    wide.mutable_right_operand()->RemoveLast();
    Constraints together;
    for (int i = 0; i < 5; ++i) {
        CHECK_FALSE(check_constraints(together).has_value());
        *together.Add() = wide;
    }
    CHECK(code_of(check_constraints(together)) == "CONSTRAINT_LIMIT");
}

TEST_CASE("Dates are read by the calendar", "[contracts][odrl]") {
    CHECK(parse_date_time("1970-01-01T00:00:00Z")->value == 0);
    CHECK(parse_date_time("2000-02-29T12:00:00.5Z")->value == 951'825'600'500);
    CHECK(parse_date_time("2024-03-01T00:00:00-05:30")->value == 1'709'271'000'000);
    CHECK(parse_date_time("9999-12-31T23:59:59.999Z")->value == 253'402'300'799'999);
    for (const char* bad :
         {"2023-02-29T00:00:00Z", "1900-01-01T00:00:00Z", "2024-13-01T00:00:00Z",
          "2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-01T24:00:00Z",
          "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00",
          "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.1234Z", "2024-01-01T00:00:00+15:00",
          "2024-01-01 00:00:00Z", "2024-01-01T00:00:00Zx", "", "1970-01-01T00:00:00+01:00"}) {
        INFO(bad);
        CHECK_FALSE(parse_date_time(bad).has_value());
    }
}

TEST_CASE("A narrower licence lies within a wider one", "[contracts][odrl]") {
    struct Pair {
        const char* narrow;
        const char* wide;
        Truth expected;
    };
    const std::vector<Pair> rows = {
        {"count lteq 5", "count lteq 10", Truth::kTrue},
        {"count lteq 10", "count lt 10", Truth::kFalse},
        {"count lt 10", "count lteq 9", Truth::kTrue},
        {"purpose eq research", "count lteq 10", Truth::kFalse},
        {"count lteq 5", "", Truth::kTrue},
        {"purpose eq research/medical", "purpose isA research", Truth::kTrue},
        {"purpose isA research/medical", "purpose isA research", Truth::kTrue},
        {"purpose isA research", "purpose isA research/medical", Truth::kFalse},
        {"purpose isA research", "purpose isNoneOf marketing", Truth::kTrue},
        {"purpose isAnyOf a b", "purpose isAnyOf b c a", Truth::kTrue},
        {"purpose isAnyOf a b", "purpose eq a", Truth::kFalse},
        {"purpose isAnyOf a b;purpose neq b", "purpose eq a", Truth::kTrue},
        {"purpose isNoneOf a", "purpose isNoneOf a/b", Truth::kTrue},
        {"purpose isNoneOf a/b", "purpose isNoneOf a", Truth::kFalse},
        {"spatial isPartOf 530100", "spatial isPartOf 530000", Truth::kTrue},
        {"spatial isPartOf 530000", "spatial isPartOf CN", Truth::kTrue},
        {"spatial isPartOf CN", "spatial isPartOf 530000", Truth::kFalse},
        {"payAmount gteq 500 [CNY]", "payAmount gteq 400 [CNY]", Truth::kTrue},
        {"payAmount gteq 500 [USD]", "payAmount gteq 400 [CNY]", Truth::kUnknown},
        {"dateTime lt 2026-01-01T00:00:00Z", "dateTime lt 2026-01-01T08:00:00+08:00", Truth::kTrue},
        {"count lteq 5;count lteq 20", "count lteq 10", Truth::kTrue},
        {"elapsedTime lteq 5", "count lteq 10", Truth::kUnknown},
    };
    for (const Pair& row : rows) {
        INFO(row.narrow << " within " << row.wide);
        CHECK(within(parse_list(row.narrow), parse_list(row.wide)) == row.expected);
    }
}

TEST_CASE("Within agrees with trying every use", "[contracts][odrl]") {
    const std::vector<std::string> lists = {
        "",
        "purpose eq a",
        "purpose isA a",
        "purpose isAnyOf a a/b c",
        "purpose neq a/b",
        "purpose isNoneOf c a",
        "purpose isA a;purpose neq a/b",
        "purpose isAnyOf a/b c;purpose isNoneOf c",
        "count lteq 2",
        "count lt 2;purpose isA a",
        "count lt 0",
        "count lteq 3;count lteq 1",
        "purpose isA c;purpose isA a",
    };
    const std::vector<std::string> purposes = {"", "a", "a/b", "a/x", "a/b/c", "c", "c/d", "z"};
    for (const std::string& narrow_text : lists) {
        for (const std::string& wide_text : lists) {
            const Constraints narrow = parse_list(narrow_text);
            const Constraints wide = parse_list(wide_text);
            bool subset = true;
            for (const std::string& purpose : purposes) {
                for (std::uint64_t count = 0; count < 5; ++count) {
                    UseFacts facts;
                    facts.purpose = purpose;
                    if (count > 0) {
                        facts.count = count - 1;
                    }
                    subset = subset && (permits(narrow, facts) || !permits(wide, facts));
                }
            }
            INFO("(" << narrow_text << ") within (" << wide_text << ")");
            if (within(narrow, wide) == Truth::kTrue) {
                CHECK(subset);  // sound: never claims more than is so
            } else if (narrow_text.find("isA c;purpose isA a") == std::string::npos &&
                       narrow_text != "count lt 0") {
                CHECK_FALSE(subset);  // complete, but for conjunctions that permit nothing
            }
        }
    }
}

}  // namespace sanquan::contracts
