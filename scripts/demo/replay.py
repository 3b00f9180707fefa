"""Replay of the 3,253 sales of 2017-2019, in block order, as ownership trades between their 542 parties.

Nothing is invented between sales: a sale whose seller is not the owner, or whose buyer the source did not record, is
submitted all the same, and the ledger's refusal is the answer.
"""

import csv
import os

ZERO_ADDRESS = "0x" + "0" * 40
CURRENCY = "XTS"
BATCH = 100
SIGNED_BY_BOTH = 400  # sales that carry both parties' own signatures
SIGNERS_MAX = 60      # of one transaction; a node takes at most 64 signatures


def party_id(address):
    """X- and 20 hexadecimal digits of the address: a pseudonym, as the source has it."""
    return "X-P" + address[2:22].upper()


def read_sales(data):
    with open(os.path.join(data, "trades", "punks-sales-2017-2019.csv"), newline="") as file:
        return list(csv.DictReader(file))


def parties_of(sales):
    addresses = {sale[side] for sale in sales for side in ("from", "to")}
    addresses.discard(ZERO_ADDRESS)
    return sorted(addresses)


def purchases_of(sales):
    """What the settlement bank issues each registered buyer: the sum of all its listed purchases, refused ones too."""
    sums = {}
    for sale in sales:
        if sale["to"] != ZERO_ADDRESS:
            sums[sale["to"]] = sums.get(sale["to"], 0) + int(sale["price_wei"])
    return sums


def first_owners(sales):
    """The seller named in an asset's first sale is its first owner, whether or not that sale succeeds."""
    owners = {}
    for sale in sales:
        owners.setdefault(sale["id"], sale["from"])
    return owners


def trade_operation(number, sale, codes):
    return {"trade_ownership": {
        "asset": codes[sale["id"]],
        "seller": party_id(sale["from"]),
        "buyer": "" if sale["to"] == ZERO_ADDRESS else party_id(sale["to"]),
        "price": {"currency": CURRENCY, "amount": sale["price_wei"]},
        "client_reference": f"sale-{number:05d}-{sale['tx'][:16]}",
    }}


def parties_to(sale):
    """Who must agree: the seller and, where the source recorded it, the buyer."""
    return [party_id(sale[side]) for side in ("from", "to") if sale[side] != ZERO_ADDRESS]


def mandated(operations, exchange):
    return {"as": exchange, "also": [], "mode": "INDEPENDENT", "operations": operations}


def transactions(sales, codes, exchange):
    """The sales in block order.

    The first sales are signed by everybody whom they name, as many sales in a transaction as signatures fit into one;
    the rest go in batches that the exchange signs under the parties' mandates.
    """
    signed, number = 0, 0
    while signed < SIGNED_BY_BOTH and number < len(sales):
        signers, operations, both = {}, [], 0
        while number < len(sales) and signed + both < SIGNED_BY_BOTH:
            sale = sales[number]
            wanted = signers | dict.fromkeys(parties_to(sale))
            if len(wanted) > SIGNERS_MAX:
                break
            signers = wanted
            operations.append(trade_operation(number, sale, codes))
            both += len(parties_to(sale)) == 2
            number += 1
        first, *others = signers
        yield {"as": first, "also": others, "mode": "INDEPENDENT", "operations": operations}
        signed += both
    rest = [trade_operation(at, sales[at], codes) for at in range(number, len(sales))]
    for start in range(0, len(rest), BATCH):
        yield mandated(rest[start:start + BATCH], exchange)
