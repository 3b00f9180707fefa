"""What a person sees while the demo runs: a heading a chapter, its findings, and what is under way after two seconds."""

import shutil
import sys
import threading
import time
import unicodedata

TERMINAL = sys.stdout.isatty()
PATIENCE_SECONDS = 2.0        # what lasts longer is named
PLAIN_INTERVAL_SECONDS = 10.0  # without a terminal: a line this often
INDENT = "    "


def paint(code, text):
    return f"\033[{code}m{text}\033[0m" if TERMINAL else text


def bold(text):
    return paint("1", text)


def columns(text):
    """Columns that a terminal gives to a text: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def pad(text, width):
    return text + " " * max(0, width - columns(text))


def wrap(text, width):
    """Lines of at most `width` columns, broken at blanks, the following ones a little further in."""
    lead = " " * (len(text) - len(text.lstrip(" ")))
    first, *words = text[len(lead):].split(" ")
    lines, line = [], lead + first
    for word in words:
        if columns(line) + 1 + columns(word) > width:
            lines.append(line)
            line = lead + "  " + word
        else:
            line += " " + word
    return lines + [line]


class Screen:
    """Standard output with one line at its end that comes and goes. Used by several threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.drawn = False

    def print(self, text=""):
        with self.lock:
            self.clear()
            print(text, flush=True)

    def clear(self):
        if self.drawn:
            print("\r\033[K", end="", flush=True)
            self.drawn = False

    def draw(self, text):
        with self.lock:
            width = shutil.get_terminal_size().columns - 1
            while columns(text) > width:
                text = text[:-1]
            print("\r\033[K" + paint("2", text), end="", flush=True)
            self.drawn = True


SCREEN = Screen()


class Step:
    """One chapter: its heading at once, notes as they come, the seconds at the end."""

    def __init__(self, number, title):
        self.heading = f"{number:>2}. {title}"
        self.activity = ""
        self.since = self.start = time.monotonic()
        self.over = threading.Event()
        self.ticker = threading.Thread(target=self.tick, daemon=True)

    def __enter__(self):
        SCREEN.print()
        SCREEN.print(bold(self.heading))
        self.since = self.start = time.monotonic()
        self.ticker.start()
        return self

    def doing(self, text):
        """Names what is under way from now on; the same activity may report how far it is."""
        if text.split(":")[0] != self.activity.split(":")[0]:
            self.since = time.monotonic()
        self.activity = text

    def tick(self):
        shown = 0.0
        while not self.over.wait(0.2):
            now = time.monotonic()
            if now - self.since < PATIENCE_SECONDS or not self.activity:
                continue
            line = f"{INDENT}... {self.activity} ({now - self.since:.0f} s)"
            if TERMINAL:
                SCREEN.draw(line)
            elif now - shown > PLAIN_INTERVAL_SECONDS:
                shown = now
                SCREEN.print(line)

    def note(self, text):
        width = shutil.get_terminal_size().columns - len(INDENT) if TERMINAL else 10_000
        for line in wrap(text, width):
            SCREEN.print(INDENT + line)

    def __exit__(self, kind, value, trace):
        self.over.set()
        self.ticker.join()
        seconds = time.monotonic() - self.start
        mark = paint("32", "done") if kind is None else paint("31", "stopped")
        SCREEN.print(f"{INDENT}{mark} in {seconds:.1f} s")
        return False


def table(rows):
    """Aligned columns, wide characters counted as two."""
    widths = [max(columns(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [pad(cell, width) for cell, width in zip(row, widths)] + [row[-1]]
        SCREEN.print("  " + "  ".join(cells).rstrip())
