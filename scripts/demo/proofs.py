"""Chapters 6 and 7: provenance, who could use it at a height, and a voucher that needs no network."""

import os

from . import cast, tamper


def provenance(network, asset):
    return network.get(f"/v1/assets/{asset}/provenance", cast.SECTOR_AUTHORITY)


def print_tree(step, answer, index=0, depth=0):
    """One line a record: the asset, then the sources that it was made of and the grants that allowed it."""
    node = answer["nodes"][index]
    step.note("  " * depth + f"{node['code']}  {node.get('asset', {}).get('stage', '')}  {node.get('title', {}).get('en', '')}")
    for source in node.get("sources", []):
        step.note("  " * (depth + 1) + f"under grant {source['grant']}:")
        print_tree(step, answer, source["node"], depth + 2)


def save_proofs(network, story, out):
    """Writes the voucher, the right of the buyer, and the proof that a stranger had none."""
    files = {
        "voucher": os.path.join(out, "voucher.sanquan"),
        "right": os.path.join(out, "buyer-right.sanquan"),
        "no_right": os.path.join(out, "stranger-no-right.sanquan"),
    }
    network.raw("prove", "receipt", story.voucher_transaction, "--as", cast.EXCHANGE, "--out", files["voucher"])
    network.raw("prove", "rights", story.product, cast.BUYER, "--as", cast.REGULATOR, "--out", files["right"])
    network.raw("prove", "rights", story.product, cast.OTHER_BUYER, "--as", cast.REGULATOR,
                "--out", files["no_right"])
    return files


def verify(network, file, genesis_digest):
    """(accepted, the verifier's JSON); needs no profile and no network."""
    done = network.raw("verify", file, "--genesis-digest", genesis_digest, "--json", check=False, profile=False)
    return done.returncode == 0, done.stdout


def tampered_all_refused(network, file, genesis_digest, out):
    """Changes each field of the file in turn; answers (copies made, copies refused)."""
    with open(file, "rb") as original:
        data = original.read()
    made, paths = 0, []
    directory = os.path.join(out, "tampered")
    os.makedirs(directory, exist_ok=True)
    for path, changed in tamper.variants(data):
        name = os.path.join(directory, f"{made:04d}.sanquan")
        with open(name, "wb") as copy:
            copy.write(changed)
        paths.append(name)
        made += 1
    refused = sum(1 for name in paths if not verify(network, name, genesis_digest)[0])
    for name in paths:
        os.unlink(name)
    return made, refused
