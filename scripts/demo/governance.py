"""Chapter 2: parties and roles, a pilot sector, a tender with sealed bids, its award and the franchise that follows."""

import json
import os
import secrets

from . import cast
from .network import Refused, digest
from .waiting import wait_for_block_time

# The notice is two periods, which are seconds on a demo chain; bidding and reveal are as long as the tender says.
NOTICE_MS = 2_000
LEAD_MS = 400     # until the operation stands in a block
BIDDING_MS = 1_800
REVEAL_MS = 1_800
PACES = (1, 4, 12)
TOO_LATE = ("NOTICE_TOO_SHORT", "BIDDING_NOT_OPEN", "REVEAL_NOT_OPEN")


def register_parties(network):
    """The buyer, a rival, a rival platform, a desensitising provider and the tax office, each with its own key."""
    parties = [
        (cast.BUYER, "云南气候服务有限公司", "Yunnan Climate Services Ltd", "ENTERPRISE"),
        (cast.OTHER_BUYER, "昆明数据应用有限公司", "Kunming Data Applications Ltd", "ENTERPRISE"),
        (cast.RIVAL_PLATFORM, "外省大数据平台公司", "Out-of-Province Platform Company", "ENTERPRISE"),
        (cast.DESENSITISER, "滇池数据脱敏服务中心", "Dianchi Desensitising Service", "INSTITUTION"),
        (cast.TAX_OFFICE, "云南省税务局", "Yunnan Tax Service", "GOVERNMENT_BODY"),
    ]
    keys = network.key_registrations([party[0] for party in parties])
    network.accept(cast.INFORMATISATION, [
        {"register_organisation": {
            "id": party, "name": cast.text(zh, en), "kind": kind, "region": "530000",
            "keys": [keys[party]], "threshold": 1}}
        for party, zh, en, kind in parties])
    network.accept(cast.INFORMATISATION, [
        {"grant_role": {"organisation": cast.DESENSITISER, "role": "SERVICE_PROVIDER",
                        "provider_kind": "DESENSITISING"}}])
    network.accept(cast.EXCHANGE, [
        {"grant_role": {"organisation": party, "role": "EXCHANGE_MEMBER"}}
        for party in (cast.BUYER, cast.OTHER_BUYER)])
    return len(parties)


def approve_pilot_sector(network):
    """A 21st sector only by the informatisation authority's approval (clause 58)."""
    network.accept(cast.INFORMATISATION, [
        {"approve_pilot_sector": {
            "code": cast.PILOT, "name": cast.text("能源与其他试点行业", "Energy and other pilot sectors"),
            "lead": cast.SECTOR_AUTHORITY,
            "reason": "the 20 sectors of the policy do not cover the catalogues' energy records"}}])


def tender_terms(data):
    with open(os.path.join(data, "tenders", "uk-contracts-finder.json")) as file:
        release = json.load(file)
    return release["ocid"], release["tender"]["title"].strip()


def commitment(network, bidder, opening):
    return network.json("bid-commitment", "--tender", opening["tender"], "--bidder", bidder,
                        "--currency", opening["price"]["currency"], "--amount", opening["price"]["amount"],
                        "--proposal", opening["proposal"], "--salt", opening["salt"])["commitment"]


def send_each(network, operations):
    """One operation from each organisation, all of which must be accepted."""
    network.accept_all([{"as": sender, "mode": "ATOMIC", "operations": [operation]}
                        for sender, operation in operations.items()])


def open_tender(network, data, pace):
    """Opens the tender with periods `pace` times the shortest; answers (tender, its three moments)."""
    ocid, title = tender_terms(data)
    opens = network.now_ms() + NOTICE_MS + pace * LEAD_MS
    closes = opens + pace * BIDDING_MS
    ends = closes + pace * REVEAL_MS
    [tender] = network.accept(cast.SECTOR_AUTHORITY, [{"open_tender": {
        "reference": f"tender-{ocid[-12:]}-{pace}", "sector": cast.SECTOR,
        "title": cast.text("气候数据服务合作（公开招标）", title), "source": ocid,
        "bids_open_ms": str(opens), "bids_close_ms": str(closes), "reveal_ends_ms": str(ends),
        "franchise_term_ms": str(3 * 365 * cast.DAY_MS), "exclusive": True}}])
    return tender, (opens, closes, ends)


def bid(network, tender, moments):
    """Two sealed bids, each revealed after the close; answers their prices."""
    opens, closes, ends = moments
    bids = {cast.PLATFORM: cast.money("CNY", 880_000_00), cast.RIVAL_PLATFORM: cast.money("CNY", 910_000_00)}
    openings = {bidder: {"tender": tender, "price": price, "proposal": digest(f"proposal of {bidder}"),
                         "salt": secrets.token_hex(32)} for bidder, price in bids.items()}
    sealed = {bidder: commitment(network, bidder, opening) for bidder, opening in openings.items()}
    wait_for_block_time(network, opens, "the notice of the tender")
    send_each(network, {bidder: {"submit_bid": {"tender": tender, "commitment": sealed[bidder]}} for bidder in bids})
    wait_for_block_time(network, closes, "the end of bidding")
    send_each(network, {bidder: {"reveal_bid": opening} for bidder, opening in openings.items()})
    wait_for_block_time(network, ends, "the end of the reveal")
    return bids


def run_tender(network, data):
    """Tender, bids, award; answers (tender, the bids). A machine so busy that a period passed begins again, slower."""
    for pace in PACES:
        try:
            tender, moments = open_tender(network, data, pace)
            bids = bid(network, tender, moments)
            break
        except Refused as refused:
            if refused.code not in TOO_LATE or pace == PACES[-1]:
                raise
    network.accept(cast.SECTOR_AUTHORITY, [{"award_tender": {
        "tender": tender, "winner": cast.PLATFORM, "reason": "lower price, complete proposal"}}])
    return tender, bids
