#!/usr/bin/env python3
"""Gate: what a document names exists. Names are read from backticks, fenced commands and links of every README and
every file under docs/ (and SPEC.md, SECURITY.md, CONTRIBUTING.md).

Judged: repository paths and file names, `function()`, `Type::member`, `CamelCase`, `kConstant`, `snake_case`,
`SCREAMING_CODE`, `--flags` (alone or in a command of ours), relative links; and paths in comments of sources. Every source folder of the first two
levels that style demands has a README. Foreign words stand in scripts/docs_words.json.
docs/openapi.yaml: its paths are those of the gateway's routers, its references lead somewhere, and the codes, enumerators,
members, parameters and files that it names exist.
"""

import json
import posixpath
import re

from gate_lib import finish, line_of, parse_root, read, tree_files

SOURCES = (".h", ".cc", ".def", ".proto", ".py", ".sh", ".cmake", "CMakeLists.txt", "CMakePresets.json", ".json",
           ".toml", ".yaml", ".table", ".txt", "check", "demo", "run", ".js", ".html")
TOP = ("ledger/", "consensus/", "contracts/", "node/", "client/", "tests/", "network-config/", "docs/", "scripts/",
       "cmake/", ".ci/")
NEEDS_README = ("ledger", "ledger/base", "ledger/crypto", "ledger/codec", "ledger/model", "ledger/state", "ledger/proof",
                "ledger/store", "consensus", "contracts", "contracts/invariants", "node", "node/catchup", "node/executor",
                "node/gateway", "node/mempool", "node/net", "node/runtime", "node/service", "node/vectors", "node/verifier",
                "client", "client/cli", "client/lib", "tests", "tests/bench", "tests/demo", "tests/e2e", "tests/fuzz",
                "tests/gates", "tests/install", "tests/scenarios", "tests/sim", "tests/support", "tests/unit", "tests/vectors",
                "scripts", "scripts/demo", "network-config", "docs")
EXEMPT = ("tests/data/", "docs/openapi.yaml", "tests/vectors/", "tests/fuzz/corpus/", "docs/CODES.md", "scripts/docs_words.json",
          "tests/gates/")
OUR_COMMANDS = ("./check", "./demo", "scripts/", "sanquan", "sanquan-node", "network-config/", "build/", ".ci/run",
                "tests/")
_SUFFIX = re.compile(r"\.(?:h|cc|md|sh|py|json|proto|toml|def|cmake|table|txt|yaml|js|html|service)$")
_PATH = re.compile(r"^\.?[\w.*{},+-]+(?:/[\w.*{},+-]+)*/?$")
_WORD = re.compile(r"^~?[A-Za-z_]\w*(?:::~?\w+)*(?:\(\))?$")


class Tree:
    """The names that exist: paths, folders, base names, and every identifier and flag of the sources."""

    def __init__(self, root):
        self.files = set(tree_files(root))
        self.folders = {posixpath.dirname(name) for name in self.files}
        for folder in list(self.folders):
            while folder:
                folder = posixpath.dirname(folder)
                self.folders.add(folder)
        self.base_names = {posixpath.basename(name) for name in self.files}
        self.identifiers, self.flags = set(), set()
        self.program_words = set()  # identifiers of sources that are no document themselves
        for name in self.files:
            if name.endswith(SOURCES) and not name.startswith(EXEMPT):
                text = read(root, name)
                words = re.findall(r"[A-Za-z_]\w*", text)
                self.identifiers.update(words)
                if name.endswith((".h", ".cc", ".def", ".proto")):
                    self.program_words.update(words)
                self.flags.update(re.findall(r"--[a-z][a-z0-9-]+", text))

    def has_path(self, path, folder):
        path = path.rstrip("/")
        for candidate in (path, posixpath.normpath(posixpath.join(folder, path))):
            if candidate in self.files or candidate in self.folders:
                return True
            if "*" in candidate or "{" in candidate:
                pattern = re.escape(candidate).replace(r"\*", "[^/]*")
                pattern = re.sub(r"\\\{([^}]*)\\\}", lambda match: "(?:" + match.group(1).replace(",", "|").replace("\\", "") + ")", pattern)
                names = self.files | self.folders
                if any(re.fullmatch(pattern, name) for name in names):
                    return True
        return "/" not in path and (path in self.base_names or "*" in path)


def judge_flags(command, tree):
    """The unknown flags of one of our commands (other programs' flags are their own business)."""
    first = command.split()[0] if command.split() else ""
    if not (first.startswith("--") or first.startswith(OUR_COMMANDS)):
        return []
    return [flag for flag in re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", command) if flag not in tree.flags]


def judge_word(span, tree):
    """None when the identifier-like `span` is known or is no name at all, else the part that is unknown."""
    parts = span.rstrip("()").strip("~").split("::")
    parts = [part for part in parts if part not in ("std", "sanquan", "google", "leveldb", "boost")]
    if span.startswith("std::"):
        return None
    named = span.endswith("()") or "::" in span
    for part in parts:
        part = part.strip("~")
        looks_like_code = (named or re.match(r"^k[A-Z]\w+$", part) or re.match(r"^[a-z][a-z0-9]*_\w+$", part)
                           or re.match(r"^[A-Z][A-Z0-9]*_[A-Z0-9_]+$", part)
                           or re.match(r"^[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+$", part))
        if looks_like_code and part not in tree.identifiers:
            return part
    return None


def judge_span(span, folder, tree, words):
    """The problem of one backticked span, or None."""
    span = span.strip()
    if not span or span in words or re.fullmatch(r"\*?\.\w+", span) or span.startswith(("build/", "/", "http", "<", "$", "~/")):
        return None
    unknown = judge_flags(span, tree)
    if unknown:
        return f"the option {unknown[0]} does not exist"
    span = re.sub(r":\d+(?:-\d+)?$", "", span)
    span = span[2:] if span.startswith("./") else span
    if _PATH.match(span) and (span.startswith(TOP) or (_SUFFIX.search(span) and not span.startswith("*"))):
        return None if tree.has_path(span, folder) else f"{span} does not exist"
    if _WORD.match(span):
        unknown_word = judge_word(span, tree)
        if unknown_word:
            return f"{unknown_word} does not occur in the sources"
    return None


def check_document(root, name, tree, words, problems):
    text = read(root, name)
    folder = posixpath.dirname(name)
    outside = []
    for index, part in enumerate(re.split(r"(^```[^\n]*\n.*?^```[ \t]*$)", text, flags=re.MULTILINE | re.DOTALL)):
        offset = sum(len(piece) for piece in outside)
        outside.append(part)
        if index % 2 == 1:
            for number, line in enumerate(part.split("\n")):
                command = line.strip().removeprefix("$ ")
                for flag in judge_flags(command, tree):
                    problems.append(f"{name}:{line_of(text, offset) + number}: the option {flag} does not exist")
                first = command.split()[0] if command.split() else ""
                if first in words:
                    continue
                if first.startswith(("./check", "./demo", "scripts/")) and not tree.has_path(first.removeprefix("./"), ""):
                    problems.append(f"{name}:{line_of(text, offset) + number}: {first} does not exist")
            continue
        for match in re.finditer(r"(?<!`)`([^`\n]+)`(?!`)", part):
            problem = judge_span(match.group(1), folder, tree, words)
            if problem:
                problems.append(f"{name}:{line_of(text, offset + match.start())}: {problem}")
        for match in re.finditer(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", part):
            target = match.group(1)
            if "://" not in target and not target.startswith("mailto:") and not tree.has_path(target, folder):
                problems.append(f"{name}:{line_of(text, offset + match.start())}: the link {target} leads nowhere")


# A comment that sends the reader to a document or file of ours, from the root.
_REFERENCE = re.compile(r"(?<![\w./-])((?:" + "|".join(re.escape(top) for top in TOP) + r")[\w./-]*\w\.(?:md|h|cc|sh|py|proto|json|yaml))\b")


def check_references(root, tree, problems):
    for name in sorted(tree.files):
        if not name.endswith((".h", ".cc", ".proto", ".py", ".sh", "CMakeLists.txt", ".cmake")) or name.startswith(EXEMPT):
            continue
        text = read(root, name)
        for match in _REFERENCE.finditer(text):
            target = match.group(1)
            known = target.replace(".pb.h", ".proto") if target.endswith(".pb.h") else target
            if not tree.has_path(known, ""):
                problems.append(f"{name}:{line_of(text, match.start())}: names {target}, which does not exist")


API = "docs/openapi.yaml"
# A route's pattern in the gateway: a text of its own that begins with a slash.
_ROUTE = re.compile(r'"(/(?:v1/[^"\s]+|healthz|metrics))"')
_CODE_WORD = re.compile(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b")


def api_components(lines):
    """(references that components answer, all references with their line), such as schemas/Stamp."""
    defined, used, section = set(), [], None
    inside = False
    for number, line in enumerate(lines, 1):
        if line and not line.startswith(" "):
            inside = line.startswith("components:")
        match = re.match(r"^( {2}| {4})([A-Za-z]\w*):", line)
        if inside and match:
            if len(match.group(1)) == 2:
                section = match.group(2)
            else:
                defined.add(f"{section}/{match.group(2)}")
        used += [(number, target) for target in re.findall(r"#/components/([\w/]+)", line)]
    return defined, used


def api_names(lines):
    """(line, name) of every member, required member, parameter, enumerator and code that the document names."""
    members_at = None
    for number, line in enumerate(lines, 1):
        depth = len(line) - len(line.lstrip())
        if members_at is not None and line.strip() and depth <= members_at:
            members_at = None
        match = re.match(r"^ *(\w+):", line)
        if match and members_at is not None and depth == members_at + 2:
            yield number, match.group(1)
        if re.match(r"^ *properties:$", line):
            members_at = depth
        for names in re.findall(r"required: \[([^\]]*)\]", line):
            yield from ((number, name.strip()) for name in names.split(","))
        for name in re.findall(r"\{name: (\w+), in: (?:query|path)", line):
            yield number, name
        for names in re.findall(r"(?:enum|examples): \[([^\]]*)\]", line):
            yield from ((number, name) for name in re.findall(r"\b[A-Z][A-Z_]+\b", names))
        for name in _CODE_WORD.findall(line):
            yield number, name


def check_api(root, tree, words, problems):
    if API not in tree.files:
        problems.append(f"{API}:1: the document is gone")
        return
    text = read(root, API)
    lines = text.split("\n")
    documented = {}
    for number, line in enumerate(lines, 1):
        match = re.match(r"^  (/\S*):$", line)
        if match:
            documented[match.group(1)] = number
    served = set()
    for name in sorted(tree.files):
        if re.match(r"node/gateway/\w+_routes\.cc$", name):
            served.update(_ROUTE.findall(read(root, name)))
    for path, number in documented.items():
        if path not in served:
            problems.append(f"{API}:{number}: no route answers {path}")
    problems += [f"{API}:1: the route {path} is not described" for path in sorted(served - set(documented))]
    defined, used = api_components(lines)
    problems += [f"{API}:{number}: the reference {target} leads nowhere" for number, target in used if target not in defined]
    for number, name in api_names(lines):
        if name not in tree.program_words and name not in words:
            problems.append(f"{API}:{number}: {name} does not occur in the sources")
    for match in re.finditer(r"(?<!`)`([^`\n]+)`(?!`)", text):
        problem = judge_span(match.group(1), "docs", tree, words)
        if problem:
            problems.append(f"{API}:{line_of(text, match.start())}: {problem}")
    for match in _REFERENCE.finditer(text):
        if not tree.has_path(match.group(1), ""):
            problems.append(f"{API}:{line_of(text, match.start())}: names {match.group(1)}, which does not exist")


def main():
    root = parse_root(__doc__).root
    tree = Tree(root)
    words = set(json.loads(read(root, "scripts/docs_words.json"))["words"])
    problems = []
    documents = [name for name in sorted(tree.files)
                 if name.endswith(".md") and not name.startswith(EXEMPT)]
    for name in documents:
        check_document(root, name, tree, words, problems)
    check_references(root, tree, problems)
    check_api(root, tree, words, problems)
    for folder in NEEDS_README:
        if folder in tree.folders and f"{folder}/README.md" not in tree.files:
            problems.append(f"{folder}:1: the folder has no README.md")
    finish("docs", problems, f"{len(documents)} documents")


if __name__ == "__main__":
    main()
