"""The questions that a decision asks of others, as far as nobody has asked them yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from risk.cases.record.case_view import CaseView
from risk.facts.parse import parse_time
from risk.facts.units import DAY_MS, HOUR_MS
from risk.policy.lanes import local_time

_HALF_HOUR_MS = HOUR_MS // 2
_MORNING, _EVENING = 9, 21
"""The hours between which somebody is asked to answer."""


def asked_since_decided(view: CaseView) -> list[Mapping[str, Any]]:
    """The events by which somebody asked, called or offered since the case was first decided as it
    is now: what a later decision calls for in the same way need not be asked again."""
    since = _decided_so_since(view)
    acts = ("ask", "call", "offer")
    return [one for one in view.events if one["action"] in acts and one["at"] >= since]


def asked_until(view: CaseView, whom: str, asked_at: int, due: int) -> int:
    """Until when somebody who is asked is to answer (ms), in the day where the shop is."""
    by = due if whom == "customer" else answer_by(asked_at, due)
    if view.policy is None or due <= asked_at:
        return by
    merchant = None if view.situation is None else view.situation.merchant_id
    return in_the_day(by, local_time(view.policy, merchant, by), asked_at, due)


def answer_by(asked_at: int, due: int) -> int:
    """Until when shop or courier are asked to answer (ms): so early that their answer can be read
    before the customer's is due, on a full or half hour where there is one."""
    latest = asked_at + (due - asked_at) * 3 // 4
    even = latest - latest % _HALF_HOUR_MS
    return due if due <= asked_at else even if even > asked_at else latest


def in_the_day(by: int, local: datetime, asked_at: int, due: int) -> int:
    """A time (ms) by which somebody is to answer, `local` on their clock, moved out of the night:
    to the evening before where half of the time is left then, else to the morning where that is an
    hour before the answer is due."""
    since_morning = (local.hour - _MORNING) * HOUR_MS + local.minute * HOUR_MS // 60
    if 0 <= since_morning <= (_EVENING - _MORNING) * HOUR_MS:
        return by
    morning = by - since_morning + (DAY_MS if since_morning > 0 else 0)
    evening = morning - (24 - _EVENING + _MORNING) * HOUR_MS
    if evening - asked_at >= (by - asked_at) // 2:
        return evening
    return morning if morning + HOUR_MS <= due else by


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
