#!/usr/bin/env python3
"""Real nodes as processes: what they agree on, what survives kill -9, what they refuse to start with.

Usage: tests/e2e/process_test.py BIN_DIR [TEST…]     Method: one function a case; each makes its own network.
"""

import os
import re
import shutil
import subprocess
import sys

from network import Failure, Network, wait_for


def expect(what, holds):
    if not holds:
        raise Failure(what)


def ids_on_ledger(network, answers):
    """Every transaction that a client saw as final is found on every running node."""
    for node in network.nodes:
        if not node.running():
            continue
        for answer in answers:
            found = wait_for(f"{node.name} knows {answer['id']}",
                             lambda node=node, answer=answer: node.get(f"/v1/transactions/{answer['id']}"))
            expect(f"{answer['id']} has height {answer['height']} on {node.name}: {found}",
                   int(found["height"]) == int(answer["height"]))


def agree(bin_dir):
    """Four validators and an audit node take transactions and report equal roots; a stop is clean."""
    with Network(bin_dir) as network:
        network.start()
        answers = network.submit(20, wait="sealed")
        network.agreed(max(int(answer["height"]) for answer in answers))
        ids_on_ledger(network, answers[:3])
        for node in network.nodes:
            expect(f"{node.name} ends with 0 on SIGTERM", node.stop() == 0)
        checked = subprocess.run([str(network.nodes[0].program), "verify-data", str(network.nodes[0].data)],
                                 capture_output=True, text=True, check=False, timeout=120)
        expect(f"verify-data: {checked.stdout}{checked.stderr}",
               checked.returncode == 0 and checked.stdout.endswith("ok\n"))


def kill_and_restart(bin_dir):
    """kill -9 of one validator after another in mid-load; nothing that was final is lost."""
    with Network(bin_dir) as network:
        network.start()
        final = []
        for victim in network.validators:
            final += network.submit(20)
            victim.kill()
            final += network.submit(20)
            victim.start()
            wait_for(f"{victim.name} is back", victim.status)
            network.agreed(max(int(answer["height"]) for answer in final))
        ids_on_ledger(network, final)


def restart_all(bin_dir):
    """All nodes killed at once come back to the same ledger and go on."""
    with Network(bin_dir) as network:
        network.start()
        final = network.submit(10)
        network.agreed(max(int(answer["height"]) for answer in final))
        for node in network.nodes:
            node.kill()
        network.start()
        final += network.submit(5)
        network.agreed(max(int(answer["height"]) for answer in final))
        ids_on_ledger(network, final)


def late_audit(bin_dir):
    """An audit node that starts late, from genesis, executes everything again and agrees."""
    with Network(bin_dir) as network:
        network.start(network.validators)
        final = network.submit(60, connections=2)
        network.start(network.audits)
        network.agreed(max(int(answer["height"]) for answer in final))
        ids_on_ledger(network, final[:5])


def quorum_lost(bin_dir):
    """With two of four gone the ledger halts; it resumes by itself when one returns."""
    with Network(bin_dir) as network:
        network.start()
        network.submit(3)
        network.validators[0].kill()
        network.validators[1].kill()
        stalled = network.submit(1, check=False)
        expect(f"nothing becomes final without a quorum: {stalled}", "error" in stalled[0])
        network.validators[0].start()
        wait_for("it answers", network.validators[0].status)
        network.submit(3)


def refused_to_start(network, node, code, text):
    found, output = node.run_to_end()
    expect(f"exit {found} instead of {code}: {output}", found == code)
    expect(f"'{text}' in: {output}", text in output)


def bad_starts(bin_dir):
    """Configurations, keys and directories that must be refused with their reason."""
    with Network(bin_dir) as network:
        first, second = network.validators[:2]
        good = first.config_file.read_text()

        first.config_file.write_text(good.replace("[peer]", "[peer]\ncolour = \"red\""))
        refused_to_start(network, first, 3, "peer.colour is not a known key")
        first.config_file.write_text(re.sub(r"(?m)^role = .*$", "role = 7", good))
        refused_to_start(network, first, 3, "role must be a text")
        first.config_file.write_text(good + "\n[broken\n")
        refused_to_start(network, first, 3, "node.toml:")
        first.config_file.write_text(good)

        tls_key = first.folder / "vote.pem"
        kept = tls_key.read_bytes()
        shutil.copy(second.folder / "vote.pem", tls_key)
        shutil.copy(second.folder / "passphrase", first.folder / "passphrase.other")
        first.config_file.write_text(good)
        code, output = first.run_to_end()
        expect(f"another node's key: exit {code}: {output}", code == 3)
        tls_key.write_bytes(kept)

        os.chmod(first.folder / "vote.pem", 0o644)
        refused_to_start(network, first, 3, "KEY_FILE_MODE")
        os.chmod(first.folder / "vote.pem", 0o600)

        genesis = network.root / "genesis.bin"
        kept = genesis.read_bytes()
        genesis.write_bytes(kept[:-1])
        refused_to_start(network, first, 3, "genesis.bin")
        genesis.write_bytes(kept)

        data = first.data
        data.rename(first.folder / "away")
        refused_to_start(network, first, 4, "DIRECTORY_MISSING")
        shutil.copytree(second.data, data)
        refused_to_start(network, first, 4, "WRONG_NODE_DIRECTORY")
        shutil.rmtree(data)
        (first.folder / "away").rename(data)

        votes = data / "votes"
        votes.rename(first.folder / "votes.away")
        votes.mkdir()
        refused_to_start(network, first, 4, "VOTE_LOG_MISSING")
        votes.rmdir()
        (first.folder / "votes.away").rename(votes)

        network.start([first])
        refused_to_start(network, first, 4, "DIRECTORY_LOCKED")
        second.config_file.write_text(second.config_file.read_text().replace(
            second.config["peer"]["listen"], first.config["peer"]["listen"]))
        refused_to_start(network, second, 6, "ADDRESS_IN_USE")


def other_chain(bin_dir):
    """A data directory and a peer of another chain are refused."""
    with Network(bin_dir) as ours, Network(bin_dir) as theirs:
        node, stranger = ours.validators[0], theirs.validators[0]
        shutil.rmtree(node.data)
        shutil.copytree(stranger.data, node.data)
        code, output = node.run_to_end()
        expect(f"exit {code}: {output}", code == 4 and "WRONG_CHAIN_DIRECTORY" in output)


def disk_full(bin_dir):
    """A validator on a full disk stops with code 7 and signs nothing more; the others go on; it returns with space."""
    with Network(bin_dir) as network:
        node = network.validators[0]
        small = network.directory / "small"
        small.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(small)], check=False)
        if mounted.returncode != 0:
            print("  skipped: no right to mount")
            return
        try:
            shutil.copytree(node.data, small / "data")
            node.config_file.write_text(node.config_file.read_text().replace(
                'data_dir = "data"', f'data_dir = "{small / "data"}"'))
            network.start()
            final = network.submit(10)
            filler = small / "filler"
            subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=64k"], check=False, capture_output=True)
            final += network.submit(30)
            wait_for("the node on the full disk stops", lambda: not node.running())
            expect(f"exit code {node.process.returncode}", node.process.returncode == 7)
            final += network.submit(5)
            filler.unlink()
            node.start()
            wait_for("it is back", node.status)
            network.agreed(max(int(answer["height"]) for answer in final))
            ids_on_ledger(network, final[-5:])
        finally:
            if node.running():
                node.kill()
            subprocess.run(["umount", "-l", str(small)], check=False)


def read_only(bin_dir):
    """A data directory on a read-only mount is refused at start."""
    with Network(bin_dir) as network:
        node = network.validators[0]
        bound = subprocess.run(["mount", "--bind", "-o", "ro", str(node.data), str(node.data)], check=False)
        if bound.returncode != 0:
            print("  skipped: no right to mount")
            return
        subprocess.run(["mount", "-o", "remount,ro,bind", str(node.data)], check=False)
        try:
            code, output = node.run_to_end()
            expect(f"exit {code}: {output}", code in (3, 4) and "ead-only" in output)
        finally:
            subprocess.run(["umount", "-l", str(node.data)], check=False)


TESTS = [agree, kill_and_restart, restart_all, late_audit, quorum_lost, bad_starts, other_chain, disk_full, read_only]


def main():
    bin_dir, wanted = sys.argv[1], sys.argv[2:]
    failed = []
    for test in TESTS:
        if wanted and test.__name__ not in wanted:
            continue
        print(f"{test.__name__}: {test.__doc__.splitlines()[0]}", flush=True)
        try:
            test(bin_dir)
        except Failure as failure:
            print(f"  FAILED {failure}", flush=True)
            failed.append(test.__name__)
    print("failed:", ", ".join(failed) if failed else "none")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
