"""Random histories of two merchants with the same numbers: what is seen, and that neither moves
the other's features, labels or decisions."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given, settings

from risk.decisions import log
from risk.decisions.decide import Decider
from risk.history.schema import findings
from risk.history.schema.schema_tenants import id_aliases, waiting_facts
from risk.history.store import History
from risk.policy import Policies, load
from tests.bound_worlds import Naive, Op, World, began, ops, seen, without
from tests.deciders import bundle, promote
from tests.stores import new_store
from training.check.replay import replay

SECRET = "a secret for tests only"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a model and no facts, copied for every history."""
    file = tmp_path_factory.mktemp("template") / "store.db"
    history = new_store(file)
    promote(history, "1", bundle())
    history.close()
    return file


@contextmanager
def world(template: Path, at: int) -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        file = shutil.copy(template, folder)
        history = History.open(f"sqlite:///{file}", SECRET)
        made = Decider(history, Policies(load(None)))
        made.refresh()
        yield World(history, made, at)
        history.close()


@settings(max_examples=8)
@given(history=ops())
def test_each_merchants_facts_are_those_of_a_naive_model(template: Path, history: list[Op]) -> None:
    with world(template, began()) as one:
        naive = Naive()
        for op in history:
            refused = op.who == "bound" and naive.refuses(op)
            taken = one.do(op)
            if op.who == "bound" and op.kind != "again":
                assert taken != refused
            naive.take(op, one.now(), one.event_times(op), taken=taken)
        found = seen(one.history)
        assert sorted(found.items() ^ naive.seen.items()) == []
        with one.history.read() as connection:
            waiting = sa.select(sa.func.count()).select_from(waiting_facts)
            assert connection.execute(waiting).scalar() == len(naive.waiting)
        assert replay(one.history, lambda *_: None).differences == []


@settings(max_examples=6)
@given(history=ops())
def test_a_merchant_moves_nothing_of_another(template: Path, history: list[Op]) -> None:
    at = began()
    with world(template, at) as full, world(template, at) as calm:
        taken = [full.do(op) for op in history]
        for op in without(history, taken, "A"):
            if op is None:
                calm.pause()
            else:
                assert calm.do(op)
        assert full.now() == calm.now()
        assert _of_b(full) == _of_b(calm)


def _of_b(one: World) -> dict[tuple[Any, ...], Any]:
    """Vectors, labels and decisions of the merchant B, by the ids it uses."""
    with one.history.read() as connection:
        rows = connection.execute(sa.select(id_aliases)).mappings()
        own = {row["internal_id"]: row["id"] for row in rows if row["merchant_id"] == "B"}
        now = one.now() + 1
        found: dict[tuple[Any, ...], Any] = {}
        for key, value in seen(one.history).items():
            if key[0] == "B":
                found[key] = value
        for internal, refund in own.items():
            spine = one.history.reader.spine(connection, internal, now)
            if spine is not None and refund.endswith("-1"):
                features = one.decider.ready().reader.vector(
                    connection, {**spine, "stage": "request"}
                )
                found["vector", refund] = _text(features)
        for row in connection.execute(sa.select(findings)).mappings():
            if row["refund_id"] in own and row["known_at"] < row["valid_to"]:
                found["label", own[row["refund_id"]], row["known_at"]] = row["label"]
        for stored in log.every(connection):
            if stored.refund_id in own:
                found["decision", own[stored.refund_id], stored.as_of] = _text(stored.features)
    return found


def _text(features: np.ndarray[Any, Any]) -> str:
    return features.tobytes().hex()
