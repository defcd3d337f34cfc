"""The timeline of a case: its facts and actions in time order, a sentence each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from risk.cases.record.case_record_rows import CaseRecord
from risk.cases.record.timeline_entry import TimelineEntry
from risk.facts import NOT_GIVEN, VERDICTS
from risk.facts.format import weight_text
from risk.facts.revisions import FOREVER
from risk.findings import verdict_label
from risk.history.connection.driver import Row

_SHOWN_OTHERWISE = ("claim", "release", "finding", "retract")
"""Actions that are no entries of their own: they show by their claim, outcome or retraction."""


def timeline(
    record: CaseRecord, events: list[dict[str, Any]], changes: Iterable[TimelineEntry] = ()
) -> list[TimelineEntry]:
    """The entries of a case and of its customer's latest other orders, newest first; `changes` are
    those of what was corrected and taken back."""
    currency = currency_of(record)
    appealed = {row["at"] for row in events if row["action"] == "appeal"}
    entries = [
        *_order(record.lines, currency),
        _request(record.request, currency, own=True),
        *(
            entry(row)
            for kind, entry in _OF_KIND.items()
            for row in record.facts[kind]
            if not (kind == "outcomes" and _is_appeal(row, appealed))
        ),
        *(_dispute(row, currency) for row in record.facts["payment_disputes"]),
        *(_action(row) for row in events if row["action"] not in _SHOWN_OTHERWISE),
        *_others(record),
    ]
    return sorted([*changes, *entries], key=lambda entry: -entry.at)


def _is_appeal(outcome: Row, appealed: Collection[int]) -> bool:
    """Whether an outcome only says that an appeal, which has an entry of its own, was opened."""
    return outcome["decided_by"] == "appeal" and outcome["known_at"] in appealed


def currency_of(record: CaseRecord) -> str:
    """The currency of the case's order."""
    return str(record.lines[0]["currency"] or "CNY") if record.lines else "CNY"


def fact_entry(kind: str, row: Row, currency: str) -> TimelineEntry:
    """The entry of a fact of this case, as this revision states it."""
    if kind == "orders":
        return next(_order([row], row["currency"] or currency))
    if kind == "refunds":
        return _request(row, currency, own=True)
    return _dispute(row, currency) if kind == "payment_disputes" else _OF_KIND[kind](row)


def _order(lines: Sequence[Row], currency: str) -> Iterator[TimelineEntry]:
    if lines:
        first = lines[0]
        total = sum(line["amount"] for line in lines)
        values = {
            "order": first["order_id"],
            "lines": len(lines),
            "money": ("money", total, currency),
            "what": ("category", first["category"] or first["sku"] or "–"),
        }
        yield TimelineEntry(first["placed_at"], "order", _ordered(lines), values)


def _ordered(lines: Sequence[Row]) -> str:
    return "ordered" if len(lines) == 1 else "ordered_many"


def _parcel(row: Row) -> TimelineEntry:
    values = {
        "status": ("parcel", row["status"]),
        "courier": ("courier", row["courier"]),
        "by": ("received_by", row["received_by"]),
        "weight": weight_text(row["weight_g"]) if row["weight_g"] else "",
        "packed": _packed(row),
    }
    text = "parcel_back" if row["direction"] == "return" else "parcel"
    if row["received_by"] and row["status"] == "delivered":
        text += "_taken"
    elif text == "parcel" and values["packed"]:
        text = "parcel_packed_weighed" if values["weight"] else "parcel_packed"
    return TimelineEntry(row["occurred_at"], "parcel", text, values)


def _packed(row: Row) -> str:
    """What went in by the warehouse's record: `2 × SKU-9`."""
    pieces = None if row["packed_quantity"] is None else str(row["packed_quantity"])
    return " × ".join(part for part in (pieces, row["packed_sku"]) if part)


def _request(row: Row, currency: str, *, own: bool) -> TimelineEntry:
    values = {
        "type": ("type", row["type"]),
        "reason": ("reason", row["reason_code"]),
        "money": ("money", row["amount"], currency),
        "refund": row["refund_id"],
    }
    return TimelineEntry(
        row["requested_at"],
        "request",
        _asked(row, own=own),
        values,
        own=own,
        refund_id=None if own else row["refund_id"],
        quote=(row.get("reason_text") or "") if own else "",
    )


def _asked(row: Row, *, own: bool) -> str:
    """The sentence of a request: its own while it stands, who passed it on, or that it was
    withdrawn."""
    text = "requested" if own else "requested_before"
    if own and row["valid_to"] < FOREVER:
        return "requested_retracted"
    if row["state"] == "withdrawn":
        return f"{text}_withdrawn"
    return "requested_forwarded" if own and row["forwarded_by"] else text


def _evidence(row: Row) -> TimelineEntry:
    values = {"kind": ("evidence", row["kind"]), "from": ("from", row["submitted_by"])}
    text = row["kind"] if row["kind"] in NOT_GIVEN else "evidence"
    if text == "evidence" and row["refund_id"] is None:
        text = "evidence_of_order"
    return TimelineEntry(row["submitted_at"], "evidence", text, values)


def _inspection(row: Row) -> TimelineEntry:
    values = {
        "condition": ("condition_found", row["condition"]),
        "by": ("inspected_by", row["inspected_by"] or "merchant"),
    }
    return TimelineEntry(row["inspected_at"], "inspection", "inspected_by", values)


def _feedback(row: Row) -> TimelineEntry:
    values = {"satisfaction": row["satisfaction"]}
    return TimelineEntry(
        row["answered_at"], "feedback", "feedback", values, quote=row["note"] or ""
    )


def _dispute(row: Row, currency: str) -> TimelineEntry:
    values = {
        "dispute": row["dispute_id"],
        "stage": ("dispute", row["stage"]),
        "money": ("money", row["amount"], currency),
    }
    return TimelineEntry(
        row["occurred_at"], "dispute", "disputed", values, quote=row["reason"] or ""
    )


def _outcome(row: Row) -> TimelineEntry:
    values = {
        "verdict": ("verdict", row["verdict"]),
        "by": ("decided_by", row["decided_by"]),
        "resolution": ("resolution", row["resolution"]),
    }
    text = "found_resolved" if row["resolution"] else "found"
    return TimelineEntry(
        row["decided_at"],
        "outcome",
        text,
        values,
        tone=tone_of(row["verdict"]),
        quote=row["note"] or "",
    )


_OF_KIND: Mapping[str, Callable[[Row], TimelineEntry]] = {
    "shipments": _parcel,
    "evidence": _evidence,
    "inspections": _inspection,
    "outcomes": _outcome,
    "feedback": _feedback,
}
"""The entry of a fact of each kind; orders and requests have functions of their own."""


def tone_of(verdict: str | None) -> Literal["bad", "good", ""]:
    """Whether a finding is bad for the customer, good, or neither."""
    found = verdict_label(verdict)
    return "" if found is None else "bad" if found else "good"


def _action(row: Row) -> TimelineEntry:
    body = row["body"]
    values = {
        "who": row["who"],
        "what": ("action", row["action"]),
        "kind": ("evidence", body.get("kind")),
        "from": ("from", body.get("from")),
    }
    text = "asked" if row["action"] == "ask" else "did"
    return TimelineEntry(row["at"], "action", text, values, quote=str(body.get("text") or ""))


def _others(record: CaseRecord) -> Iterator[TimelineEntry]:
    """The customer's other orders and requests, and what was found about those."""
    orders: dict[str, list[Row]] = {}
    for row in record.orders:
        orders.setdefault(row["order_id"], []).append(row)
    for order_id, lines in orders.items():
        values = {
            "order": order_id,
            "lines": len(lines),
            "money": ("money", sum(line["amount"] for line in lines), lines[0]["currency"]),
            "what": ("category", lines[0]["category"] or lines[0]["sku"] or "–"),
        }
        yield TimelineEntry(lines[0]["placed_at"], "order", _ordered(lines), values, own=False)
    for row in record.requests:
        yield _request(row, row["currency"] or "CNY", own=False)
        if row["label"] is None and row["audited"]:
            yield TimelineEntry(
                row["audited"],
                "outcome",
                "audited_before",
                {"refund": row["refund_id"]},
                own=False,
                refund_id=row["refund_id"],
                tone="good",
            )
        if row["label"] is not None:
            found = {"verdict": ("verdict", row["verdict"]), "refund": row["refund_id"]}
            by_people = row["verdict"] in VERDICTS
            table = "verdict" if by_people else "condition_found"
            found["verdict"] = (table, row["verdict"])
            yield TimelineEntry(
                row["found_at"],
                "outcome",
                "found_before" if by_people else "inspected_before",
                found,
                own=False,
                refund_id=row["refund_id"],
                tone="bad" if row["label"] else "good",
            )
