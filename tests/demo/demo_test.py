"""The demo as a user runs it. Usage: demo_test.py story|interrupt BUILD_DIR OUT_DIR

story      plays the short demo and checks summary.json on its own, without the demo's code.
interrupt  sends SIGINT while the network runs, and again while it stops: no process may stay behind.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 120
POLL_SECONDS = 0.05

EXACT = {
    "validators": 4, "audit_nodes": 1, "state_roots_equal": True, "datasets_imported": 1250,
    "replay_settled": 2189, "replay_refused": 1064, "replay_value": "823815404262026330926",
    "voucher_verified": True, "tampered_voucher_refused": True, "kill9_lost_transactions": 0,
    "kill9_acknowledged": 300, "replay_signed_by_both": 400, "trades_not_admitted": 0, "denials_explained": 15,
    "denial_kinds": 15, "production_refusals": 2,
}
POSITIVE = ("height", "trades_submitted", "trades_settled", "trades_denied", "denials_explained",
            "transactions_per_second", "operations_per_second", "finality_ms_p50", "finality_ms_p99", "wall_seconds")


def command(build, out, *more):
    return [sys.executable, "-m", "scripts.demo.main", "--build", build, "--out", out, *more]


def processes_under(out):
    """Process ids of programs that were started with a file under `out`, this one and its parent excepted."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) not in (os.getpid(), os.getppid()):
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if any(word.startswith(os.fsencode(out) + b"/") for word in words):
                found.append(int(entry.name))
    return found


def wait_for(what, condition):
    end = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < end, f"not within {DEADLINE_SECONDS} s: {what}"
        time.sleep(POLL_SECONDS)


def story(build, out):
    subprocess.run(command(build, out, "--short", "1", "--fresh", "1"), cwd=ROOT, check=True)
    figures = json.loads((pathlib.Path(out) / "summary.json").read_text())
    wrong = {name: figures.get(name) for name, value in EXACT.items() if figures.get(name) != value}
    assert not wrong, f"expected {EXACT}, found {wrong}"
    not_positive = [name for name in POSITIVE if not figures.get(name, 0) > 0]
    assert not not_positive, f"no figure: {not_positive}"
    assert figures["trades_submitted"] == figures["trades_settled"] + figures["trades_denied"], figures
    assert figures["trades_settled"] > figures["replay_settled"], figures
    assert figures["money_issued"] == figures["money_accounted_for"] != {}, figures
    assert set(figures["money_issued"]) == {"CNY", "JPY", "XTS"}, figures
    assert figures["money_issued"]["JPY"] == str(figures["kill9_acknowledged"]), figures
    assert all(amount.isdigit() for amount in figures["money_issued"].values()), figures
    assert figures["build"], figures
    assert not processes_under(out), processes_under(out)


def interrupt(build, out):
    demo = subprocess.Popen(command(build, out, "--short", "1", "--fresh", "1", "--keep", "1"), cwd=ROOT,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    summary = pathlib.Path(out) / "summary.json"
    try:
        wait_for("five nodes run", lambda: len(processes_under(f"{out}/network/nodes")) >= 5 or demo.poll() is not None)
        demo.send_signal(signal.SIGINT)
        demo.send_signal(signal.SIGINT)
        text, _ = demo.communicate(timeout=DEADLINE_SECONDS)
    finally:
        if demo.poll() is None:
            demo.kill()
    assert demo.returncode == 128 + signal.SIGINT, (demo.returncode, text)
    assert "Interrupted" in text, text
    assert not processes_under(out), (processes_under(out), text)
    assert not summary.exists(), "a demo that was interrupted has no summary"


if __name__ == "__main__":
    {"story": story, "interrupt": interrupt}[sys.argv[1]](sys.argv[2], os.path.abspath(sys.argv[3]))
