"""A case told in time order: facts and what people did, as moments with a sentence each.

A moment says nothing of other customers; its sentence is filled in by language, with money and
codes worded by whoever shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from risk.cases.folder_rows import Folder
from risk.facts import VERDICTS
from risk.findings import verdict_label
from risk.history.driver import Row

MomentKind = Literal[
    "order", "parcel", "request", "evidence", "inspection", "outcome", "decision", "action"
]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened: when (ms), what, and whether it belongs to this case (`own`).

    `text` names a sentence of `sentences.SENTENCES`, `values` what goes into it: a tuple
    (table, code) is a code to be worded, (`money`, amount, currency) an amount.
    `refers` is the request it leads to, `tone` how a finding turned out.
    """

    at: int
    kind: MomentKind
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    own: bool = True
    refers: str | None = None
    tone: Literal["bad", "good", ""] = ""
    said: str = ""


def story(folder: Folder, events: list[dict[str, Any]]) -> list[Moment]:
    """Everything known of this customer, newest first; the latest of the other orders only."""
    moments = [
        *_order(folder),
        _request(folder.request, _currency(folder), own=True),
        *(moment(row) for kind, moment in _OF_KIND.items() for row in folder.facts[kind]),
        *(_action(row) for row in events if row["action"] not in ("claim", "release", "finding")),
        *_others(folder),
    ]
    return sorted(moments, key=lambda moment: -moment.at)


def _currency(folder: Folder) -> str:
    return str(folder.lines[0]["currency"] or "CNY") if folder.lines else "CNY"


def _order(folder: Folder) -> Iterator[Moment]:
    if folder.lines:
        first = folder.lines[0]
        total = sum(line["amount"] for line in folder.lines)
        values = {
            "order": first["order_id"],
            "lines": len(folder.lines),
            "money": ("money", total, _currency(folder)),
            "what": first["category"] or first["sku"] or "–",
        }
        yield Moment(first["placed_at"], "order", _ordered(folder.lines), values)


def _ordered(lines: Sequence[Row]) -> str:
    return "ordered" if len(lines) == 1 else "ordered_many"


def _parcel(row: Row) -> Moment:
    values = {
        "status": ("parcel", row["status"]),
        "courier": row["courier"] or "–",
        "by": ("received_by", row["received_by"]),
        "weight": f"{row['weight_g'] / 1_000_000:.2f} kg" if row["weight_g"] else "",
    }
    text = "parcel_back" if row["direction"] == "return" else "parcel"
    if row["received_by"] and row["status"] == "delivered":
        text += "_taken"
    return Moment(row["occurred_at"], "parcel", text, values)


def _request(row: Row, currency: str, *, own: bool) -> Moment:
    values = {
        "type": ("type", row["type"]),
        "reason": ("reason", row["reason_code"]),
        "money": ("money", row["amount"], currency),
        "refund": row["refund_id"],
    }
    return Moment(
        row["requested_at"],
        "request",
        "requested" if own else "requested_before",
        values,
        own=own,
        refers=None if own else row["refund_id"],
        said=(row.get("reason_text") or "") if own else "",
    )


def _evidence(row: Row) -> Moment:
    values = {"kind": ("evidence", row["kind"]), "from": ("from", row["submitted_by"])}
    text = "declined" if row["kind"] == "declined" else "evidence"
    return Moment(row["submitted_at"], "evidence", text, values)


def _inspection(row: Row) -> Moment:
    values = {"condition": ("condition_found", row["condition"])}
    return Moment(row["inspected_at"], "inspection", "inspected", values)


def _outcome(row: Row) -> Moment:
    values = {
        "verdict": ("verdict", row["verdict"]),
        "by": ("decided_by", row["decided_by"]),
        "resolution": ("resolution", row["resolution"]),
    }
    text = "found_resolved" if row["resolution"] else "found"
    return Moment(
        row["decided_at"],
        "outcome",
        text,
        values,
        tone=tone_of(row["verdict"]),
        said=row["note"] or "",
    )


_OF_KIND: Mapping[str, Callable[[Row], Moment]] = {
    "shipments": _parcel,
    "evidence": _evidence,
    "inspections": _inspection,
    "outcomes": _outcome,
}
"""How a fact of each kind is told; the order and the request are told by themselves."""


def tone_of(verdict: str | None) -> Literal["bad", "good", ""]:
    """Whether a finding speaks against the customer, for them, or neither."""
    found = verdict_label(verdict)
    return "" if found is None else "bad" if found else "good"


def _action(row: Row) -> Moment:
    body = row["body"]
    values = {
        "who": row["who"],
        "what": ("action", row["action"]),
        "kind": ("evidence", body.get("kind")),
        "from": ("from", body.get("from")),
    }
    text = "asked" if row["action"] == "ask" else "did"
    return Moment(row["at"], "action", text, values, said=str(body.get("text") or ""))


def _others(folder: Folder) -> Iterator[Moment]:
    """The customer's other orders and requests, and what was found about those."""
    orders: dict[str, list[Row]] = {}
    for row in folder.orders:
        orders.setdefault(row["order_id"], []).append(row)
    for order_id, lines in orders.items():
        values = {
            "order": order_id,
            "lines": len(lines),
            "money": ("money", sum(line["amount"] for line in lines), lines[0]["currency"]),
            "what": lines[0]["category"] or lines[0]["sku"] or "–",
        }
        yield Moment(lines[0]["placed_at"], "order", _ordered(lines), values, own=False)
    for row in folder.requests:
        yield _request(row, row["currency"] or "CNY", own=False)
        if row["label"] is not None:
            found = {"verdict": ("verdict", row["verdict"]), "refund": row["refund_id"]}
            table = "verdict" if row["verdict"] in VERDICTS else "condition_found"
            found["verdict"] = (table, row["verdict"])
            yield Moment(
                row["found_at"],
                "outcome",
                "found_before",
                found,
                own=False,
                refers=row["refund_id"],
                tone="bad" if row["label"] else "good",
            )
