"""Chapter 10: what the bank issued is what all holders have together."""

from . import cast


def account(network, holders):
    """The ledger's own record of what was issued, beside the sum of every holder's balance, by currency.

    There is no list of balances to read: that the sums agree shows that no holder was forgotten and nothing was made.
    """
    supply = network.get("/v1/supply")["supply"]
    network.report("adding up balances")
    found = {}
    for answer in network.get_many([f"/v1/balances/{holder}" for holder in sorted(holders)], cast.REGULATOR):
        for currency, amount in answer["balances"].items():
            found[currency] = found.get(currency, 0) + int(amount)
    issued = {currency: str(int(entry["issued"]) - int(entry["redeemed"])) for currency, entry in supply.items()}
    return {"money_issued": issued,
            "money_accounted_for": {currency: str(found.get(currency, 0)) for currency in issued}}
