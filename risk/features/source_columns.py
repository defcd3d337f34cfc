"""The columns that entries of the catalogue may use, by source and for the spine `s`.

Listed here rather than read from a database, so that a misspelt column fails when the catalogue is
made and names its entry. A test holds this list to the tables themselves.
"""

from __future__ import annotations

from risk.facts import KINDS
from risk.facts.columns import INTERVAL, STORED
from risk.features.derived import KEYS
from risk.features.file_sources import CASE_FILE, COPY, UNRELATED

_WORDING = (
    "text_length specificity hedging contradiction irrelevance story agitated "
    "text_exact near_1 near_2 near_3 words"
)
_REQUEST = "type reason_code amount currency"
"""Of a withdrawn request the currency is empty: no sum of money counts it."""


def _names(*texts: str) -> frozenset[str]:
    return frozenset(" ".join((*texts, "known_at")).split())


def _of_facts(kind: str) -> frozenset[str]:
    """The stored columns of a kind that a feature may read: what the fact says, but free text."""
    hidden = {"content", "revision", *INTERVAL, *KINDS[kind].free_text}
    return frozenset(column.name for column in STORED[kind]) - hidden


SOURCES: dict[str, frozenset[str]] = {
    **{kind: _of_facts(kind) for kind in KINDS if kind != "outcomes"},
    "requests": _names(
        *KEYS,
        _REQUEST,
        "refund_id state text_exact near_1 near_2 near_3 refund_device claims_received requested_at "
        "placed_at account_created_at",
    ),
    "findings": _names(*KEYS, _REQUEST, "refund_id label fault verdict authority stands_until"),
    "claims": _names("refund_id order_id customer_id courier reason_code"),
    "returns": _names(
        "refund_id inspected_at order_id customer_id merchant_id condition as_claimed inspected_by"
    ),
    "sightings": _names("kind entity customer_id"),
    "case_files": _names("refund_id", *CASE_FILE),
    "copies": _names("refund_id", *COPY),
    "reuses": _names("refund_id", *COPY),
}

SPINE_ORDER: tuple[str, ...] = tuple(
    (
        "row_id as_of settled stage refund_id order_id line_id known_line customer_id merchant_id sku "
        "category channel address door payment device phone ip payout currency order_device "
        "refund_device placed_at account_created_at customer_tier order_known_at order_seen "
        "no_reason_return quantity goods_topics requested_at amount type state reason_code "
        "claims_received respond_by text_topics request_known_at " + _WORDING
    ).split()
)
SPINE_COLUMNS: frozenset[str] = frozenset(SPINE_ORDER)

SPINE_TEXT: frozenset[str] = frozenset(
    (
        "stage refund_id order_id line_id known_line customer_id merchant_id sku category channel "
        "currency customer_tier type state reason_code words"
    ).split()
)
"""The columns of the spine that are text; all others are whole numbers."""

HIDDEN: frozenset[str] = frozenset(
    (
        "entity address door payment device refund_device phone ip payout photo tracking "
        "text_exact near_1 near_2 near_3 words fact_key topics story picture copied digest "
        "fingerprints"
    ).split()
) | {f"first_{name}" for name in (*UNRELATED, "customer")}
"""Hashes of identities and of wording, bits, numbers of pictures, and who else gave one: nothing a
person could read, or should."""
