#!/usr/bin/env python3
"""Gate: what could make two nodes disagree, or a test lie, is banned by name.

Every replica must compute the same bytes: in the deterministic folders nothing may depend on hashing order,
floating point, clocks, randomness, locale, threads or addresses. Some habits are banned everywhere. Exceptions
stand in scripts/ban_allow.json with their reason.
"""

import json
import re

from gate_lib import code_only, finish, line_of, parse_root, read, tree_files

DETERMINISTIC = ("consensus/", "contracts/", "ledger/base/", "ledger/codec/", "ledger/model/", "ledger/state/")
EVERYWHERE = ("ledger/", "consensus/", "contracts/", "node/", "client/", "tests/")
CPP = (".h", ".cc")
TEXT = (".h", ".cc", ".proto", ".def", ".py", ".sh", ".cmake", "CMakeLists.txt", ".md", ".yaml")

# (name, folders, suffixes, pattern on text without comments and literals, what to do instead)
BANS = [
    ("unordered", DETERMINISTIC, CPP, r"\bunordered_(?:map|set|multimap|multiset)\b", "use std::map or a sorted vector"),
    ("float", DETERMINISTIC, CPP, r"\b(?:float|double)\b|\bstd::sto[df]\b|\bstrto[df]\b", "use integers or Amount"),
    ("random", DETERMINISTIC, CPP, r"\bs?rand\s*\(|\brandom_device\b|\bmt19937\w*\b|\bstd::shuffle\b|\b\w+_distribution\b",
     "randomness enters through inputs only"),
    ("std-hash", DETERMINISTIC, CPP, r"\bstd::hash\b", "use ledger/crypto/digest.h"),
    ("clock", DETERMINISTIC, CPP,
     r"\b(?:system_clock|steady_clock|high_resolution_clock|gettimeofday|clock_gettime|localtime|gmtime|mktime)\b"
     r"|(?:std|(?<![\w)]))::time\s*\(|(?<![\w.>:])time\s*\(\s*(?:nullptr|NULL|0|&)", "use block time or ticks"),
    ("locale", DETERMINISTIC, CPP, r"\blocale\b|\bstd::(?:tolower|toupper|isalpha|isdigit|isalnum|isspace|isprint)\s*\(",
     "compare bytes"),
    ("thread", DETERMINISTIC, CPP, r"\bstd::(?:jthread|thread|mutex|shared_mutex|recursive_mutex|condition_variable|atomic)\b|\bthread_local\b",
     "this code is single-threaded"),
    ("pointer-key", DETERMINISTIC, CPP, r"\b(?:map|set|multimap|multiset)<\s*(?:const\s+)?[\w:]+(?:\s+const)?\s*\*",
     "addresses differ between runs; key by value"),
    ("getenv", DETERMINISTIC, CPP, r"\bgetenv\b", "configuration enters through constructors"),
    ("proto-type", DETERMINISTIC, (".proto",), r"^\s*(?:repeated\s+|optional\s+)?(?:float|double|map\s*<)", "hashed messages hold no floats and no maps"),
    ("sleep", ("tests/",), (".h", ".cc", ".py", ".sh"),
     r"\b(?:u|nano)?sleep\s*\(|\bsleep_(?:for|until)\b|^\s*sleep\s+[\d.$]", "wait on a condition with a deadline"),
    ("assert", EVERYWHERE, CPP, r"(?<![\w.])assert\s*\(", "use SANQUAN_ASSERT, which is never compiled out"),
    ("using-std", EVERYWHERE, CPP, r"\busing\s+namespace\s+std\s*;", "name what you use"),
    ("raw-new", EVERYWHERE, CPP, r"(?<!operator )\bnew\b(?=\s*[\w:(])|\bdelete\b(?=\s*(?:\[\s*\]\s*)?[\w*(])", "use std::make_unique, a container, or std::unique_ptr<T>(new T) for a private constructor"),
    ("repair-db", EVERYWHERE, CPP, r"\bRepairDB\b", "repairing drops records silently; refuse to start instead"),
]
# A private constructor is out of make_unique's reach: the owner takes the object in the same expression.
_OWNED = re.compile(r"\b(?:unique|shared)_ptr<[^;{}]*>\s*\w*[({]\s*$")
# A promise to come back needs a number that can be found again.
_PROMISE = re.compile(r"\b(?:TODO|FIXME|XXX)\b(?!\s*\(#\d+\))")
_PROMISE_EXEMPT = ("scripts/check_nondet.py", "tests/gates/")


def load_allow(root, problems):
    allow = {}
    for entry in json.loads(read(root, "scripts/ban_allow.json"))["allow"]:
        if not entry.get("reason"):
            problems.append(f"scripts/ban_allow.json:1: {entry['ban']} {entry['path']} gives no reason")
        allow[(entry["ban"], entry["path"])] = False
    return allow


def main():
    root = parse_root(__doc__).root
    problems = []
    allow = load_allow(root, problems)
    names = tree_files(root, TEXT)
    compiled = [(name, folders, suffixes, re.compile(pattern, re.MULTILINE), advice)
                for name, folders, suffixes, pattern, advice in BANS]
    for path in names:
        text = read(root, path)
        code = code_only(text) if path.endswith((*CPP, ".proto")) else text
        for name, folders, suffixes, pattern, advice in compiled:
            if not path.startswith(folders) or not path.endswith(suffixes):
                continue
            for match in pattern.finditer(code):
                if name == "raw-new" and _OWNED.search(code, max(0, match.start() - 200), match.start()):
                    continue
                if (name, path) in allow:
                    allow[(name, path)] = True
                    break
                found = match.group(0).strip()
                problems.append(f"{path}:{line_of(code, match.start(0))}: {name}: '{found}' is banned; {advice}")
        if not path.startswith(_PROMISE_EXEMPT) and path.startswith((*EVERYWHERE, "scripts/", "cmake/")):
            for match in _PROMISE.finditer(text):
                problems.append(f"{path}:{line_of(text, match.start())}: promise: '{match.group(0)}' without (#issue)")
    for (name, path), used in allow.items():
        if not used:
            problems.append(f"scripts/ban_allow.json:1: {name} {path} is not needed any more; remove it")
    finish("nondet", problems, f"{len(names)} files, {len(BANS) + 1} bans")


if __name__ == "__main__":
    main()
