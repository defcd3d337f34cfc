"""Correcting one order in the live store, against how much its customer ordered."""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

from risk.facts.format import iso
from risk.facts.units import MINUTE_MS
from risk.history.intake import ingest
from risk.history.store import History

ORDERS = (10, 10_000)
CORRECTIONS = 40
START = 1_767_225_600_000
SECRET = "only for this measurement, no other"
AT_ONCE = 1_000


def corrections(folder: Path) -> dict[int, float]:
    """Median processor-ms of correcting an order, by the orders of its customer."""
    history = History.open(f"sqlite:///{folder / 'corrected.db'}", SECRET)
    try:
        return {size: _corrected(history, size) for size in ORDERS}
    finally:
        history.close()


def _order(customer: int, number: int, **more: Any) -> dict[str, Any]:
    at = iso(START + number * MINUTE_MS)
    return {
        "order_id": f"{customer}-{number}", "customer_id": str(customer), "placed_at": at,
        "known_at": at, "amount": "10.00", "device_id": f"device {customer}",
        "shipping_address": f"{customer} Example Road, Room 501", **more,
    }  # fmt: skip


def _corrected(history: History, size: int) -> float:
    for start in range(0, size, AT_ONCE):
        rows = [_order(size, n) for n in range(start, min(size, start + AT_ONCE))]
        ingest(history, "orders", rows, may_backdate=True)
    took = []
    for number in range(2, CORRECTIONS):
        line = _order(size, size // 2, revision=number, amount=f"{number}.00")
        begin = time.process_time()
        ingest(history, "orders", [line], may_backdate=True)
        took.append(1_000 * (time.process_time() - begin))
    return statistics.median(took)
