"""The fetcher: downloads files that other systems named by address, and takes them in, aside from
the calls."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from api.limits import Slots
from api.logs import Log
from api.service_metrics import Metrics
from api.thread_pool import Pool
from risk.errors import Unavailable
from risk.webhooks.file_download import NotDownloaded
from risk.webhooks.file_fetches import FileFetch, State
from risk.webhooks.file_fetching import FileFetching

EVERY_S = 1.0
AT_ONCE = 4
EACH = 2
"""Downloads at the same time in all, and for one endpoint."""


@dataclass(slots=True)
class FileFetcher:
    """Fetches from the store's queue; any number of processes may do so side by side.

    `pool` runs short work on the store, `uploads` reads files, within the `slots` of all uploads.
    """

    fetching: FileFetching
    pool: Pool
    uploads: Pool
    slots: Slots
    metrics: Metrics
    log: Log
    _under_way: dict[asyncio.Task[None], tuple[str, str]] = field(default_factory=dict)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.step()
            except Exception as error:
                self._failed(error)
            await self._wait()

    async def step(self) -> None:
        """Decide on what was tried, and start fetching what is due."""
        for decided in await self.pool.run(self.fetching.decide):
            self.metrics.decided(decided)
        for one in await self.pool.run(self._wanted):
            task = asyncio.create_task(self._fetch(one))
            self._under_way[task] = (one.system, one.name)
            task.add_done_callback(self._under_way.pop)

    async def stop(self) -> None:
        """Cancel what is under way: it stays stored, and is due again soon."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _wait(self) -> None:
        """Until a file is fetched, but no longer than a moment."""
        if self._under_way:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait(list(self._under_way), timeout=EVERY_S, return_when=first)
        else:
            await asyncio.sleep(EVERY_S)

    def _wanted(self) -> list[FileFetch]:
        busy = Counter(self._under_way.values())
        room = min(AT_ONCE - len(self._under_way), EACH)
        full = [endpoint for endpoint, number in busy.items() if number >= EACH]
        return self.fetching.take(room, full) if room > 0 else []

    async def _fetch(self, one: FileFetch) -> None:
        failure: NotDownloaded | None = None
        try:
            await self._take_in(one)
        except NotDownloaded as error:
            failure = error
        except Exception as error:
            self._failed(error)
            failure = NotDownloaded(type(error).__name__)
        try:
            state = await self.pool.run(lambda: self.fetching.note(one, failure))
        except Exception as error:
            self._failed(error)
            return
        self._tell(one, state, failure)

    async def _take_in(self, one: FileFetch) -> None:
        downloader = await self.pool.run(lambda: self.fetching.downloader(one))
        try:
            with self.slots.hold("too many files come at once"):
                content = await self.fetching.download(one, downloader)
                await self.uploads.run(lambda: self.fetching.take_in(one, content))
        except Unavailable as error:
            raise NotDownloaded(str(error)) from None

    def _tell(self, one: FileFetch, state: State, failure: NotDownloaded | None) -> None:
        outcome = "again" if state == "waiting" else state
        self.metrics.files_fetched.labels(outcome).inc()
        self.log.info("file_fetched", fetch=one.fetch_id, endpoint=f"{one.system}:{one.name}",
                      outcome=outcome, trouble=str(failure or ""))  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self.metrics.chores_failed.labels("fetch_files").inc()
        self.log.error("chore_failed", chore="fetch_files", error=type(error).__name__)
