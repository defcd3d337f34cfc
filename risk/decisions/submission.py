"""A scoring body: the facts it brings, all about one request, and a digest of what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from risk.errors import BadInput, Problem
from risk.facts import KINDS, MEMBERS
from risk.history.intake import Taken, take
from risk.history.store import History


@dataclass(frozen=True, slots=True)
class Submission:
    """A scoring body, parsed: the facts it brings and a digest of what it says."""

    refund_id: str
    facts: tuple[Taken, ...]
    digest: int


def read_submission(body: Any, history: History, *, may_backdate: bool) -> Submission:
    """Parse a scoring body. Raises BadInput naming the member and field at fault."""
    if not isinstance(body, Mapping):
        raise BadInput([Problem("body", None, None, "an object", type(body).__name__)])
    unknown = [name for name in body if name not in MEMBERS]
    if unknown:
        expected = "one of " + ", ".join(MEMBERS)
        raise BadInput([Problem("body", None, str(n)[:80], expected, "unknown") for n in unknown])
    if body.get("refund") is None:
        raise BadInput([Problem("body", None, "refund", "a refund request", "nothing")])
    facts: list[Taken] = []
    problems: list[Problem] = []
    for member, kind in MEMBERS.items():
        if body.get(member) is None:
            continue
        items = [body[member]] if kind.single else body[member]
        if not isinstance(items, Sequence) or isinstance(items, (str, bytes)):
            problems.append(Problem("body", None, member, "a list", type(items).__name__))
            continue
        try:
            facts.append(
                take(kind.name, items, history.hasher, may_backdate=may_backdate, within=member)
            )
        except BadInput as bad:
            problems += bad.problems
    if problems:
        raise BadInput(problems)
    refund = next(taken for taken in facts if taken.kind == "refunds")
    _check_same_case(facts, refund)
    return Submission(refund.columns["refund_id"][0], tuple(facts), _digest(facts))


def _check_same_case(facts: Sequence[Taken], refund: Taken) -> None:
    """Every fact of the body must be about the request it scores."""
    own = {name: refund.columns[name][0] for name in ("refund_id", "order_id")}
    problems = []
    for taken in facts:
        about = KINDS[taken.kind].about[0]
        problems += [
            Problem(taken.kind, row, about, f"the {about} of the request", "another")
            for row, value in enumerate(taken.columns[about])
            if value != own[about]
        ]
    if problems:
        raise BadInput(problems)


def _digest(facts: Sequence[Taken]) -> int:
    state = hashlib.blake2b(digest_size=8)
    for taken in facts:
        pairs = sorted(zip(taken.columns["fact_key"], taken.columns["content"], strict=True))
        state.update(repr((taken.kind, pairs)).encode())
    return int.from_bytes(state.digest(), "big", signed=True)
