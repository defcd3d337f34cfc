"""A search on PostgreSQL finds the same, and reads no more than it shows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from risk.cases.lists.search_rows import search
from risk.history.store import History
from tests.case_rows import request
from tests.search_plans import plans, recorded

pytestmark = pytest.mark.engines


def test_no_search_sorts_or_reads_a_whole_table(postgresql_url: str) -> None:
    history = History.open(postgresql_url, "a secret for histories in tests")
    for n in range(3):
        request(history, f"many-{n}", f"C-{n}")
    steps = []
    with history.read() as connection:
        for name in ("seqscan", "sort", "bitmapscan"):
            connection.execute(sa.text(f"SET LOCAL enable_{name} = off"))
        for text in ("many-1", "many", "any-1", "nothing at all"):
            with recorded(connection) as statements:
                found = search(connection, text)
            assert bool(found.requests) == (text != "nothing at all")
            steps += [step for plan in plans(connection, statements, "EXPLAIN") for step in plan]
    history.close()
    assert not [step for step in steps if "Sort" in step or "Seq Scan" in step]
