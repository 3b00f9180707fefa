"""Chapter 4: five stages of one real pair of sources, from the licence to the voucher."""

from . import cast
from .network import accepted_subjects, digest, results_of
from .waiting import wait_for_block_time

SOURCES = ("china-ncc", "china-mee")  # 国家气候中心, 生态环境部: two of the 768 imported sources

OPERATE = ["AGGREGATE", "PROCESS", "LIST", "PRICE", "SUBLICENSE"]
PURPOSE = "climate-risk-service"
NOTICE_MS = 2_000        # the notice period of a demo chain
PRICE = 120_000_00       # CNY, in fen
NEGOTIATED = 115_000_00


class Story:
    """What the chapter made; later chapters ask for it."""

    def __init__(self):
        self.sources = []       # asset codes
        self.owners = []        # organisation ids
        self.grants = []
        self.product = ""       # the derived asset
        self.product_grant = ""
        self.listing = ""
        self.order = ""
        self.usage_grant = ""
        self.voucher = ""
        self.application = ""
        self.paid = {}          # what the settlement's receipt says
        self.settlement = ""    # transaction
        self.settled_height = 0


def claim_owners(network, story, imported):
    """The two publishers come with evidence and keys: from now on they can grant."""
    for identifier in SOURCES:
        record = imported[identifier]
        story.sources.append(record["asset"])
        story.owners.append(record["owner"])
    keys = network.key_registrations(story.owners)
    network.accept(cast.INFORMATISATION, [
        {"claim_organisation": {"id": owner, "keys": [keys[owner]], "threshold": 1,
                                "evidence": digest(f"registration documents of {owner}")}}
        for owner in story.owners])


def certify(network, assets):
    """Grading reviews, then certificates; answers what each certificate says, as {name: value}."""
    network.accept(cast.SECTOR_AUTHORITY, [
        {"review_grading": {"asset": asset, "level": "GENERAL", "evidence": digest(f"grading of {asset}")}}
        for asset in assets])
    outcome = network.submit(cast.SECTOR_AUTHORITY, [{"certify_asset": {"asset": asset}} for asset in assets])
    accepted_subjects([outcome])
    return [{fact["name"]: fact["value"] for fact in result["facts"]} for result in results_of(outcome)]


def license_sources(network, story):
    """Stage 1 授权许可: each owner grants the platform the right to operate, and the platform takes up the licence."""
    now = network.now_ms()
    for owner, asset in zip(story.owners, story.sources):
        [grant] = network.accept(owner, [{"grant_right": {
            "asset": asset, "holder": cast.PLATFORM, "right": "OPERATION_MANAGEMENT", "actions": OPERATE,
            "exclusive": True, "valid_from_ms": str(now), "valid_until_ms": str(now + 730 * cast.DAY_MS),
            "delegation_depth": 2,
            "constraints": [{"left_operand": "purpose", "operator": "isAnyOf",
                             "right_operand": [PURPOSE, "research"]}]}}])
        story.grants.append(grant)
        network.accept(cast.PLATFORM, [{"license_asset": {"asset": asset, "grant": grant}}])


def aggregate(network, story):
    """Stage 2 整合汇集: one product out of both, its licence within each input's."""
    inputs = sorted(zip(story.sources, story.grants))
    owners = sorted(story.owners)
    [story.product] = network.accept(cast.PLATFORM, [{"aggregate_assets": {
        "output": {
            "dataset": {
                "identifier": "yn-climate-risk-2026", "catalogue": "sanquan-demo",
                "title": cast.text("气候与环境风险综合数据", "Climate and environment risk, combined"),
                "description": digest("combined product description"),
                "publisher": "platform-company", "media_type": "text/csv",
                "accrual_periodicity": "R/P1D", "license": "by agreement", "access": "RESTRICTED_PUBLIC",
                "keywords": ["climate", "environment", "risk"], "issued": "2026-01-15", "modified": "2026-01-15"},
            "owners": [{"organisation": owner, "basis_points": 5000} for owner in owners],
            "sector": cast.SECTOR, "region": "530000", "level": "GENERAL", "source_class": "PUBLIC_DATA",
            "content": digest("combined content"), "responsible_officer": cast.PLATFORM},
        "inputs": [{"asset": asset, "grant": grant} for asset, grant in inputs],
        "constraints": [{"left_operand": "purpose", "operator": "isAnyOf", "right_operand": [PURPOSE, "research"]}]}}],
        also=owners)
    wait_for_block_time(network, network.now_ms() + NOTICE_MS, "the notice of the derived asset")
    certify(network, [story.product])
    now = network.now_ms()
    first, second = story.owners
    [story.product_grant] = network.accept(first, [{"grant_right": {
        "asset": story.product, "holder": cast.PLATFORM, "right": "OPERATION_MANAGEMENT", "actions": OPERATE,
        "exclusive": True, "valid_from_ms": str(now), "valid_until_ms": str(now + 700 * cast.DAY_MS),
        "delegation_depth": 2,
        "constraints": [{"left_operand": "purpose", "operator": "isAnyOf", "right_operand": [PURPOSE, "research"]}]}}],
        also=[second])


def process(network, story):
    """Stage 3 处理加工: cleaning by the platform, desensitising by an accredited provider that signs its step."""
    content, cleaned, safe = digest("combined content"), digest("cleaned content"), digest("desensitised content")
    network.accept(cast.PLATFORM, [{"process_asset": {
        "asset": story.product, "grant": story.product_grant, "steps": [
            {"kind": "STEP_CLEANING", "tool": "pandas", "tool_version": "1.5.3", "input": content, "output": cleaned,
             "operator": cast.PLATFORM, "standard": "GB/T 36344-2018"},
            {"kind": "STEP_DESENSITISING", "tool": "arx", "tool_version": "3.9.1", "input": cleaned, "output": safe,
             "operator": cast.DESENSITISER, "standard": "GB/T 37964-2019"}]}}],
        also=[cast.DESENSITISER])


def review(network, story):
    """Secrecy and security review: both before trade."""
    until = str(network.now_ms() + 180 * cast.DAY_MS)
    network.accept(cast.SECRECY, [{"record_review": {
        "asset": story.product, "kind": "SECRECY", "passed": True, "evidence": digest("secrecy report"),
        "valid_until_ms": until}}])
    network.accept(cast.CYBER, [{"record_review": {
        "asset": story.product, "kind": "SECURITY_REVIEW", "passed": True, "evidence": digest("security report"),
        "valid_until_ms": until}}])


def listing_operation(network, story, reference, asset=None, grant=None, price=PRICE):
    first, second = sorted(story.owners)
    return {"create_listing": {
        "reference": reference, "asset": asset or story.product, "grant": grant or story.product_grant,
        "mode": "TRADE_MODE", "price": cast.money("CNY", price),
        "split": [
            {"part": "TAX", "organisation": cast.TAX_OFFICE, "basis_points": 600},
            {"part": "EXCHANGE_FEE", "organisation": cast.EXCHANGE, "basis_points": 200},
            {"part": "SERVICE_FEE", "organisation": cast.DESENSITISER, "basis_points": 700},
            {"part": "OPERATOR", "organisation": cast.PLATFORM, "basis_points": 3500},
            {"part": "OWNER", "organisation": first, "basis_points": 2500},
            {"part": "OWNER", "organisation": second, "basis_points": 2500}],
        "actions": ["USE"],
        "constraints": [
            {"left_operand": "count", "operator": "lteq", "right_operand": ["2"]},
            {"left_operand": "purpose", "operator": "isAnyOf", "right_operand": [PURPOSE]}],
        "licence_term_ms": str(365 * cast.DAY_MS), "valid_until_ms": str(network.now_ms() + 90 * cast.DAY_MS),
        "exchange": cast.EXCHANGE, "purposes": [PURPOSE]}}


def listing_refused(network, story):
    """A stage cannot be skipped: what the ledger answers to a listing before the reviews."""
    [result] = results_of(network.submit(cast.PLATFORM, [listing_operation(network, story, "listing-0")]))
    if result["code"] != "REVIEW_MISSING":
        raise AssertionError(f"a listing before the reviews was answered with {result}")
    return result


def list_and_negotiate(network, story):
    """Listing, the exchange's compliance check, and a negotiation in the Dataspace Protocol's messages."""
    [story.listing] = network.accept(cast.PLATFORM, [listing_operation(network, story, "listing-1")])
    network.accept(cast.EXCHANGE, [{"change_listing": {"listing": story.listing, "change": "APPROVE"}}])
    offer = cast.money("CNY", NEGOTIATED)
    [negotiation] = network.accept(cast.BUYER, [{"negotiate": {
        "listing": story.listing, "message": "REQUEST", "price": cast.money("CNY", 110_000_00),
        "reference": "negotiation-1"}}])
    for sender, message, price in ((cast.PLATFORM, "OFFER", offer), (cast.BUYER, "ACCEPT", None),
                                   (cast.PLATFORM, "AGREE", None), (cast.BUYER, "VERIFY", None),
                                   (cast.PLATFORM, "CONCLUDE", None)):
        operation = {"negotiation": negotiation, "listing": story.listing, "message": message}
        if price:
            operation["price"] = price
        network.accept(sender, [{"negotiate": operation}])
    return negotiation


def order_operation(network, story, reference, price, negotiation=""):
    now = network.now_ms()
    return {"place_order": {
        "client_reference": reference, "listing": story.listing, "negotiation": negotiation,
        "price": cast.money("CNY", price), "delivery_deadline_ms": str(now + 600_000),
        "acceptance_deadline_ms": str(now + 1_200_000), "purpose": PURPOSE}}


def trade(network, story, negotiation):
    """Order with escrow, delivery, acceptance, settlement by the fixed split."""
    network.accept(cast.BANK, [{"issue_money": {
        "to": cast.BUYER, "money": cast.money("CNY", 200_000_00), "reference": "bank-booking-1"}}])
    [story.order] = network.accept(cast.BUYER, [order_operation(network, story, "order-1", NEGOTIATED, negotiation)])
    delivered = digest("desensitised content, as delivered")
    network.accept(cast.PLATFORM, [{"deliver": {"order": story.order, "delivered": delivered}}])
    network.accept(cast.BUYER, [{"accept_delivery": {"order": story.order, "received": delivered}}])
    outcome = network.submit(cast.EXCHANGE, [{"settle_order": {"order": story.order}}])
    accepted_subjects([outcome])
    story.paid = {fact["name"]: fact["value"] for fact in results_of(outcome)[0]["facts"]}
    story.usage_grant = story.paid["usage_grant"]
    story.settlement = outcome["id"]
    story.settled_height = int(outcome["height"])


def use(network, story, times):
    for _ in range(times):
        network.accept(cast.BUYER, [use_operation(story)])


def use_operation(story, purpose=PURPOSE):
    return {"record_use": {"grant": story.usage_grant, "action": "USE", "purpose": purpose, "count": "1"}}


def apply_and_voucher(network, story):
    """Application record, then the exchange issues the voucher."""
    [story.application] = network.accept(cast.BUYER, [{"record_application": {
        "order": story.order, "title": cast.text("县域气候风险服务", "County climate risk service"), "purpose": PURPOSE,
        "output": digest("county climate risk service"), "published": False}}])
    [story.voucher] = network.accept(cast.EXCHANGE, [{"issue_voucher": {"order": story.order}}], wait="sealed")
