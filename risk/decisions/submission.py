"""A scoring body: the facts it brings, all about one request, and a digest of what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from risk.errors import BadInput, Problem
from risk.facts import KINDS, MEMBERS, ORDERS, REFUNDS, Kind
from risk.facts.models import FACT_MODELS, MAX_FACTS, Fact, read_facts
from risk.facts.validation import MAX_PROBLEMS
from risk.history.intake import ParsedFacts, parse_facts
from risk.history.store import History
from risk.history.tenants.caller import Caller
from risk.history.tenants.id_scope import IdScope
from risk.problem_phrases import phrase


@dataclass(frozen=True, slots=True)
class Submission:
    """A scoring body, parsed: the facts it brings and a digest of what it says."""

    refund_id: str
    facts: tuple[ParsedFacts, ...]
    digest: int

    def narrowed(self, caller: Caller) -> Caller:
        """The caller for the merchant that the lines of the order name, where there are any."""
        if not caller.merchants:
            return caller
        lines = [f.columns["merchant_id"] for f in self.facts if f.kind == ORDERS.name]
        return caller.narrowed(lines[0]) if lines else caller

    def within(self, scope: IdScope) -> tuple[str, int]:
        """The internal id of the request, and the digest of the body about that."""
        internal = scope.of("refund_id", self.refund_id)
        if internal == self.refund_id:
            return internal, self.digest
        return internal, _digest(self.facts, internal)


class ScoreBody(BaseModel):
    """A refund request with what is known around it; what is new is stored."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        return given if isinstance(given, ScoreBody) else _members_of(given)

    def items(self) -> Iterator[tuple[str, list[Fact]]]:
        """The members that are there, each with its facts."""
        for member in MEMBERS:
            facts = getattr(self, member)
            if facts is not None:
                yield member, facts if isinstance(facts, list) else [facts]


def _member(kind: Kind) -> Any:
    """The type of a member and its default: the request itself must be there."""
    model: Any = FACT_MODELS[kind.name]
    if kind is REFUNDS:
        return (model, ...)
    facts = model if kind.single else Annotated[list[model], Field(max_length=MAX_FACTS)]
    return (facts | None, None)


Score: type[ScoreBody] = create_model(
    "Score",
    __base__=ScoreBody,
    __doc__=ScoreBody.__doc__,
    **{name: _member(MEMBERS[name]) for name in ("refund", *MEMBERS)},
)
"""A scoring body: parser, JSON Schema and documentation, made from the kinds that have a member."""


def _members_of(given: Any) -> dict[str, Any]:
    """The members of a raw body as models of facts. Raises BadInput: the first hundred problems."""
    if not isinstance(given, Mapping):
        raise BadInput([Problem("body", None, None, phrase("object"), type(given).__name__)])
    expected = phrase("one_of", choices=list(MEMBERS))
    unknown = islice((str(n)[:80] for n in given if n not in MEMBERS), MAX_PROBLEMS)
    problems = [Problem("body", None, name, expected, phrase("got_unknown")) for name in unknown]
    if given.get(REFUNDS.member) is None:
        expected = phrase("refund_request")
        problems.append(Problem("body", None, REFUNDS.member, expected, phrase("got_nothing")))
    read: dict[str, Any] = {}
    for member, kind in MEMBERS.items():
        if len(problems) < MAX_PROBLEMS and given.get(member) is not None:
            try:
                read[member] = _read_member(kind, given[member])
            except BadInput as bad:
                problems += bad.problems
    if problems:
        raise BadInput(problems[:MAX_PROBLEMS])
    return read


def _read_member(kind: Kind, given: Any) -> Any:
    if kind.single:
        return read_facts(kind, [given], kind.member)[0]
    if not isinstance(given, Sequence) or isinstance(given, str | bytes):
        raise BadInput([Problem("body", None, kind.member, "a list", type(given).__name__)])
    if len(given) > MAX_FACTS:
        got = f"a list of {len(given)}"
        raise BadInput([Problem("body", None, kind.member, f"a list of at most {MAX_FACTS}", got)])
    return read_facts(kind, given, kind.member)


def read_submission(body: Any, history: History, *, may_backdate: bool) -> Submission:
    """A scoring body, raw or as `Score`, ready to be stored.

    Raises BadInput naming the member and field at fault.
    """
    facts: list[ParsedFacts] = []
    problems: list[Problem] = []
    for member, given in Score.model_validate(body).items():
        kind = MEMBERS[member].name
        try:
            facts.append(
                parse_facts(kind, given, history.hasher, may_backdate=may_backdate, within=member)
            )
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    refund = next(taken for taken in facts if taken.kind == REFUNDS.name)
    _check_same_case(facts, refund)
    return Submission(refund.columns["refund_id"][0], tuple(facts), _digest(facts))


def _check_same_case(facts: Sequence[ParsedFacts], refund: ParsedFacts) -> None:
    """Every fact of the body must be about the request it scores."""
    own = {name: refund.columns[name][0] for name in ("refund_id", "order_id")}
    problems = []
    for taken in facts:
        problems += [
            Problem(taken.kind, row, name, f"the {name} of the request", "another")
            for name in KINDS[taken.kind].about
            for row, value in enumerate(taken.columns[name])
            if value not in (None, own[name])
        ]
    if problems:
        raise BadInput(problems)


def _digest(facts: Sequence[ParsedFacts], refund_id: str = "") -> int:
    """What the body says, by the caller's ids; `refund_id` is the internal id where it differs."""
    state = hashlib.blake2b(refund_id.encode(), digest_size=8)
    for taken in facts:
        columns = [taken.columns[name] for name in ("fact_key", "content", "revision")]
        rows = (row if row[2] > 1 else row[:2] for row in zip(*columns, strict=True))
        state.update(repr((taken.kind, sorted(rows))).encode())
    return int.from_bytes(state.digest(), "big", signed=True)
