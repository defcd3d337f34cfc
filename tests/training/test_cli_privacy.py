"""The commands that take people's data out, and the one that changes the secret over it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from risk.errors import Forbidden
from risk.history.intake import ingest
from risk.history.schema import FACTS
from risk.history.store import History
from risk.privacy import forget, forgetting, is_tombstone
from risk.settings import Settings
from tests.deciders import body, decider, scored
from tests.stores import SECRET, new_store
from training.cases.cache_folder import CacheFolder
from training.check.replay import replay
from training.cli import app

ORDER = {"order_id": "O-1", "customer_id": "C-1717", "placed_at": "2026-03-01T08:00:00+08:00",
         "amount": "9.90", "shipping_address": "1 Example Road"}  # fmt: skip


@pytest.fixture
def url(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store with an order."""
    monkeypatch.setenv("REFUND_RISK_ARTIFACTS", str(tmp_path / "artifacts"))
    monkeypatch.setattr(forgetting, "SETTLE_S", 0.0)
    history = new_store(tmp_path / "store.db")
    ingest(history, "orders", [ORDER])
    history.close()
    return url


def customers(url: str) -> list[str]:
    history = History.open(url, SECRET)
    with history.read() as connection:
        found = list(connection.execute(sa.select(FACTS["orders"].c.customer_id)).scalars())
    history.close()
    return found


def test_nothing_is_done_without_a_yes(url: str) -> None:
    result = CliRunner().invoke(app, ["forget", "C-1717"], input="n\n")
    assert result.exit_code == 1
    assert customers(url) == ["C-1717"]


def test_it_says_what_it_did_and_that_it_was_done_before(url: str) -> None:
    first = CliRunner().invoke(app, ["forget", "C-1717", "--yes"])
    assert first.exit_code == 0, first.output
    assert "1 orders" in first.output
    assert all(is_tombstone(name) for name in customers(url))
    again = CliRunner().invoke(app, ["forget", "C-1717", "--yes"])
    assert again.exit_code == 0
    assert "forgotten before" in again.output


@pytest.mark.parametrize("command", [["forget", "C-1717", "--yes"], ["tidy", "--days", "30"]])
def test_cached_training_sets_are_deleted(url: str, tmp_path: Path, command: list[str]) -> None:
    cached = CacheFolder(Settings.from_env().datasets)
    cached.add("key", 0, lambda to: (to / "cases").write_text("C-1717"))
    assert cached.path == tmp_path / "datasets"
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert "cached training sets deleted: 1" in result.stderr
    assert list(cached.path.iterdir()) == []


def test_old_words_are_cleared_and_counted(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History.open(url, SECRET)
    asked = {"refund_id": "R-1", "order_id": "O-1", "requested_at": "2026-03-05T08:00:00+08:00",
             "known_at": "2026-03-05T08:00:00+08:00", "amount": "9.90", "reason_code": "other",
             "reason_text": "the handle came off"}  # fmt: skip
    ingest(history, "refunds", [asked], may_backdate=True)
    history.close()
    assert CliRunner().invoke(app, ["tidy"]).exit_code == 1
    monkeypatch.setenv("REFUND_RISK_KEEP_WORDS_DAYS", "30")
    first, second = (CliRunner().invoke(app, ["tidy"]) for _ in range(2))
    assert first.output.startswith("older than 30 days: 1 refunds cleared; ")
    assert second.output == "older than 30 days: no words cleared; nothing to compact\n"
    files = Path(url.removeprefix("sqlite:///")).parent.glob("store.db*")
    assert not any(b"handle came off" in file.read_bytes() for file in files)


def test_decisions_about_the_forgotten_replay_without_a_difference(history: History) -> None:
    deciding = decider(history)
    for name in ("anna", "bert", "carl"):
        one = body(name)
        one["order"][0]["shipping_address"] = "1 Example Road, Room 501"
        scored(deciding, one)
    forget(history, "C-bert", settle_s=0)
    scored(deciding, body("dora"))
    assert replay(history, lambda *_: None) == (4, [], [])


def test_another_secret_opens_the_store_and_the_old_one_no_more(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = History.open(url, SECRET).hasher.of("phone", "13800000000")
    assert CliRunner().invoke(app, ["rotate-secret"]).exit_code == 1
    monkeypatch.setenv("REFUND_RISK_NEW_SECRET", "another secret for tests")
    result = CliRunner().invoke(app, ["rotate-secret"])
    assert result.exit_code == 0, result.output
    assert History.open(url, "another secret for tests").hasher.of("phone", "13800000000") == hashed
    with pytest.raises(Forbidden):
        History.open(url, SECRET)
