"""What the first screen of a case says beside its headline: who speaks, what speaks against and for
it that the headline does not tell, and why somebody is asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.console.customer_summary import first_words
from api.console.localisation import Locale
from risk.cases import CaseView
from risk.cases.record.recommended_step import step_of
from risk.cases.steps.questions import open_questions
from risk.decisions.approval_headline import approval_headline
from risk.decisions.headline import TOLD_BY_RULE, asking
from risk.explain.reason_groups import ReasonGroup
from risk.facts.localised import LocalisedText
from risk.facts.parse import parse_time

SHOWN_AGAINST = 2
"""So many of the stories that raise the risk are told above."""

SAID_OF_MONEY = "other_open_request"
"""The rule that says what was paid and what is asked."""


def first_screen(
    locale: Locale,
    view: CaseView,
    headline: LocalisedText,
    raises: Sequence[ReasonGroup],
    favours: Sequence[LocalisedText],
    *,
    blind: bool,
) -> dict[str, Any]:
    """The members of the page: the customer's words, what speaks against and for the case that its
    `headline` does not say and what is said where nothing does, what an approval rests on, when it
    is promised to be settled, and why shop or courier are asked."""
    decision = view.decision or {}
    alone = view.row is None and decision.get("tier") == "approve"
    approved = view.situation if alone else None
    return {
        "quoted": first_words(view),
        "against": [] if view.row is None else _untold(decision, headline, raises),
        "for_them": [one for one in favours if not _is_in(one, headline)] if view.row else [],
        "none_against": _none(decision, blind=blind),
        "approved": approval_headline(decision, approved) if approved else None,
        "promised": locale.time(parse_time(decision["respond_by"]))
        if approved and decision.get("conditions")
        else "",
        "whys": [*_whys(view)] if view.is_open else [],
    }


def _is_in(text: LocalisedText, headline: LocalisedText) -> bool:
    """Whether a headline says something already, as a sentence or within one."""
    return text["en"].rstrip(".").lower() in headline["en"].lower()


def _untold(
    decision: Mapping[str, Any], headline: LocalisedText, raises: Sequence[ReasonGroup]
) -> list[LocalisedText]:
    """The strongest stories against the case that its headline does not tell."""
    rule = asking(decision) if decision.get("rules") else None
    said = TOLD_BY_RULE.get(rule["id"]) if rule else None
    stories = []
    for group in raises[:SHOWN_AGAINST]:
        untold = [r for r in group.reasons if not (said and said.fullmatch(r["feature"]))]
        if group.summary or untold:
            stories.append(group.summary or untold[0]["text"])
    return [story for story in stories if not _is_in(story, headline)]


def _none(decision: Mapping[str, Any], *, blind: bool) -> str:
    """What is said where nothing raises the risk: it is hidden, or a rule holds the case."""
    if blind:
        return "case_against_blind"
    rules = {rule["id"] for rule in decision.get("rules", ())}
    held = decision.get("tier") != "approve" and decision.get("why", {}).get("id") in rules
    return "case_against_rule" if held else "case_nothing_against"


def _whys(view: CaseView) -> Iterator[str]:
    """What shop and courier are asked for by the next step, as the keys of sentences that say what
    it shows, until they were asked; what customers are asked for says it itself."""
    decision = view.decision or {}
    if step_of(decision.get("recommended") or {"text": {"en": ""}}) not in _ASKING:
        return
    case = view.situation
    back = case is not None and (case.return_arrived is not None or bool(case.inspections))
    is_fake = view.record.request["reason_code"] == "counterfeit"
    for item in open_questions(view):
        key = _WHYS.get((item["from"], item["kind"]))
        told = item["kind"] != "document" or item["from"] != "merchant" or is_fake
        if key is not None and told:
            yield "case_asks_merchant_video_back" if back and item["kind"] == "video" else key
    asked = {item["from"] for item in open_questions(view)}
    if "merchant" in asked and "merchant_consent" in decision.get("conditions", ()):
        yield "case_asks_consent"


_ASKING = ("customer", "merchant", "courier")
"""The steps that ask for what a decision asks for."""

_WHYS = {
    ("merchant", "video"): "case_asks_merchant_video",
    ("merchant", "document"): "case_asks_merchant_document",
    ("courier", "document"): "case_asks_courier_document",
}
"""What is shown by what somebody is asked for, by (from, kind)."""


def says_more(decision: Mapping[str, Any]) -> bool:
    """Whether what was paid, asked and granted is more than the claim and the headline say."""
    money, rule = decision.get("money"), asking(decision) if decision.get("rules") else None
    if money is None or (rule and rule["id"] == SAID_OF_MONEY):
        return False
    others = any(float(money[name] or 0) for name in ("asked_before", "granted_before"))
    return others or money["paid"] != money["asked"]
