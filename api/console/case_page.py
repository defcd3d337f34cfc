"""The case page: why it is here, both sides, the facts, and what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import Response

from api.console.charts.network import masked, network
from api.console.charts.strip import strip
from api.console.charts.waterfall import waterfall
from api.console.page_route import pages
from api.console.queue_page import filters_of, given
from api.console.session import Here, Visit
from api.console.what_if_panel import ways_of
from risk import cases
from risk.access.access_log import log_access
from risk.access.people import all_people
from risk.cases import CaseView
from risk.cases.decision_changes import adds_up, by_family, decision_changes
from risk.cases.queue import next_in_queue
from risk.cases.timeline_sentences import render_entry
from risk.explain.code_labels import LABELS
from risk.explain.reason_groups import reason_groups
from risk.facts import VERDICTS

TOLD = 4
"""How many stories for and against are told; the list of all reasons has the rest."""

SHOWN_MOMENTS = 24
PLACES = {"shared_identity": "linked", "reason": "words", "evidence": "evidence"}
"""Where on the page the facts behind a family of reasons stand; the history has the rest."""

DONE = ("claim", "release", "finding", "ask", "note", "escalate", "appeal", "listing", "withdraw")

router = pages()


@router.get("/case")
def show(visit: Here, id: str = "") -> Response:  # noqa: A002
    view = cases.view_case(visit.desk.history, id)
    log_access(visit.desk.history, visit.person.name, id, "case")
    return page(visit, view)


def page(visit: Visit, view: CaseView, status: int = 200, **said: Any) -> Response:
    """The case page; `said` carries what a form got wrong and what it held."""
    wanted = given(visit)
    ahead = next_in_queue(visit.desk.history, filters_of(visit, wanted), view.row)
    with visit.desk.history.read() as connection:
        names = {person.name: person.display_name for person in all_people(connection)}
    return visit.page(
        "case.html",
        status,
        view=view,
        row=view.row,
        decision=view.decision,
        wanted=wanted,
        ahead=ahead,
        names=names,
        standing=_standing(visit, view),
        verdicts=VERDICTS,
        askable=cases.REQUESTABLE_EVIDENCE,
        resolutions=tuple(LABELS["resolution"]),
        dids={f"did_{act}" for act in DONE},
        **{"wrong": [], "held": {}, "wrong_form": "", **said},
        **_facts(visit, view),
        **(_reasons(visit, view, view.decision) if view.decision else {}),
    )


def _standing(visit: Visit, view: CaseView) -> str:
    """What the reader may do: act, claim, or nothing because it is closed or somebody else's."""
    me, holder = visit.person.name, view.held_by()
    if not view.is_open:
        return "closed"
    judged = {event["who"] for event in view.events if event["action"] == "finding"}
    if view.row and view.row["appealed_at"] and me in judged:
        return "second"
    if holder == me:
        return "mine"
    return "other" if holder else "free"


def _facts(visit: Visit, view: CaseView) -> dict[str, Any]:
    thing = {kind: words[visit.locale.language] for kind, words in LABELS["entity"].items()}
    moments = [
        (entry, render_entry(entry, visit.locale.language, visit.locale.money))
        for entry in view.timeline
    ]
    return {
        "moments": moments[:SHOWN_MOMENTS],
        "earlier": moments[SHOWN_MOMENTS:],
        "strip": strip(view.timeline, view.now),
        "network": network(view.links, thing) if view.links else None,
        "hubs": [(masked(e, thing), n) for e, n in view.links.hubs] if view.links else [],
        "shares": _shares(view, thing),
        "changed": decision_changes(view.record.decisions),
        "actions": [event for event in view.events if event["action"] != "claim"][::-1],
    }


def _shares(view: CaseView, thing: Mapping[str, str]) -> dict[str, list[str]]:
    """What each linked customer shares, masked, for those who read tables rather than drawings."""
    shares: dict[str, list[str]] = {}
    for entity, customer in view.links.edges if view.links else ():
        shares.setdefault(customer, []).append(masked(entity, thing))
    return shares


def _reasons(visit: Visit, view: CaseView, decision: Mapping[str, Any]) -> dict[str, Any]:
    sides = {side: reason_groups(decision, side, view.links) for side in ("raises", "lowers")}
    return {
        "sides": {side: stories[:TOLD] for side, stories in sides.items()},
        "largest": max((one.weight for stories in sides.values() for one in stories), default=1.0),
        "places": PLACES,
        "steps": waterfall(decision["base"], by_family(decision), decision["raw_score"]),
        "exact": adds_up(decision),
        "ways": ways_of(visit, view),
    }
