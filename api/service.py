"""Everything a call needs, opened once a process and closed with it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from weakref import WeakValueDictionary

from api.authentication import Authenticator
from api.background import StoreWatcher
from api.dispatcher import Dispatcher
from api.file_fetcher import FileFetcher
from api.limits import MEGABYTE, Limits, RateLimiter, Slots
from api.logs import Log, make_log
from api.service_metrics import Metrics
from api.store_health import CircuitBreaker
from api.thread_pool import Pool
from api.tracing import Tracing
from api.worker_folder import shared_folder
from risk.decisions.decide import Decider
from risk.errors import RefundRiskError, Unavailable
from risk.evidence.file_intake import EvidenceFiles
from risk.evidence.object_store import open_object_store
from risk.history import published_models
from risk.history.connection.driver_errors import UNREACHABLE
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.policy import ReloadingPolicies
from risk.settings import Settings
from risk.webhooks.file_fetching import FileFetching
from risk.webhooks.inbox import Inbox
from risk.webhooks.message_handler import MessageHandler

POLL_S = 1.0
LAST_USED_S = 60.0
OPEN_S = 2.0
STUCK_S = 10.0
TIDY_S = 3_600.0
WAITING_S = 10.0


@dataclass(slots=True)
class Service:
    """The store, the decider, and what guards access to them."""

    history: History
    decider: Decider
    limits: Limits
    pool: Pool
    chores: Pool
    uploads: Pool
    upload_slots: Slots
    files: EvidenceFiles
    authenticator: Authenticator
    rate_limiter: RateLimiter
    call_locks: WeakValueDictionary[tuple[str, str], asyncio.Lock]
    cipher: SecretCipher
    metrics: Metrics
    log: Log
    dispatcher: Dispatcher
    fetcher: FileFetcher
    inbox: Inbox
    watcher: StoreWatcher
    tracing: Tracing | None
    breaker: CircuitBreaker
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _champion_lock: Lock = field(default_factory=Lock)

    @classmethod
    def open(cls, settings: Settings, limits: Limits) -> Service:
        """Open the store and read the policy. Raises Forbidden for a wrong secret."""
        tracing = Tracing.from_env()
        history = History.open(settings.database_url, settings.secret, settings.replica_url)
        history.ask_after_silence()
        limits = replace(limits, file=settings.file_megabytes * MEGABYTE)
        pool, chores = Pool(limits.threads, limits.waiting), Pool(1, 16)
        objects = open_object_store(settings.files_url)
        cipher, metrics, log = SecretCipher(history.envelope_key), Metrics(), make_log()
        reloading = ReloadingPolicies(settings.policy)
        decider = Decider(history, reloading.policies)
        inbox = Inbox(history, cipher, MessageHandler(history, decider))
        uploads, upload_slots = Pool(2, limits.uploads), Slots(limits.uploads)
        files = EvidenceFiles(history, objects, settings.file_megabytes)
        fetching = FileFetching(history, cipher, files, decider)
        return cls(
            history=history,
            decider=decider,
            limits=limits,
            pool=pool,
            chores=chores,
            uploads=uploads,
            upload_slots=upload_slots,
            files=files,
            authenticator=Authenticator(history, pool),
            rate_limiter=RateLimiter(limits),
            call_locks=WeakValueDictionary(),
            cipher=cipher,
            metrics=metrics,
            log=log,
            inbox=inbox,
            dispatcher=Dispatcher(history, cipher, chores, metrics, log),
            fetcher=FileFetcher(fetching, chores, uploads, upload_slots, metrics, log),
            watcher=StoreWatcher(
                history,
                decider,
                reloading,
                log,
                inbox,
                settings.inbox_days,
                objects,
                settings.free_text_days,
            ),
            tracing=tracing,
            breaker=CircuitBreaker(shared_folder()),
        )

    async def start(self) -> None:
        """Take the champion, then poll the store for changes."""
        await self._attempt(self.take_champion)
        self._tasks = [
            asyncio.create_task(self._every(POLL_S, self.take_champion)),
            asyncio.create_task(self._every(POLL_S, self.watcher.take_policy)),
            asyncio.create_task(self._every(POLL_S, self.watcher.watch_clock)),
            asyncio.create_task(self._every(POLL_S, self.watcher.reload_suppression_list)),
            asyncio.create_task(self._every(POLL_S, self.watcher.store_findings)),
            asyncio.create_task(self._every(TIDY_S, self.watcher.note_surges, aside=True)),
            asyncio.create_task(self._every(TIDY_S, self.watcher.clear_expired_text)),
            asyncio.create_task(self._every(TIDY_S, self.watcher.drop_expired_messages)),
            asyncio.create_task(self._every(WAITING_S, self.watcher.act_on_waiting, aside=True)),
            asyncio.create_task(self._every(LAST_USED_S, self.authenticator.write_last_used)),
            asyncio.create_task(self.dispatcher.run()),
            asyncio.create_task(self.fetcher.run()),
        ]

    async def stop(self) -> None:
        """Finish what was begun, note what was used, and give the store back."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        with contextlib.suppress(RefundRiskError, *UNREACHABLE):
            await self.dispatcher.stop()
        await self.fetcher.stop()
        await asyncio.to_thread(self.pool.close)
        await asyncio.to_thread(self.uploads.close)
        await asyncio.to_thread(self.files.close)
        await asyncio.to_thread(self._note_last_used)
        await asyncio.to_thread(self.chores.close)
        if self.tracing is not None:
            await asyncio.to_thread(self.tracing.close)
        self.history.close()

    def ready(self) -> dict[str, str]:
        """What would decide now. Raises Unavailable where a score would not succeed.

        A full disk is read as well as any: after a call that failed, only a write tells.
        """
        champion = self.decider.ready()
        if (stuck := self.pool.stuck_s()) > STUCK_S:
            raise Unavailable(f"no call was finished for {stuck:.0f} s while others wait")
        self.history.check_clock()
        self.watcher.check_clock()
        if (since := self.breaker.opened_at()) is not None:
            if time.monotonic() - since < OPEN_S:
                raise Unavailable("the store failed a call just now")
            with self.history.write():
                pass
            self.breaker.close(since)
        with self.history.read() as connection:
            published_models.newest(connection, "champion")
        versions = {"model": champion.published.version, "policy": self.decider.policy.version}
        return {"status": "ready", **versions, **self.watcher.notes()}

    def _note_last_used(self) -> None:
        with contextlib.suppress(RefundRiskError, *UNREACHABLE):
            self.authenticator.write_last_used()

    def take_champion(self) -> None:
        """Switch to the newest champion; one that cannot be served is refused, loudly.

        One thread at a time, or a slower one would put an older champion back.
        """
        with self._champion_lock:
            try:
                changed = self.decider.refresh()
            finally:
                champion = self.decider.champion
                self.metrics.in_flight.set(self.pool.in_flight)
                if champion is not None:
                    self.metrics.in_force(champion.published.version, self.decider.policy.version)
        if changed and champion is not None:
            self.log.info("champion", version=champion.published.version)

    async def _every(
        self, seconds: float, chore: Callable[[], None], *, aside: bool = False
    ) -> None:
        while True:
            await asyncio.sleep(seconds)
            await self._attempt(chore, aside=aside)

    async def _attempt(self, chore: Callable[[], None], *, aside: bool = False) -> None:
        """Do a chore, `aside` where it takes long enough to hold up others; where it fails, say so
        and go on with what there is."""
        try:
            await (asyncio.to_thread(chore) if aside else self.chores.run(chore))
        except Exception as error:
            why = str(error) if isinstance(error, RefundRiskError) else ""
            self.metrics.chores_failed.labels(chore.__name__).inc()
            self.log.error(
                "chore_failed", chore=chore.__name__, error=type(error).__name__, why=why
            )
