"""What a reviewer does on a case; every form leads back to a page, told in words what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi.responses import Response

from api.console.case_page import page
from api.console.page_route import lines, pages
from api.console.queue_page import filters_of, given
from api.console.session import Here, Sent, Visit, go
from api.console.templating import url
from risk import cases
from risk.cases import ReviewFinding
from risk.cases.queue import take_next
from risk.errors import BadInput, Conflict

Act = Callable[[Visit, str, Mapping[str, str]], None]

router = pages()


def _do(visit: Visit, sent: Mapping[str, str], name: str, act: Act) -> Response | None:
    """Do it. What did not work is said on the case's page, with what the form held."""
    refund_id = sent.get("id", "")
    try:
        act(visit, refund_id, sent)
    except (BadInput, Conflict) as error:
        view = cases.view_case(visit.desk.history, refund_id)
        status = 422 if isinstance(error, BadInput) else 409
        wrong = lines(visit, error)
        return page(visit, view, status, wrong=wrong, held=dict(sent), wrong_form=name)
    return None


def _back(visit: Visit, sent: Mapping[str, str], done: str) -> Response:
    return go(url("case", id=sent.get("id", ""), **given(visit), done=done))


def _claim(visit: Visit, refund_id: str, _: Mapping[str, str]) -> None:
    cases.claim(visit.desk.history, refund_id, visit.actor)


def _release(visit: Visit, refund_id: str, _: Mapping[str, str]) -> None:
    cases.release(visit.desk.history, refund_id, visit.actor)


def _note(visit: Visit, refund_id: str, sent: Mapping[str, str]) -> None:
    cases.add_note(visit.desk.history, refund_id, visit.actor, sent.get("text", ""))


def _escalate(visit: Visit, refund_id: str, sent: Mapping[str, str]) -> None:
    cases.escalate(visit.desk.history, refund_id, visit.actor, sent.get("cause", ""))


def _appeal(visit: Visit, refund_id: str, sent: Mapping[str, str]) -> None:
    cases.appeal(visit.desk.history, refund_id, visit.actor, sent.get("cause", ""))


def _withdraw(visit: Visit, refund_id: str, sent: Mapping[str, str]) -> None:
    cases.end_list_entry(visit.desk.history, refund_id, visit.actor, sent.get("cause", ""))


def _ask(visit: Visit, refund_id: str, sent: Mapping[str, str]) -> None:
    cases.request_evidence(
        visit.desk.history,
        refund_id,
        visit.actor,
        kind=sent.get("kind", ""),
        source=sent.get("from", ""),
        text=sent.get("text", ""),
    )


def _listing(visit: Visit, refund_id: str, sent: Mapping[str, str]) -> None:
    days = sent.get("days", "")
    cases.add_list_entry(
        visit.desk.history,
        refund_id,
        visit.actor,
        kind=sent.get("list", ""),
        cause=sent.get("cause", ""),
        asks=sent.get("asks", "evidence"),
        days=int(days) if days.isdecimal() and len(days) < 6 else 0,
    )


def _finding(visit: Visit, refund_id: str, sent: Mapping[str, str]) -> None:
    found = ReviewFinding(
        verdict=sent.get("verdict", ""),
        resolution=sent.get("resolution") or None,
        amount=sent.get("amount", "").strip() or None,
        note=sent.get("note", "").strip() or None,
    )
    cases.record_finding(visit.desk.history, refund_id, visit.actor, found)


ACTS: dict[str, Act] = {
    "claim": _claim,
    "release": _release,
    "note": _note,
    "ask": _ask,
    "escalate": _escalate,
    "appeal": _appeal,
    "listing": _listing,
    "withdraw": _withdraw,
}


@router.post("/case/finding")
def finding(visit: Here, sent: Sent) -> Response:
    """Record a finding, and take the next case where that was asked for."""
    trouble = _do(visit, sent, "finding", _finding)
    if trouble is not None:
        return trouble
    if sent.get("then") != "next":
        return _back(visit, sent, "finding")
    wanted = given(visit)
    filters = filters_of(visit, {**wanted, "held": "free", "state": "open", "q": ""})
    following = take_next(visit.desk.history, filters, visit.actor)
    if following is None:
        return go(url(**wanted, done="none_free"))
    return go(url("case", id=following, **wanted, done="finding"))


@router.post("/case/{act}")
def act_on(act: str, visit: Here, sent: Sent) -> Response:
    """Any other action; an unheard-of one leads nowhere."""
    if act not in ACTS:
        return go(url("nowhere"))
    return _do(visit, sent, act, ACTS[act]) or _back(visit, sent, act)
