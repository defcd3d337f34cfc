"""The reviewers' queue, for systems that show it in a place of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.calls import Ask, Call, Said, Sent
from api.merchant_scope import sees
from api.problems import Trouble, invalid
from api.response import Answer, answer
from api.wire.cases import CASE_EXAMPLE, FILTERS, write_case
from api.wire.decision import DECISION_EXAMPLE
from api.wire.facts import ref
from risk import cases
from risk.cases.dossier import dossier
from risk.cases.queue import MAX_PAGE, PAGE
from risk.errors import BadInput, NotFound, Problem
from risk.facts.format import iso
from risk.facts.parse import shown

FIELDS = ("verdict", "resolution", "amount", "note", "decided_by")


def _page(ask: Ask) -> Answer:
    given = dict(ask.query)
    try:
        limit = _limit(given.pop("limit", ""))
        filters = cases.read_filters(given)
        merchant = _merchant(ask, filters.merchant)
        page = cases.queue(
            ask.service.history, replace(filters, merchant=merchant), given.get("cursor"), limit
        )
    except BadInput as bad:
        raise invalid(bad.problems, lambda problem: f"?{problem.field}") from bad
    rows = [row for row in page.cases if merchant is None or row["merchant_id"] == merchant]
    return answer({"cases": [write_case(row) for row in rows], "next": page.next})


def _limit(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_PAGE):
        expected = f"a number from 1 to {MAX_PAGE}"
        raise BadInput([Problem("cases", None, "limit", expected, shown(text))])
    return int(text or PAGE)


def _merchant(ask: Ask, asked: str | None) -> str | None:
    """The merchant whose cases are shown; a bound key sees those of one of its own at a time."""
    own = sorted(ask.key.merchants)
    if not own or asked in own:
        return asked
    if asked is not None or len(own) > 1:
        expected = "one of the merchants of this key"
        raise BadInput([Problem("cases", None, "merchant", expected, "another or none")])
    return own[0]


def _refund_id(ask: Ask) -> str:
    refund_id = ask.path["refund_id"]
    if not sees(ask.service.history, ask.key, refund_id):
        raise NotFound(f"no case {refund_id}")
    return refund_id


def _whole(ask: Ask) -> Answer:
    history, refund_id = ask.service.history, _refund_id(ask)
    view = cases.view_case(history, refund_id)
    if view.row is None:
        raise NotFound(f"no case {refund_id}")
    about = {
        "order_id": view.record.request["order_id"],
        "customer_id": view.record.customer_id,
    }
    return answer(
        {
            "case": write_case({**view.row, **about}),
            "decision": view.decision,
            "events": [_event(event) for event in view.events],
            "dossier": dossier(history, refund_id),
        }
    )


def _dossier(ask: Ask) -> Answer:
    return answer(dossier(ask.service.history, _refund_id(ask)))


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": iso(event["at"]), **{name: event[name] for name in ("who", "action", "body")}}


def _actor(ask: Ask) -> cases.Actor:
    """Who acts: the key, under a name no person can have."""
    return cases.Actor(f"key:{ask.key.key_id}", (ask.key.says,))


def _claim(ask: Ask) -> Answer:
    cases.claim(ask.service.history, _refund_id(ask), _actor(ask))
    return _whole(ask)


def _find(ask: Ask) -> Answer:
    refund_id = _refund_id(ask)
    try:
        finding = _finding(ask)
        cases.record_finding(ask.service.history, refund_id, _actor(ask), finding)
    except BadInput as bad:
        raise invalid(bad.problems, lambda problem: f"#/{problem.field or ''}") from bad
    return _whole(ask)


def _finding(ask: Ask) -> cases.ReviewFinding:
    """The body as a finding. Raises BadInput, and Trouble for a `decided_by` not the key's."""
    body = ask.json()
    if not isinstance(body, dict):
        raise BadInput([Problem("outcomes", None, None, "an object", shown(body))])
    unknown = [name for name in body if name not in FIELDS]
    if unknown:
        expected = "one of " + ", ".join(FIELDS)
        raise BadInput([Problem("outcomes", None, n[:80], expected, "unknown") for n in unknown])
    if body.get("decided_by") not in (None, "", ask.key.says):
        problem = Problem("outcomes", None, "decided_by", f"`{ask.key.says}`", "another")
        errors = invalid([problem], lambda _: "#/decided_by").errors
        raise Trouble("forbidden", f"decided_by: this key may say `{ask.key.says}`", errors)
    return cases.ReviewFinding(**{name: body.get(name) for name in FIELDS})


_WHOLE_EXAMPLE = {
    "case": CASE_EXAMPLE,
    "decision": DECISION_EXAMPLE,
    "events": [
        {"at": "2026-03-05T02:00:00.000+00:00", "who": "mei", "action": "claim", "body": {}}
    ],
    "dossier": {"refund_id": "R-2001"},
}
_WHOLE = Said(ref("WholeCase"), "the case", _WHOLE_EXAMPLE)

CALLS = (
    Call(
        method="GET",
        path="/v1/cases",
        name="cases",
        scope="review",
        tag="cases",
        summary="Read the queue",
        text="Cases in the order of money at stake and time left, a page at a time.",
        work=_page,
        says={200: Said(ref("CasePage"), "a page", {"cases": [CASE_EXAMPLE], "next": None})},
        problems=(422,),
        parameters=FILTERS,
    ),
    Call(
        method="GET",
        path="/v1/cases/{refund_id}/dossier",
        name="dossier",
        scope="review",
        tag="cases",
        summary="Read a case's dossier",
        text="Facts in time order, evidence and the rule relied on: what goes to the platform.",
        work=_dossier,
        says={200: Said({"type": "object"}, "the dossier", {"refund_id": "R-2001"})},
        problems=(404,),
    ),
    Call(
        method="GET",
        path="/v1/cases/{refund_id}",
        name="case",
        scope="review",
        tag="cases",
        summary="Read a case",
        text="The case, its latest Decision, what was done on it, and a dossier for the platform.",
        work=_whole,
        says={200: _WHOLE},
        problems=(404,),
    ),
    Call(
        method="POST",
        path="/v1/cases/{refund_id}/claim",
        name="claim_case",
        scope="review",
        tag="cases",
        summary="Claim a case",
        text="Nobody else can work on it for half an hour; a 409 says who already does.",
        work=_claim,
        says={200: _WHOLE},
        problems=(404, 409),
    ),
    Call(
        method="POST",
        path="/v1/cases/{refund_id}/outcome",
        name="close_case",
        scope="review",
        tag="cases",
        summary="Close a case with a finding",
        text="Stored as an outcome of the request; the finding teaches the next model.",
        work=_find,
        says={200: _WHOLE},
        sent=Sent(
            ref("Finding"),
            {
                "fault": {
                    "verdict": "merchant_fault",
                    "resolution": "refunded",
                    "note": "wrong size",
                }
            },
        ),
        problems=(404, 409),
    ),
)
