#include "client/cli/receipt_text.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "client/cli/record_json.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) {
        return {};
    }
    return value->is_string() ? visible(value->get_string()) : json::serialize(*value);
}

const json::array* list_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_array();
}

std::string facts_text(const json::object& result, std::string_view name) {
    std::string text;
    if (const auto* facts = list_of(result, name)) {
        for (const auto& fact : *facts) {
            text += "      " + text_of(fact.as_object(), "name") + " = " +
                    text_of(fact.as_object(), "value") + '\n';
        }
    }
    return text;
}

std::string result_text(const Context& context, const json::object& result, std::size_t number) {
    const std::string code = text_of(result, "code");
    const bool accepted = code == "OK";
    std::string text = "  [" + std::to_string(number) + "] " +
                       paint(context, accepted ? 'g' : 'r', code) + "  " + text_of(result, "rule") +
                       " v" + text_of(result, "rule_version");
    if (const std::string subject = text_of(result, "subject"); !subject.empty()) {
        text += "  " + subject;
    }
    text += '\n';
    if (accepted) {
        return text + facts_text(result, "facts");
    }
    text += "      " + text_of(result, context.chinese ? "zh" : "en") + '\n';
    if (const std::string facts = facts_text(result, "facts"); !facts.empty()) {
        text += std::string(context.say("    facts read:\n", "    规则读取的事实：\n")) + facts;
    }
    if (const std::string passing = facts_text(result, "would_pass"); !passing.empty()) {
        text +=
            std::string(context.say("    what would pass:\n", "    可通过的条件：\n")) + passing;
    }
    return text;
}

// How far the transaction is; in Chinese with the word that --wait takes beside it.
std::string stage_text(const Context& context, const json::object& answer) {
    const std::string stage = text_of(answer, "stage");
    if (!context.chinese || stage.empty()) {
        return stage;
    }
    const char* chinese = stage == "admitted" ? "已受理"
                          : stage == "final"  ? "已确定"
                          : stage == "sealed" ? "已封存"
                                              : "";
    return *chinese == '\0' ? stage : chinese + ("（" + stage + "）");
}

}  // namespace

std::string receipt_text(const Context& context, const json::object& answer) {
    std::string text;
    if (const std::string id = text_of(answer, "id"); !id.empty()) {
        text += context.say("transaction ", "交易 ") + id + '\n';
    }
    if (const std::string stage = stage_text(context, answer); !stage.empty()) {
        text += "  " + stage;
        if (const std::string height = text_of(answer, "height"); !height.empty()) {
            text += context.say(" at height ", "，高度 ") + height;
        }
        const auto* duplicate = answer.if_contains("duplicate");
        if (duplicate != nullptr && duplicate->is_bool() && duplicate->get_bool()) {
            text += context.say(" (sent before: this is the first receipt)",
                                "（此前已提交，显示首次回执）");
        }
        text += '\n';
    }
    const auto* receipt = answer.if_contains("receipt");
    if (receipt == nullptr || !receipt->is_object()) {
        return text;
    }
    const std::string code = text_of(receipt->get_object(), "code");
    if (code != "OK") {
        text += "  " + paint(context, 'r', code) + '\n';
    }
    if (const auto* results = list_of(receipt->get_object(), "results")) {
        std::size_t number = 0;
        for (const auto& result : *results) {
            text += result_text(context, result.as_object(), number++);
        }
    }
    return text;
}

std::string receipt_line(const Context& context, const json::object& answer) {
    std::string text = stage_text(context, answer);
    if (const auto* receipt = answer.if_contains("receipt"); receipt && receipt->is_object()) {
        if (const auto* results = list_of(receipt->get_object(), "results")) {
            for (const auto& result : *results) {
                const std::string code = text_of(result.as_object(), "code");
                text += ' ' + paint(context, code == "OK" ? 'g' : 'r', code);
                const std::string subject = text_of(result.as_object(), "subject");
                text += subject.empty() ? "" : " " + subject;
            }
        }
    }
    return text + '\n';
}

}  // namespace sanquan::cli
