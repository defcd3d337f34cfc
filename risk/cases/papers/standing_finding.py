"""What was found of a case, where its pages and papers say it: the finding that stands, or that
rests while it is appealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from risk.cases.record.case_view import CaseView
from risk.findings import PEOPLE, UNDETERMINED

State = Literal["open", "appealed", "found", "ended"]
Outcome = Mapping[str, Any]


def state_of(view: CaseView) -> State:
    """`found` where a finding stands, `appealed` while it rests, `ended` where the request does not
    stand or a later decision closed it, else `open`; also `ended` without a case."""
    row = view.row
    if row is None:
        return "ended"
    if row["state"] == "open":
        return "appealed" if row["appealed_at"] else "open"
    return "found" if row["closed_because"] == "finding" else "ended"


def finding_of(view: CaseView) -> Outcome | None:
    """The outcome that a closed case was found by, or that its appeal is against; else None."""
    state, row = state_of(view), view.row
    if row is None or state not in ("found", "appealed"):
        return None
    said = [one for one in view.record.outcomes if one["decided_by"] in PEOPLE]
    if state == "found":
        found = [
            one
            for one in said
            if one["decided_by"] == row["found_by"] and one["verdict"] == row["verdict"]
        ]
    else:
        found = [one for one in said if not rests(one)]
    return max(found, key=lambda one: (one["known_at"], one["decided_at"]), default=None)


def rests(outcome: Outcome) -> bool:
    """Whether this is no finding, but what an appeal is stored as until it is ruled on."""
    by_appeal = outcome["decided_by"] == "appeal" and outcome["verdict"] == UNDETERMINED
    return bool(by_appeal and outcome["selected_by"] == "complaint")


def is_current(view: CaseView) -> bool:
    """Whether the latest decision knows of the finding, or of the appeal against it."""
    row = view.row
    if row is None:
        return True
    since = {"found": row["closed_at"], "appealed": row["appealed_at"]}.get(state_of(view))
    return since is None or row["decided_at"] >= since


def paid_amount(outcome: Outcome, asked: int) -> int | None:
    """What a finding paid (1/10,000), where it names an amount or a refund in full."""
    if outcome["amount"] is not None:
        return int(outcome["amount"])
    return asked if outcome["resolution"] == "refunded" and asked else None


def is_settled_in_part(outcome: Outcome, asked: int) -> bool:
    """Whether a finding paid something, and less than was asked."""
    paid = paid_amount(outcome, asked)
    return paid is not None and 0 < paid < asked
