"""Files to be fetched in a store, and workers that fetch them, on whichever database it is."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from risk.evidence.file_intake import EvidenceFiles
from risk.evidence.object_store import FolderStore
from risk.history.connection.connect import now_ms
from risk.history.envelope import SecretCipher
from risk.history.schema.schema_webhooks import file_fetches
from risk.history.store import History
from risk.webhooks.endpoint_setup import EndpointSettings, set_up_endpoint
from risk.webhooks.file_download import NotDownloaded
from risk.webhooks.file_fetches import FileFetch, State
from risk.webhooks.file_fetching import FileFetching
from risk.webhooks.inbox import Inbox
from risk.webhooks.message_handler import MessageHandler
from risk.webhooks.receipt import Receipt
from risk.webhooks.systems.system import WebhookRequest
from tests.deciders import body, decider, photo
from tests.file_server import FileServer

SECRET = "a secret that both sides know"
HOSTS = '[files]\nhosts = ["127.0.0.1"]'


@dataclass(frozen=True)
class Worker:
    """One of the processes that take messages in and fetch their files."""

    history: History
    inbox: Inbox
    fetching: FileFetching

    @classmethod
    def of(cls, history: History, folder: Path) -> Self:
        """A worker, with the endpoint that `push` pushes to."""
        cipher, deciding = SecretCipher(history.envelope_key), decider(history)
        settings = EndpointSettings(secret=SECRET, mapping=HOSTS, private_files=True)
        set_up_endpoint(history, cipher, "freshdesk", "shop", settings, local=True)
        files = EvidenceFiles(history, FolderStore(folder), 1)
        inbox = Inbox(history, cipher, MessageHandler(history, deciding))
        return cls(history, inbox, FileFetching(history, cipher, files, deciding))

    def push(self, name: str, server: FileServer, *paths: str) -> None:
        """Push a request with a photo at each path."""
        one = body(name)
        items = [photo(one, n) for n, _ in enumerate(paths)]
        for item, path in zip(items, paths, strict=True):
            item["file_url"] = f"{server.url}/{path}"
            item.pop("content_hash")
        raw = json.dumps({**one, "evidence": items}).encode()
        request = WebhookRequest(raw, {"x-refund-risk-secret": SECRET}, time.time())
        verified = self.inbox.open("freshdesk", "shop", request)
        receipt = Receipt()
        for message in verified.messages:
            self.inbox.take(verified, message, receipt)
        assert receipt.stored > 0, receipt

    def fetch(self, one: FileFetch) -> State:
        """Fetch a file that this worker holds."""
        try:
            downloader = self.fetching.downloader(one)
            content = asyncio.run(self.fetching.download(one, downloader))
            self.fetching.take_in(one, content)
        except NotDownloaded as failure:
            return self.fetching.note(one, failure)
        return self.fetching.note(one, None)

    def states(self) -> list[tuple[str, int]]:
        """State and tries of every file, by the order of evidence."""
        c = file_fetches.c
        with self.history.read() as connection:
            query = sa.select(c.state, c.tries).order_by(c.evidence_id)
            return [(state, tries) for state, tries in connection.execute(query)]

    def make_due(self, **values: Any) -> None:
        """Let the pauses of all files be over."""
        with self.history.write() as write:
            write.connection.execute(sa.update(file_fetches).values(due_at=now_ms(), **values))

    def make_decidable(self) -> None:
        """Let the pauses of what is to be decided be over."""
        c = file_fetches.c
        with self.history.write() as write:
            paused = sa.update(file_fetches).where(c.decide_at.is_not(None))
            write.connection.execute(paused.values(decide_at=now_ms()))


def two_workers_fetch_each_file_once(history: History, folder: Path, server: FileServer) -> None:
    """`server` answers `a` and `b`; each worker would take everything."""
    workers = [Worker.of(history, folder) for _ in range(2)]
    workers[0].push("both", server, "a", "b")
    held = [worker.fetching.take(1) for worker in workers]
    assert sorted(one.evidence_id[-1] for some in held for one in some) == ["0", "1"]
    assert [worker.fetching.take(9) for worker in workers] == [[], []]
    first, second = ([worker.fetch(one) for one in some]
                     for worker, some in zip(workers, held, strict=True))  # fmt: skip
    assert first + second == ["fetched", "fetched"]
    decided = [len(worker.fetching.decide()) for worker in workers]
    assert decided == [1, 0]
    assert workers[0].states() == [("fetched", 0)] * 2
    assert sorted(server.asked) == ["a", "b"]
    for worker in workers:
        worker.fetching.files.close()
