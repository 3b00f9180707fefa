#!/usr/bin/env python3
"""End-to-end tests with real processes: what nodes agree on, survive and refuse.

Usage: tests/e2e/run.py BIN_DIR [CASE…]     Without CASE: all. Method: one function a case; each makes its own network.
SANQUAN_LONG=1 lengthens the loops; KEEP_E2E=1 leaves the directories of the networks. Cases that mount run in a user
namespace where this user may not mount; where that is not to be had either, they are skipped (exit code 77).
"""

import os
import subprocess
import sys
import tempfile
import time

import api_cases
import cli_cases
import fault_cases
import hostile_cases
import process_cases
import refusal_cases
from network import Failure

CASES = [*process_cases.CASES, *refusal_cases.CASES, *fault_cases.CASES, *hostile_cases.CASES, *api_cases.CASES,
         *cli_cases.CASES]


SKIPPED = 77  # SKIP_RETURN_CODE in CMakeLists.txt
UNSHARED = "SANQUAN_E2E_UNSHARED"


def may_mount():
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], check=False, capture_output=True)
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)
        return done.returncode == 0


def without_mounts():
    """The cases that cannot run here. May begin the program again in a namespace where it is root."""
    if may_mount():
        return []
    if not os.environ.get(UNSHARED) and subprocess.run(["unshare", "-Urm", "true"], check=False,
                                                       capture_output=True).returncode == 0:
        os.environ[UNSHARED] = "1"
        os.execvp("unshare", ["unshare", "-Urm", sys.executable, *sys.argv])
    return list(fault_cases.MOUNTING)


def main():
    bin_dir, wanted = sys.argv[1], sys.argv[2:]
    unknown = set(wanted) - {case.__name__ for case in CASES}
    if unknown:
        sys.exit(f"no such case: {', '.join(sorted(unknown))}; there are: {', '.join(c.__name__ for c in CASES)}")
    chosen = [case for case in CASES if not wanted or case.__name__ in wanted]
    skipped = without_mounts() if any(case in fault_cases.MOUNTING for case in chosen) else []
    failed = []
    for case in chosen:
        if case in skipped:
            print(f"{case.__name__}: skipped, no right to mount", flush=True)
            continue
        print(f"{case.__name__}: {case.__doc__.splitlines()[0]}", flush=True)
        began = time.monotonic()
        try:
            case(bin_dir)
        except Failure as failure:
            print(f"  FAILED {failure}", flush=True)
            failed.append(case.__name__)
        print(f"  {time.monotonic() - began:.1f} s", flush=True)
    print("failed:", ", ".join(failed) if failed else "none")
    return 1 if failed else SKIPPED if all(case in skipped for case in chosen) else 0


if __name__ == "__main__":
    sys.exit(main())
