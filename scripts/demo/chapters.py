"""The twelve chapters in order, with what a person reads of each; the figures are counted on the way."""

import os

from . import cast, catalogue, crash, governance, market_replay, money, production, proofs, refusals, stages
from .network import code_of
from .progress import Step, bold
from .waiting import wait_for_block_time

VICTIM = "platform-company"


class Stage:
    """Where the story plays: folders, the network, and what earlier chapters leave for later ones."""

    def __init__(self, root, out, network, short):
        self.root = root
        self.out = out
        self.data = os.path.join(root, "network-config", "demo-data")
        self.network = network
        self.short = short
        self.story = stages.Story()
        self.imported = {}
        self.certifiable_ms = 0
        self.replayed = None
        self.files = {}
        self.genesis = ""


def play(stage, figures):
    """All chapters; fills `figures`."""
    for number, (title, chapter) in enumerate(CHAPTERS, 1):
        with Step(number, title) as step:
            stage.network.report = step.doing
            chapter(stage, step, figures)


def start_network(stage, step, figures):
    network = stage.network
    step.doing("creating keys, genesis and configurations")
    created = network.json("network", "create", "--validators", "4", "--kind", "demo", "--dir", network.directory,
                           profile=False)
    stage.genesis = figures["genesis_digest"] = created["chain_id"]
    network.raw("key", "wallet")
    step.doing("starting five nodes")
    network.start()
    for node in network.status():
        step.note(f"{node['name']:<26} {node['role']:<10} {node['address']}  pid {node['pid']}")
    step.note(f"genesis digest {stage.genesis}")
    figures["build"] = ", ".join(network.builds())


def govern(stage, step, figures):
    network = stage.network
    step.doing("registering parties")
    parties = governance.register_parties(network)
    step.note(f"{parties} parties registered with keys; an accredited desensitising provider, two exchange members")
    governance.approve_pilot_sector(network)
    step.note(f"pilot sector {cast.PILOT} approved for what the 20 sectors do not cover")
    tender, bids = governance.run_tender(network, stage.data)
    for bidder, price in bids.items():
        step.note(f"sealed bid    {bidder}: {price['currency']} {price['amount']}, committed, then revealed")
    step.note(f"award         tender {tender} to {cast.PLATFORM}; with it the exclusive franchise of {cast.SECTOR}")


def import_catalogues(stage, step, figures):
    stage.imported, counts = catalogue.import_all(stage.network, stage.root, stage.data, stage.out)
    stage.certifiable_ms = stage.network.now_ms() + stages.NOTICE_MS
    for layout, count in counts.items():
        step.note(f"{layout:<10} {count['registered']} of {count['expected']} records registered; "
                  f"{count['normalisations']} values normalised, {count['pilot']} put into the pilot sector, "
                  f"{count['organisations']} owners, unclaimed")
    step.note("each record's changes and decisions: import-dcat-us.report.jsonl, import-firstdata.report.jsonl")
    figures["datasets_imported"] = sum(count["registered"] for count in counts.values())


def five_stages(stage, step, figures):
    network, story = stage.network, stage.story
    stages.claim_owners(network, story, stage.imported)
    step.note(f"claimed      {', '.join(stages.SOURCES)}: their owners came with evidence and keys 认领")
    wait_for_block_time(network, stage.certifiable_ms, "the notice of the imported assets")
    for certificate in stages.certify(network, story.sources):
        if certificate["profile"] != "demo":
            raise AssertionError(f"a certificate of a demo chain must say so: {certificate}")
        step.note(f"certified    {certificate['certificate']} until {certificate['valid_until'][:10]}, "
                  f"profile {certificate['profile']} 确权")
    stages.license_sources(network, story)
    step.note(f"licensed     {story.sources[0]} and {story.sources[1]} 授权许可")
    stages.aggregate(network, story)
    step.note(f"aggregated   {story.product}, level and licence within both sources' 整合汇集")
    stages.process(network, story)
    step.note("processed    cleaning; desensitising, signed by an accredited provider 处理加工")
    early = stages.listing_refused(network, story)
    step.note(f"too early    a listing before the secrecy review is refused: {early['code']}, {early['zh']}")
    stages.review(network, story)
    step.note("reviewed     secrecy and security 保密与安全审查")
    negotiation = stages.list_and_negotiate(network, story)
    step.note(f"listed       {story.listing}; negotiated in six messages: {negotiation} 挂牌")
    stages.trade(network, story, negotiation)
    step.note(f"settled      {story.order}: escrow, delivery, acceptance, revenue split (minor units: 分) 清结算")
    for name, value in story.paid.items():
        if name not in ("status", "usage_grant"):
            step.note(f"               {name:<36} {value}")
    stages.apply_and_voucher(network, story)
    step.note(f"applied      {story.application} 应用; voucher {story.voucher} 凭证")
    figures["product"] = story.product


def replay(stage, step, figures):
    stage.replayed = market_replay.play(stage.network, stage.data, step)
    figures.update(stage.replayed.figures)


def show_refusals(step, shown):
    for number, (title, result) in enumerate(shown, 1):
        step.note(bold(f"{number:>2} {title}"))
        for line in refusals.explain(result):
            step.note("   " + line)


def refuse(stage, step, figures):
    network, story = stage.network, stage.story
    told = refusals.Refusals(network, story)
    core = refusals.CoreAsset(network, story)
    refusals.beyond_the_licence(told)
    refusals.someone_elses_sector(told)
    ending = refusals.EndingGrant(network, story)
    refusals.grants(told)
    refusals.market(told, refusals.unreviewed(network, stage.imported), core)
    refusals.mandates(told, stage.replayed)
    ending.use(told)
    show_refusals(step, told.shown)
    unclaimed = next(record["owner"] for record in stage.imported.values() if record["owner"] not in story.owners)
    not_admitted, (first, second) = refusals.not_admitted(network, unclaimed)
    step.note("Not even admitted, so never on the ledger: 未予受理")
    for title, answer in not_admitted:
        step.note(bold(f" - {title}"))
        step.note(f"   {code_of(answer)}: {answer['error']['en']}")
        step.note(f"   {answer['error']['zh']}")
    same = first["height"] == second["height"] and second["duplicate"] and not first["duplicate"]
    if not same:
        raise AssertionError(f"the same bytes twice: {first}, {second}")
    step.note(bold(" - the same bytes sent twice"))
    step.note(f"   counted once: both answers are the receipt of height {first['height']}, the second marked duplicate")
    step.note("   同一交易重复提交只计一次")
    explained = [result for _, result in told.shown if refusals.is_explained(result)]
    figures["denials_explained"] = len(explained)
    figures["denial_kinds"] = len({result["code"] for result in explained})


def production_chain(stage, step, figures):
    binaries = os.path.dirname(stage.network.sanquan)
    shown = production.play(binaries, os.path.join(stage.out, "production"), step.doing)
    step.note("A second chain with the profile `production`: notices count working days, not seconds.")
    show_refusals(step, shown)
    figures["production_refusals"] = len(shown)


def provenance(stage, step, figures):
    network, story = stage.network, stage.story
    step.note(bold("Provenance of the sold asset 溯源"))
    for line in proofs.tree_lines(proofs.provenance(network, story.product)):
        step.note("  " + line)
    prover = proofs.Prover(network, stage.out, stage.genesis)
    for height, holders in ((story.settled_height - 1, []), (story.settled_height, [cast.BUYER])):
        usable, proven = proofs.who_could_use(prover, story.product, height)
        if [held["grant"]["holder"] for held in usable] != holders or proven == 0:
            raise AssertionError(f"at height {height} {holders} could use {story.product}, not {usable} ({proven} proofs)")
        step.note(bold(f"Who could use it at height {height}? 何人可用"))
        for held in usable:
            grant = held["grant"]
            step.note(f"  {grant['holder']} under {held['id']} from {grant['grantor']}: {', '.join(grant['actions'])}")
        if not usable:
            step.note("  nobody: no grant that stood then allows its use")
        step.note(f"  proven by {proven} records of that height, each in a file of its own 附证明")
    stage.files = proofs.save(prover, story)
    for name, expected in (("right", "held"), ("right before", "absent-at"), ("no right", "absent")):
        kind = prover.fact(stage.files[name])["kind"]
        if kind != expected:
            raise AssertionError(f"the proof of {name} says {kind}, not {expected}")
    step.note(f"proven: {cast.BUYER} holds a right, and held none before height {story.settled_height}; "
              f"{cast.OTHER_BUYER} was never granted one 证明从未获授权")


def kill(stage, step, figures):
    network = stage.network
    outcomes, before, back = crash.kill_in_mid_load(network, VICTIM, 300 if stage.short else 1500)
    step.note(f"kill -9 of {VICTIM} after {before} answers of {len(outcomes)}; it answered again after {back}")
    nodes = crash.wait_until_equal(network)
    acknowledged, lost = crash.lost_on(network, VICTIM, outcomes)
    figures["kill9_acknowledged"] = acknowledged
    figures["kill9_lost_transactions"] = lost
    step.note(f"{acknowledged} acknowledged as final, {acknowledged - before} of them after the kill; "
              f"{lost} lost on {VICTIM}")
    step.note(f"state root {nodes[0]['state_root'][:16]}... at height {nodes[0]['height']} on all {len(nodes)} nodes, "
              "the audit node's re-executed")


def measure(stage, step, figures):
    transactions, batches, light = (1000, 20, 100) if stage.short else (4000, 60, 200)
    step.doing("sending loads")
    answer = stage.network.json(
        "bench", "--transactions", str(transactions), "--batches", str(batches), "--assets", "3000",
        "--batch-connections", "12", "--light", str(light), "--light-rate", "50", timeout=600)
    for name, text in (("transactions_per_second", "sales a second, one a transaction, under mandates"),
                       ("both_signed_transactions_per_second", "sales a second, one a transaction, signed by both"),
                       ("operations_per_second", "sales a second in batches of 100, under mandates"),
                       ("finality_ms_p50", "ms until final at light load, median"),
                       ("finality_ms_p99", "ms until final at light load, 99 of 100")):
        figures[name] = round(answer[name], 1)
        step.note(f"{figures[name]:>8}  {text}")
    if answer["transactions_failed"] != 0:
        raise AssertionError(f"{answer['transactions_failed']} transactions of the loads were not accepted: {answer}")
    stage.network.tally.add(answer["trades_submitted"], answer["trades_settled"])


def count_money(stage, step, figures):
    network = stage.network
    nodes, counted = money.account(network)
    figures.update(counted)
    figures["height"] = int(nodes[0]["height"])
    figures["state_roots_equal"] = len({node["state_root"] for node in nodes}) == 1
    figures["validators"] = sum(1 for node in nodes if node["role"] == "validator")
    figures["audit_nodes"] = sum(1 for node in nodes if node["role"] == "audit")
    step.note(f"after the last load all {len(nodes)} nodes are at height {figures['height']} with one state root; there:")
    for currency, issued in figures["money_issued"].items():
        step.note(f"{currency}  issued {issued:>24}  found with all {figures['money_holders']} organisations "
                  f"{figures['money_accounted_for'][currency]:>24}")
    tally = network.tally
    figures.update({"trades_submitted": tally.submitted, "trades_settled": tally.settled,
                    "trades_denied": tally.denied, "trades_not_admitted": tally.not_admitted})
    step.note(f"trades: {tally.submitted} submitted, {tally.settled} settled, {tally.denied} refused by rules, "
              f"{tally.not_admitted} not admitted")


def offline(stage, step, figures):
    network = stage.network
    step.doing("stopping the network")
    network.stop()
    step.note(f"The network is stopped: {len(network.leftovers())} nodes run. Given is only the genesis digest.")
    for line in proofs.verify_text(network, stage.files["voucher"], stage.genesis).splitlines():
        step.note("  " + line)
    step.note("  " + proofs.verify_text(network, stage.files["voucher"], stage.genesis, "zh").splitlines()[-1])
    figures["voucher_verified"] = all(proofs.verify(network, path, stage.genesis)[0] for path in stage.files.values())
    answers = proofs.changed_copies(network, stage.files["voucher"], stage.genesis, stage.out)
    (_, code, detail), *fields = answers
    step.note(f"one byte of the voucher changed: {code}, {detail} 改动一字节即被拒绝")
    step.note(f"each of its {len(fields)} fields changed in a copy of its own, the checksum made right again: 逐字段改动")
    for what, code, detail in fields:
        if what.startswith("voucher field"):
            step.note(f"  {what:<29} {code}, {detail}")
    by_code = {}
    for what, code, detail in fields:
        if what.startswith("proof field"):
            by_code.setdefault(code, []).append(detail)
    for code, details in sorted(by_code.items(), key=lambda item: -len(item[1])):
        step.note(f"  {len(details):>2} fields of its proof        {code}, mostly: {max(details, key=details.count)}")
    refused = sum(1 for _, code, _ in answers if code != proofs.ACCEPTED)
    figures["tampered_copies"] = len(answers)
    figures["tampered_voucher_refused"] = len(fields) > 10 and refused == len(answers)


CHAPTERS = (
    ("Four validators and an audit node 四个验证节点与一个审计节点", start_network),
    ("Governance: parties, pilot sector, tender, franchise 治理与招标", govern),
    ("Catalogues: 482 + 768 real records become registered assets 目录导入", import_catalogues),
    ("Five stages of one real pair of sources 五阶段", five_stages),
    ("Replay of 3,253 real sales, 2017-2019 真实交易回放", replay),
    ("What the rules refuse, and why 规则拒绝与说明", refuse),
    ("The same on a production chain: refused for time 生产链：期限未到", production_chain),
    ("Provenance, rights at a height 溯源与时点权利", provenance),
    ("kill -9 of a validator in mid-load 故障恢复", kill),
    ("Measurements 性能", measure),
    ("Money: issued and accounted for 资金守恒", count_money),
    ("Vouchers without a network 离线验证凭证", offline),
)
