"""The dispatcher: finds new events and sends the deliveries that are due, slow receivers apart.

Every write but a decision is alone in the store, so what came and what was sent is written
together, at most a few times a second, however many deliveries there are.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from api.logs import Log
from api.service_metrics import Metrics
from api.thread_pool import Pool
from risk.history.connection.connect import Write, now_ms
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import deliveries, subscriptions
from risk.webhooks.deliveries import Delivery
from risk.webhooks.events import EventWatch
from risk.webhooks.sender import Result, send
from risk.webhooks.subscriptions import Subscription

EVERY_S = 1.0
"""How often new events are looked for; while deliveries are sent, four times as often."""

AT_ONCE = 128
EACH = 24
"""Deliveries taken for sending in all, and for one receiver: even if each waits for its timeout,
the last is sent before it is another process's."""

IN_FLIGHT = 8
"""Deliveries on their way to one receiver."""

Chosen = list[tuple[Subscription, Delivery]]


@dataclass(slots=True)
class Dispatcher:
    """Sends from the store to receivers; any number of processes may do so side by side."""

    history: History
    cipher: SecretCipher
    pool: Pool
    metrics: Metrics
    log: Log
    watch: EventWatch = field(default_factory=EventWatch)
    _under_way: dict[asyncio.Task[None], str] = field(default_factory=dict)
    _lines: dict[str, asyncio.Semaphore] = field(
        default_factory=lambda: defaultdict(lambda: asyncio.Semaphore(IN_FLIGHT))
    )
    _results: list[tuple[Subscription, Delivery, Result]] = field(default_factory=list)

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.step()
            except Exception as error:
                self.metrics.chores_failed.labels("push").inc()
                self.log.error("chore_failed", chore="push", error=type(error).__name__)
                await asyncio.sleep(EVERY_S)
            await self._wait()

    async def step(self) -> None:
        """Store new events and the results of deliveries; start sending what is due."""
        for to, delivery in await self.pool.run(self._turn_over):
            task = asyncio.create_task(self._send(to, delivery))
            self._under_way[task] = to.receiver_id
            task.add_done_callback(self._under_way.pop)

    async def _wait(self) -> None:
        """Until the next turn."""
        await asyncio.sleep(EVERY_S / 4 if self._under_way or self._results else EVERY_S)

    async def stop(self) -> None:
        """Cancel the deliveries in flight: they stay stored, and are due again soon."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.pool.run(self._note_results)

    def _turn_over(self) -> Chosen:
        """Write down what is new and what was sent; take what is due."""
        busy = Counter(list(self._under_way.values()))
        with self.history.read() as connection:
            known = {one.receiver_id: one for one in subscriptions.every(connection, self.cipher)}
            scan = self.watch.scan(connection, list(known.values()), now_ms())
            room = {to: EACH - busy[to] for to in known if busy[to] < EACH}
            more = deliveries.is_due(connection, now_ms(), room)
        is_new = any(scan.new.values())
        if not (is_new or more or self._results):
            return []
        with self.history.write() as write:
            if is_new:
                self.watch.store(write, scan)
            self._write_results(write)
            taken = deliveries.take(write, room, AT_ONCE - busy.total())
        self.watch.advance(scan)
        return [(known[one.receiver_id], one) for one in taken]

    def _note_results(self) -> None:
        if self._results:
            with self.history.write() as write:
                self._write_results(write)

    def _write_results(self, write: Write) -> None:
        results, self._results = self._results, []
        arrived = [(one, result.status or 0) for _, one, result in results if result.arrived]
        deliveries.sent(write, arrived)
        for to, delivery, result in results:
            if not result.arrived:
                _not_sent(write, to, delivery, result)

    async def _send(self, to: Subscription, delivery: Delivery) -> None:
        async with self._lines[to.receiver_id]:
            result = await send(to, delivery, time.time())
        self._results.append((to, delivery, result))
        outcome = "sent" if result.arrived else "failed"
        self.metrics.deliveries.labels(delivery.event, outcome).inc()
        self.log.info(
            "push", delivery=delivery.delivery_id, to=to.receiver_id, about=delivery.event,
            outcome=outcome, status=result.status, trouble=result.trouble,
        )  # fmt: skip


def _not_sent(write: Write, to: Subscription, delivery: Delivery, result: Result) -> None:
    deliveries.not_sent(write, delivery, result.status, result.trouble)
    if result.status == 410:
        subscriptions.stop(write, to.receiver_id)
