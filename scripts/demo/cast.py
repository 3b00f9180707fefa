"""Who plays in the story: the organisations of the genesis file by alias, and those that register during it."""

# The founding organisations that `sanquan network create` writes into genesis.
SECTOR_AUTHORITY = "X-SECTOR-AUTHORITY"
INFORMATISATION = "X-INFORMATISATION-AUTHORITY"
SECRECY = "X-SECRECY-AUTHORITY"
CYBER = "X-CYBER-SECURITY-AUTHORITY"
PLATFORM = "X-PLATFORM-COMPANY"
EXCHANGE = "X-DATA-EXCHANGE"
BANK = "X-SETTLEMENT-BANK"
REGULATOR = "X-REGULATOR"  # the auditor: reads everything
LEADING_GROUP = ["X-LEADING-GROUP-1", "X-LEADING-GROUP-2", "X-LEADING-GROUP-3"]

# Registered by the story.
BUYER = "X-DEMO-BUYER"
OTHER_BUYER = "X-DEMO-RIVAL"
RIVAL_PLATFORM = "X-DEMO-RIVAL-PLATFORM"
DESENSITISER = "X-DEMO-DESENSITISER"
TAX_OFFICE = "X-DEMO-TAX"

SECTOR = "S12"  # 生态环境保护: the sector of the two real sources that are aggregated
PILOT = "P01"   # what the 20 sectors do not cover

DAY_MS = 24 * 3600 * 1000


def text(zh, en):
    return {"zh": zh, "en": en}


def money(currency, minor_units):
    return {"currency": currency, "amount": str(minor_units)}
