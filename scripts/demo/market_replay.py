"""Chapter 4 as the demo plays it: registers parties and assets, issues the money, sends the sales in order."""

import time

from . import cast, replay
from .governance import wait_for_block_time
from .network import digest, results_of

SECTOR = "S08"  # 文化: the sector under which the replayed assets are registered
CHUNK = 200


class Replayed:
    """What the replay left behind, for the figures and for later chapters."""

    def __init__(self):
        self.figures = {}
        self.issued = {}      # currency -> sum
        self.codes = {}       # source id -> asset code
        self.owners = {}      # asset code -> owner after the last sale
        self.mandates = {}    # party -> mandate id
        self.parties = []
        self.holders = []     # others who may hold money: the owners of the story's sources


def chunks(items, size=CHUNK):
    for start in range(0, len(items), size):
        yield items[start:start + size]


def accept_all(network, transactions, **options):
    """Every operation of every transaction must be accepted; answers all subjects in order."""
    subjects = []
    for outcome in network.submit_many(transactions, **options):
        for result in results_of(outcome) or [{"code": str(outcome)[:500], "subject": ""}]:
            if result["code"] != "OK":
                raise AssertionError(f"unexpected refusal: {result}")
            subjects.append(result["subject"])
    return subjects


def register_parties(network, parties):
    keys = network.key_registrations(parties)
    accept_all(network, [
        {"as": cast.EXCHANGE, "mode": "INDEPENDENT", "operations": [
            {"register_organisation": {"id": party, "kind": "INDIVIDUAL", "region": "530000",
                                       "keys": [keys[party]], "threshold": 1}} for party in chunk]}
        for chunk in chunks(parties, 100)])


def issue(network, sums, issued):
    operations = [{"issue_money": {"to": replay.party_id(address), "money": cast.money(replay.CURRENCY, amount),
                                   "reference": f"purchases-{address[2:14]}"}}
                  for address, amount in sorted(sums.items()) if amount > 0]
    accept_all(network, [{"as": cast.BANK, "mode": "INDEPENDENT", "operations": chunk} for chunk in chunks(operations)])
    issued[replay.CURRENCY] = sum(sums.values())


def register_assets(network, owners):
    """One asset per collectible, owned by the seller of its first sale; notice, grading review, certificate."""
    ids = sorted(owners, key=int)
    operations = [{"register_asset": {
        "dataset": {"identifier": f"punk-{number}", "catalogue": "punks-sales",
                    "title": cast.text(f"收藏品 {number} 号", f"Collectible {number}"),
                    "publisher": "punks-sales", "media_type": "image/png", "access": "PUBLIC"},
        "owners": [{"organisation": replay.party_id(owners[number]), "basis_points": 10000}],
        "sector": SECTOR, "region": "530000", "level": "GENERAL", "source_class": "ENTERPRISE_DATA",
        "content": digest(f"punk {number}")}} for number in ids]
    codes = accept_all(network, [{"as": cast.EXCHANGE, "mode": "INDEPENDENT", "operations": chunk}
                                 for chunk in chunks(operations)], extra=("--connections", "1"))
    wait_for_block_time(network, network.now_ms() + 2_500)
    accept_all(network, [{"as": cast.SECTOR_AUTHORITY, "mode": "INDEPENDENT", "operations": [
        operation for code in chunk for operation in (
            {"review_grading": {"asset": code, "level": "GENERAL", "evidence": digest(f"grading of {code}")}},
            {"certify_asset": {"asset": code}})]} for chunk in chunks(codes)])
    return dict(zip(ids, codes))


def grant_mandates(network, parties):
    """Each party lets the exchange buy and sell in its name; signed by the party itself."""
    now = network.now_ms()
    ids = accept_all(network, [{"as": party, "mode": "INDEPENDENT", "operations": [{"grant_mandate": {
        "reference": "replay", "broker": cast.EXCHANGE, "may_buy": True, "may_sell": True,
        "price_max": cast.money(replay.CURRENCY, 10**30), "valid_until_ms": str(now + 30 * cast.DAY_MS)}}]}
        for party in parties])
    return dict(zip(parties, ids))


def send_sales(network, sales, codes, step):
    """One transaction after the other, so that the ledger's order is the source's order."""
    transactions = list(replay.transactions(sales, codes, cast.EXCHANGE))
    started = time.monotonic()
    outcomes = network.submit_many(transactions, extra=("--connections", "1"))
    seconds = time.monotonic() - started
    signed = sum(1 for transaction in transactions if transaction["also"])
    results = [result for outcome in outcomes for result in results_of(outcome)]
    if len(results) != len(sales):
        raise AssertionError(f"{len(results)} answers to {len(sales)} sales: {outcomes[0]}")
    step.note(f"{signed} sales signed by both parties, {len(sales) - signed} in batches under mandates, {seconds:.1f} s")
    return results


def play(network, data, step):
    done = Replayed()
    sales = replay.read_sales(data)
    addresses = replay.parties_of(sales)
    done.parties = [replay.party_id(address) for address in addresses]
    register_parties(network, done.parties)
    issue(network, replay.purchases_of(sales), done.issued)
    owners = replay.first_owners(sales)
    done.codes = register_assets(network, owners)
    done.mandates = grant_mandates(network, done.parties)
    step.note(f"{len(done.parties)} parties, {len(done.codes)} assets")
    results = send_sales(network, sales, done.codes, step)
    done.owners = {done.codes[number]: replay.party_id(owner) for number, owner in owners.items()}
    settled, value, reasons = 0, 0, {}
    for sale, result in zip(sales, results):
        if result["code"] == "OK":
            settled += 1
            value += int(sale["price_wei"])
            done.owners[done.codes[sale["id"]]] = replay.party_id(sale["to"])
        else:
            reasons[result["code"]] = reasons.get(result["code"], 0) + 1
    done.figures = {"trades_submitted": len(sales), "trades_settled": settled, "trades_denied": len(sales) - settled,
                    "replay_settled": settled, "replay_refused": len(sales) - settled, "replay_value": str(value)}
    step.note(f"settled {settled}, refused {len(sales) - settled}: "
              + ", ".join(f"{code} {count}" for code, count in sorted(reasons.items())))
    step.note(f"value of the settled sales: {value} wei, in XTS with exponent 18")
    return done


def account_for_money(network, replayed):
    """Issued by the ledger's own supply records; accounted for by adding up every holder's balance, asked one by one."""
    supply = network.get("/v1/supply")["supply"]
    holders = set(replayed.parties) | set(cast.HOLDERS) | set(replayed.holders)
    found = {}
    for holder in sorted(holders):
        for currency, amount in network.get(f"/v1/balances/{holder}", cast.REGULATOR)["balances"].items():
            found[currency] = found.get(currency, 0) + int(amount)
    return {"money_issued": {currency: entry["issued"] for currency, entry in supply.items()},
            "money_accounted_for": {currency: str(amount) for currency, amount in found.items()}}
