"""What was found against a customer, and where it counts: SQL over findings and returns `e`.

What the platform or an appeal found counts anywhere, what a shop or its reviewers found at that
shop, and anywhere once two shops found it. Where nobody said which shop it was there is only one,
or the platform speaks: it counts anywhere. A shop's inspection is its own statement and no finding.
"""

from __future__ import annotations

from dataclasses import dataclass

from risk.findings import AUTHORITY, INSPECTION

OWN_SHOP = "e.merchant_id = s.merchant_id"
"""SQL: whether the row is of the case's own shop."""

_MERCHANT = "merchant"
_PLATFORM = f"e.authority >= {AUTHORITY['platform']}"
_SHOPS = f"e.authority > {AUTHORITY[INSPECTION]} AND e.authority < {AUTHORITY['platform']}"


@dataclass(frozen=True, slots=True)
class Against:
    """Rows against a customer: those that count `anywhere`, and those `by_shop`, SQL each."""

    anywhere: str
    by_shop: str

    @property
    def here(self) -> str:
        """SQL: what the case's own shop found."""
        return f"{self.by_shop} AND {OWN_SHOP}"


FOUND = Against(
    anywhere=f"e.label = 1 AND ({_PLATFORM} OR ({_SHOPS} AND e.merchant_id IS NULL))",
    by_shop=f"e.label = 1 AND {_SHOPS} AND e.merchant_id IS NOT NULL",
)
"""Findings of abuse."""

OF_NAMED_SHOPS = Against(
    anywhere=f"e.label = 1 AND {_PLATFORM}",
    by_shop=f"e.label = 1 AND e.authority IN ({AUTHORITY['merchant']}, {AUTHORITY['reviewer']})",
)
"""The same without those of a shop that nobody named, for models of earlier releases."""


def bad_returns(conditions: str, *, contradicting: bool = False) -> Against:
    """Inspections of returns with one of the conditions, a list in SQL; `contradicting`: without
    those that confirm what the customer claimed."""
    bad = f"e.condition IN ({conditions})"
    if contradicting:
        bad += " AND e.as_claimed = 0"
    return Against(
        anywhere=f"{bad} AND (e.inspected_by <> '{_MERCHANT}' OR e.merchant_id IS NULL)",
        by_shop=f"{bad} AND e.inspected_by = '{_MERCHANT}' AND e.merchant_id IS NOT NULL",
    )


def count_found(row: str, shop: str) -> str:
    """SQL: how many findings of abuse among rows count at a shop, as one aggregate.

    `row` names the rows, with label, authority and merchant_id; `shop` is the shop's id.
    """

    def told(condition: str) -> str:
        return condition.replace("e.", f"{row}.").replace("s.merchant_id", shop)

    by_shop = told(FOUND.by_shop)
    return (
        f"COUNT(CASE WHEN {told(FOUND.anywhere)} THEN 1 END) + "
        f"CASE WHEN COUNT(DISTINCT CASE WHEN {by_shop} THEN {row}.merchant_id END) >= 2 "
        f"THEN COUNT(CASE WHEN {by_shop} THEN 1 END) "
        f"ELSE COUNT(CASE WHEN {told(FOUND.here)} THEN 1 END) END"
    )
