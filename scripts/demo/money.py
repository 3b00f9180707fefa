"""Chapter 11: what the bank issued is what all organisations have together, at one height."""

import time
import urllib.parse

from . import cast, crash

DEADLINE_SECONDS = 120


def organisations(network):
    """The ids of every organisation in the ledger's register."""
    ids, cursor = [], ""
    while True:
        page = network.get("/v1/organisations?limit=500" + (f"&cursor={urllib.parse.quote(cursor)}" if cursor else ""))
        ids += [entry["id"] for entry in page["organisations"]]
        cursor = page.get("next_cursor", "")
        if not cursor:
            return ids


def read(network):
    """The supply and every organisation's balances; answers (moments they were read at, supply, balances)."""
    supply = network.get("/v1/supply")
    network.report("adding up balances")
    answers = network.get_many([f"/v1/balances/{holder}" for holder in organisations(network)], cast.REGULATOR)
    moments = {(answer["stamp"]["height"], answer["stamp"]["state_root"]) for answer in [supply, *answers]}
    return moments, supply["supply"], [answer["balances"] for answer in answers]


def account(network):
    """(nodes that agree, figures): what was issued beside the sum of all balances, by currency, all at one height.

    There is no list of balances to read: that the sums agree shows that nothing was made and nothing is lost. A block
    that comes between two reads makes it all be read again.
    """
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        nodes = crash.wait_until_equal(network)
        moments, supply, balances = read(network)
        if moments == {(nodes[0]["height"], nodes[0]["state_root"])}:
            break
        if time.monotonic() > deadline:
            raise TimeoutError(f"the ledger does not rest: {moments}")
    found = {}
    for entry in balances:
        for currency, amount in entry.items():
            found[currency] = found.get(currency, 0) + int(amount)
    issued = {currency: str(int(entry["issued"]) - int(entry["redeemed"])) for currency, entry in supply.items()}
    # Of either side: money that nobody issued would be as wrong as money that nobody has.
    currencies = sorted(issued.keys() | found.keys())
    return nodes, {"money_holders": len(balances),
                   "money_issued": {currency: issued.get(currency, "0") for currency in currencies},
                   "money_accounted_for": {currency: str(found.get(currency, 0)) for currency in currencies}}
