"""Chapter 6: what the rules do not allow, and how each refusal explains itself in English and 中文."""

from . import cast, replay, stages
from .network import code_of, digest, results_of
from .waiting import wait_for_block_time


class Refusals:
    def __init__(self, network, story):
        self.network = network
        self.story = story
        self.shown = []  # (title, result)

    def expect(self, title, sender, operation, code, also=()):
        """Submits what must be refused with that code; keeps the explanation that the ledger recorded."""
        outcome = self.network.submit(sender, [operation], also=also)
        if code_of(outcome) != code:
            raise AssertionError(f"{title}: expected {code}, the ledger answered {outcome}")
        [result] = results_of(outcome)
        self.shown.append((title, result))


def beyond_the_licence(refusals):
    story = refusals.story
    refusals.expect("use for a purpose that was not licensed", cast.BUYER,
                    stages.use_operation(story, purpose="advertising"), "USE_PURPOSE")
    stages.use(refusals.network, story, 2)
    refusals.expect("a third use under a licence for two", cast.BUYER, stages.use_operation(story),
                    "USE_COUNT_EXCEEDED")


def someone_elses_sector(refusals):
    network, story = refusals.network, refusals.story
    refusals.expect("a rival platform lists in a sector franchised to another", cast.RIVAL_PLATFORM,
                    stages.listing_operation(network, story, "rival-listing"), "FRANCHISE_NEEDED")
    refusals.expect("the role of a platform company without an award", cast.INFORMATISATION,
                    {"grant_role": {"organisation": cast.RIVAL_PLATFORM, "role": "PLATFORM_COMPANY",
                                    "sector": cast.SECTOR}}, "ROLE_FOLLOWS_FRANCHISE")


def grants(refusals):
    network, story = refusals.network, refusals.story
    owner, asset = story.owners[0], story.sources[0]
    now = network.now_ms()
    refusals.expect("an exclusive operation right beside an exclusive one", owner, {"grant_right": {
        "asset": asset, "holder": cast.PLATFORM, "right": "OPERATION_MANAGEMENT", "actions": ["AGGREGATE"],
        "exclusive": True, "valid_from_ms": str(now), "valid_until_ms": str(now + cast.DAY_MS)}}, "EXCLUSIVE_CLASH")
    refusals.expect("a delegation wider in time than its parent", cast.PLATFORM, {"grant_right": {
        "asset": asset, "holder": cast.OTHER_BUYER, "right": "USAGE", "actions": ["USE"],
        "valid_from_ms": str(now), "valid_until_ms": str(now + 1000 * cast.DAY_MS),
        "parent": story.grants[0],
        "constraints": [{"left_operand": "purpose", "operator": "isAnyOf", "right_operand": ["research"]}]}},
        "TERM_WIDENED")
    refusals.expect("sublicensing by a buyer whose licence does not permit it", cast.BUYER, {"grant_right": {
        "asset": story.product, "holder": cast.OTHER_BUYER, "right": "USAGE", "actions": ["USE"],
        "valid_from_ms": str(now), "valid_until_ms": str(now + cast.DAY_MS), "parent": story.usage_grant,
        "constraints": [{"left_operand": "count", "operator": "lteq", "right_operand": ["1"]},
                        {"left_operand": "purpose", "operator": "isAnyOf", "right_operand": [stages.PURPOSE]}]}},
        "GRANTOR_MAY_NOT")
    refusals.expect("a stranger grants a right on what belongs to others", cast.BUYER, {"grant_right": {
        "asset": asset, "holder": cast.OTHER_BUYER, "right": "USAGE", "actions": ["USE"],
        "valid_from_ms": str(now), "valid_until_ms": str(now + cast.DAY_MS)}}, "NOT_OWNER")


def market(refusals, unreviewed_asset, core):
    network, story = refusals.network, refusals.story
    refusals.expect("listing an asset whose level was never reviewed", cast.PLATFORM,
                    stages.listing_operation(network, story, "unreviewed-listing", asset=unreviewed_asset),
                    "LEVEL_NOT_REVIEWED")
    core.certify()
    refusals.expect("selling core-level data", core.owner, {"trade_ownership": {
        "asset": core.code, "seller": core.owner, "buyer": cast.BUYER,
        "price": cast.money("CNY", 100), "client_reference": "core-1"}}, "LEVEL_CORE",
        also=[cast.BUYER])
    refusals.expect("an order beyond the buyer's balance", cast.OTHER_BUYER,
                    stages.order_operation(network, story, "poor-order", stages.PRICE),
                    "INSUFFICIENT_FUNDS")
    refusals.expect("the same client reference a second time", cast.BUYER,
                    stages.order_operation(network, story, "order-1", stages.PRICE), "REFERENCE_USED")
    refusals.expect("a settled order settled again", cast.EXCHANGE, {"settle_order": {"order": story.order}},
                    "ORDER_STATUS")


def mandates(refusals, replayed):
    """A party takes its mandate back; the exchange's next trade in its name is refused."""
    network = refusals.network
    asset, seller = next(iter(replayed.owners.items()))
    buyer = next(party for party in replayed.parties if party != seller)
    network.accept(seller, [{"revoke_mandate": {"mandate": replayed.mandates[seller]}}])
    refusals.expect("a trade under a revoked mandate", cast.EXCHANGE, {"trade_ownership": {
        "asset": asset, "seller": seller, "buyer": buyer,
        "price": cast.money(replay.CURRENCY, 1), "client_reference": "revoked-1"}}, "MANDATE_REVOKED")


class EndingGrant:
    """A right that ends after some seconds, while other refusals are shown."""

    TERM_MS = 4_000

    def __init__(self, network, story):
        now = network.now_ms()
        self.ends_ms = now + self.TERM_MS
        [self.grant] = network.accept(story.owners[0], [{"grant_right": {
            "asset": story.sources[0], "holder": cast.OTHER_BUYER, "right": "USAGE", "actions": ["USE"],
            "valid_from_ms": str(now - 1000), "valid_until_ms": str(self.ends_ms)}}])

    def use(self, refusals):
        wait_for_block_time(refusals.network, self.ends_ms, "the end of a short grant")
        refusals.expect("use under a grant that has expired", cast.OTHER_BUYER,
                        {"record_use": {"grant": self.grant, "action": "USE", "count": "1"}}, "GRANT_EXPIRED")


class CoreAsset:
    """An asset of core level: registered early, so that its notice runs while other refusals are shown."""

    def __init__(self, network, story):
        self.network = network
        self.owner = story.owners[0]
        [self.code] = network.accept(self.owner, [core_asset_operation(self.owner)])
        self.certifiable_ms = network.now_ms() + stages.NOTICE_MS

    def certify(self):
        wait_for_block_time(self.network, self.certifiable_ms, "the notice of a core-level asset")
        self.network.accept(cast.SECTOR_AUTHORITY, [
            {"review_grading": {"asset": self.code, "level": "CORE", "evidence": digest("core grading")}},
            {"certify_asset": {"asset": self.code}}])


def unreviewed(network, imported):
    """An imported asset of the sector that was certified, but whose level nobody has reviewed."""
    asset = next(record["asset"] for identifier, record in imported.items()
                 if record["sector"] == cast.SECTOR and identifier not in stages.SOURCES)
    network.accept(cast.SECTOR_AUTHORITY, [{"certify_asset": {"asset": asset}}])
    return asset


def explain(result):
    """The lines that the demo prints for one refusal."""
    facts = ", ".join(f"{fact['name']}={fact['value']}" for fact in result["facts"])
    passing = ", ".join(f"{fact['name']}={fact['value']}" for fact in result.get("would_pass", []))
    lines = [f"{result['code']}: {result['en']}", result["zh"],
             f"rule 规则       {result['rule']} v{result['rule_version']}", f"read 事实       {facts or 'nothing but the operation'}"]
    if passing:
        lines.append(f"would pass 须为 {passing}")
    return lines


def is_explained(result):
    """Whether a refusal says all that a person needs: rule and version, facts, what would pass, in both languages."""
    return all(result.get(member) for member in ("code", "rule", "rule_version", "facts", "would_pass", "en", "zh"))


def not_admitted(network, unclaimed):
    """What never reaches the rules: (title, answer) of an expired transaction, of one of another chain, and of one
    that an unclaimed organisation signs; and the two answers to the same bytes sent twice."""
    operation = {"issue_money": {"to": cast.BUYER, "money": cast.money("CNY", 1), "reference": "bank-booking-2"}}
    signed = network.sign(cast.BANK, [operation])
    twice = network.send_raw(signed), network.send_raw(signed)
    past = network.now_ms() - 60_000
    refused = [
        ("a transaction that has expired", "EXPIRED", network.sign(cast.BANK, [operation], valid_until_ms=past)),
        ("a transaction of another chain", "WRONG_CHAIN", network.sign(cast.BANK, [operation], chain="00" * 31 + "01")),
        ("an organisation that nobody has claimed yet", "UNKNOWN_KEY", network.sign(unclaimed, [operation])),
    ]
    answers = []
    for title, code, raw in refused:
        answer = network.send_raw(raw)
        if "error" not in answer or code_of(answer) != code:
            raise AssertionError(f"{title}: expected {code}, the node answered {answer}")
        answers.append((title, answer))
    return answers, twice


def core_asset_operation(owner):
    return {"register_asset": {
        "dataset": {"identifier": "core-1", "catalogue": "sanquan-demo",
                    "title": cast.text("核心数据示例", "Core-level record"), "description": digest("core"),
                    "publisher": owner, "media_type": "text/csv", "access": "NON_PUBLIC"},
        "owners": [{"organisation": owner, "basis_points": 10000}],
        "sector": cast.SECTOR, "region": "530000", "level": "CORE", "source_class": "ENTERPRISE_DATA",
        "content": digest("core content"), "responsible_officer": owner}}
