"""The queue of files to be fetched on PostgreSQL: each is one worker's."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from risk.history.store import History
from risk.webhooks.file_fetches import FileFetch
from tests.evidence_pictures import picture
from tests.fetch_queue import Worker, two_workers_fetch_each_file_once
from tests.file_server import serving_files, whole

pytestmark = pytest.mark.engines


def test_two_workers_fetch_each_file_once(history: History, tmp_path: Path) -> None:
    with serving_files(a=whole(picture(1)), b=whole(picture(2))) as server:
        two_workers_fetch_each_file_once(history, tmp_path / "files", server)


def test_workers_at_the_same_time_take_nothing_twice(history: History, tmp_path: Path) -> None:
    worker = Worker.of(history, tmp_path / "files")
    paths = [f"p{n}" for n in range(12)]
    with serving_files(**{path: whole(picture(n)) for n, path in enumerate(paths)}) as server:
        worker.push("many", server, *paths)
        found: list[FileFetch] = []
        threads = [threading.Thread(target=lambda: found.extend(worker.fetching.take(9)))
                   for _ in range(4)]  # fmt: skip
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({one.fetch_id for one in found}) == len(found) >= 9
        assert {worker.fetch(one) for one in found} == {"fetched"}
        rest = worker.fetching.take(9)
        assert {worker.fetch(one) for one in rest} <= {"fetched"}
        assert len(found) + len(rest) == len(paths)
        assert len(worker.fetching.decide()) == 1
    worker.fetching.files.close()
