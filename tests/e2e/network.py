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


class Failure(Exception):
    """What a test expected and did not see."""


def wait_for(what, condition, seconds=30):
    """The first true answer of `condition`; Failure naming `what` after the deadline."""
    end = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Failure(f"not within {seconds} s: {what}")
        time.sleep(POLL_SECONDS)


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

    def start(self, *, prefix=(), env=None):
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [*prefix, str(self.program), "--config", str(self.config_file)],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=env)

    def run_to_end(self, seconds=20):
        """Starts a node that is expected to refuse; its exit code and what it wrote."""
        done = subprocess.run([str(self.program), "--config", str(self.config_file)],
                              capture_output=True, text=True, timeout=seconds, check=False)
        return done.returncode, done.stdout + done.stderr

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)

    def running(self):
        return self.process is not None and self.process.poll() is None

    def get(self, path, seconds=5):
        """The JSON answer of a GET, or None while the node does not answer."""
        host, port = self.config["client"]["listen"].rsplit(":", 1)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, int(port), timeout=seconds, context=context)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
            return json.loads(body) if answer.status == 200 else None
        except OSError:
            return None
        finally:
            connection.close()

    def status(self):
        return self.get("/v1/status")

    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""


class Network:
    """A network in a directory of its own, which goes at the end unless KEEP_E2E is set."""

    def __init__(self, bin_dir, validators=4):
        self.bin_dir = pathlib.Path(bin_dir)
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="sanquan-e2e-"))
        self.cli("network", "create", "--dir", str(self.directory / "net"), "--validators", str(validators))
        self.root = self.directory / "net"
        folders = sorted(path for path in (self.root / "nodes").iterdir() if path.is_dir())
        nodes = [Node(self.bin_dir / "sanquan-node", folder) for folder in folders]
        self.validators = [node for node in nodes if node.config["role"] == "validator"]
        self.audits = [node for node in nodes if node.config["role"] == "audit"]
        self.nodes = self.validators + self.audits
        self.issued = 0

    def cli(self, *arguments, stdin=None, check=True):
        done = subprocess.run([str(self.bin_dir / "sanquan"), *arguments], input=stdin, text=True,
                              capture_output=True, check=False, timeout=300)
        if check and done.returncode != 0:
            raise Failure(f"sanquan {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done

    def start(self, nodes=None):
        for node in nodes or self.nodes:
            node.start()
        for node in nodes or self.nodes:
            wait_for(f"{node.name} answers\n{node.log()[-2000:]}", node.status)

    def submit(self, count, *, wait="final", connections=8, check=True):
        """Issues of money by the settlement bank; the answered lines."""
        lines = []
        for _ in range(count):
            self.issued += 1
            lines.append(json.dumps({"issue_money": {
                "to": "X-DATA-EXCHANGE", "money": {"currency": "CNY", "amount": "1"},
                "reference": f"e2e-{self.issued}"}}))
        done = self.cli("--profile", str(self.root), "--json", "submit", "--as", "settlement-bank", "--jsonl", "-",
                        "--wait", wait, "--connections", str(connections), stdin="\n".join(lines) + "\n",
                        check=False)
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        if check and (len(answers) != count or not all(answer.get("accepted") for answer in answers)):
            raise Failure(f"{count} transactions, answered: {done.stdout}{done.stderr}")
        return answers

    def agreed(self, height=0):
        """One (height, state root) that all running nodes report, at or above `height`."""
        def equal():
            found = {(status["height"], status["state_root"]) if status else None
                     for status in (node.status() for node in self.nodes if node.running())}
            only = found.pop() if len(found) == 1 else None
            return only if only and int(only[0]) >= height else None
        return wait_for("all nodes report one state root", equal, 60)

    def height(self):
        return max(int(status["height"]) for status in (node.status() for node in self.nodes if node.running())
                   if status)

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
