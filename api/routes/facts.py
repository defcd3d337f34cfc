"""Taking facts in: one, or a list of up to a thousand, all or nothing."""

from __future__ import annotations

from typing import Any

from api.calls import Ask, Call, Said, Sent
from api.json_pointer import in_facts
from api.merchant_scope import check_facts
from api.problems import Trouble, invalid
from api.response import Answer, answer
from api.wire.facts import MOST, example, one_or_many, ref
from risk.errors import BadInput, Problem
from risk.facts import DECIDERS, INCOMING, OUTCOMES, Kind
from risk.history.intake import ingest

STORED: dict[str, Any] = {
    "type": "object",
    "description": "What became of the facts: new ones, and those known already word for word.",
    "required": ["stored", "known"],
    "properties": {
        "stored": {"type": "integer", "minimum": 0},
        "known": {"type": "integer", "minimum": 0},
    },
}
_TEXT = (
    "One fact, or a list of up to 1,000, all or nothing. The same fact again changes nothing; "
    "different content under the same key is a 409 naming it."
)


def listed(body: Any, kind: str) -> list[Any]:
    """The facts of a body. Raises BadInput for an empty list, or one that is too long."""
    if not isinstance(body, list):
        return [body]
    if not 1 <= len(body) <= MOST:
        expected = f"a list of 1 to {MOST}"
        raise BadInput([Problem(kind, None, None, expected, f"a list of {len(body)}")])
    return body


def _take(ask: Ask, kind: str) -> Answer:
    body = ask.json()
    try:
        facts = listed(body, kind)
        if kind == "outcomes":
            _check_decider(ask, facts, many=isinstance(body, list))
        check_facts(ask.service.history, ask.key, kind, facts)
        may = "backdate" in ask.key.scopes
        added = ingest(ask.service.history, kind, facts, may_backdate=may)
    except BadInput as bad:
        raise invalid(bad.problems, in_facts(listed=isinstance(body, list))) from bad
    content = {"stored": added.new, "known": added.same}
    return answer(content, 201 if added.new else 200)


def _check_decider(ask: Ask, facts: list[Any], *, many: bool) -> None:
    """An outcome says who found it, and a key may say so for one of them only.

    What is nobody's name at all is left to the parser to refuse.
    """
    wrong = [
        Problem("outcomes", row, "decided_by", f"`{ask.key.says}`, as this key may say", "another")
        for row, fact in enumerate(facts)
        if isinstance(fact, dict)
        and (said := fact.get("decided_by") or OUTCOMES.field("decided_by").default) in DECIDERS
        and said != ask.key.says
    ]
    if wrong:
        errors = invalid(wrong, in_facts(listed=many)).errors
        raise Trouble("forbidden", f"decided_by: this key may say `{ask.key.says}`", errors)


def _call(kind: Kind) -> Call:
    return Call(
        method="POST",
        path=kind.path,
        name=f"store_{kind.name}",
        scope=kind.scope,
        tag="facts",
        summary=kind.summary,
        text=_TEXT,
        work=lambda ask: _take(ask, kind.name),
        says={
            201: Said(ref("Stored"), "at least one fact was new", {"stored": 1, "known": 0}),
            200: Said(ref("Stored"), "all was known already", {"stored": 0, "known": 1}),
        },
        sent=Sent(
            one_or_many(kind.schema),
            {
                "one": example(kind.name),
                "least": example(kind.name, short=True),
                "list": [example(kind.name)],
            },
            "list",
        ),
        problems=(409,),
    )


CALLS = tuple(_call(kind) for kind in INCOMING.values())
