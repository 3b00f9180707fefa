"""What the gates share: which files belong to the tree, and C++ text without comments and literals.

Every gate is a program `scripts/check_*` that takes `--root DIR`, prints one line per violation
(`path:line: sentence`) and ends non-zero when there was one. tests/gates/selftest.py plants violations.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys

CPP = (".h", ".cc")
SKIPPED_FOLDERS = {"build", ".git", ".cache", "__pycache__"}


def parse_root(description, extra=None):
    """The parsed command line; `extra` may add options to the parser."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    if extra:
        extra(parser)
    options = parser.parse_args()
    options.root = options.root.resolve()
    return options


def tree_files(root, suffixes=None):
    """Relative posix paths of the project's files (tracked or new, never ignored), sorted."""
    if (root / ".git").exists():
        out = subprocess.run(
            ["git", "-C", str(root), "ls-files", "-z", "-c", "-o", "--exclude-standard"],
            check=True, capture_output=True).stdout.decode()
        names = {name for name in out.split("\0") if name and (root / name).is_file()}
    else:
        names = set()
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            for name in files:
                names.add((pathlib.Path(folder) / name).relative_to(root).as_posix())
    return sorted(name for name in names if suffixes is None or name.endswith(tuple(suffixes)))


def read(root, name):
    return (root / name).read_text(encoding="utf-8", errors="replace")


_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'                              # comments
    r'|R"(?P<tag>[^ ()\\\t\n]*)\(.*?\)(?P=tag)"'       # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                            # strings
    r"|(?<![0-9A-Fa-f])'(?:\\.|[^'\\\n])+'",           # characters, not digit separators
    re.DOTALL)


def code_only(text):
    """`text` with comments and literals blanked out; line breaks stay, so line numbers hold."""
    def blank(match):
        piece = match.group(0)
        quote = '""' if piece.endswith('"') else ("''" if piece.endswith("'") else "")
        return quote + "\n" * piece.count("\n")
    return _TOKEN.sub(blank, text)


def line_of(text, offset):
    return text.count("\n", 0, offset) + 1


def finish(gate, problems, counted):
    """Prints the violations and the verdict, and ends the program."""
    for problem in sorted(set(problems)):
        print(problem)
    if problems:
        print(f"{gate}: RED, {len(set(problems))} violation(s) in {counted}")
        sys.exit(1)
    print(f"{gate}: green, {counted}")
    sys.exit(0)
