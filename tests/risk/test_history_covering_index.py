"""What features read of a hub stands in one index: hundreds of rows from a few pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from risk.features.catalog import catalogue
from risk.features.compile import measures_of
from risk.features.point import point_query
from risk.history.connection.driver import runner
from risk.history.store import History
from tests.stores import new_store

HUBS = (
    "findings@merchant", "requests@merchant", "requests@sku", "orders@sku",
    "orders@customer", "claims@courier", "shipments@courier",
)  # fmt: skip
"""The groups of entities that gather hundreds of rows in any shop."""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder: Path = tmp_path_factory.mktemp("covering")
    made = new_store(folder / "store.db")
    yield made
    made.close()


@pytest.mark.parametrize("group", HUBS)
def test_a_hub_is_read_from_its_index_alone(history: History, group: str) -> None:
    live = [feature for feature in catalogue() if not feature.retired]
    text = point_query(group, measures_of(live)[group])
    names = set(re.findall(r"(?<!:):([a-z]\w*)", text))
    with history.read() as connection:
        plan = runner(connection)(f"EXPLAIN QUERY PLAN {text}", dict.fromkeys(names))
    steps = [str(row[3]) for row in plan if "SEARCH e" in str(row[3])]
    assert steps, plan
    assert all("USING COVERING INDEX" in step for step in steps), steps
