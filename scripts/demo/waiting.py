"""Waiting for block time: periods of a demo chain are seconds of block time, never of this machine's sleep."""

import time

DEADLINE_SECONDS = 60


def wait_for_block_time(network, moment_ms):
    """Returns once a block sent now would carry a time past `moment_ms`; the chain's clock is the validators' clock."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while network.now_ms() <= moment_ms + 200:
        if time.monotonic() > deadline:
            raise TimeoutError(f"block time did not pass {moment_ms}")
        time.sleep(0.05)
