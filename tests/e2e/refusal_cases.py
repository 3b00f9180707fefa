"""What a node refuses to start with: configurations, keys, directories and damaged files, each with its reason."""

import functools
import json
import os
import pathlib
import re
import shutil
import socket
import struct
import subprocess

from network import Failure, Network, expect, heights_of, wait_for

# Exit codes of node/main.cc.
USAGE, CONFIG, DIRECTORY, DAMAGED, ADDRESS = 2, 3, 4, 5, 6
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def refused(node, code, *texts):
    found, output = node.run_to_end()
    expect(f"exit {found} instead of {code}: {output}", found == code)
    for text in texts:
        expect(f"'{text}' in: {output}", text in output)


def usage(bin_dir):
    """The node's help teaches by examples and exit codes, its wrong command lines end with 2."""
    program = str(pathlib.Path(bin_dir) / "sanquan-node")

    def said(*words):
        done = subprocess.run([program, *words], capture_output=True, text=True, timeout=30)
        return done.returncode, done.stdout + done.stderr

    for command in ([], ["init"], ["verify-data"], ["vectors"]):
        code, text = said(*command, "--help")
        example = " ".join(["sanquan-node", *command])
        expect(f"{example} --help: {text}", code == 0 and "Example" in text and text.count(example) >= 1)
    code, text = said("--help")
    main = (ROOT / "node/main.cc").read_text(encoding="utf-8")
    for number in re.findall(r"    kExit\w+ = (\d+),", main):
        expect(f"exit code {number} is explained: {text}", re.search(rf"(?m)^  {number}  \w", text))
    for words in ([], ["init"], ["--colour", "red"], ["verify-data"], ["stop"], ["verify-data", "a", "b"]):
        code, text = said(*words)
        expect(f"sanquan-node {words}: exit {code}: {text}", code == USAGE and text)


def bad_config(bin_dir):
    """A bad configuration is refused with file, line and the fix."""
    with Network(bin_dir) as network:
        node = network.validators[0]
        good = node.config_file.read_text()
        lines = good.splitlines()
        peer_line = lines.index("[peer]") + 1
        listen = node.config["peer"]["listen"]
        bad = [
            (good.replace("[peer]", "[peer]\ncolour = \"red\""),
             [f"node.toml:{peer_line + 1}:", "peer.colour is not a known key", "known here: listen"]),
            (re.sub(r"(?m)^role = .*$", "role = 7", good), ["node.toml:3:", "role must be a text in quotes"]),
            (re.sub(r"(?m)^role = .*$", "role = \"king\"", good), ["node.toml:", "\"validator\" or \"audit\""]),
            (re.sub(r"(?m)^data_dir = .*$", "", good), ["node.toml:", "data_dir is missing; add it"]),
            (good.replace(listen, "127.0.0.1:99999"), [f"node.toml:{peer_line + 1}:", "peer.listen"]),
            (good + "\n[limits]\nblock_transactions = 0\n",
             [f"node.toml:{len(lines) + 3}:", "limits.block_transactions must be a whole number from 1 to"]),
            (good + "\n[consensus]\ntick_ms = 1.5\n", ["consensus.tick_ms must be a whole number from 1 to 1000"]),
            (good + "\n[broken\n", [f"node.toml:{len(lines) + 2}:"]),
            (good + "\nname = \"\x00\"\n", ["node.toml:"]),
            ("", ["node.toml:1:", "name is missing; add it"]),
        ]
        for text, wanted in bad:
            node.config_file.write_text(text)
            refused(node, CONFIG, "BAD_CONFIG", *wanted)
        node.config_file.unlink()
        refused(node, CONFIG, "node.toml")


def bad_keys(bin_dir):
    """Another node's key, a wrong passphrase, files that others may read, another genesis: each is refused."""
    with Network(bin_dir) as network:
        first, second = network.validators[:2]
        # All organisations' nodes of a test network have passphrases of their own: a key comes with its passphrase.
        with_passphrase = ["vote.pem", "passphrase"]

        def swapped(names, *texts):
            for name in names:
                shutil.copy(first.folder / name, first.folder / (name + ".kept"))
                shutil.copy(second.folder / name, first.folder / name)
            refused(first, CONFIG, *texts)
            for name in names:
                os.replace(first.folder / (name + ".kept"), first.folder / name)

        swapped(["vote.pem", "tls.pem", "tls.crt", "passphrase"], "NODE_NOT_LISTED", first.name, "keys.tls_key")
        if (first.folder / "passphrase").read_bytes() == (second.folder / "passphrase").read_bytes():
            swapped(with_passphrase, "NODE_NOT_LISTED", "keys.vote_key")
        else:
            swapped(with_passphrase, "BAD_PASSPHRASE")
            swapped(["passphrase"], "BAD_PASSPHRASE")
        swapped(["tls.crt"], "KEY_INVALID", "does not fit its certificate")

        for name in ("vote.pem", "tls.pem", "passphrase"):
            os.chmod(first.folder / name, 0o640)
            refused(first, CONFIG, "KEY_FILE_MODE", name)
            os.chmod(first.folder / name, 0o600)

        genesis = network.root / "genesis.bin"
        kept = genesis.read_bytes()
        genesis.write_bytes(kept[:-1])
        refused(first, CONFIG, "genesis.bin")
        genesis.write_bytes(b"")
        refused(first, CONFIG, "genesis.bin")
        genesis.unlink()
        refused(first, CONFIG, "genesis.bin")


def bad_directory(bin_dir):
    """Directories of another node or chain, without votes, in use; ports that are taken: each is refused."""
    with Network(bin_dir) as network, Network(bin_dir) as other:
        first, second = network.validators[:2]
        stranger = other.validators[0]
        data = first.data

        data.rename(first.folder / "away")
        refused(first, DIRECTORY, "DIRECTORY_MISSING", str(data))
        shutil.copytree(second.data, data)
        refused(first, DIRECTORY, "WRONG_NODE_DIRECTORY")
        shutil.rmtree(data)
        shutil.copytree(stranger.data, data)
        refused(first, DIRECTORY, "WRONG_CHAIN_DIRECTORY")
        shutil.rmtree(data)
        (first.folder / "away").rename(data)

        # A genesis of another chain is a chain of other keys: this node is no validator of it.
        genesis = network.root / "genesis.bin"
        kept = genesis.read_bytes()
        shutil.copy(other.root / "genesis.bin", genesis)
        refused(first, CONFIG, "NODE_NOT_LISTED")
        genesis.write_bytes(kept)
        audit = network.audits[0]
        network.start([first, audit])  # nothing was touched
        first.kill()
        audit.kill()
        shutil.copy(other.root / "genesis.bin", genesis)
        refused(audit, DIRECTORY, "WRONG_CHAIN_DIRECTORY")
        genesis.write_bytes(kept)

        votes = data / "votes"
        votes.rename(first.folder / "votes.away")
        votes.mkdir()
        refused(first, DIRECTORY, "VOTE_LOG_MISSING")
        votes.rmdir()
        (first.folder / "votes.away").rename(votes)

        network.start([first])
        refused(first, DIRECTORY, "DIRECTORY_LOCKED")
        second.edit(second.config["peer"]["listen"], first.config["peer"]["listen"])
        refused(second, ADDRESS, "ADDRESS_IN_USE", "peer.listen", "choose another port")
        second.edit(first.config["peer"]["listen"], second.config["peer"]["listen"])
        with socket.socket() as taken:
            taken.bind(second.address("client"))
            taken.listen()
            refused(second, ADDRESS, "ADDRESS_IN_USE", "client.listen", "choose another port")
        network.start([second])


def wrong_network(bin_dir):
    """A node that dials the validators of another chain is refused by them and says why."""
    with Network(bin_dir) as network, Network(bin_dir) as other:
        network.start()
        stranger = other.audits[0]
        ours, theirs = network.validators[0], other.validators[0]
        stranger.edit(theirs.config["peer"]["listen"], ours.config["peer"]["listen"])
        other.start([stranger])
        wait_for("the stranger sees that the key is not the listed one",
                 lambda: "its TLS key is not the one that the ledger lists" in stranger.log())
        network.agreed(max(heights_of(network.submit(3))))


def torn_and_flipped(bin_dir):
    """Truncated and flipped files: verify-data names the file, the node refuses or cuts an unconfirmed tail only."""
    with Network(bin_dir) as network:
        network.start()
        network.agreed(max(heights_of(network.submit(30, wait="sealed"))))
        for node in network.nodes:
            expect(f"{node.name} stops", node.stop() == 0)
        victim = network.validators[0]
        pristine = victim.folder / "pristine"
        shutil.copytree(victim.data, pristine)
        code, output = victim.verify_data()
        expect(f"undamaged: {output}", code == 0)

        problems = []

        def judge(name, what, change, *, torn_tail=False):
            """verify-data and a start say DAMAGED and name the file or its store; a log's torn tail may also be cut."""
            shutil.rmtree(victim.data)
            shutil.copytree(pristine, victim.data)
            file = victim.data / name
            file.write_bytes(change(file.read_bytes()))
            code, output = victim.verify_data()
            store = name.split("/")[0]
            if code != DAMAGED and not (torn_tail and code == 0):
                problems.append(f"verify-data, {what} of {name}: exit {code}: {output[-300:]}")
            elif code == DAMAGED and os.path.basename(name) not in output and f"/{store}" not in output:
                problems.append(f"verify-data, {what}: {name} is not named: {output[-300:]}")
            if torn_tail:
                return
            try:
                refused(victim, DAMAGED)
            except Failure as failure:
                problems.append(f"start, {what} of {name}: {str(failure)[-300:]}")

        for name in files_of(pristine):
            if name.startswith("index/"):
                continue  # derived: what is damaged there is made again from the blocks
            size = (pristine / name).stat().st_size
            if size == 0:
                continue
            for offset in (0, size // 3, size // 2):
                judge(name, f"flipped byte {offset} of {size}", flip(offset))
            judge(name, "cut in half", lambda content: content[:len(content) // 2], torn_tail=name.endswith(".log"))
        expect("damage is found and named:\n  " + "\n  ".join(problems), not problems)

        # The last bytes of a log, unconfirmed by any sync, go; the node comes back with what the others have.
        shutil.rmtree(victim.data)
        shutil.copytree(pristine, victim.data)
        log = next(victim.data.glob("state/state-*.log"))
        log.write_bytes(log.read_bytes() + b"SQRC\0\0\1\0half a record")
        network.start()
        network.agreed(max(heights_of(network.submit(3, node=victim))))

        # What the blocks still say is made again: half a state log, half the blocks.
        for pattern in ("state/state-*.log", "blocks/*.log"):
            expect(f"{victim.name} stops", victim.stop() == 0)
            log = next(victim.data.glob(pattern))
            log.write_bytes(log.read_bytes()[:log.stat().st_size // 2])
            network.start([victim])
            network.agreed(max(heights_of(network.submit(3, node=victim))))
        expect(f"{victim.name} stops", victim.stop() == 0)
        code, output = victim.verify_data()
        expect(f"verify-data after the repairs: {output}", code == 0)


@functools.cache
def crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


def crc32c(content):
    rest = 0xFFFFFFFF
    for byte in content:
        rest = (rest >> 8) ^ crc32c_table()[(rest ^ byte) & 0xFF]
    return rest ^ 0xFFFFFFFF


HEADER = 32  # bytes of a record's header


def altered_record(content):
    """A state log whose last record with entries holds another value, with all checksums right (docs/DATA_ON_DISK.md)."""
    at = last = 0
    while at < len(content):
        size = struct.unpack_from(">I", content, at + 4)[0]
        if struct.unpack_from(">I", content, at + HEADER + 16)[0] > 0:  # entries
            last = at
        at += HEADER + size
    at = last + HEADER + struct.unpack_from(">I", content, last + 4)[0]
    log = bytearray(content)
    body = last + HEADER
    entry = body + 8 + 8 + 4 + 8 + 32
    end = entry + 8 + struct.unpack_from(">I", log, entry + 4)[0]
    log[end - 1] ^= 1
    struct.pack_into(">I", log, entry, crc32c(log[entry + 4:end]))
    struct.pack_into(">I", log, last + 24, crc32c(log[body:at]))
    struct.pack_into(">I", log, last + 28, crc32c(log[last:last + 28]))
    return bytes(log)


def altered_state(bin_dir):
    """An audit node whose stored state was altered, checksums and all, says so: verify-data, start, CLI status."""
    with Network(bin_dir) as network:
        network.start()
        network.agreed(max(heights_of(network.submit(10, wait="sealed"))))
        audit = network.audits[0]
        network.cli("audit", "status")
        expect(f"{audit.name} stops", audit.stop() == 0)
        log = next(audit.data.glob("state/state-*.log"))
        kept = log.read_bytes()
        log.write_bytes(altered_record(kept))
        code, output = audit.verify_data()
        expect(f"verify-data: exit {code}: {output}", code == DAMAGED and "STATE_MISMATCH" in output)
        code, output = audit.verify_data("--json")
        expect(f"verify-data --json: exit {code}: {output}",
               code == DAMAGED and json.loads(output)["error"]["code"] == "STATE_MISMATCH")
        refused(audit, DAMAGED, "STATE_MISMATCH")
        expect("`sanquan audit status` is not 0 without its audit node",
               network.cli("audit", "status", check=False).returncode != 0)
        log.write_bytes(kept)
        network.start([audit])
        network.agreed(max(heights_of(network.submit(3))))
        network.cli("audit", "status")


def files_of(directory):
    """What a node reads back: without locks and LevelDB's own text logs."""
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*")
                  if path.is_file() and path.name not in ("lock", "LOCK", "LOG", "LOG.old"))


def flip(offset):
    return lambda content: content[:offset] + bytes([content[offset] ^ 1]) + content[offset + 1:]


CASES = [usage, bad_config, bad_keys, bad_directory, wrong_network, torn_and_flipped, altered_state]
