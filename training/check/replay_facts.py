"""Vectors of decisions from the facts that were stored when each was made, and no others.

A fact imported later may be known before a decision was made. One build of the facts as of a commit
serves every decision before that commit that no later fact concerns: the latest decisions go first,
together with as many earlier ones as come out right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import duckdb
import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.decisions.champion import Champion
from risk.decisions.log import StoredDecision, situation_of
from risk.features.backfill import backfill, offline
from risk.features.order_money import MONEY, OrderMoney, order_money
from risk.history.facts.arrow_export import fact_tables

MAX_BATCH = 512
"""Decisions computed with one build of the facts, at most."""


class FromFacts(NamedTuple):
    """What facts give for a decision: its vector, and the money of the lines it is about."""

    vector: NDArray[np.float64]
    money: OrderMoney | None


@dataclass(frozen=True, slots=True, eq=False)
class Unreproduced:
    """A decision whose vector or money differs from what all facts stored now give."""

    stored: StoredDecision
    champion: Champion


def equal_vectors(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    """Whether two vectors are equal to the bit, or in every value with NaN equal to NaN."""
    return a.tobytes() == b.tobytes() or bool(np.array_equal(a, b, equal_nan=True))


def kept_money(stored: StoredDecision) -> OrderMoney | None:
    """The money that a decision was made with; None where an earlier release made it."""
    return situation_of(stored.situation).money


def matches(again: FromFacts, stored: StoredDecision) -> bool:
    """Whether vector and money are the stored ones; features added to the policy's since, and money
    where the decision has none, are left out."""
    kept = kept_money(stored)
    same_money = kept is None or kept == again.money
    return same_money and equal_vectors(again.vector[: len(stored.features)], stored.features)


def reproduce(
    snapshot: sa.Engine, decisions: Sequence[Unreproduced]
) -> Iterator[tuple[Unreproduced, FromFacts | None]]:
    """Every decision once, in no order: with None where it is reproduced from the facts as of its
    commit, else with what those give.

    `snapshot` is an engine on a store that does not change meanwhile.
    """
    left, size = sorted(decisions, key=lambda one: one.stored.commit_no), MAX_BATCH
    while left:
        batch = left[-size:]
        del left[-size:]
        again = _from_facts(snapshot, batch)
        yield from ((one, None) for one in batch if matches(again[one], one.stored))
        differing = [one for one in batch if not matches(again[one], one.stored)]
        if differing and differing[-1] is batch[-1]:
            yield differing.pop(), again[batch[-1]]
        size = min(MAX_BATCH, max(1, 2 * (len(batch) - len(differing))))
        left += differing


def _from_facts(
    snapshot: sa.Engine, batch: Sequence[Unreproduced]
) -> dict[Unreproduced, FromFacts]:
    """What the facts as of the commit of the last decision of a batch give."""
    found: dict[Unreproduced, FromFacts] = {}
    with offline(fact_tables(snapshot, batch[-1].stored.commit_no)) as db:
        for digest in {one.stored.model_digest for one in batch}:
            own = [one for one in batch if one.stored.model_digest == digest]
            found |= zip(own, _of_one_model(db, own), strict=True)
    return found


def _of_one_model(
    db: duckdb.DuckDBPyConnection, own: Sequence[Unreproduced]
) -> Iterator[FromFacts]:
    """What the facts give for decisions by one model, in their order."""
    moments = pa.table(
        {
            "row_id": list(range(len(own))),
            "refund_id": [one.stored.refund_id for one in own],
            "as_of": [one.stored.as_of for one in own],
            "settled": [one.stored.settled or one.stored.as_of for one in own],
            "stage": [one.stored.stage for one in own],
        }
    )
    champion = own[0].champion
    matrix = backfill(db, moments, champion.features, words=champion.bundle.words).matrix
    rows = db.sql(MONEY).to_arrow_table().to_pylist()
    money = {row["row_id"]: order_money(row) for row in rows}
    return (FromFacts(vector, money.get(number)) for number, vector in enumerate(matrix))
