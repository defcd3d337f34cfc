"""Fetching files: held by one worker, tried again for a day, decided on once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from risk.history.connection.connect import now_ms
from risk.history.schema.schema_webhooks import endpoints, file_fetches
from risk.history.store import History
from risk.privacy.retention import drop_pushed
from risk.webhooks.deliveries import PAUSES_S
from risk.webhooks.file_fetches import PATIENCE_MS
from tests.evidence_pictures import picture
from tests.fetch_queue import Worker, two_workers_fetch_each_file_once
from tests.file_server import serving_files, status, whole


@pytest.fixture
def worker(history: History, tmp_path: Path) -> Iterator[Worker]:
    made = Worker.of(history, tmp_path / "files")
    yield made
    made.fetching.files.close()


def test_two_workers_fetch_each_file_once(history: History, tmp_path: Path) -> None:
    with serving_files(a=whole(picture(1)), b=whole(picture(2))) as server:
        two_workers_fetch_each_file_once(history, tmp_path / "files", server)


def test_what_does_not_come_is_tried_for_a_day(worker: Worker) -> None:
    with serving_files(a=status("503 Busy")) as server:
        worker.push("busy", server, "a")
        for tries in range(len(PAUSES_S) + 1):
            [one] = worker.fetching.take(9)
            assert one.tries == tries
            assert worker.fetch(one) == ("failed" if tries == len(PAUSES_S) else "waiting")
            assert worker.fetching.take(9) == [], "not before its pause is over"
            worker.make_due()
        assert worker.fetching.take(9) == []
        assert len(server.asked) == len(PAUSES_S) + 1


def test_one_that_does_not_come_holds_up_no_decision(worker: Worker) -> None:
    with serving_files(a=whole(picture(3)), b=status("503 Busy")) as server:
        worker.push("one", server, "a", "b")
        assert worker.fetching.decide() == [], "both are still to come"
        good, bad = sorted(worker.fetching.take(9), key=lambda one: one.evidence_id)
        assert worker.fetch(good) == "fetched"
        assert worker.fetching.decide() == [], "the other is still to come"
        assert worker.fetch(bad) == "waiting"
        assert len(worker.fetching.decide()) == 1
        assert worker.fetching.decide() == []
        assert worker.states() == [("fetched", 0), ("waiting", 1)]
        server.answers["b"] = whole(picture(4))
        worker.make_due()
        [again] = worker.fetching.take(9)
        assert worker.fetch(again) == "fetched"
        assert len(worker.fetching.decide()) == 1


def test_what_is_refused_is_decided_without(worker: Worker) -> None:
    with serving_files(a=status("410 Gone")) as server:
        worker.push("without", server, "a")
        [one] = worker.fetching.take(9)
        assert worker.fetch(one) == "refused"
        assert len(worker.fetching.decide()) == 1


def test_who_is_never_tried_holds_up_a_decision_for_minutes(worker: Worker) -> None:
    with serving_files() as server:
        worker.push("minutes", server, "a")
    assert worker.fetching.decide() == []
    worker.make_due(made_at=now_ms() - PATIENCE_MS)
    assert len(worker.fetching.decide()) == 1


def test_what_cannot_be_decided_now_is_decided_later(worker: Worker) -> None:
    with serving_files(a=whole(picture(8))) as server:
        worker.push("later", server, "a")
        [one] = worker.fetching.take(9)
        assert worker.fetch(one) == "fetched"
    champion, worker.fetching.decider.champion = worker.fetching.decider.champion, None
    assert worker.fetching.decide() == []
    worker.fetching.decider.champion = champion
    assert worker.fetching.decide() == [], "after a pause"
    worker.make_decidable()
    assert len(worker.fetching.decide()) == 1


def test_a_worker_that_dies_leaves_it_to_another(worker: Worker) -> None:
    with serving_files(a=whole(picture(5))) as server:
        worker.push("dies", server, "a")
        assert len(worker.fetching.take(9)) == 1
        assert worker.fetching.take(9) == []
        worker.make_due()
        [one] = worker.fetching.take(9)
        assert worker.fetch(one) == "fetched"


def test_busy_endpoints_are_left_out(worker: Worker) -> None:
    with serving_files(a=whole(picture(6))) as server:
        worker.push("left", server, "a")
        assert worker.fetching.take(9, [("freshdesk", "shop")]) == []
        assert len(worker.fetching.take(9, [("freshdesk", "other")])) == 1


def test_without_its_endpoint_it_is_refused(worker: Worker, history: History) -> None:
    with serving_files(a=whole(picture(7))) as server:
        worker.push("gone", server, "a")
        with history.write() as write:
            write.connection.execute(sa.delete(endpoints))
        [one] = worker.fetching.take(9)
        assert worker.fetch(one) == "refused"
        assert server.asked == []


def test_it_goes_with_the_inbox(worker: Worker, history: History) -> None:
    with serving_files() as server:
        worker.push("old", server, "a")
    with history.write() as write:
        for table in ("inbox", "file_fetches"):
            write.connection.execute(sa.text(f"UPDATE {table} SET {_at(table)} = 1"))
    assert drop_pushed(history, 7) == 1
    with history.read() as connection:
        assert connection.execute(sa.select(file_fetches.c.fetch_id)).all() == []


def _at(table: str) -> str:
    return "received_at" if table == "inbox" else "made_at"
