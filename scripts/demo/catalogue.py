"""Chapter 3: two real catalogues become registered assets, and nothing is dropped silently."""

import json
import os

from . import cast
from .network import results_of

MAPPING = "network-config/mapping"
CATALOGUES = [
    ("dcat-us", "us-energy.data.json", "us-energy.json", 482),
    ("firstdata", "cn-firstdata-all-sources.json", "firstdata.json", 768),
]


def plan_import(network, root, data, out, layout, file, mapping):
    """The transactions that `sanquan import` makes of a catalogue, and its counts; its report stands beside them."""
    lines = os.path.join(out, f"import-{layout}.jsonl")
    plan = network.json("import", "catalogue", os.path.join(data, "catalogues", file), "--format", layout,
                "--mapping", os.path.join(root, MAPPING, mapping), "--as", cast.INFORMATISATION,
                "--report", os.path.join(out, f"import-{layout}.report.jsonl"), "--out", lines, "--dry-run")
    with open(lines) as planned:
        return [json.loads(line) for line in planned], plan


def import_all(network, root, data, out):
    """Imports both catalogues; answers {identifier: {"asset", "owner", "sector"}} and the counts by catalogue.

    Owners are registered before the assets that they own, so one transaction follows the other.
    """
    imported, counts = {}, {}
    for layout, file, mapping, expected in CATALOGUES:
        transactions, plan = plan_import(network, root, data, out, layout, file, mapping)
        registered = 0
        outcomes = network.submit_many(transactions, connections=1, what=f"registering {layout}")
        for transaction, outcome in zip(transactions, outcomes):
            for operation, result in zip(transaction["operations"], results_of(outcome)):
                if result["code"] not in ("OK", "ORGANISATION_EXISTS"):
                    raise AssertionError(f"{layout}: {result}")
                if "register_asset" in operation and result["code"] == "OK":
                    asset = operation["register_asset"]
                    imported[asset["dataset"]["identifier"]] = {
                        "asset": result["subject"], "sector": asset["sector"],
                        "owner": asset["owners"][0]["organisation"]}
                    registered += 1
        counts[layout] = {"registered": registered, "expected": expected, **plan}
    return imported, counts
