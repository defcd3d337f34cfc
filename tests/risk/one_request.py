"""A request and its order as facts of which one is varied at a time, and a feature of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from risk.features.catalog import catalogue
from tests.rendering import by_duckdb
from tests.worlds import DAY, START, Fact, stored

AS_OF = START + 100 * DAY
PLACED, DELIVERED, ASKED = AS_OF - 9 * DAY, AS_OF - 6 * DAY, AS_OF - 4 * DAY
KNOWN = {feature.name: feature for feature in catalogue()}
TEXT = "The stitching along the left shoulder is uneven and the fabric feels very thin."


def order(name: str, **more: object) -> Fact:
    return {"order_id": name, "line_id": "1", "customer_id": name, "amount": "99", "sku": "S",
            "placed_at": PLACED, **more}  # fmt: skip


def request(name: str, **more: object) -> Fact:
    return {"refund_id": name, "order_id": name, "requested_at": ASKED, "amount": "99",
            "reason_code": "damaged", "reason_text": TEXT, **more}  # fmt: skip


def value(feature: str, name: str = "A", /, **facts: list[Fact]) -> float:
    """A feature of the request of a name."""
    return values((feature,), name, **facts)[0]


def values(features: Sequence[str], name: str = "A", /, **facts: list[Fact]) -> list[float]:
    """Features of the request of a name."""
    asked = [(name, AS_OF, "request")]
    world: dict[str, Any] = {"orders": [order("A")], "refunds": [request("A")], **facts}
    told: list[float] = by_duckdb(stored(world), asked, [KNOWN[one] for one in features])[
        0
    ].tolist()
    return told
