"""What the cache of cases keeps: of nobody forgotten, bounded, and never a damaged one."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest

from risk.history.store import History
from risk.privacy import forget
from tests.labelled_cases import assert_equal_cases
from tests.rendering import empty, fill, tables
from tests.training.cached import FEATURES, SHAPE, again_used
from tests.worlds import seeded, stored
from training.cases import cache_folder
from training.cases.cache_folder import CacheFolder
from training.cases.dataset import LabelledCases
from training.cases.dataset_cache import DatasetCache
from training.facts.snapshot import stored_facts

pytestmark = pytest.mark.whole


def holding(folder: Path, word: str) -> list[Path]:
    """The cached tables in which a text stands."""
    found = []
    for file in folder.rglob("*.parquet"):
        table: pa.Table = pa.parquet.read_table(file, partitioning=None)
        texts = [c.to_pylist() for c in table.columns if c.type == pa.string()]
        found += [file] if any(word in some for some in texts) else []
    return found


def test_nobody_forgotten_is_left_in_the_cache(history: History, tmp_path: Path) -> None:
    fill(empty(history), stored(seeded(3, SHAPE)))
    facts = stored_facts(history.engine)
    orders = dict(zip(facts["orders"]["order_id"].to_pylist(),
                      facts["orders"]["customer_id"].to_pylist(), strict=True))  # fmt: skip
    asking = [orders.get(order) for order in facts["refunds"]["order_id"].to_pylist()]
    customer = next(name for name in asking if name)
    folder = tmp_path / "datasets"
    slow = DatasetCache.open(folder, history)
    slow.read(facts, FEATURES)
    assert holding(folder, customer)
    forget(history, customer, settle_s=0)
    DatasetCache.open(folder, history)
    assert list(folder.iterdir()) == []
    slow.read(facts, FEATURES)
    assert list(folder.iterdir()) == [], "who read the facts before keeps nothing of them"
    DatasetCache.open(folder, history).read(stored_facts(history.engine), FEATURES)
    assert len(list(folder.iterdir())) == 1
    assert holding(folder, customer) == []


def test_what_is_deleted_while_it_is_written_stays_away(tmp_path: Path) -> None:
    folder = CacheFolder(tmp_path / "datasets")

    def write_and_lose(to: Path) -> None:
        (to / "one").write_text("personal")
        assert folder.delete_all() == 1
        (to / "two").write_text("more")

    with pytest.raises(OSError, match="No such file"):
        folder.add("key", 0, write_and_lose)
    assert list(folder.path.iterdir()) == []


def test_two_at_once_keep_one(tmp_path: Path) -> None:
    folder = CacheFolder(tmp_path / "datasets")

    def second(to: Path) -> None:
        (to / "cases").write_text("mine")
        folder.add("key", 0, lambda other: (other / "cases").write_text("the other's"))

    folder.add("key", 0, second)
    assert [entry.name for entry in folder.path.iterdir()] == ["key"]
    found = folder.find("key")
    assert found is not None
    assert (found / "cases").read_text() == "the other's"


def test_number_and_size_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = CacheFolder(tmp_path / "datasets")
    monkeypatch.setattr(cache_folder, "MAX_BYTES", 1_000)

    def add(key: str, size: int) -> set[str]:
        folder.add(key, 0, lambda to: (to / "cases").write_bytes(b"x" * size))
        return {entry.name for entry in folder.path.iterdir()}

    assert add("a", 10) | add("b", 10) | add("c", 10) == {"a", "b", "c"}
    assert folder.find("a")
    assert add("d", 10) == {"a", "c", "d"}, "the one used least lately goes"
    assert add("e", 990) == {"e"}, "old ones make room"
    assert add("f", 2_000) == set(), "what is larger than all room is not kept"


@pytest.mark.parametrize("damage", ["cut", "bit", "gone"])
def test_a_damaged_entry_is_made_anew(damage: str, cache: DatasetCache, told: list[str]) -> None:
    facts = tables(stored(seeded(1, SHAPE)))
    first = cache.read(facts, FEATURES)
    (file,) = cache.folder.path.glob("*/features.parquet/part-00000.parquet")
    raw = file.read_bytes()
    if damage == "gone":
        file.unlink()
    else:
        place = random.Random(1).randrange(100, 400)
        spoilt = raw[:place] + bytes([raw[place] ^ 4]) + raw[place + 1 :]
        file.write_bytes(raw[:-50] if damage == "cut" else spoilt)
    assert_equal_cases(cache.read(facts, FEATURES), first)
    assert again_used(told) == 0
    assert_equal_cases(cache.read(facts, FEATURES), first)
    assert again_used(told) == 1


def test_a_full_disk_stops_nobody(cache: DatasetCache, told: list[str]) -> None:
    cache.folder.path.write_text("no folder can be made here")
    facts = tables(stored(seeded(1, SHAPE)))
    assert_equal_cases(cache.read(facts, FEATURES), LabelledCases.read(facts, FEATURES))
    assert "could not be cached" in told[-1]
