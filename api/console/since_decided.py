"""What became known of a case since its decision, in a sentence: a page shows both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
from risk.facts.localised import LISTED

NEW = ("evidence", "shipments", "inspections", "outcomes", "payment_disputes")
"""Kinds of facts of the case itself that are counted."""


def since_decided(locale: Locale, view: CaseView) -> str:
    """What came since the latest decision; empty before the first, and where it knows all."""
    decided = view.decided_at
    if decided is None:
        return ""
    told = [
        translate(f"case_since_{name}", locale.language, count=count)
        for name, count in _counts(view, decided)
        if count
    ]
    if not told:
        return ""
    return translate("case_since", locale.language, what=LISTED[locale.language].join(told))


def _counts(view: CaseView, decided: int) -> Iterator[tuple[str, int]]:
    record = view.record
    for kind in NEW:
        yield kind, _later(record.facts[kind], decided)
    yield "corrected", _later([record.request, *record.lines], decided)
    yield "requests", _later(record.requests, decided)
    yield "orders", len({row["order_id"] for row in record.orders if row["known_at"] > decided})


def _later(rows: list[dict[str, Any]], decided: int) -> int:
    return sum(row["known_at"] > decided for row in rows)
