"""The dispatcher: looks for what happened, and sends what is due without waiting for the slow."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from api.logs import Log
from api.metrics import Metrics
from api.pushes.sender import Result, send
from api.thread_pool import Pool
from risk.history.connect import Write, now_ms
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import deliveries, receivers
from risk.webhooks.deliveries import Delivery
from risk.webhooks.events import Watch
from risk.webhooks.receivers import Receiver

EVERY_S = 1.0
AT_ONCE = 64
EACH = 8
"""Pushes under way in all, and to one receiver."""

Chosen = list[tuple[Receiver, Delivery]]


@dataclass(slots=True)
class Dispatcher:
    """Pushes from the store to its receivers; any number of processes may do so side by side."""

    history: History
    cipher: SecretCipher
    pool: Pool
    metrics: Metrics
    log: Log
    watch: Watch = field(default_factory=Watch)
    _under_way: dict[asyncio.Task[None], str] = field(default_factory=dict)
    _results: list[tuple[Receiver, Delivery, Result]] = field(default_factory=list)

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
        """Store what happened and how pushes went; start sending what is due."""
        for receiver, delivery in await self.pool.run(self._turn_over):
            task = asyncio.create_task(self._send(receiver, delivery))
            self._under_way[task] = receiver.receiver_id
            task.add_done_callback(self._under_way.pop)

    async def _wait(self) -> None:
        """Until a push is done, but no longer than a moment."""
        if self._under_way:
            first = asyncio.FIRST_COMPLETED
            await asyncio.wait(list(self._under_way), timeout=EVERY_S, return_when=first)
        elif not self._results:
            await asyncio.sleep(EVERY_S)

    async def stop(self) -> None:
        """Break off what is under way: it stays stored, and is due again soon."""
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.pool.run(self._note_results)

    def _turn_over(self) -> Chosen:
        with self.history.read() as connection:
            known = {r.receiver_id: r for r in receivers.every(connection, self.cipher)}
            look = self.watch.look(connection, list(known.values()), now_ms())
        if any(look.new.values()):
            with self.history.write() as write:
                self.watch.tell(write, look)
            self.watch.remember(look)
        self._note_results()
        return self._take(known)

    def _note_results(self) -> None:
        results, self._results = self._results, []
        if results:
            with self.history.write() as write:
                for receiver, delivery, result in results:
                    _write_down(write, receiver, delivery, result)

    def _take(self, known: dict[str, Receiver]) -> Chosen:
        busy = Counter(self._under_way.values())
        free = [receiver for receiver in known if busy[receiver] < EACH]
        room = AT_ONCE - len(self._under_way)
        with self.history.read() as connection:
            due = deliveries.due(connection, now_ms(), room, free) if free and room > 0 else []
        fair = list(_fair(due, busy))
        if not fair:
            return []
        with self.history.write() as write:
            return [(known[d.receiver_id], d) for d in deliveries.take(write, fair)]

    async def _send(self, receiver: Receiver, delivery: Delivery) -> None:
        result = await send(receiver, delivery, time.time())
        self._results.append((receiver, delivery, result))
        outcome = "sent" if result.arrived else "failed"
        self.metrics.pushes.labels(delivery.event, outcome).inc()
        self.log.info(
            "push", delivery=delivery.delivery_id, to=receiver.receiver_id, about=delivery.event,
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


def _write_down(write: Write, receiver: Receiver, delivery: Delivery, result: Result) -> None:
    if result.arrived:
        deliveries.sent(write, delivery, result.status or 0)
        return
    deliveries.not_sent(write, delivery, result.status, result.trouble)
    if result.status == 410:
        receivers.stop(write, receiver.receiver_id)
