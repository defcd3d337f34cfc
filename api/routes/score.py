"""Deciding: one request, up to a thousand, or a stored one again."""

from __future__ import annotations

from typing import Any

import orjson

from api.calls import Ask, Call, Said, Sent
from api.json_pointer import in_submission
from api.merchant_scope import check_submission, sees
from api.problems import invalid, trouble_of
from api.response import Answer
from api.routes.facts import listed
from api.wire.decision import DECISION_EXAMPLE, score_example
from api.wire.facts import MOST, ref
from risk.errors import BadInput, NotFound, RefundRiskError

_SAID = Said(ref("Decision"), "the Decision", DECISION_EXAMPLE)
_EXAMPLES = {"everything": score_example(), "stored order": score_example(short=True)}


def _decide(ask: Ask, body: Any) -> bytes:
    check_submission(ask.service.history, ask.key, body)
    try:
        decided = ask.service.decider.score(body, may_backdate="backdate" in ask.key.scopes)
    except BadInput as bad:
        raise invalid(bad.problems, in_submission) from bad
    ask.service.metrics.decided(decided)
    return decided.json


def _score(ask: Ask) -> Answer:
    return Answer(_decide(ask, ask.json()))


def _score_batch(ask: Ask) -> Answer:
    body = ask.json()
    if not isinstance(body, list):
        body = []
    try:
        many = listed(body, "body")
    except BadInput as bad:
        raise invalid(bad.problems, in_submission) from bad
    return Answer(b"[" + b",".join(_one_of_many(ask, one) for one in many) + b"]")


def _one_of_many(ask: Ask, body: Any) -> bytes:
    """One member of a batch; what is wrong with it stays its own."""
    try:
        return b'{"decision":' + _decide(ask, body) + b"}"
    except Exception as error:
        trouble = trouble_of(error)
        if trouble.sort == "internal" and not isinstance(error, RefundRiskError):
            raise
        return orjson.dumps({"problem": trouble.body()})


def _score_again(ask: Ask) -> Answer:
    refund_id = ask.path["refund_id"]
    if not sees(ask.service.history, ask.key, refund_id):
        raise NotFound(f"no refund request {refund_id}")
    decided = ask.service.decider.score_again(refund_id)
    ask.service.metrics.decided(decided)
    return Answer(decided.json)


CALLS = (
    Call(
        method="POST",
        path="/v1/refunds/score",
        name="score",
        scope="score",
        tag="decisions",
        summary="Decide a refund request",
        text="Stores what is new and answers a Decision. The same body again answers the stored "
        "Decision, also after a promotion; a body with new facts makes a new Decision.",
        work=_score,
        says={200: _SAID},
        sent=Sent(ref("Score"), _EXAMPLES),
        problems=(409,),
    ),
    Call(
        method="POST",
        path="/v1/refunds/score/batch",
        name="score_batch",
        scope="score",
        tag="decisions",
        summary="Decide up to 1,000 refund requests",
        text="Each is decided by itself, in the order sent; one that cannot be decided does not "
        "hold up the others.",
        work=_score_batch,
        says={
            200: Said(
                {"type": "array", "items": ref("ScoredOne")},
                "a Decision or a problem for each, in the order sent",
                [{"decision": DECISION_EXAMPLE}],
            )
        },
        sent=Sent(
            {"type": "array", "items": ref("Score"), "minItems": 1, "maxItems": MOST},
            {"two": [score_example(), score_example(short=True)]},
            "list",
        ),
    ),
    Call(
        method="POST",
        path="/v1/refunds/{refund_id}/score",
        name="score_again",
        scope="score",
        tag="decisions",
        summary="Decide a stored request again",
        text="Decides with what is known now.",
        work=_score_again,
        says={200: _SAID},
        problems=(404,),
    ),
)
