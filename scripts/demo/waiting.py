"""Waiting for block time: periods of a demo chain are seconds of block time, which is the validators' clock."""

import time

DEADLINE_SECONDS = 60
MARGIN_MS = 200


def wait_for_block_time(network, moment_ms, what=""):
    """Returns once a block sent now would carry a time past `moment_ms`."""
    if what:
        network.report(f"waiting for block time: {what}")
    deadline = time.monotonic() + DEADLINE_SECONDS
    while network.now_ms() <= moment_ms + MARGIN_MS:
        if time.monotonic() > deadline:
            raise TimeoutError(f"block time did not pass {moment_ms}")
        time.sleep(0.05)
