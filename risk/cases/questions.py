"""The questions that a decision asks of others, as far as nobody has asked them yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risk.cases.case_view import CaseView
from risk.facts.parse import parse_time
from risk.facts.units import HOUR_MS

_HALF_HOUR_MS = HOUR_MS // 2


def asked_since_decided(view: CaseView) -> list[Mapping[str, Any]]:
    """The events by which somebody asked, called or offered since the case was first decided as it
    is now: what a later decision calls for in the same way need not be asked again."""
    since = _decided_so_since(view)
    acts = ("ask", "call", "offer")
    return [one for one in view.events if one["action"] in acts and one["at"] >= since]


def answer_by(asked_at: int, due: int) -> int:
    """Until when shop or courier are asked to answer (ms): so early that their answer can be read
    before the customer's is due, on a full or half hour where there is one."""
    latest = asked_at + (due - asked_at) * 3 // 4
    even = latest - latest % _HALF_HOUR_MS
    return due if due <= asked_at else even if even > asked_at else latest


def _decided_so_since(view: CaseView) -> int:
    """When the case was decided (ms) after which every decision asked and recommended the same."""
    since = int(view.row["decided_at"]) if view.row else 0
    latest = view.record.decisions[-1:]
    for decision in reversed(view.record.decisions[:-1]):
        if _calls_for(decision) != _calls_for(latest[0]):
            break
        since = min(since, parse_time(decision["decided_at"]))
    return since


def _calls_for(decision: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a decision calls for: its tier, whom it asks for what, and the next step's words."""
    asked = [(item["kind"], item["from"]) for item in decision["required_evidence"]]
    return decision["tier"], asked, (decision.get("recommended") or {}).get("text")


def open_questions(view: CaseView) -> list[Mapping[str, Any]]:
    """What the decision of an open case would have asked, and nobody has asked since."""
    if view.decision is None or not view.is_open:
        return []
    asked = {
        (event["body"].get("kind"), event["body"].get("from"))
        for event in asked_since_decided(view)
        if event["action"] == "ask"
    }
    wanted = view.decision["required_evidence"]
    return [one for one in wanted if (one["kind"], one["from"]) not in asked]
