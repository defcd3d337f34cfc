"""What the case page says of a decision: its reasons on both sides, its money, its first screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.console.case_summary import filmed_late
from api.console.charts.waterfall import waterfall
from api.console.first_screen import first_screen, says_more
from api.console.localisation import Locale
from api.console.translations import translate
from risk.cases import CaseView
from risk.cases.lists.decision_changes import adds_up, by_family
from risk.decisions.headline import favours_of, lowered
from risk.decisions.weighings_told import without_contradicted
from risk.explain.linked_customers import told_apart
from risk.explain.reason_groups import (
    ReasonGroup,
    Side,
    linked_by,
    reason_groups,
    shared_identity_summary,
    told,
)
from risk.facts.localised import LANGUAGES, LocalisedText
from risk.facts.parse import parse_money

SHOWN_GROUPS = 4
"""Groups of reasons shown on each side; the list of all reasons has the rest."""

LINKS = "shared_identity"
ANCHORS = {"shared_identity": "linked", "reason": "customer-text", "evidence": "evidence"}
"""The section of the page with the facts of a reason family; others link to the timeline."""

SIDES: tuple[Side, ...] = ("raises", "lowers")


def decision_told(
    locale: Locale, view: CaseView, decision: Mapping[str, Any], *, blind: bool
) -> dict[str, Any]:
    """The members of the page that tell of a decision; those of links not on a blind case."""
    sides = {side: _told(view, decision, side, blind) for side in SIDES}
    favours = _favours(view, sides["lowers"])
    headline = _headline(view, decision, blind=blind)
    return {
        **first_screen(locale, view, headline, sides["raises"], favours, blind=blind),
        "headline": headline,
        "sides": {side: groups[:SHOWN_GROUPS] for side, groups in sides.items()},
        "favours": favours,
        "largest": max((one.weight for groups in sides.values() for one in groups), default=1.0),
        "anchors": ANCHORS,
        "steps": waterfall(decision["base"], by_family(decision), decision["raw_score"]),
        "exact": adds_up(decision),
        "money": _money(locale, decision.get("money")) if says_more(decision) else None,
        "asks_money": parse_money((decision.get("money") or {}).get("asked") or "0") != 0,
    }


def _headline(view: CaseView, decision: Mapping[str, Any], *, blind: bool) -> LocalisedText:
    """The headline of a case, with each linked customer told apart where it counts them; without
    words where there is no case."""
    if view.row is None:
        return dict.fromkeys(LANGUAGES, "")
    if blind:
        return dict(view.row["blind_headline"])
    headline: LocalisedText = view.row["headline"]
    linked = decision["linked"]
    apart = told_apart(view.links, linked) if view.links else None
    if apart is None:
        return headline
    for things in (linked_by(decision), []):  # earlier releases named no things
        counted = shared_identity_summary(linked, things=things)
        if counted is not None:
            headline = {one: _in_place(headline[one], counted[one], apart[one])
                        for one in LANGUAGES}  # fmt: skip
    return headline


def _in_place(text: str, counted: str, apart: str) -> str:
    """The text with linked customers told apart in place of their count, within a sentence too."""
    return text.replace(counted, apart).replace(lowered(counted), apart)


def _favours(view: CaseView, told_for: list[ReasonGroup]) -> list[LocalisedText]:
    """What the customer's record says for them beside the reasons, as of the decision; what a
    random check found is no part of the decision itself."""
    said = {reason["feature"] for group in told_for for reason in group.reasons}
    until = view.decided_at or 0
    audited = sum(
        1 for row in view.record.requests
        if row["label"] is None and row["audited"] and row["audited"] <= until
    )  # fmt: skip
    checked: LocalisedText = {
        one: translate("case_audited", one, count=audited) for one in LANGUAGES
    }
    told = favours_of(view.situation, told=said) if view.situation else []
    return [*told, *([checked] if audited else []), *filmed_late(view)]


def _told(
    view: CaseView, decision: Mapping[str, Any], side: Side, blind: bool
) -> list[ReasonGroup]:
    """The reasons of a side that a person would give; those of links not on a blind case."""
    groups = told(reason_groups(without_contradicted(view.situation, decision), side, view.links))
    return [group for group in groups if not blind or group.family != LINKS]


def _money(locale: Locale, money: Mapping[str, Any] | None) -> dict[str, str] | None:
    """The amounts of a decision's `money`; None in decisions of earlier releases."""
    if money is None:
        return None
    return {
        name: locale.money(parse_money(amount), money["currency"]) if amount else "–"
        for name, amount in money.items()
        if name != "currency"
    }
