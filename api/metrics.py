"""What Prometheus reads: rates, errors, durations, decisions, and what is in force."""

from __future__ import annotations

import re

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

_DECISION = re.compile(rb'"tier":"(\w+)".*?"probability":([-+.\deE]+)', re.DOTALL)
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_PROBABILITIES = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


class Metrics:
    """The numbers of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
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
            "The model and policy that decide now",
            ("model", "policy"),
            registry=self.registry,
        )

    def _add_chores(self) -> None:
        self.inside = Gauge(
            "refund_risk_calls_inside",
            "Calls being worked on or waiting for a thread",
            registry=self.registry,
        )
        self.chores_failed = Counter(
            "refund_risk_chores_failed",
            "Failures of the work behind the calls, such as taking a new model",
            ("chore",),
            registry=self.registry,
        )
        self.pushes = Counter(
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

    def decided(self, decision: bytes) -> None:
        """Count one Decision as it was answered (JSON)."""
        found = _DECISION.search(decision)
        if found:
            self._decisions.labels(found[1].decode()).inc()
            self._probabilities.observe(float(found[2]))

    def in_force(self, model: str, policy: str) -> None:
        """Say which model and policy decide now."""
        self._in_force.clear()
        self._in_force.labels(model, policy).set(1)

    def text(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self.registry)
