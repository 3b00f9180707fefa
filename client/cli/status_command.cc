// `sanquan status`, `sanquan audit status`, `sanquan events`.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <iostream>

#include "client/cli/command.h"
#include "client/cli/node_status.h"
#include "client/lib/ledger_client.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

json::object state_json(const NodeState& state) {
    return {{"name", state.address.name},
            {"answers", state.answered},
            {"failure", state.failure},
            {"role", state.role},
            {"build", state.build},
            {"height", std::to_string(state.height)},
            {"view", std::to_string(state.view)},
            {"time_ms", std::to_string(state.time_ms)},
            {"state_root", state.state_root},
            {"peers_connected", state.peers},
            {"pool_transactions", state.pool},
            {"diverged", state.diverged},
            {"divergence", state.divergence},
            {"abstaining", state.abstaining}};
}

// All nodes, or the audit nodes alone; the exit code says whether all are well.
Status status(Context& context, bool audit_only) {
    SANQUAN_TRY_ASSIGN(const auto nodes, context.all_nodes());
    json::array list;
    std::vector<std::vector<std::string>> rows = {
        {context.say("node", "节点"), context.say("role", "角色"), context.say("state", "状态"),
         context.say("height", "高度"), context.say("peers", "对等"), context.say("pool", "待处理"),
         context.say("state root", "状态根")}};
    bool well = true;
    auto states = ask_nodes(nodes, std::chrono::milliseconds(3'000));
    if (audit_only) {
        std::erase_if(
            states, [](const NodeState& state) { return state.answered && state.role != "audit"; });
    }
    for (const auto& state : states) {
        // Who abstains does its part again by itself: shown, not counted as a failure.
        well = well && state.answered && !state.diverged;
        list.push_back(state_json(state));
        rows.push_back({state.address.name, state.role,
                        state_word(context, state, context.say("well", "正常")),
                        state.answered ? std::to_string(state.height) : "-",
                        std::to_string(state.peers), std::to_string(state.pool),
                        state.state_root.substr(0, 16)});
    }
    show(context, {{"nodes", std::move(list)}, {"all_well", well}},
         table(context, rows) + reasons(context, states));
    if (!well) {
        context.exit = ExitCode::kFailed;
    }
    return {};
}

struct EventFlags {
    std::optional<std::uint64_t> after;
    std::uint64_t count = 0;
    std::optional<std::uint64_t> until;
};

std::string event_text(const Context& context, const client::LedgerEvent& event) {
    if (event.type == "alarm") {
        return paint(context, 'r', context.say("ALARM ", "告警 ")) + json::serialize(event.data);
    }
    const auto* transactions = event.data.if_contains("transactions");
    std::string text = paint(context, 'b', context.say("block ", "区块 ") + event.id);
    if (transactions != nullptr && transactions->is_array()) {
        for (const auto& transaction : transactions->get_array()) {
            const auto& one = transaction.as_object();
            text += "\n  " + std::string(one.at("id").as_string()).substr(0, 16);
            for (const auto& result : one.at("results").as_array()) {
                const std::string code(result.at("code").as_string());
                text += "  " + std::string(result.at("rule").as_string()) + " " +
                        paint(context, code == "OK" ? 'g' : 'r', code);
            }
        }
    }
    return text;
}

Status events(Context& context, const EventFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto* profile, context.profile());
    SANQUAN_TRY_ASSIGN(const auto nodes, context.nodes());
    client::LedgerClient ledger(profile->chain, nodes);
    std::uint64_t seen = 0;
    return ledger.follow(flags.after, [&](const client::LedgerEvent& event) {
        json::object line{{"type", event.type}, {"cursor", event.id}, {"data", event.data}};
        show(context, line, event_text(context, event));
        ++seen;
        const bool enough = flags.count != 0 && seen >= flags.count;
        std::uint64_t height = 0;
        std::from_chars(event.id.data(), event.id.data() + event.id.size(), height);
        const bool reached = flags.until && !event.id.empty() && height >= *flags.until;
        return !enough && !reached;
    });
}

}  // namespace

void add_status_commands(CLI::App& app, Context& context) {
    auto* plain = app.add_subcommand(
        "status", context.say("How every node of the profile is", "配置中各节点的状态"));
    on_call(plain, context, [&context] { return status(context, /*audit_only=*/false); });

    auto* audit =
        app.add_subcommand("audit", context.say("What the audit nodes found", "审计节点的结果"));
    audit->require_subcommand(1);
    audit->footer(example_footer(context, "sanquan audit status"));
    plain->footer(example_footer(context, "sanquan status --json | jq .all_well"));
    auto* audit_status = audit->add_subcommand(
        "status",
        context.say("Height, root and divergence of the audit nodes; not 0 when one differs",
                    "审计节点的高度、状态根与分歧；有分歧时退出码非 0"));
    audit_status->footer(
        example_footer(context, "sanquan audit status || echo 'an audit node disagrees'"));
    on_call(audit_status, context, [&context] { return status(context, /*audit_only=*/true); });

    // The parser of flags would take -1 for the largest number there is.
    const CLI::Validator height(
        [](const std::string& text) {
            std::uint64_t number = 0;
            const auto [stop, error] =
                std::from_chars(text.data(), text.data() + text.size(), number);
            return error == std::errc() && stop == text.data() + text.size()
                       ? std::string()
                       : "'" + text + "' is no height";
        },
        "HEIGHT");
    const auto flags = std::make_shared<EventFlags>();
    auto* follower = app.add_subcommand(
        "events", context.say("Follow the ledger block by block", "逐块跟踪账本"));
    follower
        ->add_option("--after", flags->after,
                     context.say("Resume after this height (default: from now)",
                                 "从该高度之后继续（默认从现在起）"))
        ->check(height);
    follower->add_option("--count", flags->count,
                         context.say("Stop after so many events", "收到若干事件后停止"));
    follower
        ->add_option("--until", flags->until, context.say("Stop at this height", "到该高度停止"))
        ->check(height);
    follower->footer(
        example_footer(context, "sanquan events --after 0 --json | jq .data.transactions"));
    on_call(follower, context, [&context, flags] { return events(context, *flags); });
}

}  // namespace sanquan::cli
