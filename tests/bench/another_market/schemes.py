"""The ways of abuse, each scheme as one row of a table.

All weights, strengths and shares are assumed. `weight` is a scheme's share of abusive requests,
`growth` what multiplies that share by the end of the year, `skill` the mean skill at hiding signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

FAULTS = {"damaged": 0.35, "defective": 0.3, "not_as_described": 0.3, "other": 0.05}
REFUND_ONLY = {"refund_only": 0.92, "return_and_refund": 0.08}
RETURN = {"return_and_refund": 0.95, "exchange": 0.05}


@dataclass(frozen=True)
class Scheme:
    """One way of abuse."""

    name: str
    weight: float
    cases: float
    reasons: Mapping[str, float]
    types: Mapping[str, float]
    back: Mapping[str, float] = field(default_factory=lambda: {"nothing": 1.0})
    price: str = "any"
    accounts: tuple[int, int] = (1, 1)
    skill: float = 0.4
    growth: float = 1.0
    signs: frozenset[str] = frozenset()


def _signs(text: str) -> frozenset[str]:
    return frozenset(text.split())


SCHEMES = (
    Scheme("serial_refund_only", 0.18, 5, FAULTS, REFUND_ONLY, price="low", skill=0.35),
    Scheme(
        "false_non_receipt",
        0.14,
        2.4,
        {"not_received": 1},
        {"refund_only": 0.85, "resend": 0.15},
        price="high",
    ),
    Scheme(
        "empty_or_swapped_return",
        0.10,
        2,
        {"unwanted": 0.4, "defective": 0.35, "not_as_described": 0.25},
        RETURN,
        {"empty": 0.4, "different_item": 0.6},
        price="high",
        skill=0.45,
    ),
    Scheme(
        "wear_and_return",
        0.11,
        3.5,
        {"unwanted": 0.65, "not_as_described": 0.35},
        RETURN,
        {"used": 1.0},
        price="worn",
    ),
    Scheme(
        "counterfeit_swap",
        0.05,
        1.8,
        {"counterfeit": 0.5, "defective": 0.3, "unwanted": 0.2},
        RETURN,
        {"counterfeit": 1.0},
        price="brand",
        skill=0.6,
    ),
    Scheme(
        "false_shortage",
        0.08,
        3,
        {"missing_item": 1},
        {"refund_only": 0.9, "resend": 0.1},
        price="bundle",
    ),
    Scheme(
        "freight_farming",
        0.05,
        7,
        {"unwanted": 1},
        RETURN,
        {"as_sent": 0.5, "empty": 0.5},
        price="low",
        skill=0.2,
        signs=_signs("early_return"),
    ),
    Scheme(
        "account_ring",
        0.08,
        1.6,
        {**FAULTS, "not_received": 0.2},
        REFUND_ONLY,
        accounts=(4, 12),
        skill=0.5,
        signs=_signs("shared copied"),
    ),
    Scheme(
        "account_hopping",
        0.04,
        2,
        FAULTS,
        REFUND_ONLY,
        price="low",
        accounts=(2, 4),
        signs=_signs("hopping shared"),
    ),
    Scheme(
        "bulk_refund",
        0.04,
        1.5,
        FAULTS,
        {"refund_only": 0.6, "return_and_refund": 0.4},
        {"empty": 0.5, "different_item": 0.5},
        price="low",
        signs=_signs("whole"),
    ),
    Scheme(
        "made_honesty",
        0.04,
        1.5,
        {**FAULTS, "not_received": 0.4},
        {"refund_only": 0.8, "return_and_refund": 0.2},
        {"empty": 0.6, "different_item": 0.4},
        price="high",
        accounts=(1, 4),
        skill=0.75,
        signs=_signs("groomed shared"),
    ),
    Scheme(
        "refund_and_chargeback",
        0.05,
        1.4,
        {"not_received": 0.4, "defective": 0.3, "double_charge": 0.3},
        REFUND_ONLY,
        price="high",
        signs=_signs("dispute"),
    ),
    Scheme(
        "colluding_merchant",
        0.03,
        2,
        FAULTS,
        REFUND_ONLY,
        accounts=(3, 8),
        skill=0.6,
        signs=_signs("collusion"),
    ),
    Scheme(
        "courier_insider",
        0.03,
        1.6,
        {"not_received": 1},
        REFUND_ONLY,
        price="high",
        skill=0.7,
        signs=_signs("lost"),
    ),
    Scheme(
        "bought_account",
        0.04,
        2,
        {**FAULTS, "not_received": 0.4},
        REFUND_ONLY,
        price="high",
        skill=0.6,
        signs=_signs("takeover"),
    ),
    Scheme(
        "return_elsewhere",
        0.04,
        2,
        {"unwanted": 0.5, "defective": 0.5},
        RETURN,
        {"elsewhere": 1.0},
        price="high",
        signs=_signs("one_tracking"),
    ),
    Scheme(
        "machine_made_claim",
        0.06,
        3,
        FAULTS,
        REFUND_ONLY,
        skill=0.7,
        growth=4.0,
        signs=_signs("machine"),
    ),
)
