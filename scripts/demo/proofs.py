"""Chapters 8 and 12: provenance, who could use an asset at a height, and vouchers that need no network."""

import json
import os
import re

from . import cast, tamper

ACCEPTED = "ACCEPTED"

# -- provenance ------------------------------------------------------------------------------------------------------

def provenance(network, asset):
    return network.get(f"/v1/assets/{asset}/provenance", cast.SECTOR_AUTHORITY)


def amount_text(money):
    return f"{money['currency']} {money['amount']}"


def payment_lines(payment):
    yield (f"paid {amount_text(payment['price'])} by {payment['payer']} at height {payment['height']} "
           f"({payment.get('order') or 'ownership'})")
    for part in payment.get("paid", []):
        yield f"  {part['part']:<13} {part['amount']:>9}  {part['organisation']}"


def tree_lines(answer, index=0, lead=""):
    """One line a fact: the asset, its steps, its payments, then the sources and the grants that allowed their use."""
    node = answer["nodes"][index]
    title = node["title"]
    yield f"{node['code']}  {node['asset']['stage']}  {title.get('zh', '')} {title.get('en', '')}".rstrip()
    inside = []
    for processing in node.get("processings", []):
        for piece in processing["steps"]:
            inside.append([f"step {piece['kind']} with {piece['tool']} {piece['tool_version']} by {piece['operator']}"])
    inside += [list(payment_lines(payment)) for payment in node.get("payments", [])]
    for source in node.get("sources", []):
        grant = source.get("grant_record", {})
        inside.append([f"made of, under grant {source['grant']} from {grant.get('grantor', '?')} "
                       f"to {grant.get('holder', '?')}:"]
                      + ["  " + line for line in tree_lines(answer, source["node"])])
    for number, lines in enumerate(inside):
        last = number + 1 == len(inside)
        yield lead + ("└─ " if last else "├─ ") + lines[0]
        for line in lines[1:]:
            yield lead + ("   " if last else "│  ") + line


# -- proofs ------------------------------------------------------------------------------------------------------------

class Prover:
    """Fetches proofs as the regulator and believes only what `sanquan verify` says about the files."""

    def __init__(self, network, out, genesis):
        self.network = network
        self.directory = os.path.join(out, "proofs")
        self.genesis = genesis
        os.makedirs(self.directory, exist_ok=True)

    def receipt(self, transaction, name):
        path = os.path.join(self.directory, name)
        self.network.raw("prove", "receipt", transaction, "--as", cast.REGULATOR, "--out", path)
        return path

    def state(self, key, name, at=None):
        path = os.path.join(self.directory, name)
        self.network.raw("prove", "state", key, "--as", cast.REGULATOR, "--out", path,
                         *(("--at", str(at)) if at else ()))
        return path

    def fact(self, path):
        """What the file shows; an exception when it does not verify."""
        accepted, answer = verify(self.network, path, self.genesis)
        if not accepted:
            raise AssertionError(f"{path}: {answer}")
        return answer["fact"]

    def held_at(self, key, at):
        """The record that stood under the key at that height, proven; None when the proof says that there was none."""
        return self.fact(self.state(key, f"{key.replace('/', '-')}-at-{at}.sanquan", at)).get("value")


def who_could_use(prover, asset, height):
    """The grants that allowed USE at that height, and how many records prove it.

    The API answers and names the records that it read; each of them is fetched with its proof and must say the same.
    """
    answer = prover.network.get(f"/v1/rights?asset={asset}&at={height}", cast.REGULATOR)
    proven = {key: prover.held_at(key, height) for key in answer["proof_keys"]}
    for held in answer["grants"]:
        if proven.get(f"grant/{held['id']}") != held["grant"]:
            raise AssertionError(f"grant {held['id']} at height {height}: {held['grant']} is not what the proof shows")
    usable = [held for held in answer["grants"] if "USE" in held["grant"]["actions"] and held["state"] == "OK"]
    return usable, len(proven)


def save(prover, story):
    """Writes the voucher, the settlement's receipt, the right of the buyer, and the proof that a stranger had none."""
    buyer, stranger = (f"right/{story.product}/{who}" for who in (cast.BUYER, cast.OTHER_BUYER))
    return {
        "voucher": prover.state(f"voucher/{story.voucher}", "voucher.sanquan"),
        "settlement": prover.receipt(story.settlement, "settlement-receipt.sanquan"),
        "right": prover.state(buyer, "buyer-right.sanquan"),
        "right before": prover.state(buyer, "buyer-right-before.sanquan", story.settled_height - 1),
        "no right": prover.state(stranger, "stranger-no-right.sanquan"),
    }


def verify(network, file, genesis):
    """(accepted, the verifier's JSON); needs no profile and no network."""
    done = network.raw("verify", file, "--genesis-digest", genesis, "--json", check=False, profile=False)
    return done.returncode == 0, json.loads(done.stdout)


def verify_text(network, file, genesis, language="en"):
    """What `sanquan verify` says to people."""
    return network.raw("verify", file, "--genesis-digest", genesis, "--lang", language, profile=False).stdout


def changed_copies(network, file, genesis, out):
    """[(what was changed, refusal code or ACCEPTED, what the verifier found)] over copies of a voucher on a record:
    one byte of the file, each field of the record that it proves, each field of the proof."""
    with open(file, "rb") as original:
        data = original.read()
    record = verify(network, file, genesis)[1]["fact"]["value"]
    copies = [("one byte", tamper.one_byte(data))]
    copies += [(f"voucher field {path}", copy) for path, copy in tamper.record_variants(data, record)]
    copies += [(f"proof field {path}", copy) for path, copy in tamper.variants(data)]
    copy_file = os.path.join(out, "changed-copy.sanquan")
    answers = []
    for what, copy in copies:
        with open(copy_file, "wb") as target:
            target.write(copy)
        accepted, answer = verify(network, copy_file, genesis)
        error = {"code": ACCEPTED, "detail": ""} if accepted else answer["error"]
        answers.append((what, error["code"], re.sub("[0-9a-f]{32,}", "...", error["detail"])))
        network.report(f"changing fields: {len(answers)} of {len(copies)} copies checked")
    os.unlink(copy_file)
    return answers
