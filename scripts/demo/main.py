"""The demo: the whole life of a data asset on four validators and an audit node, through the public interfaces alone."""

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time

from . import chapters, progress, summary
from .network import CommandFailed, Network

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

FAILURES = (CommandFailed, AssertionError, TimeoutError, LookupError, ValueError, OSError, subprocess.SubprocessError)

SHORT = """--short plays every chapter and checks every figure; only two loads are smaller: 300 transactions instead of
1,500 around the kill -9, and 1,000 single ones and 20 batches instead of 4,000 and 60 in the measurements, with half
as many samples of the latency."""


def arguments():
    parser = argparse.ArgumentParser(prog="demo", epilog=SHORT)
    parser.add_argument("--build", required=True, help="build directory with bin/sanquan and bin/sanquan-node")
    parser.add_argument("--out", default=os.path.join(ROOT, "build", "demo"),
                        help="folder for the network and the results (default: build/demo)")
    for flag, about in (("fresh", "1: forget earlier runs first"), ("keep", "1: leave the network running"),
                        ("stop", "1: end a network that was left running, and nothing else"),
                        ("short", "1: smaller loads, see below")):
        parser.add_argument(f"--{flag}", type=int, choices=(0, 1), default=0, help=about)
    return parser.parse_args()


def only_one(out):
    """A lock that lives as long as this process; None when another demo plays in the folder."""
    lock = open(os.path.join(out, "lock"), "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def put_aside(network, out):
    """The ledger and the results of the run before are kept beside the new ones, until the next run."""
    network.stop()
    if os.path.exists(network.directory):
        previous = os.path.join(out, "previous")
        shutil.rmtree(previous, ignore_errors=True)
        os.makedirs(previous)
        for name in ("network", "proofs", "summary.json"):
            if os.path.exists(os.path.join(out, name)):
                os.rename(os.path.join(out, name), os.path.join(previous, name))
        progress.SCREEN.print(f"The network of the run before is stopped; its files are in {shown(previous)}.")


def forget(network, out):
    """Nothing of earlier runs is left but the lock that this one holds."""
    network.stop()
    for name in os.listdir(out):
        path = os.path.join(out, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif name != "lock":
            os.unlink(path)


def shown(path):
    relative = os.path.relpath(path)
    return path if relative.startswith("..") else relative


ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def ignore_signals():
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)


def interrupted(number, _frame):
    """Ends the story once; a second Ctrl-C cannot interrupt the cleaning up that follows."""
    ignore_signals()
    raise KeyboardInterrupt(number)


def clean_up(network, told):
    """Ends every process that this run started."""
    ignore_signals()
    if told:
        progress.SCREEN.print("\nStopping the network ...")
    network.end_children()
    network.stop()


def play(options, network, out):
    """Plays the story; answers (exit code, figures)."""
    started = time.monotonic()
    figures = {}
    running = False
    try:
        chapters.play(chapters.Stage(ROOT, out, network, bool(options.short)), figures)
        figures["wall_seconds"] = round(time.monotonic() - started, 1)
        summary.check(figures)
        if options.keep:
            network.start()
            running = True
        return 0, figures
    except KeyboardInterrupt as interrupt:
        progress.SCREEN.print("\nInterrupted.")
        return 128 + (interrupt.args[0] if interrupt.args else signal.SIGINT), figures
    except FAILURES as problem:
        progress.SCREEN.print(f"\n{progress.paint('31', 'The demo stopped')}: {type(problem).__name__}: {problem}")
        progress.SCREEN.print(f"The nodes' logs are {shown(network.directory)}/nodes/*/node.log.")
        return 1, figures
    finally:
        figures.setdefault("wall_seconds", round(time.monotonic() - started, 1))
        if not running:
            clean_up(network, told=sys.exc_info()[0] is not None)


def main():
    options = arguments()
    out = os.path.abspath(options.out)
    binaries = os.path.abspath(os.path.join(options.build, "bin"))
    network = Network(binaries, os.path.join(out, "network"))
    if options.stop:
        running = len(network.leftovers())
        network.stop()
        print(f"{running} nodes stopped." if running else "No node of the demo's network was running.")
        return 0
    os.makedirs(out, exist_ok=True)
    lock = only_one(out)
    if lock is None:
        print(f"Another demo is playing in {shown(out)}; wait for it or end it with Ctrl-C.", file=sys.stderr)
        return 1
    if options.fresh:
        forget(network, out)
    else:
        put_aside(network, out)
    for number in ENDING:
        signal.signal(number, interrupted)
    code, figures = play(options, network, out)
    if code == 0:
        summary.write(os.path.join(out, "summary.json"), figures)
        summary.show(figures, shown(out), shown(os.path.join(binaries, "sanquan")), bool(options.keep))
    return code


if __name__ == "__main__":
    sys.exit(main())
