// `sanquan explain CODE | TXID`: what a code means, or why a transaction was refused, in English
// and 中文.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>

#include "client/cli/command.h"
#include "client/cli/reader.h"
#include "client/cli/receipt_text.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

constexpr std::uint32_t kCodesEnd = 10'000;
constexpr std::size_t kTransactionIdDigits = 64;

std::optional<Code> find_code(const std::string& text) {
    std::uint32_t number = 0;
    const bool is_number = text.find_first_not_of("0123456789") == std::string::npos;
    if (is_number && text.size() <= 4) {
        return code_from_number(static_cast<std::uint32_t>(std::stoul(text)));
    }
    for (; number < kCodesEnd; ++number) {
        const auto code = code_from_number(number);
        if (code && info(*code).text == text) {
            return code;
        }
    }
    return std::nullopt;
}

const char* group_name(const Context& context, CodeGroup group) {
    switch (group) {
        case CodeGroup::kOk:
            return context.say("accepted", "已接受");
        case CodeGroup::kMalformed:
            return context.say("malformed: sending the same bytes again cannot help",
                               "格式错误：重发相同字节无济于事");
        case CodeGroup::kUnauthorised:
            return context.say("unauthorised: the sender may not do this",
                               "未授权：发送方无权操作");
        case CodeGroup::kConflict:
            return context.say("conflict: the ledger's state does not allow it now",
                               "冲突：账本当前状态不允许");
        case CodeGroup::kExpired:
            return context.say("too late or too early", "时间不符：过早或过晚");
        case CodeGroup::kLimit:
            return context.say("a limit was reached", "达到上限");
        case CodeGroup::kOperating:
            return context.say("a node or machine failed; another may succeed",
                               "节点或机器故障，换一个可能成功");
    }
    return "";
}

void explain_code(const Context& context, Code code) {
    const CodeInfo& entry = info(code);
    show(context,
         {{"code", entry.text},
          {"number", static_cast<std::uint32_t>(code)},
          {"group", group_name(context, entry.group)},
          {"en", entry.english},
          {"zh", entry.chinese}},
         paint(context, 'b', std::string(entry.text)) + "  " +
             std::to_string(static_cast<std::uint32_t>(code)) + "\n  " +
             std::string(entry.english) + "\n  " + std::string(entry.chinese) + "\n  " +
             group_name(context, entry.group) + '\n');
}

Status explain(Context& context, const std::string& what, const std::string& as) {
    if (const auto code = find_code(what)) {
        explain_code(context, *code);
        return {};
    }
    if (what.size() != kTransactionIdDigits) {
        return fail(Code::kBadRequest, "'" + what +
                                           "' is neither a code (sanquan explain SIG_INVALID) "
                                           "nor a transaction id of 64 digits");
    }
    SANQUAN_TRY_ASSIGN(auto ledger, open_ledger(context, as));
    SANQUAN_TRY_ASSIGN(const auto answer, ledger.get("/v1/transactions/" + what));
    const bool chosen = context.chinese;
    context.chinese = false;
    const std::string english = receipt_text(context, answer);
    context.chinese = true;
    const std::string chinese = receipt_text(context, answer);
    context.chinese = chosen;
    show(context, answer, english + '\n' + chinese);
    return {};
}

}  // namespace

void add_explain_command(CLI::App& app, Context& context) {
    struct Flags {
        std::string what;
        std::string as;
    };
    const auto flags = std::make_shared<Flags>();
    auto* command = app.add_subcommand(
        "explain", context.say("What a code means, or what became of a transaction and why",
                               "说明代码含义，或交易结果及其原因"));
    command
        ->add_option(
            "what", flags->what,
            context.say("A code, its number, or a transaction id", "代码、代码编号或交易编号"))
        ->required();
    command->add_option(
        "--as", flags->as,
        context.say("Ask as this organisation, to see the facts", "以该机构身份查询，以查看事实"));
    command->footer(example_footer(context,
                                   "sanquan explain KEY_REVOKED\n"
                                   "  sanquan explain 3fa9… --as data-exchange"));
    on_call(command, context,
            [&context, flags] { return explain(context, flags->what, flags->as); });
}

}  // namespace sanquan::cli
