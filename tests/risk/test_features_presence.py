"""What a case may have rows of is found out by look-ups, whatever the store holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from risk.features.point import presence_statement
from risk.features.presence import PRESENCE_OF, PRESENCES
from risk.features.sources import GROUPS
from risk.history.connection.driver import runner
from tests.stores import new_store


def test_nothing_is_searched_to_find_out_what_there_is(tmp_path: Path) -> None:
    history = new_store(tmp_path / "store.db")
    text = presence_statement()
    names = set(re.findall(r"(?<!:):([a-z]\w*)", text))
    with history.read() as connection:
        plan = runner(connection)(f"EXPLAIN QUERY PLAN {text}", dict.fromkeys(names))
    history.close()
    read = [str(row[3]) for row in plan if " e" in str(row[3]) or " v" in str(row[3])]
    assert read
    assert [step for step in read if step.startswith("SCAN") and "CONSTANT" not in step] == []


@pytest.mark.parametrize("name", PRESENCES)
def test_a_group_hangs_on_one_presence(name: str) -> None:
    assert all(GROUPS[group] and PRESENCE_OF[group] == name for group in PRESENCES[name].groups)
