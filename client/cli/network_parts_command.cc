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

}  // namespace

void add_network_part_commands(CLI::App& network, Context& context) {
    const auto part = std::make_shared<PartOptions>();
    auto* keys = network.add_subcommand(
        "keys", "One organisation's keys and public part, for a network of several machines");
    keys->add_option("--dir", part->directory, "Folder on this machine")->required();
    keys->add_option("--organisation", part->organisation, "Its id, such as X-DATA-EXCHANGE")
        ->required();
    keys->add_option("--node", part->node, "Name of its node, such as data-exchange");
    keys->add_option("--host", part->host, "Address at which the others reach this machine");
    keys->add_option("--peer-port", part->peer_port, "Port for the other nodes");
    keys->add_option("--client-port", part->client_port, "Port of the HTTP API");
    keys->footer(
        "Example:\n  sanquan network keys --dir mine --organisation X-DATA-EXCHANGE \\\n"
        "    --node data-exchange --host exchange.example.org --peer-port 20000 --client-port "
        "20001\n"
        "  sanquan network keys --dir mine --organisation X-SETTLEMENT-BANK\n"
        "The whole way: network-config/README.md, \"four organisations on four machines\".\n");
    on_call(keys, context, [&context, part] { return make_part(context, *part); });

    const auto assembly = std::make_shared<AssembleFlags>();
    auto* assembler =
        network.add_subcommand("assemble", "Make genesis from the parts of all organisations");
    assembler->add_option("--dir", assembly->options.directory, "Folder to write")->required();
    assembler->add_option("parts", assembly->parts, "The part files")->required();
    assembler->add_option("--validators", assembly->options.validators, "Number of validators");
    assembler->add_option("--kind", assembly->kind, "demo or production")
        ->check(CLI::IsMember({"demo", "production"}));
    assembler->add_option("--name", assembly->options.network_name,
                          "Name of the network in genesis");
    assembler->add_option("--codes", assembly->options.codes, "Folder of code lists");
    assembler->footer(
        "Example:\n  sanquan network assemble --dir shared --validators 4 parts/*.part.json\n");
    on_call(assembler, context, [&context, assembly] { return assemble(context, *assembly); });

    const auto joining = std::make_shared<JoinFlags>();
    auto* joiner = network.add_subcommand(
        "join", "Check genesis against one's keys, sign its digest, initialise");
    joiner->add_option("--dir", joining->directory, "Folder with this organisation's keys")
        ->required();
    joiner->add_option("--from", joining->from, "The assembled folder")->required();
    joiner->add_option("--organisation", joining->organisation, "Its id")->required();
    joiner->add_option("--digest", joining->digest, "Genesis digest, from another channel")
        ->required();
    joiner->footer(
        "Example:\n  sanquan network join --dir mine --from shared --organisation X-DATA-EXCHANGE "
        "--digest d9d9…\n");
    on_call(joiner, context, [&context, joining] { return join(context, *joining); });

    const auto signatures = std::make_shared<SignatureFlags>();
    auto* checker = network.add_subcommand(
        "signatures", "Check which organisations have signed the genesis digest");
    checker->add_option("--dir", signatures->directory, "Folder with genesis.bin")->required();
    checker->add_option("files", signatures->files, "The signature files")->required();
    checker->footer(
        "Example:\n  sanquan network signatures --dir mine signatures/*.signature.json\n");
    on_call(checker, context,
            [&context, signatures] { return check_signatures(context, *signatures); });
}

}  // namespace sanquan::cli
