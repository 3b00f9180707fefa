"""Chapter 5: registers parties and assets, issues the money, sends the sales in order."""

from . import cast, replay
from .network import digest, results_of
from .waiting import wait_for_block_time

SECTOR = "S08"  # 文化: the sector under which the replayed assets are registered
CHUNK = 200
NOTICE_MS = 2_000
PRICE_MAX = 10**30  # of a mandate: above every listed price
MANDATE_DAYS = 30
NO_CONSENT = ("SIGNATURE_REQUIRED", "BROKER_NOT_EXCHANGE", "MANDATE_")  # answers to what a party did not sign


class Replayed:
    """What the replay left behind, for the figures and for later chapters."""

    def __init__(self):
        self.figures = {}
        self.codes = {}       # source id -> asset code
        self.owners = {}      # asset code -> owner after the last sale
        self.mandates = {}    # party -> mandate id
        self.parties = []


def chunks(items, size=CHUNK):
    for start in range(0, len(items), size):
        yield items[start:start + size]


def batches(sender, operations, size=CHUNK):
    return [{"as": sender, "mode": "INDEPENDENT", "operations": chunk} for chunk in chunks(operations, size)]


def register_parties(network, parties):
    keys = network.key_registrations(parties)
    network.accept_all(batches(cast.EXCHANGE, [
        {"register_organisation": {"id": party, "kind": "INDIVIDUAL", "region": "530000",
                                   "keys": [keys[party]], "threshold": 1}} for party in parties]),
        what="registering parties")


def issue(network, sums):
    network.accept_all(batches(cast.BANK, [
        {"issue_money": {"to": replay.party_id(address), "money": cast.money(replay.CURRENCY, amount),
                         "reference": f"purchases-{address[2:14]}"}}
        for address, amount in sorted(sums.items()) if amount > 0]), what="issuing money")


def register_assets(network, owners):
    """One asset per collectible, owned by the seller of its first sale; answers {source id: asset code}."""
    ids = sorted(owners, key=int)
    codes = network.accept_all(batches(cast.EXCHANGE, [{"register_asset": {
        "dataset": {"identifier": f"punk-{number}", "catalogue": "punks-sales",
                    "title": cast.text(f"收藏品 {number} 号", f"Collectible {number}"),
                    "publisher": "punks-sales", "media_type": "image/png", "access": "PUBLIC"},
        "owners": [{"organisation": replay.party_id(owners[number]), "basis_points": 10000}],
        "sector": SECTOR, "region": "530000", "level": "GENERAL", "source_class": "ENTERPRISE_DATA",
        "content": digest(f"punk {number}")}} for number in ids]), what="registering assets")
    return dict(zip(ids, codes))


def certify_assets(network, codes):
    """Grading review and certificate by the sector's authority."""
    network.accept_all(batches(cast.SECTOR_AUTHORITY, [operation for code in codes for operation in (
        {"review_grading": {"asset": code, "level": "GENERAL", "evidence": digest(f"grading of {code}")}},
        {"certify_asset": {"asset": code}})]), what="certifying assets")


def grant_mandates(network, parties):
    """Each party lets the exchange buy and sell in its name; signed by the party itself."""
    until = str(network.now_ms() + MANDATE_DAYS * cast.DAY_MS)
    ids = network.accept_all([{"as": party, "mode": "INDEPENDENT", "operations": [{"grant_mandate": {
        "reference": "replay", "broker": cast.EXCHANGE, "may_buy": True, "may_sell": True,
        "price_max": cast.money(replay.CURRENCY, PRICE_MAX), "valid_until_ms": until}}]}
        for party in parties], connections=64, what="granting mandates")
    return dict(zip(parties, ids))


def signed_by_both(transaction, outcome):
    """How many sales of the receipt carry both parties' own signatures.

    A transaction stands in a block only with a valid signature of everybody that it names as signer; no sale counts
    that the receipt refuses because a party did not consent.
    """
    signers = {transaction["as"], *transaction["also"]}
    sales = (operation["trade_ownership"] for operation in transaction["operations"])
    return sum(1 for sale, result in zip(sales, results_of(outcome))
               if {sale["seller"], sale["buyer"]} <= signers and not result["code"].startswith(NO_CONSENT))


def send_sales(network, sales, codes):
    """One transaction after the other, so that the ledger's order is the source's; answers (results, signed by both)."""
    planned = list(replay.transactions(sales, codes, cast.EXCHANGE))
    outcomes = network.submit_many(planned, connections=1, what="replaying sales")
    results = [result for outcome in outcomes for result in results_of(outcome)]
    if len(results) != len(sales):
        raise AssertionError(f"{len(results)} answers to {len(sales)} sales: {str(outcomes[0])[:500]}")
    return results, sum(signed_by_both(transaction, outcome) for transaction, outcome in zip(planned, outcomes))


def play(network, data, step):
    done = Replayed()
    sales = replay.read_sales(data)
    addresses = replay.parties_of(sales)
    owners = replay.first_owners(sales)
    done.parties = [replay.party_id(address) for address in addresses]
    register_parties(network, done.parties)
    done.codes = register_assets(network, owners)
    notice_ends = network.now_ms() + NOTICE_MS
    issue(network, replay.purchases_of(sales))
    done.mandates = grant_mandates(network, done.parties)
    wait_for_block_time(network, notice_ends, "the notice of the assets")
    certify_assets(network, list(done.codes.values()))
    step.note(f"{len(done.parties)} parties with keys, money and mandates; {len(done.codes)} certified assets")
    results, signed = send_sales(network, sales, done.codes)
    step.note(f"{len(sales)} sales in block order: {signed} signed by buyer and seller themselves, "
              f"the others in batches of the exchange under their mandates")
    done.owners = {done.codes[number]: replay.party_id(owner) for number, owner in owners.items()}
    settled, value, reasons = 0, 0, {}
    for sale, result in zip(sales, results):
        if result["code"] == "OK":
            settled += 1
            value += int(sale["price_wei"])
            done.owners[done.codes[sale["id"]]] = replay.party_id(sale["to"])
        else:
            reasons.setdefault(result["code"], [result, 0])[1] += 1
    done.figures = {"replay_settled": settled, "replay_refused": len(sales) - settled, "replay_value": str(value),
                    "replay_signed_by_both": signed}
    step.note(f"settled {settled}, worth {value} wei (XTS, exponent 18)")
    for code, (result, count) in sorted(reasons.items()):
        step.note(f"refused {count} with {code}: {result['en']} {result['zh']}")
    return done
