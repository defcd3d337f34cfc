"""A store on SQLite copied while the service decides, and put back."""

from __future__ import annotations

import resource
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from risk.decisions.decide import Decider
from risk.errors import Unavailable
from risk.history.backup import back_up
from risk.history.connection.connect import latest_commit_at
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from tests.deciders import body, decider, scored
from tests.stores import SECRET
from tests.training.replayed import again, linked_bodies
from training.cli import app

pytestmark = pytest.mark.whole


@contextmanager
def deciding_on(deciding: Decider) -> Iterator[list[str]]:
    """A thread that decides one request after the other; the decisions that it has answered."""
    answered: list[str] = []
    some, enough = threading.Event(), threading.Event()

    def decide() -> None:
        while not enough.is_set():
            answered.append(scored(deciding, body())["decision_id"])
            some.set()

    thread = threading.Thread(target=decide)
    thread.start()
    assert some.wait(60)
    try:
        yield answered
    finally:
        enough.set()
        thread.join()


def kept(history: History) -> dict[str, bytes]:
    with history.read() as connection:
        read = sa.select(decisions.c.decision_id, decisions.c.body)
        return {row.decision_id: row.body for row in connection.execute(read)}


def test_a_copy_made_while_the_service_decides_is_the_store_of_one_moment(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/store.db")
    monkeypatch.setenv("REFUND_RISK_SECRET", SECRET)
    deciding, copies = decider(history), [tmp_path / f"copy{number}.db" for number in range(3)]
    for one in linked_bodies(4):
        scored(deciding, one)
    before: list[set[str]] = []
    with deciding_on(deciding) as answered:
        for copy in copies:
            before.append(set(answered))
            told = CliRunner().invoke(app, ["backup", str(copy)])
            assert told.exit_code == 0, told.output
    everything = kept(history)
    for copy, known in zip(copies, before, strict=True):
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        restored = History.open(f"sqlite:///{copy}", SECRET)
        found = kept(restored)
        assert known <= found.keys()
        assert found.items() <= everything.items()
        assert again(restored) == []
        with restored.read() as connection:
            latest = latest_commit_at(connection)
        later = scored(decider(restored, "2"), body())
        assert later["decision_id"] not in everything
        with restored.write() as write:
            assert write.at > latest
        restored.close()


def test_no_file_is_written_over(history: History, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("something")
    with pytest.raises(FileExistsError, match=r"there\.db is there"):
        back_up(history.engine, there)
    assert there.read_text() == "something"


def test_of_a_damaged_store_no_copy_is_kept(history: History, tmp_path: Path) -> None:
    decider(history)
    history.close()
    file = tmp_path / "store.db"
    with closing(sqlite3.connect(file)) as store:
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (pages,) = store.execute("PRAGMA page_count").fetchone()
        (size,) = store.execute("PRAGMA page_size").fetchone()
    with file.open("r+b") as content:
        content.seek(pages // 2 * size)
        content.write(b"\xff" * size * 20)
    engine = sa.create_engine(f"sqlite:///{file}")
    with pytest.raises(Unavailable):
        back_up(engine, tmp_path / "copy.db")
    engine.dispose()
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("copy")] == []


def test_what_cannot_be_made_is_said_in_one_line_and_leaves_nothing(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decider(history)
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", f"sqlite:///{tmp_path}/store.db")
    monkeypatch.setenv("REFUND_RISK_SECRET", SECRET)
    copies = tmp_path / "copies"

    def refused(file: Path) -> str:
        told = CliRunner().invoke(app, ["backup", str(file)])
        assert told.exit_code == 1
        assert isinstance(told.exception, SystemExit)
        assert len(told.stderr.splitlines()) == 1
        return str(told.stderr)

    assert f"there is no folder {copies}" in refused(copies / "copy.db")
    copies.mkdir()
    (copies / "link.db").symlink_to(tmp_path / "nowhere.db")
    assert "link.db is there" in refused(copies / "link.db")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, usual[1]))
    try:
        told = refused(copies / "copy.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert "no copy was made" in told
    assert [one.name for one in copies.iterdir()] == ["link.db"]
