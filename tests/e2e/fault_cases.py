"""Faults of disks, clocks and networks under running nodes."""

import contextlib
import pathlib
import shutil
import subprocess
import time

from network import Network, expect, heights_of, on_ledger, wait_for
from proxy import Mesh

STORAGE_FAILED = 7  # exit code of node/main.cc


@contextlib.contextmanager
def mounted(*arguments, at):
    """A mount for as long as the block lasts."""
    subprocess.run(["mount", *arguments, str(at)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(at)], check=False)


def fill(file):
    """Takes all space that is left on the file's disk."""
    with open(file, "wb", buffering=0) as stream:
        for size in (65_536, 512, 1):
            with contextlib.suppress(OSError):
                while stream.write(b"\0" * size):
                    pass


def disk_full(bin_dir):
    """A validator on a full disk stops with code 7 and signs nothing more; others go on; with space it catches up."""
    with Network(bin_dir) as network:
        node = network.validators[0]
        small = network.directory / "small"
        small.mkdir()
        with mounted("-t", "tmpfs", "-o", "size=24m", "tmpfs", at=small):
            shutil.copytree(node.data, small / "data")
            node.edit('data_dir = "data"', f'data_dir = "{small / "data"}"')
            node.data = small / "data"
            network.start()
            final = network.submit(10)
            fill(small / "filler")
            others = network.validators[1:]
            # More than the files' last blocks can still hold.
            for _ in range(40):
                if not node.running():
                    break
                final += network.submit(20, node=others[0])
            expect("the node on the full disk stops", not node.running())
            expect(f"exit code {node.process.returncode}", node.process.returncode == STORAGE_FAILED)
            expect(f"it says why: {node.log()[-500:]}", "No space left on device" in node.log())
            final += network.submit(5, node=others[1])
            code, output = node.run_to_end()
            expect(f"without space it does not start: exit {code}: {output}",
                   code != 0 and "No space left on device" in output)
            (small / "filler").unlink()
            network.start([node])
            final += network.submit(5, node=node)
            network.agreed(max(heights_of(final)))
            on_ledger(network, final[-20:])
            for one in network.nodes:
                expect(f"{one.name} saw no equivocation", one.metric("sanquan_evidence_total") == 0)
            node.stop()
            code, output = node.verify_data()
            expect(f"verify-data: {output}", code == 0)


def read_only(bin_dir):
    """A data directory on a read-only mount is refused at start, and nothing in it changes."""
    with Network(bin_dir) as network:
        node = network.validators[0]
        with mounted("--bind", str(node.data), at=node.data):
            subprocess.run(["mount", "-o", "remount,ro,bind", str(node.data)], check=True)
            code, output = node.run_to_end()
            expect(f"exit {code}: {output}", code in (3, 4) and "ead-only" in output)
            expect(f"it names the directory: {output}", str(node.data) in output)
        network.start([node])


def block_times(node, first, last):
    return [int(node.get(f"/v1/headers/{height}")["header"]["time_ms"]) for height in range(first, last + 1)]


def clock_skew(bin_dir):
    """One validator whose clock is five minutes off, either way: the others go on, block time stays true."""
    library = pathlib.Path(bin_dir).resolve() / "libskewed_clock.so"
    expect(f"{library} is built", library.exists())
    with Network(bin_dir) as network:
        skewed, honest = network.validators[0], network.validators[1]
        network.start(network.validators[1:] + network.audits)
        for offset in ("300", "-300"):
            skewed.start(env={"LD_PRELOAD": str(library), "SKEW_SECONDS": offset})
            network.answers(skewed)
            before = int(1000 * time.time())
            first = network.height() + 1
            final = network.submit(40, node=honest)
            last = max(heights_of(final))
            network.agreed(last)
            on_ledger(network, final[-5:])
            times = block_times(honest, first, last)
            after = int(1000 * time.time())
            expect(f"with {offset} block time rises: {times}", times == sorted(set(times)))
            # A proposal may be ahead of a checking clock by consensus.clock_drift_ms, by default 500 ms.
            expect(f"with {offset} block time is true: {before} {times} {after}",
                   before - 15_000 <= times[0] and times[-1] <= after + 500)
            judge = honest if offset == "300" else skewed

            def refused():
                # The others need no help: it may have been catching up while they agreed on all of the above.
                network.submit(1, node=honest)
                return "time lies ahead of this node's clock" in judge.log()

            wait_for(f"{judge.name} refuses proposals from its future", refused)
            expect(f"{judge.name} warns of the clock", "clock_skew" in judge.log())
            leader = skewed if judge is honest else honest
            ahead = judge.metric(f'sanquan_clock_skew_ms{{leader="{leader.name}"}}')
            expect(f"{judge.name} shows how far {leader.name} is ahead: {ahead}", 250_000 < ahead < 350_000)
            expect(f"{skewed.name} stops", skewed.stop() == 0)


def split_in_half(bin_dir):
    """A silent 2|2 split stops finality without a fork; healed, the ledger goes on with what waited."""
    with Network(bin_dir) as network:
        mesh = Mesh(network.nodes)
        left, right = network.validators[:2], network.validators[2:] + network.audits
        network.start()
        final = network.submit(10)
        network.agreed(max(heights_of(final)))
        mesh.silence(left, right)
        waiting = [network.load(2, node=left[0], timeout_ms=4_000), network.load(2, node=right[0], timeout_ms=4_000)]
        # What was certified before the split may still arrive at a height or two; then both sides stand.
        answers = [answer for load in waiting for answer in load.finish()]
        stand = [network.height(left), network.height(right)]
        expect(f"no half finalizes new transactions: {answers}", not heights_of(answers))
        expect(f"both halves stand: {stand}", abs(stand[0] - stand[1]) <= 2)
        mesh.heal()
        began = time.monotonic()
        final += network.submit(5)
        print(f"  final again {time.monotonic() - began:.2f} s after the split healed")
        network.agreed(max(heights_of(final)))
        on_ledger(network, final)
        for answer in answers:
            wait_for(f"what waited in the split becomes final: {answer}",
                     lambda answer=answer: network.validators[0].get(f"/v1/transactions/{answer['id']}"))
        for node in network.nodes:
            expect(f"{node.name} saw no equivocation", node.metric("sanquan_evidence_total") == 0)


def split_off_one(bin_dir):
    """Three go on while one is cut off; healed, it catches up to the same root."""
    with Network(bin_dir) as network:
        mesh = Mesh(network.nodes)
        alone, others = network.validators[0], network.validators[1:] + network.audits
        network.start()
        final = network.submit(5)
        network.agreed(max(heights_of(final)))
        mesh.cut([alone], others)
        stand = network.height([alone])
        final += network.submit(60, node=others[0])
        network.agreed(max(heights_of(final)), nodes=others)
        expect(f"the cut one stands at {network.height([alone])}", network.height([alone]) <= stand + 2)
        mesh.heal()
        began = time.monotonic()
        network.agreed(max(heights_of(final)))
        print(f"  caught up {time.monotonic() - began:.2f} s after the split healed")
        final += network.submit(5, node=alone)
        network.agreed(max(heights_of(final)))
        on_ledger(network, final[-20:])


MOUNTING = (disk_full, read_only)
CASES = [disk_full, read_only, clock_skew, split_in_half, split_off_one]
