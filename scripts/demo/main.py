"""The demo: the whole life of a data asset on four validators and an audit node, through the public interfaces alone."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import time

from . import cast, catalogue, crash, governance, market_replay, progress, proofs, refusals, stages, summary
from .network import CommandFailed, Network, code_of, results_of

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(ROOT, "network-config", "demo-data")


def arguments():
    parser = argparse.ArgumentParser(prog="demo")
    parser.add_argument("--build", required=True)
    for flag in ("fresh", "keep", "stop", "short"):
        parser.add_argument(f"--{flag}", type=int, default=0)
    return parser.parse_args()


def stop_network(network):
    if os.path.exists(os.path.join(network.directory, "client.toml")):
        network.raw("network", "stop", "--dir", network.directory, check=False, profile=False)


def start_network(network, step):
    """A new network each run: the story begins at genesis."""
    stop_network(network)
    shutil.rmtree(network.directory, ignore_errors=True)
    created = network.json("network", "create", "--validators", "4", "--kind", "demo", "--dir", network.directory,
                           profile=False)
    network.raw("key", "wallet")
    network.raw("network", "start", "--dir", network.directory, "--json", profile=False)
    for node in network.status():
        step.note(f"{node['name']:<26} {node['role']:<10} {node.get('address', '')}")
    return created["chain_id"]


def play(network, out, short, figures):
    """The chapters in order; fills `figures`."""
    story = stages.Story()
    with progress.Step(1, "Four validators and an audit node 四个验证节点与一个审计节点") as step:
        figures["genesis_digest"] = start_network(network, step)
    with progress.Step(2, "Governance: parties, pilot sector, tender, franchise 治理与招标") as step:
        governance.register_parties(network)
        governance.approve_pilot_sector(network)
        tender, outcome = governance.run_tender(network, DATA)
        step.note(f"tender {tender}: {results_of(outcome)[0]['code']}, "
                  f"franchise of {cast.SECTOR} to {cast.PLATFORM}")
    with progress.Step(3, "Catalogues: 482 + 768 real records become registered assets 目录导入") as step:
        imported, counts = catalogue.import_all(network, ROOT, DATA, out)
        for layout, (count, expected) in counts.items():
            step.note(f"{layout}: {count} of {expected} records registered; report import-{layout}.report.jsonl")
        figures["datasets_imported"] = sum(count for count, _ in counts.values())
    with progress.Step(4, "Five stages of one real pair of sources 五阶段") as step:
        play_stages(network, story, imported, step)
    with progress.Step(5, "Replay of 3,253 real sales, 2017-2019 真实交易回放") as step:
        replayed = market_replay.play(network, DATA, step)
        figures.update(replayed.figures)
        replayed.holders = story.owners
    with progress.Step(6, "What the rules refuse, and why 规则拒绝与说明") as step:
        play_refusals(network, story, imported, replayed, step, figures)
    with progress.Step(7, "Provenance, rights at a height, vouchers 溯源与凭证") as step:
        proofs.print_tree(step, proofs.provenance(network, story.product))
        files = proofs.save_proofs(network, story, out)
    with progress.Step(8, "kill -9 of a validator in mid-load 故障恢复") as step:
        play_crash(network, step, figures, 300 if short else 1500)
    with progress.Step(9, "Measurements 性能") as step:
        measure(network, step, figures, short)
    with progress.Step(10, "Money: issued and accounted for 资金守恒") as step:
        figures.update(market_replay.account_for_money(network, replayed))
        step.note(json.dumps(figures["money_accounted_for"]))
    with progress.Step(11, "Vouchers without a network 离线验证凭证") as step:
        stop_network(network)
        play_offline(network, files, out, step, figures)


def play_stages(network, story, imported, step):
    stages.claim_owners(network, story, imported)
    governance.wait_for_block_time(network, network.now_ms() + 2_500)
    stages.certify(network, story.sources)
    stages.license_sources(network, story)
    step.note(f"licensed    {story.sources[0]}, {story.sources[1]}")
    stages.aggregate(network, story)
    step.note(f"aggregated  {story.product}")
    stages.process(network, story)
    step.note("processed   cleaning, desensitising by an accredited provider")
    stages.review(network, story)
    negotiation = stages.list_and_negotiate(network, story)
    step.note(f"listed      {story.listing}, negotiated {negotiation}")
    for name, value in stages.trade(network, story, negotiation).items():
        step.note(f"settled     {name}: {value}")
    stages.apply_and_voucher(network, story)
    step.note(f"applied     {story.application}, voucher {story.voucher}")


def play_refusals(network, story, imported, replayed, step, figures):
    told = refusals.Refusals(network, story)
    refusals.beyond_the_licence(told)
    refusals.someone_elses_sector(told)
    refusals.grants(told)
    refusals.market(told, *refusals.prepare(network, story, imported))
    refusals.unclaimed(told, next(record for record in imported.values() if record["owner"] not in story.owners))
    refusals.mandates(told, replayed)
    for title, result in told.shown:
        step.note(progress.paint("1", title))
        for line in refusals.explain(result):
            step.note("  " + line)
    _, repeated, expired, foreign = refusals.not_admitted(network)
    duplicate = repeated.get("duplicate")
    step.note(f"the same bytes twice: duplicate={duplicate}; expired: {expired}; another chain: {foreign}")
    figures["denials_explained"] = len(told.shown)
    figures["denial_kinds"] = sorted(told.kinds())


def play_crash(network, step, figures, count):
    victim = "platform-company"
    outcomes = crash.kill_in_mid_load(network, victim, count)
    nodes = crash.wait_until_equal(network)
    lost, acknowledged = crash.lost_on(network, victim, outcomes)
    figures["kill9_lost_transactions"] = lost
    figures["state_roots_equal"] = len({node["state_root"] for node in nodes}) == 1
    figures["height"] = max(int(node["height"]) for node in nodes)
    figures["validators"] = sum(1 for node in nodes if node["role"] == "validator")
    figures["audit_nodes"] = sum(1 for node in nodes if node["role"] == "audit")
    step.note(f"{acknowledged} acknowledged, {lost} lost on {victim}; state root {nodes[0]['state_root'][:16]} "
              f"at height {figures['height']} on all {len(nodes)} nodes")


def measure(network, step, figures, short):
    size = ("--transactions", "2000", "--batches", "20") if short else ("--transactions", "8000", "--batches", "60")
    answer = network.json("bench", *size, timeout=600)
    for name in ("transactions_per_second", "operations_per_second", "finality_ms_p50", "finality_ms_p99"):
        figures[name] = round(answer[name], 1)
        step.note(f"{name}: {figures[name]}")


def play_offline(network, files, out, step, figures):
    digest = figures["genesis_digest"]
    accepted, text = proofs.verify(network, files["voucher"], digest)
    figures["voucher_verified"] = accepted and all(
        proofs.verify(network, files[name], digest)[0] for name in ("right", "no_right"))
    step.note(text.strip()[:300])
    made, refused = proofs.tampered_all_refused(network, files["voucher"], digest, out)
    figures["tampered_voucher_refused"] = made > 0 and made == refused
    step.note(f"{refused} of {made} copies with one field changed were refused")


def build_id(network):
    """What the node that the demo runs says it is."""
    node = os.path.join(os.path.dirname(network.sanquan), "sanquan-node")
    return subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout.strip()


def main():
    options = arguments()
    out = os.path.join(ROOT, "build", "demo")
    network = Network(os.path.abspath(os.path.join(options.build, "bin")), os.path.join(out, "network"))
    if options.stop:
        stop_network(network)
        return 0
    if options.fresh:
        stop_network(network)
        shutil.rmtree(out, ignore_errors=True)
    os.makedirs(out, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    started = time.monotonic()
    figures = {"build": build_id(network)}
    keep = options.keep
    try:
        play(network, out, options.short, figures)
        if keep:
            network.raw("network", "start", "--dir", network.directory, profile=False)
    except (CommandFailed, AssertionError, TimeoutError, KeyError, subprocess.TimeoutExpired) as problem:
        print(f"\nThe demo stopped: {problem}", file=sys.stderr)
        return 1
    finally:
        figures["wall_seconds"] = round(time.monotonic() - started, 1)
        summary.write(os.path.join(out, "summary.json"), figures)
        if not keep:
            stop_network(network)
    print()
    progress.table([(name, value if not isinstance(value, (list, dict)) else json.dumps(value))
                    for name, value in figures.items()])
    relative = os.path.relpath(out, ROOT)
    print(f"\nLook at {relative}/summary.json, {relative}/import-*.report.jsonl and {relative}/*.sanquan. Try next:\n"
          f"  {options.build}/bin/sanquan verify {relative}/voucher.sanquan --genesis-digest {figures['genesis_digest']}\n"
          f"  ./demo --keep && {options.build}/bin/sanquan --profile {relative}/network status\n"
          f"  {options.build}/bin/sanquan explain LEVEL_CORE --lang zh")
    return 0


if __name__ == "__main__":
    sys.exit(main())
