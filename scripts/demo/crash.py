"""Chapter 8: kill -9 of one validator in mid-load, its return, and the proof that nothing acknowledged was lost."""

import os
import signal
import threading
import time

from . import cast

DEADLINE_SECONDS = 90


def load(count, tag):
    """Independent transactions of one operation each, from the settlement bank."""
    return [{"as": cast.BANK, "mode": "INDEPENDENT", "operations": [
        {"issue_money": {"to": cast.OTHER_BUYER, "money": cast.money("JPY", 1), "reference": f"{tag}-{number}"}}]}
        for number in range(count)]


def kill_in_mid_load(network, victim, count):
    """Sends `count` transactions, kills `victim` meanwhile, starts it again; answers the outcomes."""
    outcomes = []

    def send():
        outcomes.extend(network.submit_many(load(count, "kill9"), extra=("--connections", "32")))

    sender = threading.Thread(target=send)
    sender.start()
    pid = next(node["pid"] for node in network.status() if node["name"] == victim)
    os.kill(pid, signal.SIGKILL)
    sender.join()
    network.raw("network", "start", "--dir", network.directory, "--only", victim, profile=False)
    return outcomes


def wait_until_equal(network):
    """Every node at one height with one state root; answers (height, roots)."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        nodes = [node for node in network.status() if node.get("answers")]
        seen = {(node["height"], node["state_root"]) for node in nodes}
        if len(nodes) == len(network.status()) and len(seen) == 1:
            return nodes
        if time.monotonic() > deadline:
            raise TimeoutError(f"nodes differ: {seen}")
        time.sleep(0.2)


def lost_on(network, node, outcomes):
    """How many of the acknowledged transactions `node` does not know."""
    acknowledged = [outcome["id"] for outcome in outcomes if "receipt" in outcome]
    return sum(1 for identifier in acknowledged
               if network.raw("get", f"/v1/transactions/{identifier}", "--node", node, check=False).returncode != 0), \
        len(acknowledged)
