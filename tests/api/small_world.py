"""Facts of one small world, few enough to meet again and again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from risk.facts import KINDS

Fact = dict[str, Any]
Key = tuple[Any, ...]
ORDERS, REFUNDS, ITEMS, LOOKS = range(2), range(3), range(3), range(2)
KNOWN = "2026-03-20T08:00:00+08:00"
"""When a fact that comes late says it was known: after all that happened, before all calls."""

_worlds = count()


def key_of(kind: str, fact: Fact) -> Key:
    definition = KINDS[kind]
    defaults = {f.name: f.default for f in definition.fields}
    return (kind, *(fact.get(name, defaults[name]) for name in definition.key))


def _at(day: int, hour: int = 8) -> str:
    return f"2026-03-{day:02}T{hour:02}:00:00+08:00"


class World:
    """Facts of one small world; `variant` is what a contradiction would say."""

    def __init__(self) -> None:
        self.name = f"w{next(_worlds)}"

    def order(self, n: int, line: int = 1, variant: int = 0) -> Fact:
        return {
            "order_id": f"O-{self.name}-{n}", "line_id": str(line), "amount": f"{100 + variant}",
            "customer_id": f"C-{self.name}-{line}", "placed_at": _at(1),
            "shipping_address": f"{self.name} Road {n}",
        }  # fmt: skip

    def refund(self, n: int, variant: int = 0) -> Fact:
        return {
            "refund_id": f"R-{self.name}-{n}", "order_id": f"O-{self.name}-{n % 2}",
            "requested_at": _at(5 + n), "amount": f"{50 + variant}", "reason_code": "damaged",
        }  # fmt: skip

    def evidence(self, refund: int, n: int, variant: int = 0) -> Fact:
        return {
            "evidence_id": f"E-{self.name}-{refund}-{n}", "refund_id": f"R-{self.name}-{refund}",
            "submitted_at": _at(9, n), "kind": ("photo", "declined")[variant],
        }  # fmt: skip

    def parcel(self, refund: int, n: int) -> Fact:
        """On its way out, or on its way back for a request."""
        back = {"refund_id": f"R-{self.name}-{refund}", "direction": "return"} if n else {}
        return {"order_id": f"O-{self.name}-{refund % 2}", "status": "delivered",
                "occurred_at": _at(3 + 8 * n), **back}  # fmt: skip

    def inspection(self, refund: int, n: int, variant: int = 0) -> Fact:
        return {"refund_id": f"R-{self.name}-{refund}", "inspected_at": _at(12, n),
                "condition": ("as_sent", "empty")[variant]}  # fmt: skip

    def outcome(self, refund: int, n: int, variant: int = 0) -> Fact:
        return {"refund_id": f"R-{self.name}-{refund}", "decided_at": _at(14, n),
                "verdict": ("legitimate", "fraud")[variant]}  # fmt: skip


def facts_in(body: Fact) -> Iterator[tuple[str, Fact]]:
    """The facts of a scoring body with their kinds."""
    kinds = {"refund": "refunds", "order": "orders", "inspection": "inspections"}
    for member, given in body.items():
        for fact in given if isinstance(given, list) else [given]:
            yield kinds.get(member, member), fact
