"""What a correction costs: by what it changes, not by how much its customer ordered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from risk.facts.format import iso
from risk.history.intake import ingest
from risk.history.store import History
from tests.stores import new_store

START, MINUTE = 1_767_225_600_000, 60_000
SIZES = (300, 3_000)
STEPS = 100


def order(n: int, **more: Any) -> dict[str, Any]:
    at = iso(START + n * MINUTE)
    return {"order_id": f"O-{n}", "customer_id": "C", "placed_at": at, "known_at": at,
            "amount": "10.00", "device_id": "one device", "phone": f"1380000{n % 9:04d}",
            "shipping_address": "1 Example Road, Room 501", **more}  # fmt: skip


def request(n: int) -> dict[str, Any]:
    at = iso(START + (n + 60) * MINUTE)
    return {"refund_id": f"R-{n}", "order_id": f"O-{n}", "requested_at": at, "known_at": at,
            "amount": "10.00", "reason_code": "damaged", "payout_account": "account"}  # fmt: skip


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, History]]:
    """A store whose customer has few orders, one whose customer has ten times as many."""
    made = {}
    for size in SIZES:
        made[size] = new_store(tmp_path_factory.mktemp("store") / "store.db")
        for kind, rows in (("orders", map(order, range(size))),
                           ("refunds", map(request, range(0, size, 10)))):  # fmt: skip
            ingest(made[size], kind, list(rows), may_backdate=True)
        ingest(made[size], "orders", [order(size + n) for n in range(4)], may_backdate=True)
    yield made
    for history in made.values():
        history.close()


@contextmanager
def counted(history: History) -> Iterator[list[int]]:
    """Counts what SQLite does meanwhile: steps of its machine, and rows changed."""
    used: list[Any] = []
    counts = [0, 0]

    def tick() -> int:
        counts[0] += STEPS
        return 0

    def watch(connection: Any, _: Any, __: Any) -> None:
        connection.set_progress_handler(tick, STEPS)
        used.append((connection, connection.total_changes))

    sa.event.listen(history.engine, "checkout", watch)
    yield counts
    sa.event.remove(history.engine, "checkout", watch)
    first = {id(connection): (connection, before) for connection, before in reversed(used)}
    for connection, before in first.values():
        counts[1] += connection.total_changes - before
        connection.set_progress_handler(None, 0)


def correct(**to: Any) -> Callable[[History, int], None]:
    """Corrects the order in the middle, or another."""

    def change(history: History, size: int) -> None:
        line = {**order(size // 2), "revision": 2, **to}
        ingest(history, "orders", [line], may_backdate=True)

    return change


def withdraw(history: History, size: int) -> None:
    row = {**request(size // 2 // 10 * 10 + 10), "revision": 2, "state": "withdrawn"}
    ingest(history, "refunds", [row], may_backdate=True)


def retract(history: History, size: int) -> None:
    fact = {"kind": "orders", "key": {"order_id": f"O-{size // 2 + 1}"}, "reason": "never was",
            "retracted_at": iso(START + 2 * size * MINUTE)}  # fmt: skip
    ingest(history, "retractions", [fact])


def order_again(history: History, size: int) -> None:
    ingest(history, "orders", [order(size + 9)], may_backdate=True)


@pytest.mark.parametrize(
    "change", [correct(amount="9.00"), withdraw, retract, order_again],
    ids=["amount", "withdrawn", "retracted", "the next order"],
)  # fmt: skip
def test_the_cost_does_not_grow_with_the_history(
    stores: dict[int, History], change: Callable[[History, int], None]
) -> None:
    steps, changes = [], []
    for size, history in stores.items():
        with counted(history) as counts:
            change(history, size)
        steps.append(counts[0])
        changes.append(counts[1])
    assert changes[0] == changes[1] < 80
    assert steps[1] < 1.3 * steps[0] + 5 * STEPS


def test_another_device_writes_no_more_and_reads_the_history_at_most_twice(
    stores: dict[int, History],
) -> None:
    """Who else of the customer's orders showed a device that only this order had: all may."""
    change = correct(revision=3, device_id="another device")
    changes = []
    for size, history in stores.items():
        with counted(history) as counts:
            change(history, size)
        changes.append(counts[1])
        assert counts[0] < 10_000 + 2 * 30 * size
    assert changes[0] == changes[1] < 80
