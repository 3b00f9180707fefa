// `sanquan network create | start | stop | status`.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json/array.hpp>

#include "client/cli/command.h"
#include "client/cli/network_files.h"
#include "client/cli/node_process.h"
#include "client/cli/node_status.h"

namespace sanquan::cli {
namespace {

namespace json = boost::json;

struct CreateFlags {
    NetworkOptions options;
    std::string kind = "production";
    std::string hash = "sha256";
    std::string layout = "four";
};

Status create(Context& context, CreateFlags& flags) {
    flags.options.demo = flags.kind == "demo";
    flags.options.sm3 = flags.hash == "sm3";
    if (flags.layout == "single") {
        flags.options.validators = 1;
    }
    if (flags.options.network_name.empty()) {
        flags.options.network_name = flags.options.demo ? "demo" : "sanquan";
    }
    SANQUAN_TRY_ASSIGN(const auto profile, create_network(flags.options));
    SANQUAN_TRY(initialise_nodes(flags.options.directory));
    json::array nodes;
    std::vector<std::vector<std::string>> rows = {
        {context.say("node", "节点"), context.say("client address", "客户端地址")}};
    for (const auto& node : profile.nodes) {
        nodes.push_back({{"name", node.name},
                         {"address", node.host + ":" + node.port},
                         {"tls_pin", node.tls_pin}});
        rows.push_back({node.name, node.host + ":" + node.port});
    }
    const std::string directory = flags.options.directory.string();
    show(context,
         {{"directory", directory},
          {"chain_id", profile.chain.id.hex()},
          {"profile", flags.kind},
          {"nodes", std::move(nodes)}},
         std::string(context.say("Network created in ", "网络已创建于 ")) + directory +
             context.say("\nGenesis digest (chain id): ", "\n创世摘要（链编号）：") +
             profile.chain.id.hex() + "\n\n" + table(context, rows) +
             context.say("\nNext:\n", "\n下一步：\n") + "  sanquan network start --dir " +
             directory + "\n  export SANQUAN_PROFILE=" + directory + "\n");
    return {};
}

// `judge_all`: the exit code counts nodes of other machines too.
Status show_network(Context& context, const fs::path& directory, bool judge_all) {
    SANQUAN_TRY_ASSIGN(const auto profile, client::load_profile(directory));
    const auto here = nodes_of(directory);
    const auto states = ask_nodes(profile.nodes, std::chrono::milliseconds(2'000));
    json::array list;
    std::vector<std::vector<std::string>> rows = {
        {context.say("node", "节点"), context.say("role", "角色"), "pid",
         context.say("state", "状态"), context.say("height", "高度"),
         context.say("state root", "状态根"), context.say("address", "地址")}};
    bool all_well = true;
    for (const auto& state : states) {
        const auto pid = running_pid(directory, state.address.name);
        const bool well = state.answered && !state.diverged;
        const bool is_here = std::find(here.begin(), here.end(), state.address.name) != here.end();
        all_well = all_well && (well || (!judge_all && !is_here));
        list.push_back({{"name", state.address.name},
                        {"running", pid.has_value()},
                        {"pid", pid.value_or(0)},
                        {"answers", state.answered},
                        {"diverged", state.diverged},
                        {"divergence", state.divergence},
                        {"abstaining", state.abstaining},
                        {"role", state.role},
                        {"height", std::to_string(state.height)},
                        {"state_root", state.state_root},
                        {"address", state.address.host + ":" + state.address.port}});
        rows.push_back({state.address.name, state.role, pid ? std::to_string(*pid) : "-",
                        state_word(context, state, context.say("up", "正常")),
                        state.answered ? std::to_string(state.height) : "-",
                        state.state_root.substr(0, 16),
                        state.address.host + ":" + state.address.port});
    }
    show(context, {{"nodes", std::move(list)}, {"all_well", all_well}},
         table(context, rows) + reasons(context, states));
    if (!all_well) {
        context.exit = ExitCode::kFailed;
    }
    return {};
}

// The folder's nodes, or those that --only names.
Result<std::vector<std::string>> chosen_nodes(const fs::path& directory,
                                              const std::vector<std::string>& only) {
    const auto here = nodes_of(directory);
    if (here.empty()) {
        return fail(Code::kDirectoryMissing,
                    "no nodes/NAME/node.toml below " + directory.string() + "; give another --dir");
    }
    for (const auto& name : only) {
        if (std::find(here.begin(), here.end(), name) == here.end()) {
            return fail(Code::kBadRequest, "no node '" + name + "' in " + directory.string());
        }
    }
    return only.empty() ? here : only;
}

Status start(Context& context, const fs::path& directory, std::chrono::seconds deadline,
             const std::vector<std::string>& only) {
    SANQUAN_TRY_ASSIGN(const auto profile, client::load_profile(directory));
    SANQUAN_TRY_ASSIGN(const auto names, chosen_nodes(directory, only));
    for (const auto& name : names) {
        SANQUAN_TRY(start_node(directory, name));
    }
    Progress progress(context, context.say("Waiting for the nodes", "等待节点"));
    SANQUAN_TRY(wait_until_all_answer(
        directory, profile, only, deadline, [&](std::size_t answering, std::size_t expected) {
            progress.update(std::to_string(answering) + "/" + std::to_string(expected));
        }));
    return only.empty() ? show_network(context, directory, /*judge_all=*/false) : Status();
}

Status stop(Context& context, const fs::path& directory, std::chrono::seconds deadline,
            const std::vector<std::string>& only) {
    SANQUAN_TRY_ASSIGN(const auto names, chosen_nodes(directory, only));
    SANQUAN_TRY_ASSIGN(const std::size_t stopped, stop_nodes(directory, names, deadline));
    show(context, {{"stopped", stopped}},
         std::to_string(stopped) + context.say(" nodes stopped", " 个节点已停止"));
    return {};
}

void add_create(CLI::App& network, Context& context) {
    auto* command = network.add_subcommand(
        "create", context.say("Make keys, genesis and one configuration per node for a new network",
                              "为新网络生成密钥、创世文件和各节点配置"));
    auto flags = std::make_shared<CreateFlags>();
    command
        ->add_option("--dir", flags->options.directory,
                     context.say("Folder to write (must be empty)", "输出目录（须为空）"))
        ->required();
    command->add_option(
        "--validators", flags->options.validators,
        context.say("Number of validators: 1, or 4 to 128", "验证节点数：1，或 4 至 128"));
    command
        ->add_option("--kind,--profile-kind,--chain-profile", flags->kind,
                     context.say("demo: periods are seconds; production: working days",
                                 "demo：期限以秒计；production：以工作日计"))
        ->check(CLI::IsMember({"demo", "production"}));
    command->add_option("--hash", flags->hash, context.say("sha256 or sm3", "哈希算法"))
        ->check(CLI::IsMember({"sha256", "sm3"}));
    command
        ->add_option("--template", flags->layout,
                     context.say("four: four organisations; single: one node",
                                 "four：四个机构；single：单节点"))
        ->check(CLI::IsMember({"four", "single"}));
    command->add_option("--name", flags->options.network_name,
                        context.say("Name of the network in genesis", "创世文件中的网络名称"));
    command->add_option("--host", flags->options.host,
                        context.say("Address that the nodes listen on", "节点监听地址"));
    command->add_option(
        "--base-port", flags->options.base_port,
        context.say("First port (default: free ones)", "首个端口（默认取空闲端口）"));
    command->add_option(
        "--codes", flags->options.codes,
        context.say("Folder of code lists (default: built in)", "代码表目录（默认内置）"));
    command->footer(
        example_footer(context,
                       "sanquan network create --validators 4 --dir net --kind demo\n"
                       "  sanquan network create --template single --dir one") +
        context.say("Four organisations on four machines: sanquan network keys --help\n",
                    "四个机构各用一台机器：sanquan network keys --help\n"));
    on_call(command, context, [&context, flags] { return create(context, *flags); });
}

struct RunFlags {
    fs::path directory;
    unsigned seconds = 60;
    std::vector<std::string> only;
};

CLI::App* add_runner(CLI::App& network, const Context& context, const char* name, const char* about,
                     const std::shared_ptr<RunFlags>& flags) {
    auto* command = network.add_subcommand(name, about);
    command->add_option("--dir", flags->directory, context.say("Folder of the network", "网络目录"))
        ->required();
    return command;
}

}  // namespace

void add_network_commands(CLI::App& app, Context& context) {
    auto* network = app.add_subcommand(
        "network",
        context.say("Create, start, stop and look at a network", "创建、启动、停止和查看网络"));
    network->require_subcommand(1);
    network->footer(
        example_footer(context,
                       "sanquan network create --validators 4 --dir net --kind demo\n"
                       "  sanquan network start --dir net && sanquan network status --dir net\n"
                       "  sanquan network stop --dir net"));
    add_create(*network, context);
    add_network_part_commands(*network, context);
    const auto start_flags = std::make_shared<RunFlags>();
    auto* starter = add_runner(
        *network, context, "start",
        context.say("Start the nodes and wait until all answer", "启动节点并等待全部响应"),
        start_flags);
    starter->add_option("--timeout", start_flags->seconds,
                        context.say("Seconds to wait", "等待秒数"));
    starter->add_option("--only", start_flags->only, context.say("Only these nodes", "仅这些节点"));
    starter->footer(example_footer(context,
                                   "sanquan network start --dir net\n"
                                   "  sanquan network start --dir net --only data-exchange"));
    on_call(starter, context, [&context, start_flags] {
        return start(context, start_flags->directory, std::chrono::seconds(start_flags->seconds),
                     start_flags->only);
    });
    const auto stop_flags = std::make_shared<RunFlags>();
    auto* stopper = add_runner(
        *network, context, "stop",
        context.say("Stop the nodes (SIGTERM) and wait", "停止节点（SIGTERM）并等待"), stop_flags);
    stopper->add_option("--timeout", stop_flags->seconds,
                        context.say("Seconds to wait", "等待秒数"));
    stopper->add_option("--only", stop_flags->only, context.say("Only these nodes", "仅这些节点"));
    stopper->footer(example_footer(context, "sanquan network stop --dir net"));
    on_call(stopper, context, [&context, stop_flags] {
        return stop(context, stop_flags->directory, std::chrono::seconds(stop_flags->seconds),
                    stop_flags->only);
    });
    const auto status_flags = std::make_shared<RunFlags>();
    auto* status =
        add_runner(*network, context, "status",
                   context.say("Ask every node how it is", "查询每个节点的状态"), status_flags);
    status->footer(example_footer(context, "sanquan network status --dir net --json"));
    on_call(status, context, [&context, status_flags] {
        return show_network(context, status_flags->directory, /*judge_all=*/true);
    });
}

}  // namespace sanquan::cli
