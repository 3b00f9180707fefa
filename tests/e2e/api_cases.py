"""The API of a running network against docs/openapi.yaml: every path asked, every answer held against its schema."""

import hashlib
import http.client
import json
import pathlib
import ssl
import subprocess
import sys
import time
import urllib.parse

from network import Failure, Network, expect, wait_for
from openapi import Document

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from demo import cast, governance, stages  # noqa: E402
from demo import network as story_network  # noqa: E402
from demo.waiting import wait_for_block_time  # noqa: E402

PROTOBUF, JSON = "application/x-protobuf", "application/json"
SELLER = cast.OTHER_BUYER
NOBODY = "0" * 64


class Answer:
    """Status, headers and body of one answer."""

    def __init__(self, response):
        self.status = response.status
        self.content_type = response.getheader("Content-Type", "")
        self.headers = dict(response.getheaders())
        self.body = response.read()

    def json(self):
        return json.loads(self.body)


class Keys:
    """The founders' keys in the hands of strangers' tools: certificates and signatures are made by openssl."""

    def __init__(self, network):
        self.network, self.contexts = network, {}
        self.passphrase = network.root / "keys" / "passphrase"

    def file(self, organisation):
        return self.network.root / "keys" / f"{organisation}.pem"

    def openssl(self, *arguments, text=None):
        done = subprocess.run(["openssl", *arguments], input=text, capture_output=True, check=False)
        expect(f"openssl {' '.join(map(str, arguments))}: {done.stderr.decode()}", done.returncode == 0)
        return done.stdout

    def context(self, organisation):
        """TLS that takes any server and, given an organisation, shows a certificate with its key."""
        if organisation not in self.contexts:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            if organisation:
                certificate = self.network.directory / f"{organisation}.crt"
                certificate.write_bytes(self.openssl(
                    "req", "-x509", "-new", "-key", self.file(organisation), "-passin", f"file:{self.passphrase}",
                    "-subj", f"/CN={organisation}", "-days", "2"))
                context.load_cert_chain(certificate, self.file(organisation), self.passphrase.read_text().strip())
            self.contexts[organisation] = context
        return self.contexts[organisation]

    def sign(self, organisation, message):
        file = self.network.directory / "message"
        file.write_bytes(message)
        return self.openssl("pkeyutl", "-sign", "-rawin", "-in", file, "-inkey", self.file(organisation),
                            "-passin", f"file:{self.passphrase}")


class Api:
    """Requests to one node; every answer is held against the document, and what was seen is counted."""

    def __init__(self, network, document):
        self.host, self.port = network.validators[0].address("client")
        self.keys = Keys(network)
        self.document = document
        self.seen = {operation: set() for operation in document.operations()}
        self.problems = []

    def operation_of(self, method, target):
        path = urllib.parse.urlsplit(target).path
        for documented in self.seen:
            pattern = documented[1].split("/")
            given = path.split("/")
            if documented[0] == method and len(pattern) == len(given) and all(
                    one == other or one.startswith("{") for one, other in zip(pattern, given)):
                return documented
        raise Failure(f"{method} {path} is not documented")

    def connect(self, who):
        return http.client.HTTPSConnection(self.host, self.port, timeout=30, context=self.keys.context(who))

    def ask(self, method, target, body=b"", *, who="", content_type="", headers=None):
        sent = {**(headers or {}), **({"Content-Type": content_type} if content_type else {})}
        connection = self.connect(who)
        try:
            connection.request(method, target, body if method == "POST" else None, sent)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        operation = self.operation_of(method, target)
        self.seen[operation].add(answer.status)
        for problem in self.document.problems(self.document.operations()[operation], answer.status,
                                              answer.content_type, answer.body.decode(errors="replace")):
            self.problems.append(f"{method} {target}: {problem}")
        if answer.content_type == JSON:
            stamp = answer.json()["stamp"]
            if (answer.headers.get("X-Sanquan-Height"), answer.headers.get("X-Sanquan-State-Root")) != (
                    stamp["height"], stamp["state_root"]):
                self.problems.append(f"{method} {target}: the headers do not say what the stamp says")
        return answer

    def good(self, method, target, body=b"", status=200, **options):
        answer = self.ask(method, target, body, **options)
        if answer.status != status:
            self.problems.append(f"{method} {target}: {answer.status} instead of {status}: {answer.body[:300]}")
        return answer

    def refused(self, status, code, method, target, body=b"", **options):
        """The answer is a problem with this status and code, its number and its type those of the code."""
        answer = self.ask(method, target, body, **options)
        told = answer.json() if answer.content_type == "application/problem+json" else {}
        wanted = (status, status, code, f"urn:sanquan:code:{code}")
        if (answer.status, told.get("status"), told.get("code"), told.get("type")) != wanted:
            self.problems.append(f"{method} {target}: {answer.status} {answer.body[:300]} instead of {status} {code}")
        return answer


class Market:
    """One asset that was registered, licensed, listed and sold, through the command line."""

    def __init__(self, network):
        self.cli = cli = story_network.Network(str(network.bin_dir), str(network.root))
        cli.raw("key", "wallet")
        governance.register_parties(cli)
        [self.asset] = cli.accept(SELLER, [{"register_asset": {
            "dataset": {"identifier": "e2e-1", "catalogue": "e2e", "title": cast.text("数据", "Data"),
                        "description": stages.digest("description"), "publisher": "e2e", "media_type": "text/csv",
                        "license": "by agreement", "access": "PUBLIC", "issued": "2026-01-15"},
            "owners": [{"organisation": SELLER, "basis_points": 10_000}], "sector": cast.SECTOR, "region": "530000",
            "level": "GENERAL", "source_class": "PUBLIC_DATA", "content": stages.digest("content"),
            "responsible_officer": SELLER}}])
        wait_for_block_time(cli, cli.now_ms() + stages.NOTICE_MS, "the notice of the asset")
        stages.certify(cli, [self.asset])
        story = stages.Story()
        story.product = self.asset
        stages.review(cli, story)
        now = cli.now_ms()
        [self.grant] = cli.accept(SELLER, [{"grant_right": {
            "asset": self.asset, "holder": cast.PLATFORM, "right": "OPERATION_MANAGEMENT", "actions": stages.OPERATE,
            "exclusive": True, "valid_from_ms": str(now), "valid_until_ms": str(now + 730 * cast.DAY_MS),
            "delegation_depth": 2}}])
        cli.accept(cast.PLATFORM, [{"license_asset": {"asset": self.asset, "grant": self.grant}}])
        cli.accept(cast.PLATFORM, [
            {"declare_stage_not_needed": {"asset": self.asset, "stage": stage, "reason": "one source, open data"}}
            for stage in ("AGGREGATED", "PROCESSED")])
        [self.listing] = cli.accept(cast.PLATFORM, [{"create_listing": {
            "reference": "listing-1", "asset": self.asset, "grant": self.grant, "mode": "TRADE_MODE",
            "price": cast.money("CNY", 100), "actions": ["USE"], "exchange": cast.EXCHANGE,
            "split": [{"part": "OPERATOR", "organisation": cast.PLATFORM, "basis_points": 4_000},
                      {"part": "OWNER", "organisation": SELLER, "basis_points": 6_000}],
            "licence_term_ms": str(30 * cast.DAY_MS), "valid_until_ms": str(now + cast.DAY_MS)}}])
        cli.accept(cast.EXCHANGE, [{"change_listing": {"listing": self.listing, "change": "APPROVE"}}])
        cli.accept(cast.BANK, [{"issue_money": {"to": cast.BUYER, "money": cast.money("CNY", 500), "reference": "b"}}])
        [self.order] = cli.accept(cast.BUYER, [{"place_order": {
            "client_reference": "order-1", "listing": self.listing, "price": cast.money("CNY", 100),
            "delivery_deadline_ms": str(now + 600_000), "acceptance_deadline_ms": str(now + 1_200_000)}}])
        cli.accept(cast.PLATFORM, [{"deliver": {"order": self.order, "delivered": stages.digest("content")}}])
        cli.accept(cast.BUYER, [{"accept_delivery": {"order": self.order, "received": stages.digest("content")}}])
        settled = cli.submit(cast.EXCHANGE, [{"settle_order": {"order": self.order}}], wait="sealed")
        story_network.accepted_subjects([settled])
        self.transaction, self.height = settled["id"], int(settled["height"])

    def issue(self, **options):
        return bytes.fromhex(self.cli.sign(cast.BANK, [issue("by-the-command-line")], **options))


def issue(reference, amount="1"):
    return {"issue_money": {"to": cast.BUYER, "money": cast.money("CNY", amount), "reference": reference}}


def read_everything(api, market):
    """Every GET that the document lists, as somebody who may see it, in several forms where it has some."""
    auditor = {"who": cast.REGULATOR}
    asset, height = market.asset, market.height
    for target in (
            f"/v1/transactions/{market.transaction}", f"/v1/transactions/{market.transaction}?proof=1",
            "/v1/assets", f"/v1/assets?sector={cast.SECTOR}&region=530000&owner={SELLER}&status=ASSET_CERTIFIED&limit=1",
            f"/v1/assets/{asset}", f"/v1/assets/{asset}/history", f"/v1/assets/{asset}/history?limit=1",
            f"/v1/assets/{asset}/provenance", f"/v1/rights?asset={asset}", f"/v1/rights?asset={asset}&at={height - 1}",
            f"/v1/rights?asset={asset}&holder={cast.PLATFORM}", "/v1/market/listings",
            f"/v1/market/listings?sector={cast.SECTOR}&status=LISTED", "/v1/market/orders",
            f"/v1/market/orders?asset={asset}&status=SETTLED", f"/v1/market/orders/{market.order}",
            "/v1/organisations", "/v1/organisations?limit=2", f"/v1/organisations/{cast.BANK}",
            f"/v1/balances/{cast.BUYER}", "/v1/supply", f"/v1/blocks/{height}", f"/v1/headers/{height}",
            f"/v1/proofs/receipt/{market.transaction}", "/v1/proofs/state?key=network",
            f"/v1/proofs/state?key=right/{asset}/X-STRANGER&at={height - 1}", "/v1/proofs/checkpoint",
            f"/v1/proofs/checkpoint?at={height - 1}", "/v1/proofs/trust", f"/v1/proofs/consistency?from=1&to={height}",
            "/v1/status", "/v1/checkpoints", "/v1/genesis", "/v1/genesis?format=binary", "/healthz", "/metrics"):
        api.good("GET", target, **auditor)
    # What strangers may read has the same shape.
    for target in (f"/v1/transactions/{market.transaction}", "/v1/assets", f"/v1/assets/{asset}",
                   f"/v1/assets/{asset}/history", f"/v1/assets/{asset}/provenance", "/v1/market/listings",
                   "/v1/organisations", "/v1/status"):
        api.good("GET", target)
    expect("a settled order is shown to its auditor", any(
        order["id"] == market.order for order in api.good("GET", "/v1/market/orders", **auditor).json()["orders"]))


def pages(api):
    """A cursor leads to what comes after it, and its end has none."""
    found, cursor = [], ""
    while True:
        page = api.good("GET", "/v1/organisations?limit=4" + (f"&cursor={cursor}" if cursor else "")).json()
        found += [one["id"] for one in page["organisations"]]
        cursor = page.get("next_cursor", "")
        if not cursor:
            break
    expect(f"every organisation once, in order: {found}", len(found) > 10 and found == sorted(set(found)))


def external_signer(api):
    """Prepare, sign with openssl, submit as JSON; then the same bytes again, and each stage of waiting."""
    body = json.dumps({"sender": cast.BANK, "operations": [issue("external-signer", "7")]})
    prepared = api.good("POST", "/v1/transactions:prepare", body, content_type=JSON).json()
    [key] = api.good("GET", f"/v1/organisations/{cast.BANK}").json()["keys"]
    signature = api.keys.sign(cast.BANK, bytes.fromhex(prepared["message"])).hex()
    signed = json.dumps({"body": prepared["body"], "signatures": [{"key_id": key["key_id"], "signature": signature}]})
    final = api.good("POST", "/v1/transactions?wait=final", signed, content_type=JSON).json()
    expect(f"{final} is accepted under the prepared id", final["accepted"] and final["id"] == prepared["id"])
    again = api.good("POST", "/v1/transactions?wait=sealed&timeout_ms=20000", signed, content_type=JSON).json()
    expect(f"{again} is the first answer again", again["duplicate"] and again["height"] == final["height"])
    for form in (body, json.dumps({"body": prepared["body"]})):
        tried = api.good("POST", "/v1/transactions:dry-run", form, content_type=JSON, who=cast.BANK).json()
        expect(f"the reference is used up by now: {tried}", not tried["accepted"] or form == body)


def submissions(api, market):
    """Protobuf bodies; what a rule refuses is on the ledger all the same."""
    first = market.issue()
    admitted = api.good("POST", "/v1/transactions", first, 202, content_type=PROTOBUF).json()
    expect(f"{admitted} is admitted", admitted["stage"] == "admitted" and not admitted["duplicate"])
    wait_for("it becomes final", lambda: api.ask("GET", f"/v1/transactions/{admitted['id']}").status == 200)
    poor = json.loads(market.cli.raw("sign", "--json", text=json.dumps(
        {"as": cast.BUYER, "operations": [issue("no-bank")]})).stdout)["raw"]
    refusal = api.good("POST", "/v1/transactions?wait=sealed&timeout_ms=20000", bytes.fromhex(poor),
                       content_type=PROTOBUF).json()
    expect(f"{refusal} is on the ledger and not accepted", not refusal["accepted"] and int(refusal["height"]) > 0)


def challenge(api):
    """A request signed as the document's security scheme says, by openssl."""
    chain = api.good("GET", "/v1/status").json()["chain_id"]
    [key] = api.good("GET", f"/v1/organisations/{cast.BANK}").json()["keys"]

    def header(target, signed_target, age_ms=0):
        stamp = str(int(time.time() * 1000) - age_ms)
        text = "\n".join(["GET", signed_target, stamp, hashlib.sha256(b"").hexdigest()])
        message = b"sanquan/api-request/v1\0" + bytes.fromhex(chain) + text.encode()
        signature = api.keys.sign(cast.BANK, message).hex()
        return target, {"headers": {"Authorization": f"Sanquan key={key['key_id']}, ts={stamp}, signature={signature}"}}

    own = f"/v1/balances/{cast.BANK}"
    target, options = header(own, own)
    api.good("GET", target, **options)
    for target, options in (header(own, "/v1/supply"), header(own, own, age_ms=3_600_000)):
        api.refused(401, "AUTHENTICATION_FAILED", "GET", target, **options)


def bad_requests(api, market):
    """Wrong input on every path: a problem with its code, never anything else."""
    for method, path in api.seen:
        target = path.replace("{id}", NOBODY).replace("{code}", market.asset).replace("{height}", "1").replace(
            "{organisation}", cast.BUYER)
        api.refused(400, "BAD_REQUEST", method, target + "?bogus=1", who=cast.REGULATOR, content_type=JSON)
        if api.document.operations()[method, path].get("security") != [{}] and method == "GET":
            api.refused(401, "AUTHENTICATION_FAILED", method, target, headers={"Authorization": "Sanquan nonsense"})
    asset = market.asset
    for status, code, target, who in (
            (404, "NOT_FOUND", f"/v1/transactions/{NOBODY}", ""), (400, "BAD_REQUEST", "/v1/transactions/12", ""),
            (401, "AUTHENTICATION_REQUIRED", f"/v1/transactions/{market.transaction}?proof=1", ""),
            (403, "FORBIDDEN", f"/v1/transactions/{market.transaction}?proof=1", cast.SECRECY),
            (400, "BAD_REQUEST", "/v1/assets?limit=0", ""), (400, "BAD_REQUEST", "/v1/assets?limit=501", ""),
            (400, "BAD_REQUEST", "/v1/assets?cursor=zzz", ""), (400, "BAD_REQUEST", "/v1/organisations?cursor=zzz", ""),
            (400, "BAD_REQUEST", f"/v1/assets/{asset}/history?cursor=zzz", ""),
            (400, "BAD_REQUEST", "/v1/market/listings?cursor=zzz", ""),
            (400, "BAD_REQUEST", "/v1/market/orders?cursor=zzz", cast.REGULATOR),
            (400, "BAD_REQUEST", f"/v1/rights?asset={asset}&cursor=zzz", cast.REGULATOR),
            (404, "NOT_FOUND", "/v1/assets/530000S0100000002Q", ""),
            (401, "AUTHENTICATION_REQUIRED", f"/v1/rights?asset={asset}", ""),
            (403, "FORBIDDEN", f"/v1/rights?asset={asset}&holder={cast.PLATFORM}", cast.BANK),
            (404, "NOT_FOUND", f"/v1/rights?asset={asset}&at=99999999", cast.REGULATOR),
            (401, "AUTHENTICATION_REQUIRED", "/v1/market/orders", ""),
            (401, "AUTHENTICATION_REQUIRED", f"/v1/market/orders/{market.order}", ""),
            (403, "FORBIDDEN", f"/v1/market/orders/{market.order}", cast.BANK),
            (404, "NOT_FOUND", "/v1/market/orders/O-1", cast.REGULATOR),
            (400, "BAD_ORGANISATION_ID", "/v1/organisations/nobody", ""),
            (404, "NOT_FOUND", "/v1/organisations/X-NOBODY", ""),
            (403, "FORBIDDEN", f"/v1/balances/{cast.BUYER}", cast.PLATFORM),
            (401, "AUTHENTICATION_REQUIRED", "/v1/blocks/1", ""), (400, "BAD_REQUEST", "/v1/headers/one", ""),
            (404, "NOT_FOUND", "/v1/headers/0", ""), (404, "NOT_FOUND", "/v1/headers/99999999", ""),
            (404, "NOT_FOUND", f"/v1/proofs/receipt/{NOBODY}", cast.REGULATOR),
            (403, "FORBIDDEN", f"/v1/proofs/receipt/{market.transaction}", cast.SECRECY),
            (400, "BAD_REQUEST", "/v1/proofs/consistency?from=2", ""),
            (400, "BAD_REQUEST", "/v1/proofs/consistency?from=2&to=1", ""),
            (400, "BAD_REQUEST", "/v1/events?after=zzz", "")):
        api.refused(status, code, "GET", target, who=who)
    api.refused(400, "BAD_REQUEST", "GET", "/v1/events", headers={"Last-Event-ID": "zzz"})


def bad_submissions(api, market):
    """Transactions that leave no trace, and bodies that are none."""
    good = market.issue()
    path = "/v1/transactions"
    forged = good[:-1] + bytes([good[-1] ^ 1])
    ended = int(time.time() * 1000) - 60_000
    for status, code, target, body, content_type in (
            (415, "UNSUPPORTED_MEDIA_TYPE", path, good, "text/plain"), (400, "MISSING_FIELD", path, b"", PROTOBUF),
            (400, "BAD_ENCODING", path, b"nonsense", PROTOBUF), (400, "BAD_REQUEST", path + "?wait=long", good, PROTOBUF),
            (400, "BAD_REQUEST", path + "?timeout_ms=60001", good, PROTOBUF),
            (403, "SIG_INVALID", path, forged, PROTOBUF),
            (413, "TRANSACTION_TOO_LARGE", path, bytes(1024 * 1024 + 1), PROTOBUF),
            (400, "WRONG_CHAIN", path, market.issue(chain=NOBODY), PROTOBUF),
            (409, "EXPIRED", path, market.issue(valid_until_ms=ended), PROTOBUF),
            (400, "DUPLICATE_KEY", path, b'{"body":"00","body":"00"}', JSON),
            (400, "UNKNOWN_FIELD", path, b'{"bodies":"00"}', JSON), (400, "BAD_HEX", path, b'{"body":"0G"}', JSON)):
        api.refused(status, code, "POST", target, body, content_type=content_type)
    body = json.dumps({"sender": cast.BANK, "operations": [issue("x")]})
    for operation in ("prepare", "dry-run"):
        target, options = f"{path}:{operation}", {"content_type": JSON, "who": cast.BANK}
        api.refused(415, "UNSUPPORTED_MEDIA_TYPE", "POST", target, good, content_type=PROTOBUF, who=cast.BANK)
        api.refused(400, "MISSING_FIELD", "POST", target, json.dumps({"sender": cast.BANK}), **options)
        api.refused(400, "UNKNOWN_FIELD", "POST", target,
                    json.dumps({"sender": cast.BANK, "operations": [{"fly": {}}]}), **options)
        api.refused(400, "BAD_NUMBER", "POST", target, body[:-1] + ',"valid_until_ms":1.5}', **options)
    for operation in ("", ":prepare", ":dry-run"):
        # Refused for what it says, before anything is read.
        api.refused(413, "TOO_LONG", "POST", path + operation, who=cast.BANK, content_type=JSON,
                    headers={"Content-Length": str(2 * 1024 * 1024 + 1)})
    api.refused(401, "AUTHENTICATION_REQUIRED", "POST", f"{path}:dry-run", body, content_type=JSON)
    api.refused(403, "FORBIDDEN", "POST", f"{path}:dry-run", body, content_type=JSON, who=cast.EXCHANGE)


def events(api, market):
    """The stream from a place on: ids without a gap, each event of its documented shape."""
    operation = api.document.operations()["GET", "/v1/events"]
    shapes = operation["responses"]["200"]["x-events"]
    for target, headers in ((f"/v1/events?after={market.height - 3}", {}),
                            ("/v1/events?after=0", {"Last-Event-ID": str(market.height - 3)})):
        connection = api.connect("")
        connection.request("GET", target, headers=headers)
        response = connection.getresponse()
        expect(f"{target}: {response.status} {response.getheader('Content-Type')}", response.status == 200 and
               response.getheader("Content-Type") in operation["responses"]["200"]["content"])
        api.seen["GET", "/v1/events"].add(response.status)
        ids = []
        while len(ids) < 3:
            event = {}
            while (line := response.readline().decode().rstrip("\n")):
                name, _, value = line.partition(": ")
                event[name] = value
            found = []
            api.document.judge(shapes[event["event"]], json.loads(event["data"]), "$", found)
            api.problems += [f"{target}: {problem}" for problem in found]
            ids.append(int(event["id"]))
        connection.close()
        expect(f"{target}: {ids}", ids == list(range(market.height - 2, market.height + 1)))


def api_contract(bin_dir):
    """Every path of docs/openapi.yaml on a running network: status, content type, schema; problems for bad input."""
    document = Document((ROOT / "docs/openapi.yaml").read_text(encoding="utf-8"))
    with Network(bin_dir, kind="demo") as network:
        network.start()
        market = Market(network)
        api = Api(network, document)
        # One node is asked: it has to have seen the last block.
        network.agreed(market.height + 1)
        read_everything(api, market)
        pages(api)
        external_signer(api)
        submissions(api, market)
        challenge(api)
        bad_requests(api, market)
        bad_submissions(api, market)
        events(api, market)
        unasked = [f"{method} {path}" for (method, path), seen in api.seen.items() if not seen & {200, 202}]
        expect(f"every path was answered: {unasked}", not unasked)
        expect("the answers are as documented:\n  " + "\n  ".join(api.problems), not api.problems)
        print(f"  {len(api.seen)} operations, {sum(len(seen) for seen in api.seen.values())} kinds of answers")


CASES = [api_contract]
