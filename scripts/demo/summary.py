"""The end of the demo: summary.json, its table, where to look, and what to try next."""

import json
import os

from .progress import SCREEN, bold, table

# What must be so on every machine; everything else is measured.
EXACT = {
    "validators": 4, "audit_nodes": 1, "state_roots_equal": True, "datasets_imported": 482 + 768,
    "replay_settled": 2189, "replay_refused": 1064, "replay_value": "823815404262026330926",
    "voucher_verified": True, "tampered_voucher_refused": True, "kill9_lost_transactions": 0,
    "replay_signed_by_both": 400, "trades_not_admitted": 0,
}
LEAST = {"denials_explained": 10, "denial_kinds": 10, "production_refusals": 2, "kill9_acknowledged": 300}


def check(figures):
    """An exception that names every figure that is not as it must be."""
    wrong = [f"{name} is {figures.get(name)!r}, not {value!r}" for name, value in EXACT.items()
             if figures.get(name) != value]
    wrong += [f"{name} is {figures.get(name)!r}, less than {least}" for name, least in LEAST.items()
              if figures.get(name, 0) < least]
    if figures.get("money_issued") != figures.get("money_accounted_for"):
        wrong.append(f"issued {figures.get('money_issued')}, accounted for {figures.get('money_accounted_for')}")
    became = sum(figures.get(name, 0) for name in ("trades_settled", "trades_denied", "trades_not_admitted"))
    if figures.get("trades_submitted") != became:
        wrong.append("trades settled, denied and not admitted are not the trades submitted")
    if wrong:
        raise AssertionError("; ".join(wrong))


def write(path, figures):
    with open(path + ".new", "w") as file:
        json.dump(figures, file, indent=2, ensure_ascii=False)
        file.write("\n")
    os.replace(path + ".new", path)


def rows(figures):
    money = ", ".join(f"{currency} {amount}" for currency, amount in figures["money_accounted_for"].items())
    return [
        ("network", "网络", f"{figures['validators']} validators, {figures['audit_nodes']} audit node, "
                            f"height {figures['height']}, all state roots equal"),
        ("catalogue", "目录", f"{figures['datasets_imported']} real datasets registered"),
        ("trades", "交易", f"{figures['trades_submitted']} submitted, {figures['trades_settled']} settled, "
                           f"{figures['trades_denied']} refused by rules"),
        ("replay", "回放", f"{figures['replay_settled']} settled worth {figures['replay_value']} wei, "
                           f"{figures['replay_refused']} refused"),
        ("money", "资金", f"every minor unit issued is accounted for: {money}"),
        ("refusals", "拒绝", f"{figures['denials_explained']} explained in two languages, of "
                             f"{figures['denial_kinds']} kinds"),
        ("voucher", "凭证", f"verified offline; all {figures['tampered_copies']} changed copies refused"),
        ("kill -9", "断电", f"{figures['kill9_lost_transactions']} of {figures['kill9_acknowledged']} "
                            "acknowledged transactions lost"),
        ("speed", "速度", f"{figures['transactions_per_second']:.0f} transactions/s one by one, "
                          f"{figures['operations_per_second']:.0f} operations/s in batches"),
        ("finality", "确定", f"p50 {figures['finality_ms_p50']} ms, p99 {figures['finality_ms_p99']} ms at light load"),
        ("time", "用时", f"{figures['wall_seconds']} s"),
    ]


def show(figures, out, sanquan, running):
    SCREEN.print()
    SCREEN.print(bold("What happened 结果"))
    table(rows(figures))
    SCREEN.print()
    SCREEN.print(bold("Where to look 查看"))
    table([(f"{out}/summary.json", "every figure above"),
           (f"{out}/import-*.report.jsonl", "what the catalogues lacked and how it was decided"),
           (f"{out}/proofs/", "the voucher and the other proofs, for anyone to verify"),
           (f"{out}/network/nodes/*/node.log", "what each node did")])
    SCREEN.print()
    SCREEN.print(bold("Try next 下一步"))
    SCREEN.print(f"  {sanquan} verify {out}/proofs/voucher.sanquan --genesis-digest {figures['genesis_digest']}")
    if running:
        SCREEN.print(f"  {sanquan} --profile {out}/network asset provenance {figures['product']} --as regulator")
        SCREEN.print("  ./demo stop")
    else:
        SCREEN.print(f"  {sanquan} explain LEVEL_CORE --lang zh")
        SCREEN.print("  ./demo --keep      and then: "
                     f"{sanquan} --profile {out}/network asset list --sector S12 --all")
