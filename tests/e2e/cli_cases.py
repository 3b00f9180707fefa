"""The command line as a person follows it: the examples that its help prints, run on a new network in their order."""

import json
import shlex
import subprocess
import time

from network import Failure, Network, expect, wait_for

FIRST_ASSET = "530000S0100000001S"
NOT_YET = ("NOTICE_OPEN", "BIDDING_NOT_OPEN", "REVEAL_NOT_OPEN", "AWARD_TOO_EARLY")


class Examples:
    """Runs what `sanquan GROUP COMMAND --help` prints, with the ids of this network where the text has CAPITALS."""

    def __init__(self, network):
        self.network = network
        self.ids = {}
        self.done = set()

    def printed(self, *command):
        """The words of the help's example, `sanquan` left out."""
        page = self.network.cli(*command, "--help", profile=False).stdout
        text = page[page.index("Example:\n") + len("Example:\n"):].strip()
        return shlex.split(text.replace("\\\n", " "))[1:]

    def filled(self, text, changes):
        for old, new in [*changes.items(), *sorted(self.ids.items(), key=lambda item: -len(item[0]))]:
            text = text.replace(old, new)
        return text

    def answer(self, words):
        done = self.network.cli("--json", *words, check=False)
        try:
            return json.loads(done.stdout)
        except ValueError:
            raise Failure(f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}") from None

    def run(self, *command, **changes):
        """The result of the one operation, which must be accepted; `changes`: words to replace by others."""
        words = [self.filled(word, changes) for word in self.printed(*command)]
        result = self.accepted(" ".join(words), self.answer([*words, "--wait", "final"]))
        self.done.add(command)
        return result

    def submit(self, operation, **changes):
        """As run, with the document that `sanquan submit --example` prints."""
        text = self.filled(self.network.cli("submit", "--example", operation, profile=False).stdout, changes)
        done = self.network.cli("--json", "submit", "--file", "-", stdin=text, check=False)
        return self.accepted(text, json.loads(done.stdout))

    @staticmethod
    def accepted(what, answer):
        results = answer.get("receipt", {}).get("results", [])
        expect(f"{what}\nis accepted: {json.dumps(answer, ensure_ascii=False)}",
               len(results) == 1 and results[0]["code"] == "OK")
        return results[0]

    def when_due(self, *command, seconds=60, **changes):
        """As run, again while the ledger says that it is too early."""
        end = time.monotonic() + seconds
        while True:
            try:
                return self.run(*command, **changes)
            except Failure as failure:
                if time.monotonic() > end or not any(f'"{code}"' in str(failure) for code in NOT_YET):
                    raise


def parties(cli):
    cli.run("org", "register")
    cli.network.cli("key", "new", "X-CITY-BUREAU")
    cli.run("org", "claim")
    new_key(cli)
    cli.run("org", "issue-money")
    cli.run("org", "redeem-money")
    cli.ids["MANDATE"] = cli.run("org", "grant-mandate")["subject"]
    cli.run("org", "revoke-mandate")
    cli.run("govern", "pilot-sector")
    cli.ids["PROPOSAL"] = cli.run("govern", "propose")["subject"]
    cli.run("govern", "vote")


def new_key(cli):
    """A second key of the exchange, in use from add-key on and not before; then the first one is revoked."""
    held = json.loads(cli.network.cli("--json", "key", "show", "data-exchange").stdout)
    fresh = json.loads(cli.network.cli("--json", "key", "new", "data-exchange").stdout)
    cli.run("org", "grant-role")
    registration = fresh["registration"]
    cli.run("org", "add-key", **{"PUBLIC-KEY": registration["key"]["key"], "POSSESSION": registration["possession"]})
    listed = json.loads(cli.network.cli("get", "/v1/organisations/X-DATA-EXCHANGE").stdout)["keys"]
    expect(f"both keys are registered: {listed}", {key["key_id"] for key in listed} == {held["key_id"], fresh["key_id"]})
    cli.run("org", "revoke-key", **{"KEY-ID": held["key_id"]})
    read = cli.network.cli("get", "/v1/balances/X-DATA-EXCHANGE", "--as", "data-exchange", check=False)
    expect(f"requests carry the key that is left: {read.stdout}{read.stderr}", read.returncode == 0)


def open_tender(cli):
    """The printed tender, cancelled; then the same with periods of seconds, for the bids."""
    cli.ids["TENDER"] = cli.run("tender", "open")["subject"]
    cli.run("tender", "cancel")
    cli.ids["TENDER"] = cli.run("tender", "open", **{
        "tender-1": "tender-2", "+30d": "+6s", "+45d": "+26s", "+60d": "+40s"})["subject"]


def asset(cli):
    expect("the first asset has the code of the examples", cli.run("asset", "register")["subject"] == FIRST_ASSET)
    cli.run("asset", "object")
    cli.run("asset", "resolve-objection")
    cli.run("asset", "appeal-objection")
    cli.run("asset", "resolve-objection", **{"sector-authority": "informatisation-authority"})
    cli.run("asset", "grade")
    cli.when_due("asset", "certify")
    cli.run("govern", "freeze")
    cli.run("govern", "ratify-freeze")
    cli.run("govern", "lift-freeze")
    cli.run("asset", "change-status")
    cli.run("asset", "change-status", SUSPEND="RESUME")
    cli.ids["GRANT"] = cli.run("right", "grant")["subject"]
    cli.run("asset", "license")
    cli.run("asset", "skip-stage")
    cli.submit("process_asset")
    cli.run("asset", "review")


def derived_asset(cli):
    """A second asset, and the product of both."""
    second = cli.run("asset", "register", **{"air-2024": "water-2024"})["subject"]
    expect("the second asset has the code of the examples", second == "530000S0100000002Q")
    cli.run("asset", "grade", **{FIRST_ASSET: second})
    cli.when_due("asset", "certify", **{FIRST_ASSET: second})
    cli.ids["SECOND-GRANT"] = cli.run("right", "grant", **{FIRST_ASSET: second})["subject"]
    cli.run("asset", "license", **{FIRST_ASSET: second, "GRANT": cli.ids["SECOND-GRANT"]})
    cli.submit("aggregate_assets")


def order(cli, number):
    return cli.run("trade", "order", **{"order-1": f"order-{number}"})["subject"]


def market(cli):
    cli.ids["LISTING"] = cli.run("market", "offer")["subject"]
    cli.run("market", "change")
    cli.run("market", "negotiate")
    cli.ids["ORDER"] = order(cli, 1)
    cli.run("trade", "deliver")
    cli.run("trade", "accept")
    facts = {fact["name"]: fact["value"] for fact in cli.run("trade", "settle")["facts"]}
    cli.run("right", "use", GRANT=facts["usage_grant"])
    cli.run("trade", "application")
    cli.run("trade", "voucher")
    cli.ids["ORDER"] = order(cli, 2)
    cli.run("trade", "deliver")
    cli.run("trade", "complain")
    cli.run("trade", "resolve-complaint")
    cli.run("right", "revoke")
    cli.run("trade", "ownership")
    cli.run("org", "revoke-role")


def bids(cli):
    opening = dict(zip(*[iter(cli.printed("tender", "reveal")[2:])] * 2))
    amount, currency = opening["--price"].split(":")
    sealed = cli.answer(["bid-commitment", "--tender", cli.ids["TENDER"], "--bidder", opening["--as"], "--amount",
                         amount, "--currency", currency, "--proposal", opening["--proposal"], "--salt",
                         opening["--salt"]])["commitment"]
    printed = dict(zip(*[iter(cli.printed("tender", "bid")[2:])] * 2))
    cli.when_due("tender", "bid", **{printed["--commitment"]: sealed})
    cli.when_due("tender", "reveal")
    cli.when_due("tender", "award")


def printed_examples(bin_dir):
    """Every example of an operation that help prints is accepted by a new network, in an order that makes sense."""
    with Network(bin_dir, kind="demo") as network:
        network.start()
        cli = Examples(network)
        parties(cli)
        open_tender(cli)
        asset(cli)
        derived_asset(cli)
        bids(cli)
        market(cli)
        commands = set()
        for group in ("org", "govern", "tender", "asset", "right", "market", "trade"):
            page = network.cli(group, "--help", profile=False).stdout
            listed = page[page.index("Subcommands:"):page.index("Example:")].splitlines()
            commands |= {(group, line.split()[0]) for line in listed if line.startswith("  ") and line[2] != " "}
        reading = {(group, name) for group, name in commands if name in ("show", "list", "balance", "history",
                                                                         "provenance")}
        # An order is cancelled when a deadline passed.
        left = {("trade", "cancel")}
        expect(f"all are run but {left}: {commands - reading - cli.done}", commands - reading - cli.done == left)
        network.agreed()
        for node in network.nodes:
            node.stop()
        code, output = network.audits[0].verify_data()
        expect(f"every invariant holds over what they left: {output}", code == 0)


def start_script(bin_dir):
    """start.sh and stop.sh work without `sanquan` in the PATH; a folder that holds no network is refused."""
    with Network(bin_dir) as network:
        for script, running in (("start.sh", 5), ("stop.sh", 0)):
            done = subprocess.run([str(network.root / script)], env={"PATH": "/usr/bin:/bin"}, capture_output=True,
                                  text=True, timeout=120, check=False)
            expect(f"{script}: {done.stdout}{done.stderr}", done.returncode == 0)
            answer = json.loads(network.cli("--json", "network", "status", "--dir", str(network.root), check=False,
                                            profile=False).stdout)
            wait_for(f"{running} nodes run after {script}",
                     lambda answer=answer, running=running: sum(n["running"] for n in answer["nodes"]) == running)
        done = network.cli("network", "stop", "--dir", str(network.directory / "nothing"), check=False, profile=False)
        expect(f"DIRECTORY_MISSING: {done.stderr}", done.returncode == 1 and "DIRECTORY_MISSING" in done.stderr)
        done = network.cli("network", "create", "--dir", str(network.root), check=False, profile=False)
        expect(f"DIRECTORY_EXISTS: {done.stderr}", done.returncode == 1 and "DIRECTORY_EXISTS" in done.stderr)


CASES = [printed_examples, start_script]
