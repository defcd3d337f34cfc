"""The questions that a decision asks of others, as far as nobody has asked them yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from risk.cases.case_view import CaseView


def open_questions(view: CaseView) -> list[Mapping[str, Any]]:
    """What the decision of an open case would have asked, and nobody has asked since."""
    decision, row = view.decision, view.row
    if decision is None or row is None or not view.is_open:
        return []
    asked = {
        (event["body"]["kind"], event["body"]["from"])
        for event in view.events
        if event["action"] == "ask" and event["at"] >= row["decided_at"]
    }
    return [one for one in decision["required_evidence"] if (one["kind"], one["from"]) not in asked]
