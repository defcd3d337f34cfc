"""The dispatcher: finds new events and sends the deliveries that are due, slow receivers apart."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from api.logs import Log
from api.service_metrics import Metrics
from api.thread_pool import Pool
from risk.history.connect import Write, now_ms
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import deliveries, subscriptions
from risk.webhooks.deliveries import Delivery
from risk.webhooks.events import EventWatch
from risk.webhooks.sender import Result, send
from risk.webhooks.subscriptions import Subscription

EVERY_S = 1.0
AT_ONCE = 64
EACH = 8
"""Deliveries in flight in all, and to one receiver."""

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
        """Until a delivery is done, but no longer than a moment."""
        if self._under_way:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait(list(self._under_way), timeout=EVERY_S, return_when=first)
        elif not self._results:
            await asyncio.sleep(EVERY_S)

    async def stop(self) -> None:
        """Cancel the deliveries in flight: they stay stored, and are due again soon."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.pool.run(self._note_results)

    def _turn_over(self) -> Chosen:
        with self.history.read() as connection:
            known = {one.receiver_id: one for one in subscriptions.every(connection, self.cipher)}
            scan = self.watch.scan(connection, list(known.values()), now_ms())
        if any(scan.new.values()):
            with self.history.write() as write:
                self.watch.store(write, scan)
            self.watch.advance(scan)
        self._note_results()
        return self._take(known)

    def _note_results(self) -> None:
        results, self._results = self._results, []
        if results:
            with self.history.write() as write:
                for to, delivery, result in results:
                    _write_down(write, to, delivery, result)

    def _take(self, known: dict[str, Subscription]) -> Chosen:
        busy = Counter(self._under_way.values())
        free = [receiver_id for receiver_id in known if busy[receiver_id] < EACH]
        room = AT_ONCE - len(self._under_way)
        with self.history.read() as connection:
            due = deliveries.due(connection, now_ms(), room, free) if free and room > 0 else []
        fair = list(_fair(due, busy))
        if not fair:
            return []
        with self.history.write() as write:
            return [(known[d.receiver_id], d) for d in deliveries.take(write, fair)]

    async def _send(self, to: Subscription, delivery: Delivery) -> None:
        result = await send(to, delivery, time.time())
        self._results.append((to, delivery, result))
        outcome = "sent" if result.arrived else "failed"
        self.metrics.deliveries.labels(delivery.event, outcome).inc()
        self.log.info(
            "push", delivery=delivery.delivery_id, to=to.receiver_id, about=delivery.event,
            outcome=outcome, status=result.status, trouble=result.trouble,
        )  # fmt: skip


def _fair(due: Sequence[Delivery], busy: Counter[str]) -> list[Delivery]:
    """As many to each receiver as it has room for."""
    chosen = []
    for delivery in due:
        busy[delivery.receiver_id] += 1
        if busy[delivery.receiver_id] <= EACH:
            chosen.append(delivery)
    return chosen


def _write_down(write: Write, to: Subscription, delivery: Delivery, result: Result) -> None:
    if result.arrived:
        deliveries.sent(write, delivery, result.status or 0)
        return
    deliveries.not_sent(write, delivery, result.status, result.trouble)
    if result.status == 410:
        subscriptions.stop(write, to.receiver_id)
