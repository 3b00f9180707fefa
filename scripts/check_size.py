#!/usr/bin/env python3
"""Gate: files stay under 800 lines, product functions under 71, by a ratchet that only turns one way.

Long functions of today stand in scripts/size_ratchet.json with their length. Tests are exempt from the function
limit (a scenario reads best in one piece) but not from the file limit.
"""

import json
import re

from gate_lib import CPP, code_only, finish, parse_root, read, tree_files

FILE_LINES_MAX = 800
FUNCTION_LINES_MAX = 70
_NOT_A_FUNCTION = re.compile(r"^\s*(?:namespace|class|struct|enum|union|extern|using|typedef)\b")
_NAME = re.compile(r"([~\w:]+|operator\s*[^\s\w(]+|operator\s*\(\))\s*\($")


def function_name(head):
    """The name in a function's head: what stands before the first parenthesis outside template brackets."""
    depth = 0
    for index, character in enumerate(head):
        if character == "<":
            depth += 1
        elif character == ">":
            depth = max(0, depth - 1)
        elif character == "(" and depth == 0:
            match = _NAME.search(head[: index + 1])
            return match.group(1) if match else "function"
    return "function"


def functions(text):
    """(name, first line, lines) of every function body at namespace or class level."""
    code = code_only(text)
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", lambda match: "\n" * match.group(0).count("\n"), code, flags=re.MULTILINE)
    scopes = []  # True: we are inside a function that began at this depth
    head_start, line = 0, 1
    found = []
    for index, character in enumerate(code):
        if character == "\n":
            line += 1
        elif character == ";":
            if not any(scope for scope in scopes):
                head_start = index + 1
        elif character == "{":
            inside = any(scope for scope in scopes)
            head = code[head_start:index]
            stripped = re.sub(r"^\s*template\s*<[^{};]*?>\s*(?=\w)", "", head.strip())
            opens = (not inside and "(" in head and not _NOT_A_FUNCTION.match(stripped)
                     and not re.search(r"=\s*$", head))
            if opens:
                lead = len(head) - len(head.lstrip())
                scopes.append((function_name(head.strip()), code.count("\n", 0, head_start + lead) + 1))
            else:
                scopes.append(None)
            if not inside:
                head_start = index + 1
        elif character == "}":
            scope = scopes.pop() if scopes else None
            if scope:
                found.append((scope[0], scope[1], line - scope[1] + 1))
            if not any(entry for entry in scopes):
                head_start = index + 1
    return found


def main():
    root = parse_root(__doc__).root
    problems = []
    ratchet = json.loads(read(root, "scripts/size_ratchet.json"))["functions"]
    seen = set()
    names = tree_files(root, (*CPP, ".py", ".sh", ".proto", ".cmake"))
    counted = 0
    for name in names:
        text = read(root, name)
        lines = text.count("\n")
        if lines > FILE_LINES_MAX:
            problems.append(f"{name}:1: {lines} lines; split at {FILE_LINES_MAX}")
        if not name.endswith(CPP) or name.startswith("tests/"):
            continue
        for function, first, length in functions(text):
            counted += 1
            key = f"{name}::{function}"
            if length <= FUNCTION_LINES_MAX:
                continue
            seen.add(key)
            limit = ratchet.get(key, FUNCTION_LINES_MAX)
            if length > limit:
                problems.append(f"{name}:{first}: {function} has {length} lines, limit {limit}")
            elif length < limit:
                problems.append(f"{name}:{first}: {function} shrank to {length}: lower its entry in scripts/size_ratchet.json")
    for key in sorted(set(ratchet) - seen):
        problems.append(f"scripts/size_ratchet.json:1: {key} fits now or is gone; remove its entry")
    finish("size", problems, f"{len(names)} files, {counted} functions, {len(ratchet)} on the ratchet")


if __name__ == "__main__":
    main()
