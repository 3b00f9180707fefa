"""The network of the demo as its users see it: the `sanquan` command line and nothing else.

Every figure of the summary is counted from what these calls answered.
"""

import hashlib
import json
import os
import subprocess
import tempfile
import time


class CommandFailed(RuntimeError):
    """A command ended with an exit code that the story did not expect."""


class Network:
    def __init__(self, binaries, directory):
        self.sanquan = os.path.join(binaries, "sanquan")
        self.directory = directory
        self.client_dir = directory

    # -- running the command line ------------------------------------------------------------------------------------

    def raw(self, *arguments, check=True, timeout=300, profile=True):
        command = [self.sanquan, *arguments]
        if profile:
            command += ["--profile", self.client_dir]
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
        if check and done.returncode != 0:
            raise CommandFailed(f"{' '.join(command)}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def json(self, *arguments, check=True, timeout=300, profile=True):
        done = self.raw(*arguments, "--json", check=check, timeout=timeout, profile=profile)
        return json.loads(done.stdout)

    # -- transactions ------------------------------------------------------------------------------------------------

    def submit(self, sender, operations, also=(), mode="INDEPENDENT", wait="final"):
        """Sends one transaction; answers its results, one per operation, accepted or refused."""
        return self.submit_many([{"as": sender, "also": list(also), "mode": mode,
                                  "operations": operations}], wait=wait)[0]

    def submit_many(self, transactions, wait="final", timeout=600, extra=()):
        """Sends many transactions over kept connections; answers an outcome for each, in the same order."""
        if not transactions:
            return []
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl", delete=False) as file:
            for transaction in transactions:
                file.write(json.dumps(transaction, ensure_ascii=False) + "\n")
        try:
            done = self.raw("submit", "--jsonl", file.name, "--wait", wait, "--json", *extra,
                            check=False, timeout=timeout)
        finally:
            os.unlink(file.name)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        outcomes = {int(line["line"]): line for line in lines if "line" in line}
        if len(outcomes) != len(transactions):
            raise CommandFailed(f"{len(outcomes)} of {len(transactions)} answers\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return [outcomes[number] for number in sorted(outcomes)]

    def accept(self, sender, operations, also=(), mode="ATOMIC", wait="final"):
        """As submit, where every operation must be accepted; answers the subjects that were created or changed."""
        outcome = self.submit(sender, operations, also=also, mode=mode, wait=wait)
        results = results_of(outcome)
        refused = [result for result in results if result["code"] != "OK"]
        if refused or not results:
            raise CommandFailed(f"unexpected refusal of {json.dumps(operations)[:1500]}\n"
                                f"{json.dumps(outcome, ensure_ascii=False)[:3000]}")
        return [result["subject"] for result in results]

    def key_registrations(self, organisations):
        """A key for each organisation, derived from the wallet, with the proof of its possession."""
        done = self.raw("key", "show", *organisations, "--json")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        return {line["organisation"]: line["registration"] for line in lines}

    def sign(self, sender, operations, valid_until_ms=0, chain=""):
        """The hexadecimal bytes of a signed transaction, not sent."""
        document = {"as": sender, "operations": operations}
        if valid_until_ms:
            document["valid_until_ms"] = valid_until_ms
        command = [self.sanquan, "sign", "--json", "--profile", self.client_dir] + (["--chain", chain] if chain else [])
        done = subprocess.run(command, input=json.dumps(document), capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise CommandFailed(done.stderr)
        return json.loads(done.stdout)["raw"]

    def send_raw(self, raw, wait="final"):
        """Sends signed bytes; the answer, whatever it is."""
        done = self.raw("send", raw, "--wait", wait, "--json", check=False)
        return json.loads((done.stdout or done.stderr).strip().splitlines()[-1])

    # -- looking ---------------------------------------------------------------------------------------------------

    def status(self):
        """The status of every node that answers."""
        done = self.raw("network", "status", "--dir", self.directory, "--json", check=False, profile=False)
        return json.loads(done.stdout)["nodes"]

    def get(self, path, who=""):
        """One read of the HTTP API, anonymous or as an organisation."""
        return json.loads(self.raw("get", path, *(("--as", who) if who else ())).stdout)

    @staticmethod
    def now_ms():
        """A moment of block time: blocks proposed from now on carry at least this (validators run on this machine)."""
        return int(time.time() * 1000)


def results_of(outcome):
    """The per-operation results of an outcome; empty when the transaction was not admitted."""
    return outcome.get("receipt", {}).get("results", [])


def code_of(outcome):
    """The code that decided: of the only operation, of the receipt, or of the refused admission."""
    if "error" in outcome:
        return outcome["error"]["code"]
    if "code" in outcome and "receipt" not in outcome:
        return outcome["code"]
    results = results_of(outcome)
    return results[0]["code"] if len(results) == 1 else outcome["receipt"]["code"]


def digest(text):
    """SHA-256 of a text as 64 hexadecimal digits: stands for a document that stays with its owner."""
    return hashlib.sha256(text.encode()).hexdigest()
