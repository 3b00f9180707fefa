"""Chapter 7: the story's operations on a production chain, where periods are working days: refused for time."""

import shutil

from . import cast
from .network import Network, code_of, digest, results_of
from .waiting import wait_for_block_time

EXPECTED = ("NOTICE_TOO_SHORT", "NOTICE_OPEN")


def tender_in_seconds(now):
    """As the story opened its tender: bids two seconds from now."""
    return {"open_tender": {
        "reference": "tender-production", "sector": cast.SECTOR, "title": cast.text("招标", "Tender"),
        "bids_open_ms": str(now + 2_400), "bids_close_ms": str(now + 4_200), "reveal_ends_ms": str(now + 6_000),
        "franchise_term_ms": str(cast.DAY_MS), "exclusive": True}}


def asset():
    return {"register_asset": {
        "dataset": {"identifier": "production-1", "catalogue": "sanquan-demo", "title": cast.text("数据", "Data"),
                    "publisher": cast.SECTOR_AUTHORITY, "media_type": "text/csv", "access": "PUBLIC"},
        "owners": [{"organisation": cast.SECTOR_AUTHORITY, "basis_points": 10000}], "sector": cast.SECTOR,
        "region": "530000", "level": "GENERAL", "source_class": "PUBLIC_DATA", "content": digest("production content")}}


def play(binaries, directory, report):
    """A chain of one node with the production profile; answers (title, result) of what it refused, and stops it."""
    network = Network(binaries, directory)
    network.report = report
    network.stop()
    shutil.rmtree(directory, ignore_errors=True)
    try:
        report("starting a production chain of one node")
        network.raw("network", "create", "--validators", "1", "--kind", "production", "--dir", directory, profile=False)
        network.start()
        tender = network.submit(cast.SECTOR_AUTHORITY, [tender_in_seconds(network.now_ms())])
        [code] = network.accept(cast.SECTOR_AUTHORITY, [asset()])
        wait_for_block_time(network, network.now_ms() + 2_000, "the notice period of a demo chain")
        certificate = network.submit(cast.SECTOR_AUTHORITY, [{"certify_asset": {"asset": code}}])
    finally:
        network.stop()
    answers = [("a tender whose bids open in seconds", tender), ("a certificate two seconds after registration", certificate)]
    for (title, outcome), expected in zip(answers, EXPECTED):
        if code_of(outcome) != expected:
            raise AssertionError(f"{title}: expected {expected}, the ledger answered {outcome}")
    return [(title, results_of(outcome)[0]) for title, outcome in answers]
