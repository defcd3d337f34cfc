"""Answers of models beside the champion, in shadow mode: stored apart, never acted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from risk.decisions.log import StoredDecision
from risk.history.connection.connect import Write
from risk.history.schema.schema_decisions import bothered, decisions
from risk.history.schema.schema_models import shadows


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """A model's answer about the case of a decision, made by itself or by another model."""

    decision_id: str
    probability: float
    tier: str


def store(write: Write, digest: str, answers: Sequence[ModelAnswer]) -> None:
    """Store answers of the bundle with this digest; an answer that is stored already stays."""
    names = [answer.decision_id for answer in answers]
    stored = sa.select(shadows.c.decision_id).where(
        shadows.c.digest == digest, shadows.c.decision_id.in_(names)
    )
    known = set(write.connection.execute(stored).scalars())
    values = [
        {"digest": digest, "decision_id": a.decision_id, "probability": a.probability,
         "tier": a.tier}
        for a in answers
        if a.decision_id not in known
    ]  # fmt: skip
    if values:
        write.connection.execute(sa.insert(shadows), values)


def unanswered(
    connection: sa.Connection, digest: str, since: int, page: int = 500
) -> Iterator[list[StoredDecision]]:
    """Decisions since a moment (ms) that this bundle did not answer, oldest first, in pages."""
    last = -1
    while True:
        rows = connection.execute(_unanswered(digest, since, last).limit(page)).all()
        if not rows:
            return
        yield [StoredDecision(**row._mapping) for row in rows]
        last = int(rows[-1].commit_no)


def _unanswered(digest: str, since: int, last: int) -> sa.Select[tuple[object, ...]]:
    known = sa.exists().where(
        shadows.c.digest == digest, shadows.c.decision_id == decisions.c.decision_id
    )
    return (
        sa.select(decisions)
        .where(decisions.c.decided_at >= since, decisions.c.model_digest != digest, ~known)
        .where(decisions.c.commit_no > last)
        .order_by(decisions.c.commit_no)
    )


def answers(connection: sa.Connection, digest: str, since: int) -> list[ModelAnswer]:
    """A bundle's answers about decisions since a moment (ms), its own decisions included."""
    made = sa.select(decisions.c.decision_id, decisions.c.probability, decisions.c.tier)
    apart = sa.select(shadows.c.decision_id, shadows.c.probability, shadows.c.tier).join(
        decisions, decisions.c.decision_id == shadows.c.decision_id
    )
    both = sa.union_all(
        made.where(decisions.c.model_digest == digest, decisions.c.decided_at >= since),
        apart.where(shadows.c.digest == digest, decisions.c.decided_at >= since),
    )
    return [ModelAnswer(*row) for row in connection.execute(both)]


class MadeDecision(NamedTuple):
    """A decision as it was made; `decided_at` in ms, `situation` as `log.situation_of` reads it.
    `bothers`: something was asked of the customer, or a person looks first."""

    decision_id: str
    refund_id: str
    decided_at: int
    stage: str
    tier: str
    probability: float
    policy_version: str
    situation: str
    bothers: bool


def made_since(connection: sa.Connection, since: int, page: int = 2_000) -> Iterator[MadeDecision]:
    """Every decision made since a moment (ms), in the order they were made."""
    last = -1
    columns = [*(decisions.c[name] for name in MadeDecision._fields[:-1]), bothered]
    while True:
        query = sa.select(decisions.c.commit_no, *columns).where(
            decisions.c.decided_at >= since, decisions.c.commit_no > last
        )
        rows = connection.execute(query.order_by(decisions.c.commit_no).limit(page)).all()
        for row in rows:
            yield MadeDecision(*row[1:])
        if len(rows) < page:
            return
        last = int(rows[-1][0])


def tiers(connection: sa.Connection) -> list[tuple[str, int, str]]:
    """Every decision's refund, moment (ms) and tier, in the order they were made."""
    columns = (decisions.c.refund_id, decisions.c.decided_at, decisions.c.tier)
    found = connection.execute(sa.select(*columns).order_by(decisions.c.commit_no))
    return [(row[0], int(row[1]), row[2]) for row in found]
