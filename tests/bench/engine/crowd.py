"""One case in the live store: against how many facts its entities have, and bytes a fact."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from risk.errors import BadInput, NotFound
from risk.facts import KINDS
from risk.facts.parse_columns import Millis, parse_columns
from risk.facts.units import DAY_MS
from risk.history.facts.fact_columns import to_stored_columns
from risk.history.facts.write import add_consistent
from risk.history.store import History
from training.facts.import_folder import import_folder

CROWDED = (10, 1_000, 100_000)
READINGS = 300
START = 1_767_225_600_000
END = START + 900 * DAY_MS
SECRET = "only for this measurement, no other"


@dataclass(frozen=True)
class Latency:
    """Bytes a fact, indexes and joined rows included; processor-ms of one case, usual and crowded.

    Medians; the store works in this process, so its time is in them.
    """

    bytes_a_fact: float
    usual_ms: float
    crowded_ms: dict[int, float]


def latency(folder: Path, crowded: Sequence[int] = CROWDED) -> Latency:
    """The cases of the contract folder `facts`, and cases whose every entity is crowded."""
    file = folder / "store.db"
    history = History.open(f"sqlite:///{file}", SECRET)
    try:
        kept = sum(import_folder(history, folder / "facts").new.values())
        history.engine.dispose()
        size = sum(path.stat().st_size for path in folder.glob("store.db*"))
        with history.read() as connection:
            usual = list(connection.exec_driver_sql("SELECT refund_id FROM refunds").scalars())
        for facts in crowded:
            crowd(history, facts)
        asked = {0: usual, **{facts: [_last(facts)] for facts in crowded}}
        took = read(history, asked)
        return Latency(size / kept, took.pop(0), took)
    finally:
        history.close()


def _last(facts: int) -> str:
    return f"crowd-{facts}-{facts - 1}"


def crowd(history: History, facts: int) -> None:
    """A customer with so many orders, all through the same entities, and a request for each."""
    name, numbers = f"crowd-{facts}", list(range(facts))
    ids, same = [f"{name}-{i}" for i in numbers], [name] * facts
    at = Millis(START + i for i in numbers)
    orders: dict[str, Sequence[Any]] = {
        "order_id": ids, "customer_id": same, "placed_at": at, "amount": ["10"] * facts,
        "sku": same, "merchant_id": same, "category": same, "device_id": same,
        "shipping_address": [f"{facts} Example Road"] * facts, "payment_instrument": same,
        "phone": [f"139{facts:08d}"] * facts,
    }  # fmt: skip
    requests: dict[str, Sequence[Any]] = {
        "refund_id": ids, "order_id": ids, "amount": ["10"] * facts, "requested_at": at,
        "reason_code": ["damaged"] * facts, "payout_account": same,
    }  # fmt: skip
    with history.write() as write:
        for kind, columns in (("orders", orders), ("refunds", requests)):
            parsed, problems = parse_columns(KINDS[kind], columns, numbers)
            if problems:
                raise BadInput(problems)
            add_consistent(write, kind, to_stored_columns(KINDS[kind], parsed, history.hasher))


def read(history: History, asked: dict[int, list[str]]) -> dict[int, float]:
    """Median processor-milliseconds of reading one case with the whole catalogue, in turns."""
    took: dict[int, list[float]] = {facts: [] for facts in asked}
    with history.read() as connection:
        for i in range(READINGS):
            for facts, refunds in asked.items():
                refund = refunds[i % len(refunds)]
                start = time.process_time()
                spine = history.reader.spine(connection, refund, END)
                if spine is None:
                    raise NotFound(f"no refund request {refund}")
                history.reader.vector(connection, spine)
                took[facts].append(1_000 * (time.process_time() - start))
    return {facts: statistics.median(some) for facts, some in took.items()}
