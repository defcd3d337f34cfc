"""Facts as of many commits, built few times: against a build for every decision by itself."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.decisions import log
from risk.decisions.champion import Models
from risk.decisions.decide import Decider
from risk.facts.format import iso
from risk.features.backfill import backfill, offline
from risk.history.connection.connect import now_ms
from risk.history.facts.arrow_export import fact_tables
from risk.history.intake import ingest
from risk.history.store import History
from tests.deciders import HOUR, bundle, decider, promote, scored
from tests.rendering import Floats
from tests.training.replayed import dated, linked_bodies
from training.check.replay_facts import Unreproduced, equal_vectors, reproduce
from training.facts.snapshot import snapshot

pytestmark = pytest.mark.whole


def by_itself(still: sa.Engine, one: Unreproduced) -> NDArray[np.float64]:
    """The slow way: the facts that were stored at its commit, for this decision only."""
    asked = {"row_id": [0], "refund_id": [one.stored.refund_id], "as_of": [one.stored.as_of]}
    rows = pa.table({**asked, "stage": [one.stored.stage]})
    with offline(fact_tables(still, one.stored.commit_no)) as db:
        found: Floats = backfill(db, rows, one.champion.features).matrix[0]
        return found


def found_late(one: dict[str, Any], n: int) -> dict[str, Any]:
    """A finding that was known before the others were decided, and is told afterwards."""
    at = now_ms() - HOUR // 2 + n
    told = {"verdict": "fraud", "decided_by": "platform", "decided_at": iso(at)}
    return {"refund_id": one["refund"]["refund_id"], "known_at": iso(at), **told}


def lived(history: History, seed: int) -> None:
    """Decisions by two models, between them facts and findings that are told late."""
    deciding, rng = decider(history), Random(seed)
    bodies = linked_bodies(6)
    for n, one in enumerate(bodies):
        if n == 3:
            _next_model(history, deciding)
        scored(deciding, one)
        if rng.random() < 0.6:
            ingest(history, "outcomes", [found_late(bodies[rng.randrange(n + 1)], n)],
                   may_backdate=True)  # fmt: skip
        if rng.random() < 0.3:
            (late,) = linked_bodies(1)
            ingest(history, "orders", dated(late["order"], HOUR), may_backdate=True)


def _next_model(history: History, deciding: Decider) -> None:
    promote(history, "2", bundle(1))
    deciding.refresh()


def every_decision(history: History) -> list[Unreproduced]:
    """All of them, as if none came out of the facts that are stored now."""
    models = Models(history)
    with history.read() as connection:
        return [
            Unreproduced(stored, models.past(stored.model_digest, stored.model_version))
            for stored in log.every(connection)
        ]


def spoil(stored: log.StoredDecision) -> log.StoredDecision:
    return replace(stored, vector=(stored.features + 1).tobytes())


@pytest.mark.parametrize("seed", range(2))
def test_what_came_late_is_left_out_of_each(history: History, seed: int) -> None:
    lived(history, seed)
    opened = every_decision(history)
    with snapshot(history.engine) as still:
        settled = list(reproduce(still, opened))
    assert {one.stored.decision_id for one, _ in settled} == {o.stored.decision_id for o in opened}
    assert len(settled) == len(opened)
    assert [again for _, again in settled] == [None] * len(opened)


def test_each_that_differs_is_told_with_what_its_own_facts_say(history: History) -> None:
    lived(history, 1)
    opened = every_decision(history)
    spoilt = {1, 5}
    given = [
        replace(one, stored=spoil(one.stored)) if n in spoilt else one
        for n, one in enumerate(opened)
    ]
    with snapshot(history.engine) as still:
        settled = {one.stored.decision_id: again for one, again in reproduce(still, given)}
        for n, one in enumerate(opened):
            again = settled[one.stored.decision_id]
            assert (again is not None) == (n in spoilt)
            assert again is None or equal_vectors(again.vector, by_itself(still, one))
            assert again is None or equal_vectors(again.vector, one.stored.features)
    assert len(settled) == len(opened)
