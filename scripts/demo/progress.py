"""What a person sees while the demo runs: one line a step, with the seconds that it took."""

import sys
import time

COLOUR = sys.stdout.isatty()


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if COLOUR else text


class Step:
    """Prints the step's title at once and its result and duration at the end."""

    def __init__(self, number, title):
        self.title = f"{number:>2}. {title}"

    def __enter__(self):
        self.start = time.monotonic()
        print(paint("1", self.title), flush=True)
        return self

    def note(self, text):
        print(f"      {text}", flush=True)

    def __exit__(self, kind, value, trace):
        seconds = time.monotonic() - self.start
        mark = paint("32", "done") if kind is None else paint("31", "failed")
        print(f"      {mark} in {seconds:.1f} s", flush=True)
        return False


def table(rows):
    """Two columns, aligned."""
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"  {name.ljust(width)}  {value}")
