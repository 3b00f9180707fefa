"""Chapter 9: kill -9 of one validator in mid-load, its return, and the proof that nothing acknowledged was lost."""

import os
import signal
import threading
import time

from . import cast
from .network import results_of

DEADLINE_SECONDS = 120


class Load:
    """Independent transactions of one operation each, sent from a thread; counts the answers as they come."""

    def __init__(self, network, count):
        self.network = network
        self.count = count
        self.answered = 0
        self.changed = threading.Condition()
        self.outcomes = []
        self.failure = None
        self.thread = threading.Thread(target=self.send, daemon=True)

    def send(self):
        transactions = [{"as": cast.BANK, "mode": "INDEPENDENT", "operations": [
            {"issue_money": {"to": cast.OTHER_BUYER, "money": cast.money("JPY", 1), "reference": f"kill9-{number}"}}]}
            for number in range(self.count)]
        try:
            self.outcomes = self.network.submit_many(transactions, connections=32, what="load", on_answer=self.note)
        except Exception as failure:  # told to the thread that waits
            self.failure = failure
        self.note(self.count)

    def note(self, answered):
        with self.changed:
            self.answered = answered
            self.changed.notify_all()

    def wait_for(self, answered):
        with self.changed:
            if not self.changed.wait_for(lambda: self.answered >= answered, DEADLINE_SECONDS):
                raise TimeoutError(f"{self.answered} of {self.count} transactions answered")

    def end(self):
        """The outcomes of all transactions; an exception unless each of them has one."""
        self.thread.join(DEADLINE_SECONDS)
        if self.thread.is_alive():
            raise TimeoutError(f"the load still runs: {self.answered} of {self.count} transactions answered")
        if self.failure:
            raise self.failure
        if len(self.outcomes) != self.count:
            raise AssertionError(f"{len(self.outcomes)} outcomes of {self.count} transactions")
        return self.outcomes


def kill_in_mid_load(network, victim, count):
    """Sends `count` transactions, kills `victim` after a quarter of the answers and starts it again after half.

    Answers (the outcomes, how many were answered before the kill, how many when the victim was back).
    """
    pid = next(node["pid"] for node in network.status() if node["name"] == victim)
    load = Load(network, count)
    load.thread.start()
    load.wait_for(count // 4)
    os.kill(pid, signal.SIGKILL)
    before = load.answered
    if before >= count:
        raise AssertionError(f"all {count} transactions were answered before the kill")
    load.wait_for(count // 2)
    network.start(only=victim)
    back = load.answered
    return load.end(), before, back


def wait_until_equal(network):
    """All nodes, once they answer with one height and one state root."""
    network.report("waiting until all state roots are equal")
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        nodes = network.status()
        seen = {(node["height"], node["state_root"]) for node in nodes}
        if all(node["answers"] for node in nodes) and len(seen) == 1:
            return nodes
        if time.monotonic() > deadline:
            raise TimeoutError(f"nodes differ: {seen}")
        time.sleep(0.2)


def lost_on(network, node, outcomes):
    """(acknowledged as final, of these unknown to `node` or known to it with another result).

    An exception unless all were acknowledged: clients repeat at another node what the killed one left open.
    """
    acknowledged = [outcome for outcome in outcomes if results_of(outcome)]
    if not outcomes or len(acknowledged) != len(outcomes):
        others = [outcome for outcome in outcomes if not results_of(outcome)]
        raise AssertionError(f"{len(acknowledged)} of {len(outcomes)} acknowledged; {str(others[:1])[:1000]}")
    network.report(f"asking {node} for every acknowledged transaction")
    answers = network.get_many([f"/v1/transactions/{outcome['id']}" for outcome in acknowledged], cast.REGULATOR, node)
    lost = sum(1 for outcome, answer in zip(acknowledged, answers)
               if answer.get("height") != outcome["height"] or answer.get("receipt") != outcome["receipt"])
    return len(acknowledged), lost
