"""What nodes agree on, and what survives kill -9."""

import json
import os
import random
import shutil
import subprocess
import time

from network import LONG, Network, expect, heights_of, on_ledger, wait_for

# kill -9 until a node is to answer again; generous, since other tests may share the machine.
IDLE_SECONDS = 60 if LONG else 10


def agree(bin_dir):
    """Four validators and an audit node take transactions and report equal roots; SIGTERM ends each with 0."""
    with Network(bin_dir) as network:
        network.start()
        answers = network.submit(20, wait="sealed")
        network.agreed(max(heights_of(answers)))
        on_ledger(network, answers[:3])
        load = network.load(40)
        wait_for("the load is under way", lambda: network.height() > max(heights_of(answers)))
        for node in network.nodes:
            began = time.monotonic()
            expect(f"{node.name} ends with 0 on SIGTERM in mid-load", node.stop(seconds=10) == 0)
            expect(f"{node.name} says so", "node_stopped" in node.log())
            print(f"  {node.name} stopped in {time.monotonic() - began:.2f} s")
        load.finish()
        code, output = network.validators[0].verify_data()
        expect(f"verify-data: {output}", code == 0 and output.endswith("ok\n"))
        code, output = network.validators[0].verify_data("--json")
        expect(f"verify-data --json: {output}", code == 0 and json.loads(output)["ok"] is True)


def kill_loop(bin_dir):
    """kill -9 of a random validator, and of all at once, in mid-load, again and again: nothing final is lost."""
    seed = int(os.environ.get("E2E_SEED", random.randrange(1 << 32)))
    print(f"  E2E_SEED={seed}")
    dice = random.Random(seed)
    restarts = []
    with Network(bin_dir) as network:
        network.start()
        final = []
        for turn in range(100 if LONG else 6):
            before = network.height()
            load = network.load(40)
            blocks = dice.randrange(1, 4)
            wait_for("the load is under way", lambda: network.height() >= before + blocks)
            victims = network.nodes if turn % 3 == 2 else [dice.choice(network.validators)]
            for victim in victims:
                victim.kill()
            began = time.monotonic()
            network.start(victims)
            restarts.append(time.monotonic() - began)
            answers = load.finish()
            expect(f"with one of four gone the load goes on: {answers}", len(victims) > 1 or heights_of(answers))
            final += answers
            final += network.submit(2)
            network.agreed(max(heights_of(final)))
        on_ledger(network, final)
        for node in network.nodes:
            node.stop()
        for node in network.validators[:1] + network.audits:
            code, output = node.verify_data()
            expect(f"verify-data of {node.name}: {output}", code == 0)
        print(f"  {len(heights_of(final))} final, {len(final) - len(heights_of(final))} unanswered; "
              f"kill to answer at most {max(restarts):.2f} s")


def restart_all(bin_dir):
    """All nodes killed at once come back to the same ledger and go on."""
    with Network(bin_dir) as network:
        network.start()
        final = network.submit(10)
        before = network.agreed(max(heights_of(final)))
        for node in network.nodes:
            node.kill()
        began = time.monotonic()
        network.start()
        print(f"  five nodes answer {time.monotonic() - began:.2f} s after their start")
        network.agreed(before[0])
        final += network.submit(5)
        print(f"  and finalize {time.monotonic() - began:.2f} s after it")
        network.agreed(max(heights_of(final)))
        on_ledger(network, final)


def late_audit(bin_dir):
    """An audit node that starts late, from genesis, executes everything again and agrees."""
    with Network(bin_dir) as network:
        network.start(network.validators)
        final = network.submit(60, connections=2)
        network.start(network.audits)
        network.agreed(max(heights_of(final)))
        on_ledger(network, final[:5])


def quorum_lost(bin_dir):
    """With two of four gone the ledger halts; it resumes by itself when one returns."""
    with Network(bin_dir) as network:
        network.start()
        network.submit(3)
        network.validators[0].kill()
        network.validators[1].kill()
        stalled = network.load(1, timeout_ms=3_000, node=network.validators[2]).finish()
        expect(f"nothing becomes final without a quorum: {stalled}",
               len(stalled) == 1 and not stalled[0].get("accepted"))
        network.start([network.validators[0]])
        network.submit(3)
        network.agreed()


def abstaining(bin_dir):
    """A validator that lost its log is shown with the reason in /v1/status and both status commands until it votes."""
    with Network(bin_dir) as network:
        lost, others = network.validators[0], network.validators[1:]
        shutil.rmtree(lost.data)
        done = subprocess.run([str(lost.program), "init", "--config", str(lost.config_file), "--after-loss"],
                              capture_output=True, text=True, timeout=60, check=False)
        expect(f"init --after-loss: {done.stderr}", done.returncode == 0)
        network.start([lost])
        reason = wait_for("it says that it abstains", lambda: lost.status()["abstaining"])
        expect(f"the reason: {reason}", "--after-loss" in reason and "quorum" in reason)
        for command in (["status"], ["network", "status", "--dir", str(network.root)]):
            text = network.cli(*command, check=False).stdout
            expect(f"sanquan {' '.join(command)}: {text}", "abstaining" in text and f"{lost.name} abstains: {reason}" in text)
            told = json.loads(network.cli("--json", *command, check=False).stdout)["nodes"]
            expect(f"in JSON: {told}", {node["name"]: node["abstaining"] for node in told if node["answers"]} == {lost.name: reason})
        network.start(others)
        wait_for("it votes again", lambda: lost.status()["abstaining"] == "")
        network.submit(3)
        text = network.cli("status", check=False).stdout
        expect(f"nobody abstains any more: {text}", "abstain" not in text)


def idle(bin_dir):
    """An idle network uses under one percent of a core per node."""
    with Network(bin_dir) as network:
        network.start()
        final = network.submit(3, wait="sealed")
        network.agreed(max(heights_of(final)))
        before = {node.name: node.cpu_seconds() for node in network.nodes}
        began = time.monotonic()
        wait_for("the time of measuring is over", lambda: time.monotonic() - began >= IDLE_SECONDS, IDLE_SECONDS + 10)
        passed = time.monotonic() - began
        for node in network.nodes:
            share = (node.cpu_seconds() - before[node.name]) / passed
            print(f"  {node.name}: {100 * share:.2f} % of a core over {passed:.0f} s")
            expect(f"{node.name} is idle: {100 * share:.2f} %", share < 0.01)


CASES = [agree, kill_loop, restart_all, late_audit, quorum_lost, abstaining, idle]
