"""What the first screen of a case says beside its headline: who speaks, and what against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.console.case_summary import first_words
from api.console.localisation import Locale
from risk.cases import CaseView
from risk.decisions.approval_headline import approval_headline
from risk.explain.reason_groups import ReasonGroup
from risk.facts.localised import LocalisedText
from risk.facts.parse import parse_time

SHOWN_AGAINST = 2
"""So many of the stories that raise the risk are told above."""


def first_screen(
    locale: Locale, view: CaseView, raises: Sequence[ReasonGroup], *, blind: bool
) -> dict[str, Any]:
    """The members of the page: the customer's words, what speaks against the case and what is said
    where nothing does, what an approval rests on, and when it is promised to be settled."""
    decision = view.decision or {}
    alone = view.row is None and decision.get("tier") == "approve"
    approved = view.situation if alone else None
    return {
        "quoted": first_words(view),
        "against": [] if view.row is None else _untold(view, raises),
        "none_against": _none(decision, blind=blind),
        "approved": approval_headline(decision, approved) if approved else None,
        "promised": locale.time(parse_time(decision["respond_by"]))
        if approved and decision.get("conditions")
        else "",
    }


def _untold(view: CaseView, raises: Sequence[ReasonGroup]) -> list[LocalisedText]:
    """The strongest stories against the case that its headline does not tell."""
    headline = view.row["headline"]["en"] if view.row else ""
    stories = [one.summary or one.reasons[0]["text"] for one in raises[:SHOWN_AGAINST]]
    return [story for story in stories if story["en"].rstrip(".") not in headline]


def _none(decision: Mapping[str, Any], *, blind: bool) -> str:
    """What is said where nothing raises the risk: it is hidden, or a rule holds the case."""
    if blind:
        return "case_against_blind"
    rules = {rule["id"] for rule in decision.get("rules", ())}
    held = decision.get("tier") != "approve" and decision.get("why", {}).get("id") in rules
    return "case_against_rule" if held else "case_nothing_against"
