"""A reviewer's finding, and the outcome fact made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from risk.errors import BadInput, Forbidden, Problem
from risk.facts.format import iso, money_text
from risk.findings import NEGATIVE_VERDICTS, POSITIVE_VERDICTS, UNDETERMINED
from risk.history.connection.connect import now_ms
from risk.history.intake import ParsedFacts, parse_facts
from risk.identity import Hasher
from risk.problem_phrases import phrase

UNPAID = ("refused", "withdrawn")
"""The resolutions by which no money goes back."""


@dataclass(frozen=True, slots=True)
class ReviewFinding:
    """A verdict with its resolution, the amount paid back (major units) and a note.

    `decided_by` None means the default: `appeal` for a person on an appeal, else their own.
    """

    verdict: str
    resolution: str | None = None
    amount: str | None = None
    note: str | None = None
    decided_by: str | None = None

    def told(self) -> dict[str, Any]:
        """What the event of a finding keeps: what was found and done, and why."""
        return {
            "verdict": self.verdict,
            "resolution": self.resolution,
            "amount": self.amount,
            "text": self.note or "",
        }

    def check_concluded(self) -> None:
        """Raises BadInput for what could not be determined without what was done: its customer
        would be told that it is closed, and nothing of what happens."""
        if self.verdict == UNDETERMINED and not self.resolution:
            expected, nothing = phrase("what_with_money"), phrase("got_nothing")
            raise BadInput([Problem("outcomes", 0, "resolution", expected, nothing)])

    def check_reasoned(self) -> None:
        """Raises BadInput as `check_concluded`, and for a finding of abuse or fraud without what
        was done and why, and for a refusal of an honest request without why."""
        self.check_concluded()
        refused = self.resolution == "refused" and self.verdict in NEGATIVE_VERDICTS
        if self.verdict in POSITIVE_VERDICTS:
            wanted = {
                "resolution": (self.resolution, phrase("what_with_money")),
                "note": (self.note, phrase("why_abuse")),
            }
        else:
            wanted = {"note": (self.note, phrase("why_refused"))} if refused else {}
        missing = [
            Problem("outcomes", 0, field, expected, phrase("got_nothing"))
            for field, (given, expected) in wanted.items()
            if not given
        ]
        if missing:
            raise BadInput(missing)


def outcome_of(
    case: Mapping[str, Any],
    finding: ReviewFinding,
    decides_as: tuple[str, ...],
    hasher: Hasher,
    corrects: Mapping[str, Any] = MappingProxyType({}),
) -> ParsedFacts:
    """The outcome, parsed like any other fact. Raises BadInput, also for more money than the
    case's request asks, or Forbidden for `decided_by`.

    `selected_by` and `selection_probability` come from the case. `corrects` is what a correction
    keeps of the outcome before it, with the number of its revision.
    """
    decided_by = finding.decided_by or _default_decided_by(case, decides_as)
    if decided_by not in decides_as:
        raise Forbidden(f"decided_by: {decided_by} is not yours to say")
    if decided_by in ("reviewer", "appeal") and (decided_by == "appeal") != bool(
        case["appealed_at"]
    ):
        raise Forbidden("decided_by: `appeal` is for cases under appeal, and they for nothing else")
    if finding.resolution == "partly_refunded" and not finding.amount:
        raise BadInput(
            [Problem("outcomes", 0, "amount", phrase("how_much"), phrase("got_nothing"))]
        )
    item = {
        "refund_id": case["refund_id"],
        "decided_at": iso(now_ms()),
        "verdict": finding.verdict,
        "resolution": finding.resolution or None,
        "amount": finding.amount or None,
        "decided_by": decided_by,
        "selected_by": case["selected_by"],
        "selection_probability": case["audit_share"] or None,
        "note": finding.note or None,
        **corrects,
    }
    outcome = parse_facts("outcomes", [item], hasher, may_backdate=False)
    [paid] = outcome.columns["amount"]
    if paid and finding.resolution in UNPAID:
        expected = phrase("no_amount")
        raise BadInput([Problem("outcomes", 0, "amount", expected, finding.amount or "")])
    if paid is not None and paid > case["amount"]:
        most = phrase("most_asked", most=money_text(case["amount"], case["currency"]))
        raise BadInput([Problem("outcomes", 0, "amount", most, finding.amount or "")])
    return outcome


def appeal_outcome(refund_id: str, hasher: Hasher) -> ParsedFacts:
    """The outcome that an appeal against a finding of abuse is stored as: nothing is determined
    until it is ruled on."""
    item = {
        "refund_id": refund_id,
        "decided_at": iso(now_ms()),
        "verdict": UNDETERMINED,
        "decided_by": "appeal",
        "selected_by": "complaint",
    }
    return parse_facts("outcomes", [item], hasher, may_backdate=False)


def _default_decided_by(case: Mapping[str, Any], decides_as: tuple[str, ...]) -> str:
    return "appeal" if case["appealed_at"] and "appeal" in decides_as else decides_as[0]
