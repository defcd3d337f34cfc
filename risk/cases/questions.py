"""The questions that a decision asks of others, as far as nobody has asked them yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risk.cases.case_view import CaseView


def asked_since_decided(view: CaseView) -> list[Mapping[str, Any]]:
    """The events by which somebody asked, called or offered since the latest decision."""
    since = view.row["decided_at"] if view.row else view.decided_at or 0
    acts = ("ask", "call", "offer")
    return [one for one in view.events if one["action"] in acts and one["at"] >= since]


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
