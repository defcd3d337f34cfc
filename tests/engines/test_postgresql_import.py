"""Scores are answered on PostgreSQL too while a folder is imported."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.features.derived import STREAMS
from risk.history.derived.derive import refresh, update_statistics
from risk.history.store import History
from tests.deciders import decider
from tests.rendering import empty
from tests.scored_meanwhile import scored_meanwhile
from training.facts.import_folder import import_folder
from training.simulate import simulate

pytestmark = pytest.mark.engines
SECRET = "a secret for histories in tests"


def test_scores_are_answered_while_a_folder_is_imported(
    postgresql_url: str, tmp_path: Path
) -> None:
    """The import has connections of its own, as another process has."""
    simulate(tmp_path / "w", refunds=50, seed=5)
    history, importer = (History.open(postgresql_url, SECRET) for _ in range(2))
    with scored_meanwhile(decider(empty(history))) as answers:
        report = import_folder(importer, tmp_path / "w")
    assert sum(report.new.values()) > 500
    assert set(answers) <= {"approve", "request_evidence", "platform_intervention"}, answers
    assert sum(answers.values()) > 5
    empty(history)
    history.close()
    importer.close()


def test_what_a_step_derives_reads_no_other_orders(postgresql_url: str, tmp_path: Path) -> None:
    simulate(tmp_path / "w", refunds=100, seed=6)
    history = empty(History.open(postgresql_url, SECRET))
    import_folder(history, tmp_path / "w")
    update_statistics(history.engine)
    with history.write() as write:
        some = write.connection.exec_driver_sql("SELECT DISTINCT order_id FROM orders LIMIT 5")
        orders = set(some.scalars())
        write.touched.update(dict.fromkeys(STREAMS, orders))
        before = _rows_read_in_order(write.connection)
        refresh(write)
        read = _rows_read_in_order(write.connection) - before
    assert not read, read
    empty(history)
    history.close()


def _rows_read_in_order(connection: sa.Connection) -> Counter[str]:
    """How many facts the transaction read by going through whole tables."""
    found = connection.exec_driver_sql(
        "SELECT relname, seq_tup_read FROM pg_stat_xact_user_tables "
        "WHERE relname IN ('orders', 'shipments')"
    )
    return Counter({table: rows for table, rows in found if rows})
