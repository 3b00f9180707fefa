#!/usr/bin/env python3
"""Gate: every stable code of ledger/base/codes/*.def is named by a test, or stands in an allow-list with its reason.

Named means: in C++ as Code::kName or as the text within a string; in Python within a string; in tables, scripts and
corpora of our own as a word outside comments. A code that no test names can be lost, or answered wrongly, unnoticed.
"""

import io
import json
import re
import tokenize

from gate_lib import CPP, finish, parse_root, read, tree_files
from make_codes_doc import collect

ALLOWED = "scripts/untested_codes.json"
NOT_TESTS = ("tests/gates/", "tests/support/", "tests/bench/")
_COMMENT_OR_STRING = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<tag>[^ ()\\\t\n]*)\((?P<raw>.*?)\)(?P=tag)"'
    r'|"(?P<text>(?:\\.|[^"\\\n])*)"', re.DOTALL)
_ENUMERATOR = re.compile(r"\bCode::(k\w+)")
_WORD = re.compile(r"\b[A-Z][A-Z0-9_]*\b")


def named_in_cpp(text):
    """(enumerators, texts) that C++ source names outside comments."""
    strings = []
    code = _COMMENT_OR_STRING.sub(
        lambda match: strings.append(match.group("text") or match.group("raw") or "") or " ", text)
    return set(_ENUMERATOR.findall(code)), set(_WORD.findall("\n".join(strings)))


def named_in_python(text):
    strings = [token.string for token in tokenize.generate_tokens(io.StringIO(text).readline)
               if token.type == tokenize.STRING and not token.string.startswith('"""')]
    return set(_WORD.findall("\n".join(strings)))


def named_in_table(text):
    return set(_WORD.findall("\n".join(line for line in text.split("\n") if not line.lstrip().startswith("#"))))


def named_by_tests(root):
    enumerators, texts = set(), set()
    for name in tree_files(root, (*CPP, ".py", ".table", ".txt")):
        if not name.startswith("tests/") or name.startswith(NOT_TESTS) or name.endswith("CMakeLists.txt"):
            continue
        text = read(root, name)
        if name.endswith(CPP):
            more_enumerators, more_texts = named_in_cpp(text)
            enumerators |= more_enumerators
        else:
            more_texts = named_in_python(text) if name.endswith(".py") else named_in_table(text)
        texts |= more_texts
    return enumerators, texts


def main():
    root = parse_root(__doc__).root
    problems = []
    enumerators, texts = named_by_tests(root)
    allowed = {entry["code"]: entry["reason"] for entry in json.loads(read(root, ALLOWED))["allow"]}
    codes = collect(root, problems)
    for _, label, enumerator, _, _, _, name in codes:
        named = enumerator in enumerators or label in texts
        if not named and label not in allowed:
            problems.append(f"{name}:1: no test names {label} ({enumerator}); provoke it, or say in {ALLOWED} why not")
        if named and label in allowed:
            problems.append(f"{ALLOWED}:1: {label} is not needed any more: a test names it")
    for label in allowed:
        if label not in {code[1] for code in codes}:
            problems.append(f"{ALLOWED}:1: {label} is no code; remove it")
        if not allowed[label].strip():
            problems.append(f"{ALLOWED}:1: {label} has no reason")
    finish("codes tested", problems, f"{len(codes)} codes, {len(allowed)} of them without a test")


if __name__ == "__main__":
    main()
