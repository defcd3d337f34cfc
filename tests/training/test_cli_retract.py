"""The command that takes a fact back."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from risk.facts.revisions import FOREVER
from risk.history.intake import ingest
from risk.history.schema import FACTS
from risk.history.store import History
from tests.stores import SECRET, new_store
from training.cli import app

ORDER = {"order_id": "O-1", "customer_id": "C-17", "placed_at": "2026-03-01T08:00:00+08:00",
         "amount": "9.90"}  # fmt: skip


@pytest.fixture
def url(url: str, tmp_path: Path) -> str:
    """A store with an order."""
    history = new_store(tmp_path / "store.db")
    ingest(history, "orders", [ORDER])
    history.close()
    return url


def counts_until(url: str) -> list[int]:
    history = History.open(url, SECRET)
    with history.read() as connection:
        found = list(connection.execute(sa.select(FACTS["orders"].c.valid_to)).scalars())
    history.close()
    return found


def test_a_fact_is_taken_back_by_its_key(url: str) -> None:
    assert counts_until(url) == [FOREVER]
    run = CliRunner().invoke(
        app, ["retract", "orders", '{"order_id": "O-1"}', "--reason", "a test order"]
    )
    assert run.exit_code == 0, run.output
    assert "taken back" in run.output
    assert counts_until(url)[0] < FOREVER


@pytest.mark.parametrize(
    ("kind", "key", "said"),
    [("receipts", '{"order_id": "O-1"}', "kind"), ("orders", "O-1", "key")],
)
def test_what_names_no_fact_is_one_line_and_changes_nothing(
    url: str, kind: str, key: str, said: str
) -> None:
    run = CliRunner().invoke(app, ["retract", kind, key, "--reason", "a mistake"])
    assert run.exit_code == 1
    assert said in run.output
    assert "Traceback" not in run.output
    assert counts_until(url) == [FOREVER]
