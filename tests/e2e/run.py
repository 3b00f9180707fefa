#!/usr/bin/env python3
"""End-to-end tests with real processes: what nodes agree on, survive and refuse.

Usage: tests/e2e/run.py BIN_DIR [CASE…]     Without CASE: all. Method: one function a case; each makes its own network.
SANQUAN_LONG=1 lengthens the loops; KEEP_E2E=1 leaves the directories of the networks.
"""

import sys
import time

import fault_cases
import hostile_cases
import process_cases
import refusal_cases
from network import Failure

CASES = [*process_cases.CASES, *refusal_cases.CASES, *fault_cases.CASES, *hostile_cases.CASES]


def main():
    bin_dir, wanted = sys.argv[1], sys.argv[2:]
    unknown = set(wanted) - {case.__name__ for case in CASES}
    if unknown:
        sys.exit(f"no such case: {', '.join(sorted(unknown))}; there are: {', '.join(c.__name__ for c in CASES)}")
    failed = []
    for case in CASES:
        if wanted and case.__name__ not in wanted:
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
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
