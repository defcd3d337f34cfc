"""Taking facts in: one, or a list of up to a thousand, all or nothing."""

from typing import Annotated, Any

from fastapi import Depends, Security
from fastapi.responses import Response

from api.dependencies.context import RequestContext, api_key
from api.dependencies.idempotency_key import Idempotent
from api.json_pointer import in_facts
from api.merchant_scope import MerchantName, check_lines
from api.problems import ProblemError, invalid
from api.recorded_late import recorded_late
from api.response import json_response
from api.routing import answers, api_router
from api.schemas.facts import Stored, facts_body
from risk.errors import Forbidden, Problem
from risk.facts import INCOMING, OUTCOMES, RETRACTIONS, Kind
from risk.facts.fact_keys import parse_key
from risk.facts.models import Fact
from risk.history.intake import ingest
from risk.history.tenants.caller import Caller

router = api_router("facts")
_TEXT = (
    "One fact, or a list of up to 1,000, all or nothing. The same fact again changes nothing; "
    "different content under the same key and revision is a 409 naming the key and what differs. A "
    "correction is the same key with a higher `revision`. Facts are known from the moment of the "
    "call: a history is sent with a `known_at` each, by a key with the scope `backdate`; "
    "`warnings` name what happened long before and has none."
)
_ANSWERS = {
    **answers({"stored": 1, "known": 0}, "at least one fact was new", 409, status=201),
    **answers({"stored": 0, "known": 1}, "all was known already"),
}
_ANSWERS[200]["model"] = Stored


def _declare(kind: Kind) -> None:
    """Declare the call that takes facts of a kind."""
    body, access = facts_body(kind), Security(api_key, scopes=[kind.scope])

    @router.post(
        kind.path,
        operation_id=f"store_{kind.name}",
        summary=kind.summary,
        description=_TEXT,
        status_code=201,
        response_model=Stored,
        responses=_ANSWERS,
    )
    async def store(
        context: Annotated[RequestContext, access],
        facts: Annotated[list[Fact], Depends(body)],
        once: Idempotent,
        merchant: MerchantName = None,
    ) -> Response:
        caller, document = context.caller(merchant), context.request.state.document
        return await once.run(
            context, lambda: _store(context, caller, kind, facts, document), repeatable=True
        )


def _store(
    context: RequestContext, caller: Caller, kind: Kind, facts: list[Fact], document: Any
) -> Response:
    if kind is OUTCOMES:
        _check_decider(context, facts, document)
    if kind is RETRACTIONS and context.key.merchants:
        _check_finders(context, facts)
    check_lines(caller, kind.name, facts)
    added = ingest(
        context.service.history, kind.name, facts, may_backdate=context.may_backdate,
        who=context.key.name, caller=caller,
    )  # fmt: skip
    stored = Stored(stored=added.new, known=added.same)
    if added.retracted:
        stored.retracted = added.retracted
    if added.new and (late := recorded_late(kind, facts)):
        stored.warnings = [late]
    return json_response(stored, 201 if added.new else 200)


def _check_finders(context: RequestContext, retractions: list[Fact]) -> None:
    """Raises Forbidden where a bound key takes back a finding that it may not state."""
    for row, fact in enumerate(retractions):
        if fact.value("kind") == OUTCOMES.name:
            decided_by = parse_key(OUTCOMES, fact.value("key"))["decided_by"]
            if decided_by != context.key.says:
                expected = f"a finding of `{context.key.says}`"
                problem = Problem(RETRACTIONS.name, row, "key", expected, "another")
                raise Forbidden("this key takes back findings of its own only", problem)


def _check_decider(context: RequestContext, outcomes: list[Fact], document: Any) -> None:
    """Raises ProblemError (403) for an outcome found by somebody whom the key may not speak for."""
    says = context.key.says
    wrong = [
        Problem("outcomes", row, "decided_by", f"`{says}`, as this key may say", "another")
        for row, outcome in enumerate(outcomes)
        if outcome.value("decided_by") != says
    ]
    if wrong:
        errors = invalid(wrong, in_facts(document)).errors
        raise ProblemError("forbidden", f"decided_by: this key may say `{says}`", errors)


for _kind in INCOMING.values():
    _declare(_kind)
