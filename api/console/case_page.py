"""The case page: why it is in the queue, reasons on both sides, facts, and actions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from fastapi.responses import Response

from api.console.case_reasons import decision_told
from api.console.case_summary import claim_sentence, other_claims, record_sentences
from api.console.charts.network import masked, network
from api.console.charts.strip import strip
from api.console.copied_pictures import copied_pictures
from api.console.customer_summary import customer_sentence, lane_sentence
from api.console.file_times import file_time
from api.console.finding_panel import after_finding
from api.console.next_act_forms import next_forms, pushed_acts, question_forms
from api.console.page_route import page_router
from api.console.queue_page import filters_of, given
from api.console.session import LoggedIn, PageContext
from api.console.since_decided import new_in_decision, since_decided
from api.console.translations import translate
from api.console.what_if_panel import what_if_of
from risk import cases
from risk.access.access_log import log_access
from risk.access.people import all_people, all_teams
from risk.cases import CaseView
from risk.cases.acts.correcting import may_correct
from risk.cases.acts.pending_rows import pending_finding
from risk.cases.customers.customer_language import customer_language
from risk.cases.figures.team_rows import team_clocks
from risk.cases.lists.decision_changes import decision_changes
from risk.cases.lists.queue import next_in_queue
from risk.cases.policies.blind_rows import is_blind
from risk.cases.record.claim_rows import finders, saw_score
from risk.cases.record.contradiction_sentences import contradiction_sentences
from risk.cases.record.timeline_sentences import render_entry
from risk.cases.steps.approvals import is_to_do
from risk.cases.steps.next_acts import condition_label, settled_as_asked
from risk.decisions.data_warnings import warning_text
from risk.decisions.headline import lowered
from risk.evidence.earlier_pictures import EarlierPicture, earlier_pictures
from risk.evidence.file_rows import files_of
from risk.evidence.reviewer_uploads import SUBMITTERS
from risk.explain.code_labels import LABELS
from risk.explain.evidence_given import evidence_given
from risk.facts import VERDICTS
from risk.facts.parse import parse_money
from risk.findings import NEGATIVE_VERDICTS, POSITIVE_VERDICTS
from risk.history.reading.ring_walk import Entity

SHOWN_ENTRIES = 24
TO_LOOK_AT = ("photo", "video", "document", "service_report")
"""Evidence that has a file, where it was sent."""
SHOWN_PICTURES = 4
"""So many pictures are shown small beside the next step."""


DONE = (
    "claim", "release", "finding", "ask", "note", "escalate", "appeal", "listing", "withdraw",
    "contest", "score", "files", "correct", "assign", "call", "offer",
)  # fmt: skip

CHOICES: Mapping[str, Any] = {
    "honest": NEGATIVE_VERDICTS,
    "abusive": POSITIVE_VERDICTS,
    "submitters": SUBMITTERS,
    "verdicts": VERDICTS,
    "requestable": cases.REQUESTABLE_EVIDENCE,
    "resolutions": tuple(LABELS["resolution"]),
    "done_keys": frozenset(f"did_{action}" for action in DONE),
}
"""What the forms of every case choose from."""

router = page_router()


@router.get("/case")
def show(context: LoggedIn, id: str = "") -> Response:  # noqa: A002
    view = cases.view_case(context.resources.history, id)
    log_access(context.resources.history, context.person.name, id, "case")
    return page(context, view)


def page(context: PageContext, view: CaseView, status: int = 200, **extra: Any) -> Response:
    """The case page; `extra` holds the errors and fields of a form that failed."""
    wanted, me = given(context), context.person.name
    following = next_in_queue(context.resources.history, filters_of(context, wanted), view.row)
    with context.resources.history.read() as connection:
        read = files_of(connection, [item["evidence_id"] for item in view.record.evidence])
        near = earlier_pictures(connection, read, view.record.lines, view.refund_id)
        drawn = is_blind(connection, context.resources.history.audit_key, view.refund_id)
        pushed = pushed_acts(connection, view)
        waiting = pending_finding(connection, view.refund_id)
        everybody, teams = all_people(connection), all_teams(connection)
        clocks = team_clocks(connection, [view.row] if view.row else [], view.now)
    blind = view.is_open and drawn
    score_shown = not view.is_open or (saw_score(view.events, me) and not blind)
    return context.page(
        "case.html",
        status,
        view=view,
        row=view.row,
        decision=view.decision,
        wanted=wanted,
        following=following,
        names={one.name: one.display_name for one in everybody},
        colleagues=[one for one in everybody if not one.deactivated and one.name != me],
        teams=teams,
        clock=clocks.get(view.refund_id),
        forms=next_forms(context.locale, view),
        questions=list(question_forms(context.locale, view)),
        written_in=customer_language(view.record),
        as_asked=settled_as_asked(view)[0],
        pushed=pushed,
        files=read,
        near=near,
        **_pictures(context, view, read, near),
        waiting=waiting,
        claim_status="waiting" if waiting else _claim_status(context, view),
        correctable=may_correct(view.row, context.actor),
        score_shown=score_shown,
        blind=blind,
        **CHOICES,
        **{"errors": [], "draft": {}, "failed_form": "", "undone": False, **extra},
        **_facts(context, view),
        **(_decided(context, view, blind) if view.decision else {}),
        what_if=what_if_of(context, view) if score_shown and view.decision else None,
    )


def _pictures(
    context: PageContext,
    view: CaseView,
    read: Mapping[str, Mapping[str, Any]],
    near: Mapping[str, EarlierPicture],
) -> dict[str, Any]:
    """What was copied, and the files that are shown small beside the next step."""
    kept = {name for name, file in read.items() if file["kept"]}
    shown = [one for one in view.record.evidence if one["evidence_id"] in kept]
    copied = copied_pictures(context.locale, view, near)
    told = partial(file_time, context.locale)
    unseen = ((one["kind"], one["submitted_by"]) for one in view.record.evidence
              if one["kind"] in TO_LOOK_AT and one["evidence_id"] not in kept)  # fmt: skip
    return {
        "copied": copied,
        "thumbs": shown[:SHOWN_PICTURES],
        "unseen": evidence_given(unseen, context.locale.language),
        "file_time": told,
    }


def _decided(context: PageContext, view: CaseView, blind: bool) -> dict[str, Any]:
    return decision_told(context.locale, view, view.decision or {}, blind=blind)


def _claim_status(context: PageContext, view: CaseView) -> str:
    """`closed`, `to_do` (approved, and something is left), `second` (their finding is under
    appeal), `mine`, `other` or `free`."""
    me, holder = context.person.name, view.held_by()
    if not view.is_open:
        return "to_do" if is_to_do(view) else "closed"
    if view.row and view.row["appealed_at"] and me in finders(view.events):
        return "second"
    if holder == me:
        return "mine"
    return "other" if holder else "free"


def _facts(context: PageContext, view: CaseView) -> dict[str, Any]:
    entity_labels = {
        kind: words[context.locale.language] for kind, words in LABELS["entity"].items()
    }
    locale = context.locale
    entries = [
        (entry, locale.said(render_entry(entry, locale.language, locale.money)))
        for entry in view.timeline
    ]
    return {
        "ended": _ended(context, view),
        **after_finding(context.locale, view),
        "money_said": lambda said: context.locale.money(parse_money(said), view.currency),
        "claim": claim_sentence(context.locale, view),
        "lane_said": lane_sentence(context.locale, view),
        "on_record": record_sentences(context.locale, view),
        "on_customer": customer_sentence(context.locale, view),
        "same_goods": other_claims(context.locale, view),
        "as_of": _as_of(context, view),
        "since": since_decided(context.locale, view),
        "new_in": new_in_decision(context.locale, view),
        "entries": entries[:SHOWN_ENTRIES],
        "earlier": entries[SHOWN_ENTRIES:],
        "strip": strip(view.timeline, view.now),
        "network": network(view.links, entity_labels) if view.links else None,
        "hubs": [(e, masked(e, entity_labels), n) for e, n in view.links.hubs]
        if view.links
        else [],
        "shares": _shares(view, entity_labels),
        "warned": warning_text,
        "lowered": lowered,
        "contradictions": contradiction_sentences(view.record.request),
        "condition_of": partial(condition_label, view.decision),
        "changes": decision_changes(view.record.decisions),
        "actions": [event for event in view.events if event["action"] != "claim"][::-1],
    }


def _ended(context: PageContext, view: CaseView) -> str:
    """What ended the request, in words; empty while it stands."""
    locale = context.locale
    return render_entry(view.ended, locale.language, locale.money) if view.ended else ""


def _as_of(context: PageContext, view: CaseView) -> str:
    """The moment of the latest decision, in words; empty before the first."""
    if view.decided_at is None:
        return ""
    time = context.locale.time(view.decided_at)
    return translate("case_as_of", context.locale.language, time=time)


def _shares(
    view: CaseView, entity_labels: Mapping[str, str]
) -> dict[str, list[tuple[Entity, str]]]:
    """What each linked customer shares, with its masked name: the table below the drawing."""
    shares: dict[str, list[tuple[Entity, str]]] = {}
    for entity, customer in view.links.edges if view.links else ():
        shares.setdefault(customer, []).append((entity, masked(entity, entity_labels)))
    return shares
