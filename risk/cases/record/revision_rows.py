"""What was corrected and taken back of the facts of a case, with who said so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from risk.errors import Conflict
from risk.facts import KINDS, REFUNDS, RETRACTIONS, Kind
from risk.facts.revisions import FOREVER
from risk.history.connection.prepared import Prepared
from risk.history.schema import FACTS, commits, latest
from risk.problem_phrases import phrase

MOST = 240
"""At most so many revisions of a kind are read."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class RevisedFact:
    """A fact that was corrected or taken back: its revisions, lowest first, and the retractions of
    it, earliest first; each row with its author in `who`, None where nobody signed it."""

    kind: str
    revisions: Sequence[Row]
    retractions: Sequence[Row]


def about_case(kind: Kind) -> sa.ColumnElement[bool]:
    """The facts of a kind about a request or its order, by the parameters `refund_id` and
    `order_id`; what names another request is none."""
    c = FACTS[kind.name].c
    refund_id = sa.bindparam("refund_id", type_=sa.Text)
    if kind is REFUNDS:
        return sa.and_(c.refund_id == refund_id)
    about = sa.or_(*(c[name] == sa.bindparam(name, type_=sa.Text) for name in kind.about))
    if "refund_id" not in c:
        return about
    return sa.and_(about, sa.or_(c.refund_id.is_(None), c.refund_id == refund_id))


def _is_bounded(table: sa.Table) -> sa.ColumnElement[bool]:
    return sa.and_(table.c.valid_to - table.c.valid_from < FOREVER)


OF_CASE = tuple(
    kind for kind in KINDS.values() if kind is REFUNDS or kind.about[0] in FACTS["refunds"].c
)
"""The kinds of facts that are about a request or its order."""

_ANY = Prepared(
    sa.select(
        *(
            sa.exists().where(about_case(kind), _is_bounded(FACTS[kind.name])).label(kind.name)
            for kind in OF_CASE
        )
    )
)


def revised_facts(connection: sa.Connection, request: Mapping[str, Any]) -> list[RevisedFact]:
    """The facts about a request and its order that were corrected or taken back.

    Most cases have none: one statement says so.
    """
    named = {name: request[name] for name in ("refund_id", "order_id")}
    [revised] = _ANY(connection, **named)
    return [
        fact for kind in OF_CASE if revised[kind.name] for fact in _read(connection, kind, named)
    ]


def _read(connection: sa.Connection, of: Kind, named: Mapping[str, Any]) -> Iterator[RevisedFact]:
    kind, table = of.name, FACTS[of.name]
    query = (
        sa.select(table, commits.c.who)
        .join_from(table, commits, commits.c.commit_no == table.c.commit_no)
        .where(about_case(of), _is_bounded(table))
        .order_by(table.c.known_at, table.c.revision)
        .limit(MOST)
    )
    facts: dict[int, list[Row]] = defaultdict(list)
    for row in connection.execute(query, named).mappings():
        facts[row["corrects"] or row["fact_key"]].append(dict(row))
    back = _retractions(connection, kind, list(facts))
    for key, revisions in facts.items():
        yield RevisedFact(kind, revisions, back.get(key, ()))


def _retractions(connection: sa.Connection, kind: str, keys: Sequence[int]) -> dict[int, list[Row]]:
    table = FACTS[RETRACTIONS.name]
    query = (
        sa.select(table, commits.c.who)
        .join_from(table, commits, commits.c.commit_no == table.c.commit_no)
        .where(table.c.kind == kind, table.c.target.in_(keys))
        .order_by(table.c.known_at, table.c.retracted_at)
    )
    back: dict[int, list[Row]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        back[row["target"]].append(dict(row))
    return back


def latest_outcome(connection: sa.Connection, refund_id: str, found_by: str) -> Any:
    """The outcome of an authority that stands. Raises Conflict where an inspection alone speaks."""
    outcomes = FACTS["outcomes"]
    query = (
        sa.select(outcomes.c.decided_at, outcomes.c.revision)
        .where(outcomes.c.refund_id == refund_id, outcomes.c.decided_by == found_by)
        .where(latest(outcomes))
        .order_by(outcomes.c.known_at.desc(), outcomes.c.decided_at.desc())
    )
    row = connection.execute(query.limit(1)).first()
    if row is None:
        raise Conflict(phrase("nothing_to_correct"))
    return row
