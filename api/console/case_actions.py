"""Forms of the case page: claim, release, note, evidence, finding, escalation, appeal, lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

from fastapi.responses import Response

from api.console.case_page import page
from api.console.page_route import error_messages, page_router
from api.console.queue_page import filters_of, given
from api.console.session import LoggedIn, PageContext, VerifiedForm, redirect
from api.console.templating import url
from risk import cases
from risk.cases import ReviewFinding
from risk.cases.lists.queue import take_next
from risk.cases.steps.next_acts import settled_as_asked
from risk.errors import BadInput, Conflict, Problem
from risk.findings import NEGATIVE_VERDICTS
from risk.problem_phrases import phrase

TEAM = "team:"
"""Marks a team among those whom a case is handed over to; no login has a colon."""

Action = Callable[[PageContext, str, Mapping[str, str]], None]

router = page_router()


def _perform(
    context: PageContext, form: Mapping[str, str], name: str, action: Action
) -> Response | None:
    """Perform an action; None, or the case page with the errors and the form's fields."""
    refund_id = form.get("id", "")
    try:
        action(context, refund_id, form)
    except (BadInput, Conflict) as error:
        view = cases.view_case(context.resources.history, refund_id)
        status = 422 if isinstance(error, BadInput) else 409
        errors = error_messages(context, error)
        return page(context, view, status, errors=errors, draft=dict(form), failed_form=name)
    return None


def _to_case(context: PageContext, form: Mapping[str, str], done: str) -> Response:
    return redirect(url("case", id=form.get("id", ""), **given(context), done=done))


def _claim(context: PageContext, refund_id: str, _: Mapping[str, str]) -> None:
    cases.claim(context.resources.history, refund_id, context.actor)


def _release(context: PageContext, refund_id: str, _: Mapping[str, str]) -> None:
    cases.release(context.resources.history, refund_id, context.actor)


def _note(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    cases.add_note(context.resources.history, refund_id, context.actor, form.get("text", ""))


def _score(context: PageContext, refund_id: str, _: Mapping[str, str]) -> None:
    cases.look_at_score(context.resources.history, refund_id, context.actor)


def _escalate(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    cases.escalate(context.resources.history, refund_id, context.actor, form.get("cause", ""))


def _appeal(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    cases.appeal(context.resources.history, refund_id, context.actor, form.get("cause", ""))


def _withdraw(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    cases.end_list_entry(context.resources.history, refund_id, context.actor, form.get("cause", ""))


def _contest(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    cases.appeal_list_entry(
        context.resources.history, refund_id, context.actor, form.get("cause", "")
    )


def _assign(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    history, to = context.resources.history, form.get("to", "")
    if to.startswith(TEAM):
        cases.hand_to_team(history, refund_id, context.actor, to.removeprefix(TEAM))
    else:
        cases.hand_over(history, refund_id, context.actor, to)


def _ask(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    cases.request_evidence(
        context.resources.history,
        refund_id,
        context.actor,
        kind=form.get("kind", ""),
        source=form.get("from", ""),
        text=form.get("text", ""),
    )


def _call(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    cases.call_customer(context.resources.history, refund_id, context.actor, form.get("text", ""))


def _offer(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    cases.offer_alternative(
        context.resources.history,
        refund_id,
        context.actor,
        kind=form.get("kind", ""),
        text=form.get("text", ""),
        amount=form.get("amount", ""),
    )


def _listing(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    days = form.get("days", "")
    cases.add_list_entry(
        context.resources.history,
        refund_id,
        context.actor,
        kind=form.get("list", ""),
        cause=form.get("cause", ""),
        asks=form.get("asks", "evidence"),
        days=int(days) if days.isdecimal() and len(days) < 6 else 0,
    )


def _found(context: PageContext, refund_id: str, form: Mapping[str, str]) -> ReviewFinding:
    """The finding of a form. Raises BadInput for abuse or fraud without what is done and why, and
    for an honest request without what is done, where a resolution says it."""
    found = ReviewFinding(
        verdict=form.get("verdict", ""),
        resolution=form.get("resolution") or None,
        amount=form.get("amount", "").strip() or None,
        note=form.get("note", "").strip() or None,
    )
    found.check_reasoned()
    if found.verdict in NEGATIVE_VERDICTS and found.resolution is None:
        view = cases.view_case(context.resources.history, refund_id)
        if settled_as_asked(view)[0] is not None:
            expected = phrase("done_for_customer")
            raise BadInput([Problem("outcomes", 0, "resolution", expected, phrase("got_nothing"))])
    return found


def _finding(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    find_out(context, refund_id, _found(context, refund_id, form))


def find_out(context: PageContext, refund_id: str, finding: ReviewFinding) -> None:
    """Store a finding, after the time in which it can be undone where there is one."""
    history, wait = context.resources.history, context.resources.undo_ms
    if wait:
        cases.hold_finding(history, refund_id, context.actor, finding, wait)
    else:
        cases.record_finding(history, refund_id, context.actor, finding)


def _correct(context: PageContext, refund_id: str, form: Mapping[str, str]) -> None:
    found = _found(context, refund_id, form)
    cases.correct_finding(context.resources.history, refund_id, context.actor, found)


ACTIONS: dict[str, Action] = {
    "claim": _claim,
    "release": _release,
    "note": _note,
    "ask": _ask,
    "call": _call,
    "offer": _offer,
    "score": _score,
    "escalate": _escalate,
    "appeal": _appeal,
    "listing": _listing,
    "withdraw": _withdraw,
    "contest": _contest,
    "correct": _correct,
    "assign": _assign,
}


@router.post("/case/finding")
def record_finding(context: LoggedIn, form: VerifiedForm) -> Response:
    """Record a finding, and claim the next case where the form asks for it."""
    failed = _perform(context, form, "finding", _finding)
    if failed is not None:
        return failed
    if form.get("then") != "next":
        return _to_case(context, form, "finding")
    wanted = given(context)
    filters = filters_of(context, {**wanted, "held": "free", "state": "open", "q": ""})
    following = take_next(context.resources.history, filters, context.actor)
    if following is None:
        return redirect(url(**wanted, done="none_free", about=form.get("id", "")))
    return redirect(url("case", id=following, **wanted, done="finding", about=form.get("id", "")))


@router.post("/case/undo")
def undo(context: LoggedIn, form: VerifiedForm) -> Response:
    """Undo a finding that is not stored yet: its case again, with what was entered."""
    refund_id = form.get("id", "")
    try:
        found = cases.undo_finding(context.resources.history, refund_id, context.actor)
    except Conflict as late:
        view = cases.view_case(context.resources.history, refund_id)
        errors = error_messages(context, late)
        return page(context, view, 409, errors=errors, failed_form="undo")
    view = cases.view_case(context.resources.history, refund_id)
    draft = {name: value for name, value in asdict(found).items() if value}
    return page(context, view, draft=draft, failed_form="finding", undone=True)


@router.post("/case/{name}")
def perform(name: str, context: LoggedIn, form: VerifiedForm) -> Response:
    """Any other action of `ACTIONS`; an unknown one is a 404."""
    if name not in ACTIONS:
        return redirect(url("nowhere"))
    return _perform(context, form, name, ACTIONS[name]) or _to_case(context, form, name)
