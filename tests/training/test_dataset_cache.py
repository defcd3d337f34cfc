"""Cached cases: exactly what would be made anew, never of other facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from risk.facts import KINDS
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.store import History
from risk.policy import load, vary
from risk.privacy import forget
from tests.labelled_cases import assert_equal_cases, bits
from tests.late_changes import with_late
from tests.rendering import empty, fill, tables
from tests.shops import Shop, open_shop, quiet
from tests.training.cached import FEATURES, SHAPE, again_used
from tests.worlds import Chooser, World, histories, seeded, stored
from training.cases.dataset import LabelledCases, features_in_use
from training.cases.dataset_cache import DatasetCache
from training.check import backtest
from training.facts.facts_digest import facts_digest
from training.monitor.measure import monitor
from training.promote import bundle_at
from training.train import build_dataset, evaluate

pytestmark = pytest.mark.whole


@pytest.mark.parametrize("seed", [1, 2])
def test_cached_cases_are_those_made_anew(
    seed: int, cache: DatasetCache, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where they are kept in many parts."""
    monkeypatch.setattr("training.cases.case_files.PART_ROWS", 7)
    facts, features = tables(stored(seeded(seed, SHAPE))), features_in_use()
    first = cache.read(facts, features)
    assert again_used(told) == 0
    second = cache.read(facts, features)
    assert again_used(told) == 1
    assert "cases of 20" in told[-1]
    assert len(list(cache.folder.path.glob("*/features.parquet/*.parquet"))) > 10
    assert_equal_cases(first, second)
    assert_equal_cases(second, LabelledCases.read(facts, features))


def test_every_bit_of_a_number_is_kept(cache: DatasetCache) -> None:
    facts = tables(stored(seeded(1, SHAPE)))
    found = LabelledCases.read(facts, FEATURES)
    odd = np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 5e-324, 1 / 3, 2.0**53 + 2])
    matrix = np.resize(odd, found.cases.matrix.shape)
    odd_cases = replace(found, cases=replace(found.cases, matrix=matrix))
    cache._save("odd", odd_cases)
    again = cache._load("odd", FEATURES)
    assert again is not None
    np.testing.assert_array_equal(bits(again.cases.matrix), bits(matrix))


def changed(world: World, data: st.DataObject) -> World:
    """The same facts but for one: told late, corrected, taken back, gone, or another value."""
    dice = Chooser(lambda n: data.draw(st.integers(0, n - 1)))
    facts = {kind: list(rows) for kind, rows in world.items()}
    if data.draw(st.booleans()):
        moments = [row["known_at"] for rows in facts.values() for row in rows]
        return with_late(facts, dice.pick(sorted(moments)), dice)
    kind = dice.pick([kind for kind in KINDS if facts[kind]])
    place = dice.below(len(facts[kind]))
    if data.draw(st.booleans()):
        del facts[kind][place]
    else:
        facts[kind][place] = {**facts[kind][place], "known_at": facts[kind][place]["known_at"] + 1}
    return facts


@settings(max_examples=60)
@given(world=histories(40, revised=3), data=st.data())
def test_no_change_goes_unnoticed(world: World, data: st.DataObject) -> None:
    facts = stored(world)
    before, again, after = tables(facts), tables(facts), tables(changed(facts, data))
    assert facts_digest(before) == facts_digest(again)
    assert (facts_digest(before) == facts_digest(after)) == (before == after)


def digest_of(*values: object) -> str:
    return facts_digest({"orders": pa.table({"a": pa.array(list(values))})})


def test_nothing_and_zero_and_the_ends_of_texts_are_told_apart() -> None:
    assert digest_of(1, None) != digest_of(1, 0) != digest_of(0, 1)
    assert digest_of("a", None) != digest_of("a", "") != digest_of("", "a")
    assert digest_of("ab", "c") != digest_of("a", "bc")
    assert digest_of(1) != digest_of(1.0)
    assert digest_of(0.0) != digest_of(-0.0)
    one, other = pa.table({"a": [1], "b": [2]}), pa.table({"b": [2], "a": [1]})
    assert facts_digest({"orders": one}) != facts_digest({"orders": other})
    assert facts_digest({"orders": one}) != facts_digest({"refunds": one})


def test_what_memory_holds_under_a_null_is_no_value() -> None:
    valid = pa.py_buffer(bytes([0b101]))
    one, other = (
        pa.Array.from_buffers(pa.int64(), 3, [valid, pa.py_buffer(np.array(values).data)])
        for values in ([1, 2, 3], [1, 9, 3])
    )
    assert one.equals(other)
    digests = {facts_digest({"orders": pa.table({"a": column})}) for column in (one, other)}
    assert len(digests) == 1


def test_other_features_code_or_libraries_are_other_cases(
    cache: DatasetCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = tables(stored(seeded(1, SHAPE)))
    cache.read(facts, FEATURES)
    assert cache.find(facts, FEATURES) is not None
    assert cache.find(facts, FEATURES[1:]) is None
    assert cache.find(facts, FEATURES[::-1]) is None
    assert cache.find(facts, (replace(FEATURES[0], hash="another"), *FEATURES[1:])) is None
    with monkeypatch.context() as patch:
        patch.setattr("training.cases.dataset_cache._code_digest", lambda: "another")
        assert cache.find(facts, FEATURES) is None
    with monkeypatch.context() as patch:
        patch.setattr("training.cases.dataset_cache.version", lambda _: "another")
        assert cache.find(facts, FEATURES) is None


def write(history: History, kind: str, fact: dict[str, object]) -> None:
    ingest(history, kind, [fact])


def a_new_fact(history: History, customer: str) -> None:
    at = iso(now_ms())
    write(history, "orders", {"order_id": "new", "customer_id": "new", "amount": "1",
                              "placed_at": at})  # fmt: skip


def a_correction(history: History, customer: str) -> None:
    write(history, "orders", {"order_id": "O-kept", "customer_id": customer, "amount": "2.00",
                              "placed_at": "2026-01-01T00:00:00Z", "revision": 2})  # fmt: skip


def a_retraction(history: History, customer: str) -> None:
    write(history, "retractions", {"kind": "orders", "key": {"order_id": "O-kept"},
                                   "reason": "a test", "retracted_at": iso(now_ms())})  # fmt: skip


def an_erasure(history: History, customer: str) -> None:
    forget(history, customer, settle_s=0)


CHANGES: tuple[Callable[[History, str], None], ...] = (
    a_new_fact, a_correction, a_retraction, an_erasure,
)  # fmt: skip


def test_the_store_decides_what_is_still_true(history: History, tmp_path: Path) -> None:
    """After every change the training set is made anew, and is in the end what it is without a
    cache."""
    fill(empty(history), stored(seeded(3, SHAPE)))
    write(history, "orders", {"order_id": "O-kept", "customer_id": "C-kept", "amount": "1.00",
                              "placed_at": "2026-01-01T00:00:00Z"})  # fmt: skip
    told: list[str] = []

    def read() -> pd.DataFrame:
        cache = DatasetCache.open(tmp_path / "sets", history, lambda what, *_: told.append(what))
        return build_dataset(history, load(None), quiet, cache=cache).frame

    read()
    for number, change in enumerate(CHANGES):
        change(history, "C-kept")
        made = read()
        assert again_used(told) == number
        assert read().equals(made)
        assert again_used(told) == number + 1
    assert made.equals(build_dataset(history, load(None), quiet).frame)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = open_shop(tmp_path_factory, "cached")
    yield replace(made, registry=replace(made.registry, datasets=made.folder / "datasets"))
    made.history.close()


def test_commands_answer_alike_with_and_without_the_cache(own: Shop) -> None:
    told: list[str] = []

    def tell(what: str, _done: int, _total: int | None) -> None:
        told.append(what)

    policy, plain = load(None), replace(own.registry, datasets=None)
    wanted = evaluate(own.history, plain, policy, "champion", quiet).flat_metrics()
    for times in (0, 1):
        found = evaluate(own.history, own.registry, policy, "champion", tell)
        assert found.flat_metrics() == wanted
        assert again_used(told) == times
    cache = DatasetCache.of(own.registry, own.history, tell)
    strict = vary(policy, {"caps.honest_share": 0.01})
    alone, cached = (build_dataset(own.history, strict, quiet, cache=one) for one in (None, cache))
    assert cached.policy is strict
    assert alone.frame.equals(cached.frame)
    report, by_cache = (monitor(own.history, policy, quiet, cache=one) for one in (None, cache))
    assert report.numbers() == by_cache.numbers()
    assert again_used(told) == 3


def test_a_backtest_of_cached_cases_is_that_of_the_store(own: Shop) -> None:
    told: list[str] = []
    cache = DatasetCache.of(own.registry, own.history, lambda what, *_: told.append(what))
    assert cache is not None
    twin = bundle_at(own.registry, "champion", twin=True)
    since = int(twin.about["trained_until"])
    build_dataset(own.history, load(None), quiet, cache=cache)
    told.clear()
    alone, cached = (
        backtest.prepare(own.history, twin, since, quiet, one) for one in (None, cache)
    )
    assert again_used(told) == 1
    assert alone.cases == cached.cases
    assert {case.audit_draw for case in cached.cases} != {1.0}
    assert alone.frame.equals(cached.frame)
    for lane, probabilities in alone.by_lane.items():
        np.testing.assert_array_equal(probabilities, cached.by_lane[lane])
