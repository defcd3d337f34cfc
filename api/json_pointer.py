"""Where in a request a problem stands: a JSON Pointer into its body, or `?name` in its query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from risk.errors import Problem
from risk.facts import KINDS, MEMBERS

Pointer = Callable[[Problem], str]


def in_object(problem: Problem) -> str:
    """For a body that is one object."""
    return _joined(problem.field or "")


def in_query(problem: Problem) -> str:
    """For the parameters behind the `?`."""
    return f"?{problem.field}"


def in_facts(document: Any) -> Pointer:
    """For a body that is one fact, or a list of them."""
    listed = isinstance(document, list)

    def pointer(problem: Problem) -> str:
        row = [str(problem.row)] if listed and problem.row is not None else []
        return _joined(*row, problem.field)

    return pointer


def in_score(problem: Problem) -> str:
    """For a scoring body: a member that holds one fact or a list."""
    if problem.kind == "body":
        return _joined(problem.field)
    kind = MEMBERS[problem.kind] if problem.kind in MEMBERS else KINDS[problem.kind]
    row = [] if kind.single or problem.row is None else [str(problem.row)]
    return _joined(kind.member or kind.name, *row, problem.field)


def in_message(problem: Problem) -> str:
    """For what another system pushes: the kind of fact, its row among the message's, its field."""
    row = None if problem.row is None else str(problem.row)
    return _joined(problem.kind, row, problem.field)


def _joined(*parts: str | None) -> str:
    return "#" + "".join(
        "/" + part.replace("~", "~0").replace("/", "~1") for part in parts if part is not None
    )
