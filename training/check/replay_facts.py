"""Features of decisions from the facts that were stored when each was made, and no others.

What was imported later may lie before a decision. Facts as of one commit serve every decision
before it that nothing later concerns: the latest goes first, and takes with it whom it can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.decisions.champion import Champion
from risk.decisions.log import StoredDecision
from risk.features.backfill import backfill, offline
from risk.history.arrow_export import fact_tables

MOST = 512
"""Decisions that are looked at with one build of the facts."""


@dataclass(frozen=True, slots=True, eq=False)
class Open:
    """A decision whose vector does not come out of all the facts that are stored now."""

    stored: StoredDecision
    champion: Champion


def same(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    """Whether two vectors are equal, the unknown in them too."""
    return a.tobytes() == b.tobytes() or bool(np.array_equal(a, b, equal_nan=True))


def comes_out(again: NDArray[np.float64], stored: StoredDecision) -> bool:
    """Whether a vector is the stored one; features that a policy wanted only later are left out."""
    return same(again[: len(stored.features)], stored.features)


def unsettled(
    still: sa.Engine, opened: Sequence[Open]
) -> Iterator[tuple[Open, NDArray[np.float64] | None]]:
    """Every decision once, in no order: with None when its vector came out, else with what did.

    `still` is an engine on a store that does not change meanwhile.
    """
    left, look = sorted(opened, key=lambda one: one.stored.commit_no), MOST
    while left:
        looked = left[-look:]
        del left[-look:]
        again = _vectors(still, looked)
        yield from ((one, None) for one in looked if comes_out(again[one], one.stored))
        differing = [one for one in looked if not comes_out(again[one], one.stored)]
        if differing and differing[-1] is looked[-1]:
            yield differing.pop(), again[looked[-1]]
        look = min(MOST, max(1, 2 * (len(looked) - len(differing))))
        left += differing


def _vectors(still: sa.Engine, looked: Sequence[Open]) -> dict[Open, NDArray[np.float64]]:
    """What comes out of the facts that were stored when the last of these was decided."""
    found: dict[Open, NDArray[np.float64]] = {}
    with offline(fact_tables(still, looked[-1].stored.commit_no)) as db:
        for digest in {one.stored.model_digest for one in looked}:
            own = [one for one in looked if one.stored.model_digest == digest]
            found |= zip(own, _matrix(db, own), strict=True)
    return found


def _matrix(db: duckdb.DuckDBPyConnection, own: Sequence[Open]) -> NDArray[np.float64]:
    """The vectors of decisions by one model, a row each."""
    asked = pa.table(
        {
            "row_id": list(range(len(own))),
            "refund_id": [one.stored.refund_id for one in own],
            "as_of": [one.stored.as_of for one in own],
            "stage": [one.stored.stage for one in own],
        }
    )
    return backfill(db, asked, own[0].champion.features).matrix
