"""What Prometheus reads: rates, errors, durations, decisions, and what is in force.

Where several processes serve, each writes its numbers into a folder they share, and whichever is
asked answers for all of them, also for those that have died since.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from api.worker_folder import FOLDER, alive, shared_folder
from risk.decisions.decision import Decided

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PROBABILITIES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


class Metrics:
    """The numbers of this process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        if FOLDER not in os.environ:
            ProcessCollector(registry=self.registry)
        self._calls = Histogram(
            "refund_risk_call_seconds",
            "How long calls took, by call, method and status",
            ("call", "method", "status"),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._add_decisions()
        self._add_chores()
        self._children: dict[tuple[str, str, int], Histogram] = {}
        self._deciding: tuple[str, str] | None = None

    def _add_decisions(self) -> None:
        self._decisions = Counter(
            "refund_risk_decisions",
            "Decisions answered, by tier",
            ("tier",),
            registry=self.registry,
        )
        self._probabilities = Histogram(
            "refund_risk_probability",
            "Probabilities answered",
            buckets=_PROBABILITIES,
            registry=self.registry,
        )
        self._in_force = Gauge(
            "refund_risk_in_force",
            "How many processes decide with this model and policy now",
            ("model", "policy"),
            registry=self.registry,
            multiprocess_mode="livesum",
        )

    def _add_chores(self) -> None:
        self.in_flight = Gauge(
            "refund_risk_calls_inside",
            "Calls being worked on or waiting for a thread",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._workers = Gauge(
            "refund_risk_workers",
            "Processes that serve",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._workers.set(1)
        self.chores_failed = Counter(
            "refund_risk_chores_failed",
            "Failures of the work behind the calls, such as taking a new model",
            ("chore",),
            registry=self.registry,
        )
        self.files_fetched = Counter(
            "refund_risk_files_fetched",
            "Files that other systems named by address, by what became of a try",
            ("outcome",),
            registry=self.registry,
        )
        self.deliveries = Counter(
            "refund_risk_pushes",
            "Pushes to receivers, by event and outcome",
            ("event", "outcome"),
            registry=self.registry,
        )

    def called(self, call: str, method: str, status: int, seconds: float) -> None:
        """Count one call; `call` is its address as the contract writes it."""
        name = (call, method, status)
        child = self._children.get(name)
        if child is None:
            child = self._children[name] = self._calls.labels(call, method, str(status))
        child.observe(seconds)

    def decided(self, decided: Decided) -> None:
        """Count one Decision that was answered."""
        self._decisions.labels(decided.tier).inc()
        self._probabilities.observe(decided.probability)

    def in_force(self, model: str, policy: str) -> None:
        """Say which model and policy decide now."""
        if self._deciding not in (None, (model, policy)):
            self._in_force.labels(*self._deciding).set(0)
        self._deciding = (model, policy)
        self._in_force.labels(model, policy).set(1)

    def text(self, backlog: Mapping[str, int] | None = None) -> bytes:
        """Everything in Prometheus's text format, with what the store says is waiting."""
        folder = shared_folder()
        everything = CollectorRegistry()
        for collector in (_Workers(folder) if folder else self.registry, _Backlog(backlog or {})):
            everything.register(collector)
        return generate_latest(everything)


class _Workers(Collector):
    """The numbers of every process that serves or has served since the service was started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def collect(self) -> Iterable[Metric]:
        for pid in {int(file.stem.rpartition("_")[2]) for file in self.folder.glob("gauge_*.db")}:
            if not alive(pid):
                mark_process_dead(pid, str(self.folder))  # type: ignore[no-untyped-call]  # it has no types
        files = [str(file) for file in self.folder.glob("*.db") if file.stat().st_size]
        found: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]  # as it
        return found


BACKLOG = {
    "cases_open": "Cases that wait for a person",
    "cases_overdue": "Cases that wait for a person past their deadline",
    "deliveries_waiting": "Pushes that have not arrived yet",
    "files_waiting": "Files named by address that have not been fetched yet",
    "facts_waiting": "Facts of bound keys that are not known to be about their merchants'",
    "deliveries_late": "Pushes that should have been tried a minute ago",
    "clock_behind_ms": "How far this machine's clock stands before the store's",
    "clock_ahead_ms": "How far this machine's clock ran ahead of a steady one since the start",
}
"""What is counted in the store whenever it is asked for."""


class _Backlog(Collector):
    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts

    def collect(self) -> Iterator[Metric]:
        for name, count in self.counts.items():
            yield GaugeMetricFamily(f"refund_risk_{name}", BACKLOG[name], count)
