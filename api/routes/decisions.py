"""What was decided, with all contributions."""

from __future__ import annotations

from api.calls import Ask, Call, Said
from api.merchant_scope import sees
from api.response import Answer, answer
from api.wire.decision import DECISION_EXAMPLE
from api.wire.facts import ref
from risk.errors import NotFound


def _decision(ask: Ask) -> Answer:
    found = ask.service.decider.decision(ask.path["decision_id"])
    if not sees(ask.service.history, ask.key, found["refund_id"]):
        raise NotFound(f"no decision {ask.path['decision_id']}")
    return answer(found)


def _decisions(ask: Ask) -> Answer:
    refund_id = ask.path["refund_id"]
    if not sees(ask.service.history, ask.key, refund_id):
        raise NotFound(f"no refund request {refund_id}")
    return answer(ask.service.decider.decisions(refund_id))


CALLS = (
    Call(
        method="GET",
        path="/v1/decisions/{decision_id}",
        name="decision",
        scope="score",
        tag="decisions",
        summary="Read a Decision",
        text="The Decision as it was answered.",
        work=_decision,
        says={200: Said(ref("Decision"), "the Decision", DECISION_EXAMPLE)},
        problems=(404,),
    ),
    Call(
        method="GET",
        path="/v1/refunds/{refund_id}/decisions",
        name="decisions",
        scope="score",
        tag="decisions",
        summary="Read all Decisions about a request",
        text="The oldest first.",
        work=_decisions,
        says={
            200: Said(
                {"type": "array", "items": ref("Decision")}, "the Decisions", [DECISION_EXAMPLE]
            )
        },
        problems=(404,),
    ),
)
