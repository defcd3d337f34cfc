"""What the monitor found as Prometheus gauges in a file, for a collector that reads files."""

from __future__ import annotations

from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from risk.history.connection.connect import now_ms
from risk.history.monitor_reports import ChampionReport

PREFIX = "refund_risk_monitor"


def write_gauges(found: ChampionReport, path: Path) -> None:
    """One gauge a number, how many alarms there are, and when it was measured (s)."""
    registry = CollectorRegistry()
    numbers = {**found.numbers, "alarms": float(len(found.alarms))}
    numbers["timestamp_seconds"] = now_ms() / 1000
    for name, value in numbers.items():
        gauge = Gauge(f"{PREFIX}_{name}", name.replace("_", " "), ["version"], registry=registry)
        gauge.labels(found.version).set(value)
    write_to_textfile(str(path), registry)
