"""Timeline entries of corrections and retractions: who changed what, from what to what, and why.

Identities are stored as hashes, so of those it is said only that they changed; another customer is
not named either.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from risk.cases.record.revision_rows import RevisedFact, Row
from risk.cases.record.timeline import fact_entry
from risk.cases.record.timeline_entry import TimelineEntry
from risk.facts import KINDS, REFUNDS
from risk.facts.fields import Field
from risk.facts.revisions import FOREVER
from risk.history.facts.clashes import differing_fields

Change = tuple[str, Field, Any, Any]
"""(`change`, field, before, after); both None where only that it changed may be shown."""


def corrections(facts: list[RevisedFact], currency: str) -> Iterator[TimelineEntry]:
    """The entries of facts that were corrected or taken back, in any order."""
    for fact in facts:
        for before, after in pairwise(fact.revisions):
            yield _correction(fact.kind, before, after, currency)
        for retraction in fact.retractions:
            yield _retraction(fact, retraction, currency)


def _correction(kind: str, before: Row, after: Row, currency: str) -> TimelineEntry:
    names = [name for name in differing_fields(kind, before, after) if name != "state"]
    text = _TURNED.get(after["state"]) if kind == REFUNDS.name and _turned(before, after) else None
    text = text or ("corrected" if names else "restated")
    values: dict[str, Any] = {
        "what": ("fact", kind, after["line_id"] if kind == "orders" else None),
        "fact": ("entry", fact_entry(kind, after, currency)),
        "changes": ("changes", [_change(kind, name, before, after, currency) for name in names]),
    }
    texts = (before[name] for name in names if KINDS[kind].field(name).is_free_text)
    return _entry(after["valid_from"], text, values, after["who"], next(texts, None) or "")


_TURNED = {"withdrawn": "withdrew", "open": "reopened"}


def _turned(before: Row, after: Row) -> bool:
    """Whether a request was withdrawn, or opened again."""
    return bool(before["state"] != after["state"])


def _change(
    kind: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any], currency: str
) -> Change:
    field = KINDS[kind].field(name)
    if field.identity or field.private or field.is_free_text or name == "customer_id":
        return "change", field, None, None
    return "change", field, _shown(field, before, currency), _shown(field, after, currency)


def _shown(field: Field, row: Mapping[str, Any], currency: str) -> Any:
    value = row[field.name]
    if field.type == "money" and value is not None:
        return "money", value, row.get("currency") or currency
    return value


def _retraction(fact: RevisedFact, retraction: Row, currency: str) -> TimelineEntry:
    known = [row for row in fact.revisions if row["valid_from"] <= retraction["known_at"]]
    row = (known or fact.revisions)[-1]
    stood = {**row, "valid_to": FOREVER}
    values = {"kind": fact.kind, "fact": ("entry", fact_entry(fact.kind, stood, currency))}
    return _entry(
        retraction["known_at"], "taken_back", values, retraction["who"], retraction["reason"] or ""
    )


def _entry(
    at: int, text: str, values: Mapping[str, Any], who: str | None, quote: str
) -> TimelineEntry:
    signed = f"{text}_by" if who else text
    ends = text == "withdrew" or (text == "taken_back" and values["kind"] == REFUNDS.name)
    shown = {**values, "who": who or ""}
    return TimelineEntry(at, "correction", signed, shown, quote=quote, ends_request=ends)
