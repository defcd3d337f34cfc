"""Callers bound to merchants on PostgreSQL: the same facts are seen as by the naive model."""

from __future__ import annotations

from random import Random

import pytest
import sqlalchemy as sa

from risk.history.schema.schema_decisions import decisions
from risk.history.schema.schema_tenants import id_aliases, request_owners, waiting_facts
from risk.history.store import History
from tests.bound_worlds import (
    MERCHANTS,
    NUMBERS,
    OF_BOUND,
    OF_PLATFORM,
    Naive,
    Op,
    World,
    began,
    seen,
)
from tests.deciders import decider
from tests.rendering import empty
from training.check.replay import replay

pytestmark = pytest.mark.engines
SECRET = "a secret for histories in tests"


def _history(seed: int) -> list[Op]:
    rng, made = Random(seed), []
    for _ in range(14):
        who = rng.choice(("bound", "bound", "named", "platform"))
        kinds = {"bound": OF_BOUND, "named": OF_PLATFORM, "platform": ("orders",)}[who]
        made.append(Op(who, rng.choice(MERCHANTS), rng.choice(kinds), rng.choice(NUMBERS)))
    return made


@pytest.mark.parametrize("seed", range(4))
def test_facts_are_seen_as_by_the_naive_model(postgresql_url: str, seed: int) -> None:
    history = empty(History.open(postgresql_url, SECRET))
    with history.write() as write:
        for table in (waiting_facts, request_owners, id_aliases, decisions):
            write.connection.execute(sa.delete(table))
    one, naive = World(history, decider(history), began()), Naive()
    for op in _history(seed):
        taken = one.do(op)
        naive.take(op, one.now(), one.event_times(op), taken=taken)
    assert seen(history) == naive.seen
    assert replay(history, lambda *_: None).differences == []
    history.close()
