"""An order, what was asked and granted for it, and what is used up of its price."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from risk.facts.format import money
from risk.features.order_money import OrderMoney
from risk.history.store import History
from tests.naive_money import money_of
from tests.rendering import empty, fill, money_by_point
from tests.stores import new_store
from tests.worlds import DAY, HOUR, START, World, stored

AT = START + 30 * DAY


EARLIER, LATER = AT - DAY, AT + DAY


def line(line_id: str = "1", amount: str = "100", **more: Any) -> dict[str, Any]:
    return {"order_id": "O", "line_id": line_id, "customer_id": "C", "placed_at": START,
            "known_at": START, "amount": amount, "currency": "CNY", **more}  # fmt: skip


def request(refund_id: str, amount: str = "100", at: int = EARLIER, **more: Any) -> dict[str, Any]:
    return {"refund_id": refund_id, "order_id": "O", "line_id": "1", "requested_at": at,
            "known_at": at, "amount": amount, "type": "refund_only", "reason_code": "damaged",
            **more}  # fmt: skip


def own(amount: str = "100", **more: Any) -> dict[str, Any]:
    return request("R", amount, AT, **more)


def outcome(refund_id: str, amount: str | None = None, **more: Any) -> dict[str, Any]:
    at = more.pop("at", AT - HOUR)
    return {"refund_id": refund_id, "decided_at": at, "known_at": at, "verdict": "undetermined",
            "resolution": "refunded", "amount": amount, "decided_by": "merchant",
            **more}  # fmt: skip


def parcel_back(refund_id: str | None = "A", status: str = "delivered") -> dict[str, Any]:
    return {"order_id": "O", "line_id": None, "refund_id": refund_id, "direction": "return",
            "status": status, "occurred_at": AT - HOUR, "known_at": AT - HOUR}  # fmt: skip


@cache
def _store() -> History:
    """One store for all these tests, emptied for each."""
    return new_store(Path(mkdtemp()) / "store.db")


def money_found(as_of: int = AT, **world: list[dict[str, Any]]) -> OrderMoney:
    """The money of the request `R`, the same by query and by hand."""
    facts: World = stored({"orders": [line()], **world})
    fill(empty(_store()), facts)
    (found,) = money_by_point(_store(), [("R", as_of, "request")])
    assert found == money_of(facts, "R", as_of)
    return found


def used(as_of: int = AT, **world: list[dict[str, Any]]) -> tuple[str | None, str, str, str]:
    """Paid, asked, asked before and granted before of the request `R`, in its currency."""
    found = money_found(as_of, **world)
    paid = None if found.paid is None else money(found.paid)
    return paid, money(found.asked), money(found.asked_before), money(found.granted_before)
