#!/usr/bin/env python3
"""Measures what only a whole network shows: idle cost, latency, catch-up, restart and memory.

Usage: tests/bench/network_bench.py BIN_DIR [--seconds N] [--assets N] [--json]
Makes a network of four validators and an audit node in a new folder under /var/tmp, and removes it. Throughput and
latency are `sanquan bench`, which this calls.
"""

import argparse
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.request

LATE = "platform-company"  # the node that stays away for a while
TICKS = os.sysconf("SC_CLK_TCK")


class Network:
    def __init__(self, programs, folder):
        self.program = os.path.join(programs, "sanquan")
        self.folder = folder
        self.run("network", "create", "--validators", "4", "--kind", "demo", "--dir", folder)
        self.run("network", "start", "--dir", folder)

    def run(self, *arguments):
        return subprocess.run([self.program, *arguments], check=True, capture_output=True, text=True).stdout

    def bench(self, *arguments, light=5):
        command = [self.program, "--profile", self.folder, "--json", "bench", "--light", str(light), *arguments]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)
        return json.loads(done.stdout.strip().splitlines()[-1])

    def nodes(self):
        status = subprocess.run([self.program, "--profile", self.folder, "--json", "status"],
                                capture_output=True, text=True).stdout
        return {node["name"]: node for node in json.loads(status)["nodes"]}

    def processes(self):
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    line = file.read().decode(errors="replace").split("\0")
            except OSError:
                continue
            if any(part.startswith(self.folder + "/nodes/") for part in line) and "sanquan-node" in line[0]:
                found[int(pid)] = next(part for part in line if part.startswith(self.folder)).split("/")[-2]
        return found


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_megabytes(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmRSS:"))


def show(name, value, unit, limit, limit_is, as_json):
    if as_json:
        print(json.dumps({"name": name, "value": round(value, 4), "unit": unit, "ceiling": limit,
                          "ceiling_is": limit_is, "ratio": round(value / limit, 4) if limit else 0}), flush=True)
    else:
        tail = f"   {limit_is} {limit:g}, ratio {value / limit:.3f}" if limit else ""
        print(f"{name:44} {value:12.3f} {unit:6}{tail}", flush=True)


def idle(network, seconds, as_json):
    before = {pid: cpu_seconds(pid) for pid in network.processes()}
    time.sleep(seconds)
    shares = [(cpu_seconds(pid) - spent) / seconds for pid, spent in before.items()]
    show("idle node, worst of five", max(shares) * 100, "% core", 1, "limit", as_json)


def sync_milliseconds(folder):
    """The median of 200 syncs of 4 KiB: no vote leaves a node before one."""
    path = os.path.join(folder, "sync")
    times = []
    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    for _ in range(200):
        started = time.monotonic()
        os.write(file, bytes(4096))
        os.fdatasync(file)
        times.append(time.monotonic() - started)
    os.close(file)
    os.unlink(path)
    return sorted(times)[len(times) // 2] * 1000


def latency(network, as_json):
    """Light load beside what the disk alone takes: a vote to notarize and one to finalize are synced, one by one."""
    floor = 2 * sync_milliseconds(network.folder)
    figures = network.bench("--transactions", "256", "--batches", "1", "--assets", "1024", light=300)
    for name in ("finality_ms_p50", "finality_ms_p99", "sealed_ms_p50", "sealed_ms_p99"):
        show(f"light load, {name}", figures[name], "ms", floor, "two syncs of this disk", as_json)


def memory(network, assets, as_json):
    """What registered, certified assets cost: resident memory and disk of the largest node, and its restart."""
    def largest():
        return max(resident_megabytes(pid) for pid in network.processes())

    def disk():
        return max(float(subprocess.run(["du", "-sm", os.path.join(network.folder, "nodes", name)], check=True,
                                        capture_output=True, text=True).stdout.split()[0])
                   for name in os.listdir(os.path.join(network.folder, "nodes")))

    small, small_disk = largest(), disk()
    network.bench("--assets", str(assets), "--transactions", "256", "--batches", "1")
    show(f"resident memory, largest node, {assets} assets", largest(), "MB", 0, "", as_json)
    show("memory per million assets", (largest() - small) / assets * 1e6, "MB", 0, "", as_json)
    show("disk per million assets", (disk() - small_disk) / assets * 1e6, "MB", 0, "", as_json)
    restart(network, as_json)


def metric(network, node, name):
    with open(os.path.join(network.folder, "client.toml"), "rb") as file:
        address = next(entry["address"] for entry in tomllib.load(file)["nodes"] if entry["name"] == node)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # figures of this very machine
    with urllib.request.urlopen(f"https://{address}/metrics", context=context, timeout=5) as answer:
        lines = answer.read().decode().splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(name + " ")))


def catch_up(network, most_per_second, seconds, as_json):
    """How fast a node applies what it missed, while the others go on at about a fifth of their maximum."""
    light = ["--assets", "1000", "--batches", "2", "--connections", "5"]
    amount = str(int(most_per_second / 5 * seconds))
    network.run("network", "stop", "--dir", network.folder, "--only", LATE)
    pace = network.bench("--transactions", amount, *light)["transactions_per_second"]
    load = subprocess.Popen([network.program, "--profile", network.folder, "--json", "bench", "--light", "5",
                             "--transactions", amount, *light], stdout=subprocess.PIPE, text=True)
    started = time.monotonic()
    network.run("network", "start", "--dir", network.folder, "--only", LATE)
    while True:
        nodes = network.nodes()
        if int(nodes[LATE]["height"] or 0) + 3 >= int(nodes["data-exchange"]["height"]):
            break
    speed = metric(network, LATE, "sanquan_transactions_total") / (time.monotonic() - started)
    load.communicate()
    show("pace of the network meanwhile", pace, "tx/s", most_per_second, "its maximum", as_json)
    show("catch-up, start of the process included", speed, "tx/s", pace * 3, "three times that pace", as_json)


def restart(network, as_json):
    network.run("network", "stop", "--dir", network.folder)
    started = time.monotonic()
    network.run("network", "start", "--dir", network.folder)
    show("all five nodes stopped and answering again", time.monotonic() - started, "s", 5, "limit", as_json)


def measure(arguments, network):
    as_json = arguments.json
    idle(network, arguments.seconds, as_json)
    most = network.bench("--transactions", "6000", "--batches", "40")
    for name, unit in (("transactions_per_second", "1/s"), ("operations_per_second", "1/s"),
                       ("both_signed_transactions_per_second", "1/s"), ("both_signed_operations_per_second", "1/s")):
        show(name, most[name], unit, most[name] / most[name + "_ratio"], "signature ceiling", as_json)
    catch_up(network, most["transactions_per_second"], arguments.seconds, as_json)
    latency(network, as_json)
    restart(network, as_json)
    memory(network, arguments.assets, as_json)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("programs", help="folder of sanquan and sanquan-node")
    parser.add_argument("--seconds", type=int, default=20, help="length of the idle and the light phase")
    parser.add_argument("--assets", type=int, default=20_000, help="assets of the memory phase")
    parser.add_argument("--json", action="store_true", help="one JSON object per line")
    arguments = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="sanquan-bench-", dir="/var/tmp")
    network = None
    try:
        network = Network(arguments.programs, os.path.join(folder, "net"))
        measure(arguments, network)
    finally:
        if network is not None:
            subprocess.run([network.program, "network", "stop", "--dir", network.folder], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
