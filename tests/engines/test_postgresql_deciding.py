"""Import and decide on PostgreSQL as on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lightgbm
import numpy as np
import orjson
import pytest
import sqlalchemy as sa

from risk.decisions.after_finding import decide_found
from risk.decisions.decide import Decider
from risk.facts.format import iso
from risk.features.catalog import catalogue
from risk.features.spec import NO_REASON_FAMILIES
from risk.history import published_models
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema.schema_cases import cases
from risk.history.store import History
from risk.model import Bundle, Lane, linear_calibration
from risk.policy.reloading import Policies
from tests.deciders import HOUR, body, bundle, decider, scored
from tests.inserting import inserted_together
from tests.rendering import empty
from training.facts.import_folder import import_folder
from training.simulate import simulate

pytestmark = pytest.mark.engines
SECRET = "a secret for histories in tests"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("world") / "facts"
    simulate(out, refunds=120, seed=5)
    return out


@pytest.fixture(scope="module")
def stores(
    folder: Path, postgresql_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[History, History]]:
    """The same folder imported by SQLite and by PostgreSQL, a model in service on each."""
    file = tmp_path_factory.mktemp("store") / "store.db"
    opened = [History.open(url, SECRET) for url in (f"sqlite:///{file}", postgresql_url)]
    for history in opened:
        import_folder(empty(history), folder)
        with history.write() as write:
            published_models.publish(write, "champion", "1", _bundle(), "a test")
    yield opened[0], opened[1]
    for history in opened:
        history.close()


def _bundle() -> Bundle:
    names = tuple(f.name for f in catalogue())
    allowed = tuple(f.name for f in catalogue() if f.family in NO_REASON_FAMILIES)
    lanes = {lane: Lane(own, _trees(len(own)), linear_calibration("platt", 1.0, -1.0))
             for lane, own in (("standard", names), ("no_reason", allowed))}  # fmt: skip
    return Bundle({f.name: f.hash for f in catalogue()}, lanes, {"ask_above": 0.4})


def _trees(columns: int) -> str:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(400, columns)) + 1
    knobs = {"objective": "binary", "num_leaves": 4, "verbosity": -1, "num_threads": 1}
    data = lightgbm.Dataset(rows, (rows[:, :2].sum(axis=1) > 2).astype(float))
    return str(lightgbm.train(knobs, data, 5).model_to_string())


def _vectors(history: History) -> dict[str, list[float]]:
    with history.read() as connection:
        asked = connection.exec_driver_sql("SELECT refund_id, requested_at FROM refunds").all()
        rows = {}
        for refund, at in asked:
            spine = history.reader.spine(connection, refund, at)
            assert spine is not None
            rows[refund] = history.reader.vector(connection, spine).tolist()
    return rows


def test_a_folder_imported_by_both_gives_the_same_features(
    stores: tuple[History, History], folder: Path
) -> None:
    here, there = (_vectors(history) for history in stores)
    assert len(here) == 120
    assert here.keys() == there.keys()
    for refund, row in here.items():
        assert np.array_equal(row, there[refund], equal_nan=True), refund
    assert sum(import_folder(stores[1], folder).new.values()) == 0


def test_one_body_sent_by_many_at_once_is_decided_once(stores: tuple[History, History]) -> None:
    decider = Decider(stores[1], Policies.load())
    decider.refresh()
    order = {"order_id": "O-new", "customer_id": "C-new", "amount": "80",
             "placed_at": "2026-01-01T08:00:00+08:00"}  # fmt: skip
    refund = {"refund_id": "R-new", "order_id": "O-new", "amount": "80", "reason_code": "damaged",
              "requested_at": "2026-01-03T08:00:00+08:00"}  # fmt: skip
    body = {"refund": refund, "order": [order]}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(decider.score, [body] * 12))
    assert len(set(answers)) == 1
    assert len(decider.decisions("R-new")) == 1


def test_both_stores_decide_alike(stores: tuple[History, History]) -> None:
    told = []
    for history in stores:
        decider = Decider(history, Policies.load())
        decider.refresh()
        answers = [
            orjson.loads(decider.score_again(refund).json) for refund in sorted(_some(history))
        ]
        told.append([(a["refund_id"], a["stage"], a["reasons"][0]["feature"]) for a in answers])
    assert told[0] == told[1]


def _some(history: History) -> list[str]:
    with history.read() as connection:
        query = "SELECT refund_id FROM refunds WHERE refund_id <> 'R-new' ORDER BY 1 LIMIT 10"
        return list(connection.exec_driver_sql(query).scalars())


def test_both_decide_open_cases_again_by_late_facts(stores: tuple[History, History]) -> None:
    for history in stores:
        deciding = decider(history, "late", bundle(0, 5.0))
        one = body("late", reason_code="not_received", claims_received=False)
        one["shipments"][0]["received_by"] = "locker"
        assert scored(deciding, one)["tier"] == "platform_intervention"
        assert decide_found(deciding) == 0
        event = {"order_id": "O-late", "status": "lost", "occurred_at": iso(now_ms() - HOUR)}
        ingest(history, "shipments", [event])
        with history.write() as write:
            write.connection.execute(sa.update(cases).values(team="parcels"))
        assert decide_found(deciding) == 1
        again = deciding.decisions("R-late")[-1]
        assert {"courier_admits", "with_reviewer"} <= {rule["id"] for rule in again["rules"]}
        second = {**one["refund"], "refund_id": "R-late-2"}
        scored(deciding, {"refund": second, "shipments": [{**event, "status": "shipped"}]})
        assert decide_found(deciding) == 1, "the other request on the order learns of it"


def test_inserts_sent_together_are_counted_each(history: History) -> None:
    with history.engine.connect() as connection:
        assert inserted_together(connection) == ([2, 1, 1, 0], [[(7,)], []])


def test_long_columns_are_packed_by_lz4_where_the_server_can(history: History) -> None:
    query = "SELECT setting, 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = :name"
    with history.engine.connect() as connection:
        named = sa.text(query).bindparams(name="default_toast_compression")
        setting, there = connection.execute(named).one()
    assert (setting == "lz4") == there
