#!/usr/bin/env python3
"""Goal: a gate that cannot fail protects nothing. Method: copy the tree, plant one violation per rule, run the
gate on the copy, and demand a non-zero end and a message that names the planted file (and the rule).

Usage: tests/gates/selftest.py GATE
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from gate_lib import tree_files  # noqa: E402

TEXT = (".h", ".cc", ".def", ".proto", ".py", ".sh", ".json", ".md", ".txt", ".cmake", ".toml", ".yaml", ".clang-format")
NOT_COPIED = ("tests/data/", "tests/vectors/", "tests/fuzz/corpus/")

# Text that the bans would see in this file itself is put together at run time.
SLEEP = "sle" + "ep"
PROMISE = "TO" + "DO"


def copy_tree(target, small):
    """Copies the sources; `small`: only the gates themselves, for gates that judge each file alone."""
    excepted = {entry["path"] for entry in json.loads((ROOT / "scripts/ban_allow.json").read_text(encoding="utf-8"))["allow"]}
    for name in tree_files(ROOT):
        if small and not name.startswith(("scripts/", ".clang-format")) and name not in excepted:
            continue
        if (name.endswith(TEXT) or "/" not in name) and not name.startswith(NOT_COPIED):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


class Garden:
    """A copy of the tree in which violations are planted and pulled out again."""

    def __init__(self, tree):
        self.tree = tree
        self.before = {}  # path -> bytes, or None when the file was not there

    def remember(self, name):
        path = self.tree / name
        if path not in self.before:
            self.before[path] = path.read_bytes() if path.exists() else None
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def write(self, name, text, append=False):
        path = self.remember(name)
        old = path.read_text(encoding="utf-8") if append else ""
        path.write_text(old + text, encoding="utf-8")

    def remove(self, name):
        self.remember(name).unlink()

    def restore(self):
        for path, old in self.before.items():
            path.unlink(missing_ok=True)
            if old is not None:
                path.write_bytes(old)
        self.before.clear()


def policy_cycle(garden):
    path = garden.tree / "scripts/include_policy.json"
    policy = json.loads(path.read_text(encoding="utf-8"))
    policy["components"]["ledger/base"]["includes"].append("ledger/crypto")
    garden.write("scripts/include_policy.json", json.dumps(policy))


def relink(name, old, new):
    """Changes what a target of a CMakeLists.txt depends on."""
    def plant(garden):
        text = (garden.tree / name).read_text(encoding="utf-8")
        assert old in text, f"{name} lacks {old}"
        garden.write(name, text.replace(old, new, 1))
    return plant


def allowed_code(code, reason):
    """One more entry of the list of untested codes."""
    def plant(garden):
        path = garden.tree / "scripts/untested_codes.json"
        listed = json.loads(path.read_text(encoding="utf-8"))
        listed["allow"].append({"code": code, "reason": reason})
        garden.write("scripts/untested_codes.json", json.dumps(listed))
    return plant


def planted(name, text, append=False):
    return lambda garden: garden.write(name, text, append)


def many(*plants):
    def plant(garden):
        for one in plants:
            one(garden)
    return plant


def api(old, new):
    """Plants by changing every `old`, which must be there, in the API document."""
    def plant(garden):
        text = (garden.tree / "docs/openapi.yaml").read_text(encoding="utf-8")
        if old not in text:
            raise SystemExit(f"docs/openapi.yaml holds no {old!r} any more")
        garden.write("docs/openapi.yaml", text.replace(old, new))
    return plant


def ban(rule, name, line):
    return (f"ban {rule}", planted(name, line + "\n"), [name, rule + ":"])


# gate -> (command, [(what, plant, what the output must say)])
GATES = {
    "includes": (["python3", "scripts/check_includes.py"], [
        ("forbidden direction", planted("consensus/planted.h", '#include "contracts/contract.h"\n'),
         ["consensus/planted.h:1", "may not include contracts"]),
        ("client reaches node", many(planted("node/planted.h", "\n"), planted("client/planted.h", '#include "node/planted.h"\n')),
         ["client/planted.h:1", "may not include node"]),
        ("tests are nobody's", many(planted("tests/planted.h", "\n"), planted("node/planted.cc", '#include "tests/planted.h"\n')),
         ["node/planted.cc:1", "may not include tests"]),
        ("unresolved", planted("ledger/base/planted.h", '#include "ledger/base/gone.h"\n'), ["ledger/base/planted.h:1", "does not resolve"]),
        ("relative", planted("ledger/base/planted.cc", '#include "bytes.h"\n'), ["ledger/base/planted.cc:1", "does not resolve"]),
        ("folder without entry", planted("ledger/novel/planted.h", "\n"), ["ledger/novel/planted.h", "no entry"]),
        ("policy cycle", policy_cycle, ["the policy has a cycle"]),
        ("file cycle", many(planted("node/a.h", '#include "node/b.h"\n'), planted("node/b.h", '#include "node/a.h"\n')),
         ["files include each other", "node/a.h"]),
        ("foreign library", planted("consensus/planted.cc", "#include <openssl/evp.h>\n"), ["consensus/planted.cc:1", "may not use"]),
        ("heavy header", planted("node/planted.h", "#include <boost/asio/io_context.hpp>\n"), ["node/planted.h:1", "heavy"]),
        ("forbidden link", relink("consensus/CMakeLists.txt", "DEPENDS sanquan_base PURE", "DEPENDS sanquan_base sanquan_contracts PURE"),
         ["consensus/CMakeLists.txt:6", "consensus may not link contracts"]),
        ("forbidden private link", relink("client/lib/CMakeLists.txt", "PRIVATE_DEPENDS", "PRIVATE_DEPENDS sanquan_store"),
         ["client/lib/CMakeLists.txt:2", "client may not link ledger/store"]),
        ("forbidden link afterwards", planted("contracts/CMakeLists.txt", "\ntarget_link_libraries(sanquan_contracts PRIVATE sanquan_store)\n", True),
         ["contracts/CMakeLists.txt", "contracts may not link ledger/store"]),
        ("link to nobody", planted("node/CMakeLists.txt", "\nsanquan_library(planted SOURCES a.cc DEPENDS sanquan_gone)\n", True),
         ["node/CMakeLists.txt", "sanquan_gone, which no CMakeLists.txt defines"]),
        ("link cycle", planted("ledger/base/CMakeLists.txt", "\ntarget_link_libraries(sanquan_base PUBLIC sanquan_crypto)\n", True),
         ["targets depend on each other", "sanquan_crypto -> sanquan_base"]),
        ("project header in angles", planted("node/planted.h", "#include <ledger/base/bytes.h>\n"), ["node/planted.h:1", "quotes"]),
    ]),
    "nondet": (["python3", "scripts/check_nondet.py"], [
        ban("unordered", "contracts/planted.cc", "std::unordered_map<int, int> m;"),
        ban("float", "consensus/planted.cc", "double share = 1;"),
        ban("random", "ledger/state/planted.cc", "int r = std::rand();"),
        ban("std-hash", "ledger/model/planted.h", "std::hash<int> h;"),
        ban("clock", "consensus/planted.cc", "auto t = std::time(nullptr);"),
        ban("clock", "contracts/planted.cc", "auto t = std::chrono::steady_clock::now();"),
        ban("locale", "ledger/base/planted.cc", "auto c = std::tolower(x);"),
        ban("thread", "consensus/planted.h", "std::mutex m;"),
        ban("pointer-key", "contracts/planted.h", "std::map<const Grant*, int> m;"),
        ban("getenv", "contracts/planted.cc", 'auto e = getenv("X");'),
        ban("proto-type", "ledger/codec/planted.proto", "  map<string, string> m = 1;"),
        ban("sleep", "tests/planted.cc", f"std::this_thread::{SLEEP}_for(x);"),
        ban("sleep", "tests/planted.sh", f"{SLEEP} 3"),
        ban("assert", "node/planted.cc", "assert(x > 0);"),
        ban("using-std", "client/planted.cc", "using namespace std;"),
        ban("raw-new", "node/planted.cc", "auto* p = new Session(x);"),
        ban("raw-new", "node/planted.h", "void f() { delete p; }"),
        ban("repair-db", "ledger/store/planted.cc", "leveldb::RepairDB(path, options);"),
        ("promise", planted("node/planted.cc", f"// {PROMISE} later\n"), ["node/planted.cc:1", "promise:"]),
        ("idle exception", planted("scripts/ban_allow.json", json.dumps(
            {"allow": [{"ban": "float", "path": "consensus/gone.cc", "reason": "none"}]})), ["consensus/gone.cc", "not needed"]),
    ]),
    "size": (["python3", "scripts/check_size.py"], [
        ("long file", planted("tests/planted.cc", "// line\n" * 801), ["tests/planted.cc", "801 lines"]),
        ("long function", planted("node/planted.cc", "int f(int x) {\n" + "    ++x;\n" * 70 + "    return x;\n}\n"),
         ["node/planted.cc:1", "f has 73 lines"]),
        ("long method", planted("node/planted.h", "class A {\n    void g() const {\n" + "        h();\n" * 80 + "    }\n};\n"),
         ["node/planted.h:2", "g has 82 lines"]),
        ("idle ratchet", planted("scripts/size_ratchet.json", '{"functions": {"node/gone.cc::f": 90}}'), ["node/gone.cc::f", "remove"]),
    ]),
    "python": (["python3", "scripts/check_python.py"], [
        ("syntax", planted("scripts/planted.py", "def broken(:\n"), ["scripts/planted.py:1"]),
        ("tab", planted("scripts/planted.py", "if True:\n\tpass\n"), ["scripts/planted.py:2", "tab"]),
    ]),
    "codes": (["python3", "scripts/make_codes_doc.py", "--check"], [
        ("new code", planted("ledger/base/codes/node.def",
                             '\nSANQUAN_CODE(kPlanted, 7998, "PLANTED", kLimit, "Planted.", "植入。")\n', True), ["docs/CODES.md", "differs"]),
        ("number twice", planted("ledger/base/codes/node.def",
                                 '\nSANQUAN_CODE(kPlanted, 1000, "PLANTED", kLimit, "Planted.", "植入。")\n', True), ["number 1000 is used twice"]),
        ("hand edit", planted("docs/CODES.md", "| 9 | x |\n", True), ["docs/CODES.md", "differs"]),
    ]),
    "parameters": (["python3", "scripts/make_parameters_doc.py", "--check"], [
        ("new parameter", planted("contracts/parameters.def", '\nSANQUAN_PARAMETER(kPlanted, "planted.max", 1, 2, 1, 3, "Planted.")\n', True),
         ["docs/PARAMETERS.md", "differs"]),
        ("name twice", planted("contracts/parameters.def", '\nSANQUAN_PARAMETER(kPlanted, "party.keys_max", 1, 2, 1, 3, "Planted.")\n', True),
         ["party.keys_max is used twice"]),
        ("unknown shape", planted("contracts/parameters.def", "\nSANQUAN_PARAMETER(kPlanted)\n", True), ["does not have the expected shape"]),
        ("hand edit", planted("docs/PARAMETERS.md", "| x |\n", True), ["docs/PARAMETERS.md", "differs"]),
    ]),
    "codes_tested": (["python3", "scripts/check_codes.py"], [
        ("code without a test", planted("ledger/base/codes/node.def",
                                        '\nSANQUAN_CODE(kPlanted, 7998, "PLANTED", kLimit, "Planted.", "植入。")\n', True),
         ["ledger/base/codes/node.def:1", "no test names PLANTED"]),
        ("code in a comment only", many(
            planted("ledger/base/codes/node.def",
                    '\nSANQUAN_CODE(kPlanted, 7998, "PLANTED", kLimit, "Planted.", "植入。")\n', True),
            planted("tests/unit/planted_test.cc", "// Code::kPlanted and PLANTED\n")), ["no test names PLANTED"]),
        ("idle exception", allowed_code("OK", "none"), ["OK is not needed any more"]),
        ("exception for no code", allowed_code("PLANTED_GONE", "none"), ["PLANTED_GONE is no code"]),
        ("exception without a reason", allowed_code("INTERNAL", " "), ["INTERNAL has no reason"]),
    ]),
    "format": (["scripts/check_format.sh"], [
        ("spacing", planted("node/planted.cc", "int  x=1 ;\n"), ["node/planted.cc:1"]),
    ]),
    "shell": (["scripts/check_shell.sh"], [
        ("unquoted", planted("scripts/planted.sh", "#!/usr/bin/env bash\nrm -rf $1\n"), ["planted.sh", "SC2086"]),
        ("script without suffix", planted("planted_entry", "#!/bin/bash\ncd $x\n"), ["planted_entry", "SC2164"]),
    ]),
    "docs": (["python3", "scripts/check_docs.py"], [
        ("gone file", planted("docs/PLANTED.md", "See `ledger/base/gone.h`.\n"), ["docs/PLANTED.md:1", "ledger/base/gone.h"]),
        ("gone function", planted("docs/PLANTED.md", "It calls `planted_gone_name()`.\n"), ["docs/PLANTED.md:1", "planted_gone_name"]),
        ("gone type", planted("docs/PLANTED.md", "\nThe `PlantedGoneType` does it.\n"), ["docs/PLANTED.md:2", "PlantedGoneType"]),
        ("gone flag", planted("docs/PLANTED.md", "Try `./check --planted-gone`.\n"), ["docs/PLANTED.md:1", "--planted-gone"]),
        ("gone flag in a block", planted("docs/PLANTED.md", "```\n./check --planted-gone\n```\n"), ["docs/PLANTED.md:2", "--planted-gone"]),
        ("gone code", planted("docs/PLANTED.md", "Answers `PLANTED_GONE_CODE`.\n"), ["docs/PLANTED.md:1", "PLANTED_GONE_CODE"]),
        ("gone document in a comment", planted("node/planted.h", "// See docs/PLANTED_GONE.md.\n"), ["node/planted.h:1", "PLANTED_GONE.md"]),
        ("gone link", planted("docs/PLANTED.md", "[there](gone.md)\n"), ["docs/PLANTED.md:1", "gone.md"]),
        ("inner folder without README", lambda garden: garden.remove("node/catchup/README.md"), ["node/catchup", "README"]),
        ("folder without README", lambda garden: garden.remove("ledger/base/README.md"), ["ledger/base", "README"]),
        ("API path without a route", api("  /v1/status:\n", "  /v1/planted:\n"), ["docs/openapi.yaml", "no route answers /v1/planted"]),
        ("route without an API path", api("  /v1/status:\n", "  /v1/planted:\n"), ["the route /v1/status is not described"]),
        ("API reference to nowhere", api("schemas/Health\"", "schemas/PlantedGone\""), ["schemas/PlantedGone leads nowhere"]),
        ("API member that is gone", api("pool_transactions:", "planted_gone_member:"), ["planted_gone_member does not occur"]),
        ("API required member that is gone", api("pool_transactions, diverged", "planted_gone, diverged"), ["planted_gone does not occur"]),
        ("API parameter that is gone", api("{name: cursor,", "{name: planted_gone,"), ["planted_gone does not occur"]),
        ("API code that is gone", api("code:SIG_INVALID", "code:PLANTED_GONE"), ["PLANTED_GONE does not occur"]),
        ("API enumerator that is gone", api("[ATOMIC, INDEPENDENT]", "[ATOMIC, PLANTEDGONE]"), ["PLANTEDGONE does not occur"]),
        ("API file that is gone", api("docs/CODES.md", "docs/PLANTED_GONE.md"), ["docs/PLANTED_GONE.md, which does not exist"]),
        ("API flag that is gone", api("--anchor", "--planted-gone"), ["--planted-gone"]),
    ]),
}

PURE = "int sum(int a, int b) { return other(a) + b; }"
IMPURE = [
    ("clock", "#include <chrono>\nlong f() { return std::chrono::system_clock::now().time_since_epoch().count(); }"),
    ("randomness", "#include <random>\nunsigned f() { std::random_device d; return d(); }"),
    ("thread", "#include <thread>\nvoid g(); void f() { std::thread(g).detach(); }"),
    ("lock", "#include <pthread.h>\nvoid f(pthread_mutex_t* m) { pthread_mutex_lock(m); }"),
    ("socket", "#include <sys/socket.h>\nint f() { return socket(1, 1, 0); }"),
    ("file", "#include <cstdio>\nFILE* f() { return std::fopen(\"x\", \"r\"); }"),
    ("environment", "#include <cstdlib>\nchar* f() { return std::getenv(\"X\"); }"),
    ("locale", "#include <sstream>\nint f() { std::ostringstream s; s << 1; return s.str().size(); }"),
    ("throw", "void f() { throw 1; }"),
    ("unstable order", "#include <string>\n#include <unordered_map>\nint f(std::unordered_map<std::string, int>& m) { return m[\"x\"]; }"),
]


def run(command, tree):
    done = subprocess.run(command + ["--root", str(tree)] if tree else command, cwd=tree or ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.returncode, done.stdout


def judge(what, code, output, wanted, failures):
    missing = [text for text in wanted if text not in output]
    if code == 0 or missing:
        failures.append(f"{what}: ended {code}, lacks {missing}\n{output[-1500:]}")
    else:
        print(f"red as it should be: {what}")


def purity(failures):
    compiler = os.environ.get("CXX", "g++")
    gate = str(ROOT / "scripts/check_purity.sh")
    with tempfile.TemporaryDirectory() as folder:
        def library(name, source):
            base = pathlib.Path(folder) / name
            base.with_suffix(".cc").write_text("int other(int);\n" + source + "\n", encoding="utf-8")
            subprocess.run([compiler, "-std=c++20", "-O1", "-c", str(base.with_suffix(".cc")), "-o", str(base.with_suffix(".o"))], check=True)
            subprocess.run(["ar", "rcs", str(base.with_suffix(".a")), str(base.with_suffix(".o"))], check=True)
            return str(base.with_suffix(".a"))
        clean = library("clean", PURE)
        code, output = run([gate, clean], None)
        if code != 0:
            failures.append(f"a pure library was refused:\n{output}")
        for kind, source in IMPURE:
            code, output = run([gate, clean, library("impure_" + kind.replace(" ", "_"), source)], None)
            judge(f"symbols of {kind}", code, output, [kind + ":", "impure_"], failures)
        code, output = run([gate, clean, folder + "/gone.a"], None)
        judge("missing library", code, output, ["gone.a is missing"], failures)


def tidy(failures):
    build = pathlib.Path(os.environ["SANQUAN_BUILD_DIR"])
    planted_source = build / "planted_tidy" / "planted.cc"
    planted_source.parent.mkdir(exist_ok=True)
    try:
        planted_source.write_text("int planted(int x) {\n    int y;\n    if (x > 0) {\n        y = x;\n    }\n    return y;\n}\n", encoding="utf-8")
        code, output = run([str(ROOT / "scripts/check_tidy.sh"), str(build), str(planted_source)], None)
        judge("uninitialised variable", code, output, ["planted.cc", "init-variables"], failures)
    finally:
        shutil.rmtree(planted_source.parent)


def main():
    gate = sys.argv[1]
    failures = []
    if gate == "purity":
        purity(failures)
    elif gate == "tidy":
        tidy(failures)
    else:
        command, cases = GATES[gate]
        with tempfile.TemporaryDirectory() as folder:
            tree = pathlib.Path(folder)
            copy_tree(tree, small=gate in ("nondet", "format", "shell", "python"))
            garden = Garden(tree)
            for what, plant, wanted in cases:
                plant(garden)
                code, output = run(command, tree)
                judge(what, code, output, wanted, failures)
                garden.restore()
    for failure in failures:
        print("NOT RED:", failure)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
