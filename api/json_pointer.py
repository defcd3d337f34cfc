"""Where in a body a problem stands, as a JSON Pointer."""

from __future__ import annotations

from collections.abc import Callable

from risk.errors import Problem
from risk.facts import MEMBERS

_MEMBER_OF = {kind.name: member for member, kind in MEMBERS.items()}


def in_facts(*, listed: bool) -> Callable[[Problem], str]:
    """For a call whose body is one fact, or a list of them."""

    def pointer(problem: Problem) -> str:
        row = [str(problem.row)] if listed and problem.row is not None else []
        return _joined(*row, problem.field)

    return pointer


def in_submission(problem: Problem) -> str:
    """For a scoring body: a member that holds one fact or a list."""
    member = _MEMBER_OF.get(problem.kind, problem.kind)
    if member == "body":
        return _joined(problem.field)
    single = member in MEMBERS and MEMBERS[member].single
    row = [] if single or problem.row is None else [str(problem.row)]
    return _joined(member, *row, problem.field)


def _joined(*parts: str | None) -> str:
    return "#" + "".join(
        "/" + part.replace("~", "~0").replace("/", "~1") for part in parts if part is not None
    )
