"""What was measured, as a table a person reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench.under_load.load import Load


@dataclass(frozen=True, slots=True)
class Measured:
    """One load on one service, and the processor time (s) it and its database took."""

    service: str
    connections: int
    load: Load
    processor: float

    @property
    def a_processor_second(self) -> float:
        return len(self.load.took) / self.processor if self.processor else float("nan")


def middle(found: Sequence[Measured]) -> float:
    """The median of answers a processor-second."""
    return median(one.a_processor_second for one in found)


def of(found: Sequence[Measured], service: str, connections: int) -> list[Measured]:
    return [m for m in found if m.service == service and m.connections == connections]


def show(found: Sequence[Measured], console: Console) -> None:
    """Every service at every number of connections: medians over rounds, least to most."""
    table = Table("service", "at once", "answers/s", "ms p50", "ms p99", "answers/CPU-s",
                  "ms CPU", "failed")  # fmt: skip
    for service, connections in dict.fromkeys((m.service, m.connections) for m in found):
        rounds = of(found, service, connections)
        rates = [m.a_processor_second for m in rounds]
        table.add_row(
            service,
            str(connections),
            f"{median(m.load.a_second for m in rounds):,.0f}",
            f"{1000 * median(m.load.quantile(0.5) for m in rounds):.1f}",
            f"{1000 * median(m.load.quantile(0.99) for m in rounds):.1f}",
            f"{middle(rounds):,.0f} ({min(rates):,.0f} to {max(rates):,.0f})",
            f"{1000 / middle(rounds):.2f}",
            str(sum(m.load.failed for m in rounds)),
        )
    console.print(table)


def goal(text: str, value: float, least: float) -> str:
    """A goal with what was reached: `value` should be at least `least`."""
    return f"{'reached' if value >= least else 'MISSED '}  {text}: {value:.2f}, wanted {least:g}"


def limit(text: str, value: float, most: float) -> str:
    """A limit with what was reached: `value` should be at most `most`."""
    return f"{'reached' if value <= most else 'MISSED '}  {text}: {value:.2f}, at most {most:g}"
