"""The network of the demo as its users see it: the `sanquan` command line and nothing else.

Every figure of the summary is counted from what these calls answered.
"""

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import tempfile
import threading
import time


class CommandFailed(RuntimeError):
    """A command ended with an exit code that the story did not expect."""


class Refused(CommandFailed):
    """The ledger refused what the story expected it to accept."""

    def __init__(self, code, told):
        super().__init__(told)
        self.code = code


class Tally:
    """Every trade that the demo sent, orders and ownership sales, and what became of it, counted from the answers."""

    TRADES = ("trade_ownership", "place_order")

    def __init__(self):
        self.submitted = self.settled = self.denied = self.not_admitted = 0

    def count(self, transaction, outcome):
        results = results_of(outcome)
        if results and len(results) != len(transaction["operations"]):
            raise AssertionError(f"{len(results)} results of {len(transaction['operations'])} operations")
        trades = sum(1 for operation in transaction["operations"] if any(kind in operation for kind in self.TRADES))
        self.submitted += trades
        if not results:
            self.not_admitted += trades
        for operation, result in zip(transaction["operations"], results):
            accepted = result["code"] == "OK"
            self.denied += not accepted and any(kind in operation for kind in self.TRADES)
            self.settled += accepted and ("trade_ownership" in operation or "settle_order" in operation)

    def add(self, submitted, settled):
        """Trades that `sanquan bench` sent and counted itself, in transactions that were all admitted."""
        self.submitted += submitted
        self.settled += settled
        self.denied += submitted - settled


class Network:
    def __init__(self, binaries, directory):
        self.sanquan = os.path.join(binaries, "sanquan")
        self.directory = directory
        self.tally = Tally()
        self.report = lambda text: None  # told what is under way
        self.children = set()

    # -- running the command line ------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def started(self, command, **options):
        """A child process that is gone at the end, whatever happens."""
        child = subprocess.Popen(command, text=True, **options)
        self.children.add(child)
        try:
            yield child
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout, child.stderr):
                if stream:
                    stream.close()
            self.children.discard(child)

    def command(self, arguments, profile=True):
        return [self.sanquan, *arguments] + (["--profile", self.directory] if profile else [])

    def raw(self, *arguments, check=True, timeout=300, profile=True, text="", own_group=False):
        """Runs one command to its end. `own_group`: Ctrl-C at the terminal does not reach it."""
        command = self.command(arguments, profile)
        with self.started(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          start_new_session=own_group) as child:
            out, errors = child.communicate(text, timeout=timeout)
        done = subprocess.CompletedProcess(command, child.returncode, out, errors)
        if check and done.returncode != 0:
            raise CommandFailed(f"{' '.join(command)[:500]}\nexit code {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def json(self, *arguments, check=True, timeout=300, profile=True, text=""):
        done = self.raw(*arguments, "--json", check=check, timeout=timeout, profile=profile, text=text)
        return json.loads(done.stdout)

    def end_children(self):
        for child in list(self.children):
            child.kill()

    # -- the processes of the network --------------------------------------------------------------------------------

    def start(self, only=""):
        self.raw("network", "start", "--dir", self.directory, *(("--only", only) if only else ()), profile=False)

    def stop(self):
        """Ends every node of this network, also one whose process id was not yet written down."""
        if os.path.exists(os.path.join(self.directory, "client.toml")):
            self.raw("network", "stop", "--dir", self.directory, check=False, profile=False, own_group=True)
        for pid in self.leftovers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def leftovers(self):
        """Processes of sanquan-node that run with a configuration of this network."""
        folder = os.path.join(os.path.abspath(self.directory), "nodes") + os.sep
        found = []
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                with contextlib.suppress(OSError):
                    with open(f"/proc/{entry}/cmdline", "rb") as file:
                        words = file.read().decode(errors="replace").split("\0")
                    if words[0].endswith("sanquan-node") and any(word.startswith(folder) for word in words):
                        found.append(int(entry))
        return found

    # -- transactions ------------------------------------------------------------------------------------------------

    def submit(self, sender, operations, also=(), mode="INDEPENDENT", wait="final"):
        """Sends one transaction; answers its results, one per operation, accepted or refused."""
        return self.submit_many([{"as": sender, "also": list(also), "mode": mode,
                                  "operations": operations}], wait=wait)[0]

    def submit_many(self, transactions, wait="final", timeout=600, connections=16, what="sending", on_answer=None):
        """Sends many transactions over kept connections; answers an outcome for each, in the same order.

        With one connection each is final before the next is sent: the ledger's order is the order of the list.
        """
        if not transactions:
            return []
        outcomes = {}
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file, tempfile.TemporaryFile("w+") as errors:
            for transaction in transactions:
                file.write(json.dumps(transaction, ensure_ascii=False) + "\n")
            file.flush()
            command = self.command(["submit", "--jsonl", file.name, "--wait", wait, "--json",
                                    "--connections", str(min(connections, len(transactions)))])
            with self.started(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors) as child:
                watchdog = threading.Timer(timeout, child.kill)
                watchdog.start()
                for line in child.stdout:
                    answer = json.loads(line)
                    if "line" in answer:
                        outcomes[int(answer["line"])] = answer
                        self.report(f"{what}: {len(outcomes)} of {len(transactions)} transactions answered")
                        if on_answer:
                            on_answer(len(outcomes))
                child.wait()
                watchdog.cancel()
            errors.seek(0)
            told = errors.read()
        if len(outcomes) != len(transactions):
            raise CommandFailed(f"{len(outcomes)} of {len(transactions)} transactions were answered\n{told[-2000:]}")
        ordered = [outcomes[number] for number in sorted(outcomes)]
        for transaction, outcome in zip(transactions, ordered):
            self.tally.count(transaction, outcome)
        return ordered

    def accept(self, sender, operations, also=(), mode="ATOMIC", wait="final"):
        """As submit, where every operation must be accepted; answers the subjects that were created or changed."""
        outcome = self.submit(sender, operations, also=also, mode=mode, wait=wait)
        return accepted_subjects([outcome])

    def accept_all(self, transactions, **options):
        """As submit_many, where every operation must be accepted; answers all subjects in order."""
        return accepted_subjects(self.submit_many(transactions, **options))

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
        return self.json("sign", *(("--chain", chain) if chain else ()), text=json.dumps(document))["raw"]

    def send_raw(self, raw, wait="final"):
        """Sends signed bytes; the answer, whatever it is."""
        done = self.raw("send", raw, "--wait", wait, "--json", check=False)
        return json.loads((done.stdout or done.stderr).strip().splitlines()[-1])

    # -- looking ---------------------------------------------------------------------------------------------------

    def status(self):
        """Every node with its process id, as `sanquan network status` sees it."""
        done = self.raw("network", "status", "--dir", self.directory, "--json", check=False, profile=False)
        return json.loads(done.stdout)["nodes"]

    def builds(self):
        """What the nodes that answer say they were built from."""
        done = self.raw("status", "--json", check=False)
        return sorted({node["build"] for node in json.loads(done.stdout)["nodes"] if node["answers"]})

    def get(self, path, who=""):
        """One read of the HTTP API, anonymous or as an organisation."""
        return json.loads(self.raw("get", path, *(("--as", who) if who else ())).stdout)

    def get_many(self, paths, who, node=""):
        """Many reads over one connection; a refused one is answered with its "error"."""
        done = self.raw("get", "-", "--as", who, *(("--node", node) if node else ()), text="\n".join(paths) + "\n",
                        check=False)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        if len(answers) != len(paths):
            raise CommandFailed(f"{len(answers)} answers to {len(paths)} questions\n{done.stderr[-2000:]}")
        return answers

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
    results = results_of(outcome)
    return results[0]["code"] if len(results) == 1 else outcome["receipt"]["code"]


def accepted_subjects(outcomes):
    """The subjects of all results; an exception for the first refusal."""
    subjects = []
    for outcome in outcomes:
        results = results_of(outcome)
        refused = [result for result in results if result["code"] != "OK"]
        if refused or not results:
            told = json.dumps(refused or outcome, ensure_ascii=False)[:3000]
            raise Refused(refused[0]["code"] if refused else code_of(outcome), f"unexpected refusal: {told}")
        subjects += [result["subject"] for result in results]
    return subjects


def digest(text):
    """SHA-256 of a text as 64 hexadecimal digits: stands for a document that stays with its owner."""
    return hashlib.sha256(text.encode()).hexdigest()
