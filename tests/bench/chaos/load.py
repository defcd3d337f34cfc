"""Clients that behave: each request is sent again until it is answered, and answers are kept."""

from __future__ import annotations

import itertools
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

PATIENCE_S = 10.0
AGAIN = 7
"""Every seventh request is sent once more after its answer, as lost answers make clients do."""


def body(name: str, number: int, ago: timedelta = timedelta()) -> dict[str, Any]:
    """A whole request, its order and parcel with it; few addresses, so that histories meet."""
    now = datetime.now(UTC) - ago
    order = {
        "order_id": f"O-{name}", "customer_id": f"C-{number % 97}", "amount": "120.00",
        "placed_at": (now - timedelta(days=5)).isoformat(), "merchant_id": "M-1",
        "shipping_address": f"{number % 31} Example Road, Springfield",
    }  # fmt: skip
    parcel = {
        "order_id": f"O-{name}", "status": "delivered", "tracking_no": f"T-{name}",
        "occurred_at": (now - timedelta(days=2)).isoformat(),
    }  # fmt: skip
    refund = {
        "refund_id": f"R-{name}", "order_id": f"O-{name}", "amount": "120.00",
        "reason_code": "damaged", "reason_text": "the lid was cracked when it came",
        "requested_at": (now - timedelta(seconds=30)).isoformat(),
    }  # fmt: skip
    return {"refund": refund, "order": [order], "shipments": [parcel]}


@dataclass(slots=True)
class Load:
    """What was sent and what came back, by all clients together.

    `acknowledged` holds the answer to each request, `answers` counts them by status (`cut` for a
    connection that broke, `slow` for no answer in time), `odd` what no client should ever see.
    """

    url: str
    token: str
    name: str
    retry_s: float = 1.0
    sent: set[str] = field(default_factory=set)
    acknowledged: dict[str, bytes] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)
    odd: list[str] = field(default_factory=list)
    times: list[tuple[float, float]] = field(default_factory=list)
    """When each acknowledgement came and how long it took, in seconds."""
    _stop: threading.Event = field(default_factory=threading.Event)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def run(self) -> None:
        """One client: requests after one another until told to stop."""
        headers = {"authorization": f"Bearer {self.token}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=PATIENCE_S) as client:
            while not self._stop.is_set():
                number = next(self._numbers)
                name = f"{self.name}-{number}"
                sent = body(name, number)
                self.sent.add(name)
                self._until_answered(client, name, sent)
                if number % AGAIN == 0 and name in self.acknowledged:
                    self._until_answered(client, name, sent)

    def _until_answered(self, client: httpx.Client, name: str, sent: Any) -> None:
        while not self._stop.is_set():
            began = time.monotonic()
            pause = self._ask(client, name, sent, began)
            if pause is None:
                return
            self._stop.wait(pause)

    def _ask(self, client: httpx.Client, name: str, sent: Any, began: float) -> float | None:
        """Send once; seconds to wait before the next try, None when it is answered for good."""
        try:
            answer = client.post("/v1/refunds/score", json=sent)
        except httpx.TimeoutException:
            self.answers["slow"] += 1
            return 0.0
        except httpx.TransportError:
            self.answers["cut"] += 1
            return 0.05
        self.answers[str(answer.status_code)] += 1
        if answer.status_code == 200:
            self._keep(name, answer.content, began)
            return None
        return self._later(name, answer)

    def _keep(self, name: str, content: bytes, began: float) -> None:
        now = time.monotonic()
        self.times.append((now, now - began))
        if self.acknowledged.setdefault(name, content) != content:
            self.odd.append(f"R-{name} was answered in two ways")

    def _later(self, name: str, answer: httpx.Response) -> float | None:
        """What an honest refusal asks for; anything else is odd."""
        problem = answer.headers.get("content-type") == "application/problem+json"
        if answer.status_code in (429, 503) and problem and "retry-after" in answer.headers:
            return min(float(answer.headers["retry-after"]), self.retry_s)
        self.odd.append(f"R-{name}: {answer.status_code} {answer.text[:200]}")
        return None

    def stop(self) -> None:
        """Send nothing more."""
        self._stop.set()

    def pause(self, seconds: float) -> None:
        """Wait so long, or until nothing more is sent."""
        self._stop.wait(seconds)

    def told(self) -> str:
        """The answers by status."""
        return ", ".join(f"{n:,} × {status}" for status, n in sorted(self.answers.items()))

    def count(self, status: str) -> int:
        return self.answers[status]


@contextmanager
def under_load(url: str, token: str, name: str, clients: int = 6) -> Iterator[Load]:
    """Clients that keep asking until the block ends."""
    load = Load(url, token, name)
    threads = [threading.Thread(target=load.run) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        load.stop()
        for thread in threads:
            thread.join()


def wait_for(load: Load, more: int, seconds: float = 60.0) -> float:
    """Seconds until so many more are acknowledged. Raises TimeoutError."""
    began, goal = time.monotonic(), len(load.acknowledged) + more
    while len(load.acknowledged) < goal:
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not {more} more answers in {seconds:g} s")
        time.sleep(0.02)
    return time.monotonic() - began
