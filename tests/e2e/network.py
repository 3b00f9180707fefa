"""Real processes for the end-to-end tests: a network made by `sanquan network create`, its nodes under our control.

No sleeps without a condition: every wait names what it waits for and has a deadline. Only public interfaces are used.
"""

import http.client
import json
import os
import pathlib
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import tomllib

POLL_SECONDS = 0.02
LONG = bool(os.environ.get("SANQUAN_LONG"))


class Failure(Exception):
    """What a test expected and did not see."""


def expect(what, holds):
    if not holds:
        raise Failure(what)


def wait_for(what, condition, seconds=30):
    """The first true answer of `condition`; Failure naming `what` after the deadline."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(POLL_SECONDS)


def _trusting_context():
    """TLS that takes any server: these tests ask what a node answers, not who it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


TLS = _trusting_context()


class Node:
    """One node's folder, configuration and process."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder
        self.name = folder.name
        self.config_file = folder / "node.toml"
        self.config = tomllib.loads(self.config_file.read_text())
        self.data = folder / self.config["data_dir"]
        self.log_file = folder / "e2e.log"
        self.process = None
        self._connection = None

    def edit(self, old, new):
        """Replaces `old`, which must be there, in the node's configuration."""
        text = self.config_file.read_text()
        expect(f"{old} stands in {self.config_file}", old in text)
        self.config_file.write_text(text.replace(old, new))

    def append(self, text):
        """Adds a table to the node's configuration."""
        with open(self.config_file, "a", encoding="utf-8") as file:
            file.write("\n" + text)

    def address(self, table):
        """(host, port) of [peer] or [client]."""
        host, port = self.config[table]["listen"].rsplit(":", 1)
        return host, int(port)

    def start(self, *, env=None):
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [str(self.program), "--config", str(self.config_file)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **(env or {})})

    def run_to_end(self, seconds=20):
        """Starts a node that is expected to refuse; its exit code and what it wrote."""
        try:
            done = subprocess.run([str(self.program), "--config", str(self.config_file)], stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=seconds, check=False)
        except subprocess.TimeoutExpired as expired:
            raise Failure(f"{self.name} runs although it should refuse: "
                          f"{(expired.stdout or b'').decode(errors='replace')[-2000:]}") from None
        return done.returncode, done.stdout + done.stderr

    def verify_data(self, *flags):
        """(exit code, output) of `sanquan-node verify-data`."""
        done = subprocess.run([str(self.program), "verify-data", *flags, str(self.data)], capture_output=True, text=True,
                              errors="replace", timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=20):
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=seconds)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def ask(self, path, seconds=5):
        """(status, body) of a GET over a connection that is kept, or None while the node does not answer."""
        for _ in range(2):
            reused = self._connection is not None
            if not reused:
                host, port = self.address("client")
                self._connection = http.client.HTTPSConnection(host, port, timeout=seconds, context=TLS)
            try:
                self._connection.request("GET", path)
                answer = self._connection.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                self._connection.close()
                self._connection = None
                if not reused:
                    return None
        return None

    def get(self, path):
        """The JSON answer of a GET, or None while the node does not answer or answers otherwise than with 200."""
        answer = self.ask(path)
        return json.loads(answer[1]) if answer and answer[0] == 200 else None

    def status(self):
        return self.get("/v1/status")

    def metric(self, name):
        """One value of /metrics."""
        answer = self.ask("/metrics")
        for line in answer[1].decode().splitlines() if answer else ():
            if line.startswith(name) and not line[len(name)].isalnum():
                return float(line.rsplit(" ", 1)[1])
        raise Failure(f"{self.name} reports no {name}")

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def memory_bytes(self):
        """Resident memory."""
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise Failure(f"{self.name} has no memory")

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def cpu_seconds(self):
        """Processor time used so far, user and system."""
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Load:
    """`sanquan submit` in the background; what it was told is read at its end."""

    def __init__(self, command, lines):
        # Files, not pipes: nobody reads while the load runs.
        self._input, self._output = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")
        self._input.write("".join(line + "\n" for line in lines))
        self._input.seek(0)
        self._process = subprocess.Popen(command, stdin=self._input, stdout=self._output, stderr=subprocess.STDOUT)

    def finish(self, seconds=120):
        """Every answered line, refused and failed ones too."""
        self._process.wait(timeout=seconds)
        self._output.seek(0)
        answers = [json.loads(line) for line in self._output if line.startswith("{")]
        self._input.close()
        self._output.close()
        return answers


class Network:
    """A network in a directory of its own, which goes at the end unless KEEP_E2E is set."""

    def __init__(self, bin_dir, validators=4, kind="production"):
        self.bin_dir = pathlib.Path(bin_dir)
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="sanquan-e2e-"))
        self.root = self.directory / "net"
        self.cli("network", "create", "--dir", str(self.root), "--validators", str(validators), "--kind", kind,
                 profile=False)
        folders = sorted(path for path in (self.root / "nodes").iterdir() if path.is_dir())
        nodes = [Node(self.bin_dir / "sanquan-node", folder) for folder in folders]
        self.validators = [node for node in nodes if node.config["role"] == "validator"]
        self.audits = [node for node in nodes if node.config["role"] == "audit"]
        self.nodes = self.validators + self.audits
        self.issued = 0

    def cli(self, *arguments, stdin=None, check=True, profile=True):
        command = [str(self.bin_dir / "sanquan"), *(["--profile", str(self.root)] if profile else []), *arguments]
        done = subprocess.run(command, input=stdin, text=True, capture_output=True, check=False, timeout=300)
        if check and done.returncode != 0:
            raise Failure(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def start(self, nodes=None):
        for node in nodes or self.nodes:
            node.start()
        for node in nodes or self.nodes:
            self.answers(node)

    def answers(self, node, seconds=30):
        """Waits until the node answers; fails at once when its process ends instead."""
        def status():
            if not node.running():
                raise Failure(f"{node.name} ended with {node.process.returncode}:\n{node.log()[-2000:]}")
            return node.status()
        return wait_for(lambda: f"{node.name} answers\n{node.log()[-2000:]}", status, seconds)

    def load(self, count, *, wait="final", connections=8, node=None, timeout_ms=30_000):
        """Starts `count` issues of money by the settlement bank; through one node only when it is given."""
        lines = []
        for _ in range(count):
            self.issued += 1
            lines.append(json.dumps({"issue_money": {
                "to": "X-DATA-EXCHANGE", "money": {"currency": "CNY", "amount": "1"},
                "reference": f"e2e-{self.issued}"}}))
        return Load([str(self.bin_dir / "sanquan"), "--profile", str(self.root), "--json",
                     *(["--node", node.name] if node else []), "submit", "--as", "settlement-bank", "--jsonl", "-",
                     "--wait", wait, "--connections", str(connections), "--timeout-ms", str(timeout_ms)], lines)

    def submit(self, count, **options):
        """As load(), to its end; every transaction must be accepted."""
        answers = self.load(count, **options).finish()
        expect(f"{count} transactions are accepted: {answers}",
               len(answers) == count and all(answer.get("accepted") for answer in answers))
        return answers

    def agreed(self, height=0, nodes=None):
        """One (height, state root) that all running nodes report, at or above `height`."""
        last = []
        def equal():
            last[:] = [(node.name, status and (int(status["height"]), status["state_root"]))
                       for node in nodes or self.nodes if node.running() for status in [node.status()]]
            found = {one for _, one in last}
            only = found.pop() if len(found) == 1 else None
            return only if only and only[0] >= height else None
        return wait_for(lambda: f"all nodes report one state root at or above {height}: {last}", equal, 60)

    def height(self, nodes=None):
        return max((int(status["height"]) for node in nodes or self.nodes if node.running()
                    for status in [node.status()] if status), default=0)

    def close(self):
        for node in self.nodes:
            if node.running():
                node.kill()
        if os.environ.get("KEEP_E2E"):
            print("kept:", self.directory)
        else:
            shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is not None:
            for node in self.nodes:
                print(f"--- {node.name}\n{node.log()[-3000:]}")
        self.close()


def heights_of(answers):
    return [int(answer["height"]) for answer in answers if answer.get("accepted")]


def on_ledger(network, answers):
    """Every transaction that a client saw as final is found at its height on every running node."""
    for node in network.nodes:
        if not node.running():
            continue
        for answer in answers:
            if not answer.get("accepted"):
                continue
            found = wait_for(f"{node.name} knows {answer['id']}",
                             lambda node=node, answer=answer: node.get(f"/v1/transactions/{answer['id']}"))
            expect(f"{answer['id']} has height {answer['height']} on {node.name}: {found}",
                   int(found["height"]) == int(answer["height"]))
