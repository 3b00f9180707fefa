// `sanquan network keys | assemble | join`: a network whose organisations each have a machine of
// their own.
#include <CLI/CLI.hpp>
#include <boost/json/array.hpp>

#include "client/cli/command.h"
#include "client/cli/network_parts.h"
#include "client/cli/node_process.h"

namespace sanquan::cli {
namespace {

Status make_part(Context& context, const PartOptions& options) {
    SANQUAN_TRY_ASSIGN(const auto file, create_part(options));
    show(context, {{"part", file.string()}},
         file.string() + context.say("  send it to whoever assembles genesis; it holds no secret\n",
                                     "  请交给汇总创世文件的一方；不含机密\n"));
    return {};
}

struct AssembleFlags {
    NetworkOptions options;
    std::string kind = "production";
    std::vector<fs::path> parts;
};

Status assemble(Context& context, AssembleFlags& flags) {
    flags.options.demo = flags.kind == "demo";
    if (flags.options.network_name.empty()) {
        flags.options.network_name = flags.options.demo ? "demo" : "sanquan";
    }
    SANQUAN_TRY_ASSIGN(const auto profile, assemble_network(flags.options, flags.parts));
    show(context,
         {{"directory", flags.options.directory.string()}, {"chain_id", profile.chain.id.hex()}},
         std::string(context.say("Genesis digest: ", "创世摘要：")) + profile.chain.id.hex() +
             context.say("\nEach organisation compares it by another channel, then:\n",
                         "\n各机构经另一渠道核对后执行：\n") +
             "  sanquan network join --dir MINE --from " + flags.options.directory.string() +
             " --organisation ID --digest " + profile.chain.id.hex() + '\n');
    return {};
}

struct JoinFlags {
    fs::path directory;
    fs::path from;
    std::string organisation;
    std::string digest;
};

Status join(Context& context, const JoinFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto signature,
                       join_network(flags.directory, flags.from, flags.organisation, flags.digest));
    SANQUAN_TRY(initialise_nodes(flags.directory));
    const std::string directory = flags.directory.string();
    const std::string next = nodes_of(flags.directory).empty()
                                 ? "  export SANQUAN_PROFILE=" + directory + '\n'
                                 : "  sanquan network start --dir " + directory + '\n';
    show(context, {{"signature", signature.string()}},
         signature.string() +
             context.say("  send it to the others\nNext:\n", "  请交给其他各方\n下一步：\n") +
             next);
    return {};
}

struct SignatureFlags {
    fs::path directory;
    std::vector<fs::path> files;
};

Status check_signatures(Context& context, const SignatureFlags& flags) {
    SANQUAN_TRY_ASSIGN(const auto missing, missing_signatures(flags.directory, flags.files));
    boost::json::array list;
    std::string text =
        std::to_string(flags.files.size()) + context.say(" signatures are good", " 个签名有效");
    for (const auto& organisation : missing) {
        list.push_back(boost::json::string(organisation));
        text += context.say("\n  missing: ", "\n  缺少：") + organisation;
    }
    if (!missing.empty()) {
        context.exit = ExitCode::kRefused;
    }
    show(context, {{"complete", missing.empty()}, {"missing", std::move(list)}}, text + '\n');
    return {};
}

void add_keys(CLI::App& network, Context& context) {
    const auto part = std::make_shared<PartOptions>();
    auto* keys = network.add_subcommand(
        "keys",
        context.say("One organisation's keys and public part, for a network of several machines",
                    "为多机网络生成一个机构的密钥与公开部分"));
    keys->add_option("--dir", part->directory, context.say("Folder on this machine", "本机目录"))
        ->required();
    keys->add_option("--organisation", part->organisation,
                     context.say("Its id, such as X-DATA-EXCHANGE", "机构编号，如 X-DATA-EXCHANGE"))
        ->required();
    keys->add_option(
        "--node", part->node,
        context.say("Name of its node, such as data-exchange", "节点名称，如 data-exchange"));
    keys->add_option(
        "--host", part->host,
        context.say("Address at which the others reach this machine", "其他各方访问本机的地址"));
    keys->add_option("--peer-port", part->peer_port,
                     context.say("Port for the other nodes", "供其他节点连接的端口"));
    keys->add_option("--client-port", part->client_port,
                     context.say("Port of the HTTP API", "HTTP 接口端口"));
    keys->footer(
        example_footer(context,
                       "sanquan network keys --dir mine --organisation X-DATA-EXCHANGE \\\n"
                       "    --node data-exchange --host exchange.example.org --peer-port 20000 "
                       "--client-port 20001\n"
                       "  sanquan network keys --dir mine --organisation X-SETTLEMENT-BANK") +
        context.say(
            "The whole way: network-config/README.md, \"four organisations on four machines\".\n",
            "完整步骤见 network-config/README.md。\n"));
    on_call(keys, context, [&context, part] { return make_part(context, *part); });
}

void add_assemble(CLI::App& network, Context& context) {
    const auto assembly = std::make_shared<AssembleFlags>();
    auto* assembler = network.add_subcommand(
        "assemble", context.say("Make genesis from the parts of all organisations",
                                "由各机构的公开部分汇总创世文件"));
    assembler
        ->add_option("--dir", assembly->options.directory,
                     context.say("Folder to write", "输出目录"))
        ->required();
    assembler->add_option("parts", assembly->parts, context.say("The part files", "各公开部分文件"))
        ->required();
    assembler->add_option("--validators", assembly->options.validators,
                          context.say("Number of validators", "验证节点数"));
    assembler->add_option("--kind", assembly->kind, context.say("demo or production", "网络类型"))
        ->check(CLI::IsMember({"demo", "production"}));
    assembler->add_option("--name", assembly->options.network_name,
                          context.say("Name of the network in genesis", "创世文件中的网络名称"));
    assembler->add_option("--codes", assembly->options.codes,
                          context.say("Folder of code lists", "代码表目录"));
    assembler->footer(example_footer(
        context, "sanquan network assemble --dir shared --validators 4 parts/*.part.json"));
    on_call(assembler, context, [&context, assembly] { return assemble(context, *assembly); });
}

void add_join(CLI::App& network, Context& context) {
    const auto joining = std::make_shared<JoinFlags>();
    auto* joiner = network.add_subcommand(
        "join", context.say("Check genesis against one's keys, sign its digest, initialise",
                            "核对创世文件与本方密钥，签署其摘要并初始化"));
    joiner
        ->add_option("--dir", joining->directory,
                     context.say("Folder with this organisation's keys", "本机构密钥所在目录"))
        ->required();
    joiner->add_option("--from", joining->from, context.say("The assembled folder", "汇总后的目录"))
        ->required();
    joiner->add_option("--organisation", joining->organisation, context.say("Its id", "机构编号"))
        ->required();
    joiner
        ->add_option(
            "--digest", joining->digest,
            context.say("Genesis digest, from another channel", "经另一渠道得到的创世摘要"))
        ->required();
    joiner->footer(example_footer(context,
                                  "sanquan network join --dir mine --from shared --organisation "
                                  "X-DATA-EXCHANGE --digest d9d9…"));
    on_call(joiner, context, [&context, joining] { return join(context, *joining); });
}

void add_signatures(CLI::App& network, Context& context) {
    const auto signatures = std::make_shared<SignatureFlags>();
    auto* checker = network.add_subcommand(
        "signatures", context.say("Check which organisations have signed the genesis digest",
                                  "检查哪些机构已签署创世摘要"));
    checker
        ->add_option("--dir", signatures->directory,
                     context.say("Folder with genesis.bin", "genesis.bin 所在目录"))
        ->required();
    checker->add_option("files", signatures->files, context.say("The signature files", "签名文件"))
        ->required();
    checker->footer(example_footer(
        context, "sanquan network signatures --dir mine signatures/*.signature.json"));
    on_call(checker, context,
            [&context, signatures] { return check_signatures(context, *signatures); });
}

}  // namespace

void add_network_part_commands(CLI::App& network, Context& context) {
    add_keys(network, context);
    add_assemble(network, context);
    add_join(network, context);
    add_signatures(network, context);
}

}  // namespace sanquan::cli
