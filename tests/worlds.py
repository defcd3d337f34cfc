"""Random histories: contract facts in every awkward arrangement, from a seed or from hypothesis.

Times lie on a coarse grid so that facts tie with one another and with the edges of windows; some
facts are known late; ids speak several languages; one value of each pool is a hub.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import hypothesis.strategies as st

from risk.facts import CHANNELS, INSPECTIONS, REASONS, RECORDS, TYPES, VERDICTS
from risk.facts.columns import NEARNESS
from risk.facts.parse_columns import Millis, parse_columns
from risk.history.facts.fact_columns import to_stored_columns
from risk.identity import Hasher
from tests.revised_worlds import revise

Fact = dict[str, Any]
World = dict[str, list[Fact]]
Asked = tuple[str, int, str]
"""What is asked of an engine: a request, a moment, a stage."""

T = TypeVar("T")
HOUR = 3_600_000
DAY = 24 * HOUR
START = 1_767_225_600_000
HASHER = Hasher(b"a key for random histories")

TEXTS = (
    None, "broken", "不想要了",
    "The zip of the red jacket broke on 3 March when my daughter put it on, see the photo.",
    "the zip of the red jacket broke on 4 March when my daughter put it on, see photo",
    "收到的杯子碎成三块，外包装完好，3月5日晚上在家拆箱时发现的，有视频。",
    "收到的杯子碎成了三块，外包装完好，3月6日晚上在家拆箱时发现，有视频为证。",
    "I never got the parcel, but it was used once and then it smelled.", "🧨🧨🧨", "e\u0301 \u200b",
)  # fmt: skip


@dataclass(frozen=True)
class Chooser:
    """Where randomness comes from: an index below a number, from a seed or from hypothesis."""

    below: Callable[[int], int]

    def pick(self, pool: Sequence[T]) -> T:
        return pool[self.below(len(pool))]

    def often(self, pool: Sequence[T]) -> T:
        """The first of the pool half of the time: a hub."""
        return pool[0] if self.below(2) else self.pick(pool)

    def maybe(self, pool: Sequence[T]) -> T | None:
        """Nothing one time in five."""
        return None if self.below(5) == 0 else self.often(pool)


@dataclass(frozen=True)
class Shape:
    """How large a history is, how many of everything there are, how long it lasts."""

    facts: int = 1_000
    customers: int = 40
    step: int = 12 * HOUR
    steps: int = 800
    revised: int = 0
    """One fact in so many is corrected or taken back, some several times; 0: none is."""

    @property
    def orders(self) -> int:
        return max(2, self.facts // 4)

    @property
    def refunds(self) -> int:
        return max(2, self.facts // 5)


class Maker:
    """Makes facts one at a time out of small pools."""

    def __init__(self, chooser: Chooser, shape: Shape) -> None:
        self.of, self.shape = chooser, shape
        signs = ("C", "客户", "ж", "é", "😀")
        self.customers = [f"{signs[i % 5]}-{i}" for i in range(shape.customers)]
        few = range(max(2, shape.customers // 4))
        self.addresses = [f"{1 + i} Example Road, Room {500 + i}" for i in few]
        self.things = [f"thing {i}" for i in few]
        self.couriers = ["顺丰", "UPS", "ups"]

    def moment(self) -> int:
        return START + self.shape.step * self.of.below(self.shape.steps)

    def known(self, at: int) -> int:
        late = self.of.below(4)
        return at if late else at + self.shape.step * self.of.below(self.shape.steps // 8 + 1)

    def order(self) -> Fact:
        of, at = self.of, self.moment()
        number = of.below(self.shape.orders)
        usual = self.customers[number % len(self.customers) if number % 3 else 0]
        return {
            "order_id": f"O-{number}", "line_id": str(1 + of.below(3)),
            "customer_id": usual if of.below(25) else of.pick(self.customers),
            "placed_at": at, "known_at": self.known(at),
            "amount": str(of.pick((0, 9.9, 98, 250, 99.5))),
            "currency": of.pick(("CNY", "CNY", "USD")), "quantity": of.maybe((1, 2, 0, 7)),
            "sku": of.maybe(("SKU", "商品", "sku", "Ω")), "category": of.maybe(("apparel", "food")),
            "merchant_id": of.maybe(("M", "店")), "channel": of.maybe(CHANNELS),
            "shipping_address": of.maybe(self.addresses),
            "payment_instrument": of.maybe(self.things), "device_id": of.maybe(self.things),
            "phone": of.maybe([f"1380000{i:04d}" for i in range(9)]),
            "ip": of.maybe(("203.0.113.9", "2001:db8::1")),
            "account_created_at": None if of.below(3) == 0 else at - DAY * of.below(900),
            "customer_tier": of.maybe((None, "vip")), "no_reason_return": of.maybe((True, False)),
            "delivery_amount": of.maybe(("12", "0")), "expected_weight_g": of.maybe((400, 1_200)),
        }  # fmt: skip

    def shipment(self) -> Fact:
        of, at = self.of, self.moment()
        return {
            "order_id": self._order(), "line_id": of.pick((None, None, "1", "2")),
            "refund_id": of.pick((None, self._refund())),
            "direction": of.pick(("outbound", "return")),
            "status": of.pick(("shipped", "delivered", "lost", "returned_to_sender")),
            "occurred_at": at, "known_at": self.known(at), "courier": of.maybe(self.couriers),
            "tracking_no": of.maybe(self.things),
            "received_by": of.maybe(("customer", "locker", "neighbour", "unknown")),
            "weight_g": of.maybe((0, 420, 421.5)), "packed_sku": of.maybe(("SKU", "商品")),
            "packed_quantity": of.maybe((1, 0)),
        }  # fmt: skip

    def refund(self, number: int) -> Fact:
        of, at = self.of, self.moment()
        return {
            "refund_id": f"R-{number}", "order_id": self._order(),
            "line_id": of.pick((None, "1", "2", "9")),
            "requested_at": at, "known_at": self.known(at), "type": of.pick(TYPES),
            "amount": str(of.pick((9.9, 98, 99.99, 250))), "reason_code": of.pick(REASONS),
            "reason_text": of.pick(TEXTS),
            "claims_received": of.maybe((True, False)), "device_id": of.maybe(self.things),
            "payout_account": of.maybe(self.things), "respond_by": None,
            "postage": of.maybe(("8", "0")), "state": of.pick(("open", "open", "withdrawn")),
        }  # fmt: skip

    def evidence(self, number: int) -> Fact:
        of, at = self.of, self.moment()
        refund, order = (None, self._order()) if of.below(4) == 0 else (self._refund(), None)
        return {
            "evidence_id": f"E-{number}", "refund_id": refund, "order_id": order,
            "submitted_at": at, "known_at": self.known(at),
            "kind": of.pick(("photo", "video", "document", "declined", "unanswered")),
            "submitted_by": of.pick(("customer", "customer", "merchant", "courier")),
            "asked_at": of.pick((None, at - HOUR * of.below(90))),
            "content_hash": of.maybe(self.things), "captured_at": of.pick((None, self.moment())),
        }  # fmt: skip

    def file(self) -> Fact:
        of, at = self.of, self.moment()
        item, picture = of.below(max(1, self.shape.facts // 10)), of.below(3)
        return {
            "evidence_id": f"E-{item}", "known_at": self.known(at), "digest": f"d{picture}",
            "reader": "1", "media_type": of.pick(("image/jpeg", "video/mp4")),
            "picture": picture, "copied": of.pick((picture, None)),
        }  # fmt: skip

    def inspection(self) -> Fact:
        of, at = self.of, self.moment()
        condition = of.pick(INSPECTIONS.field("condition").choices)
        return {"refund_id": self._refund(), "inspected_at": at, "known_at": self.known(at),
                "condition": condition}  # fmt: skip

    def outcome(self) -> Fact:
        of, at = self.of, self.moment()
        return {
            "refund_id": self._refund(), "decided_at": at, "known_at": self.known(at),
            "verdict": of.pick(VERDICTS),
            "decided_by": of.pick(("merchant", "platform", "reviewer", "appeal", "system")),
            "selected_by": of.pick(("unknown", "rule", "random_audit")),
        }  # fmt: skip

    def feedback(self) -> Fact:
        at = self.moment()
        return {"refund_id": self._refund(), "answered_at": at, "known_at": self.known(at),
                "satisfaction": 1 + self.of.below(5)}  # fmt: skip

    def dispute(self, number: int) -> Fact:
        of, at = self.of, self.moment()
        return {
            "dispute_id": f"D-{number // 2}", "order_id": self._order(), "occurred_at": at,
            "known_at": self.known(at), "amount": str(of.pick((9.9, 98))),
            "stage": of.pick(("opened", "won", "lost", "withdrawn")),
        }  # fmt: skip

    def _order(self) -> str:
        return f"O-{self._busy(self.shape.orders)}"

    def _refund(self) -> str:
        return f"R-{self._busy(self.shape.refunds)}"

    def _busy(self, number: int) -> int:
        """Half of the time one of the first twentieth, about which much is known; some unknown."""
        return self.of.below(max(1, number // 20) if self.of.below(2) else number + 1)


def make(chooser: Chooser, shape: Shape, makes: type[Maker] = Maker) -> World:
    """A history of about `shape.facts` facts, and of what became of some of them."""
    maker, n = makes(chooser, shape), shape.facts
    world: World = {
        "orders": [maker.order() for _ in range(n * 3 // 10)],
        "shipments": [maker.shipment() for _ in range(n // 5)],
        "refunds": [maker.refund(i) for i in range(shape.refunds)],
        "evidence": [maker.evidence(i) for i in range(n // 10)],
        "inspections": [maker.inspection() for _ in range(n // 10)],
        "outcomes": [maker.outcome() for _ in range(n // 10)],
        "feedback": [maker.feedback() for _ in range(n // 20)],
        "payment_disputes": [maker.dispute(i) for i in range(n // 20)],
        "files": [maker.file() for _ in range(n // 10)],
    }
    if not shape.revised:
        return world
    makers: dict[str, Callable[[], Fact]] = {
        "orders": maker.order, "shipments": maker.shipment, "refunds": lambda: maker.refund(0),
        "evidence": lambda: maker.evidence(0), "inspections": maker.inspection,
        "files": maker.file,
        "outcomes": maker.outcome, "feedback": maker.feedback,
        "payment_disputes": lambda: maker.dispute(0),
    }  # fmt: skip
    return revise(chooser, world, makers, shape.revised, (shape.step, shape.steps // 4 + 1))


def seeded(seed: int, shape: Shape) -> World:
    """A large history that the seed decides."""
    return make(Chooser(random.Random(seed).randrange), shape)


@st.composite
def histories(draw: st.DrawFn, facts: int = 30, revised: int = 0) -> World:
    """A small history that hypothesis can shrink."""
    chooser = Chooser(lambda n: draw(st.integers(0, n - 1)))
    size, steps = draw(st.integers(4, facts)), draw(st.sampled_from((2, 40, 800)))
    return make(chooser, Shape(facts=size, customers=3, steps=steps, revised=revised))


@lru_cache(maxsize=100_000)
def _taken(kind: str, items: tuple[tuple[str, Any], ...]) -> tuple[tuple[str, Any], ...]:
    definition = RECORDS[kind]
    columns: dict[str, Any] = {name: [value] for name, value in items}
    settled = {name: columns.pop(name)[0] for name in NEARNESS if name in columns}
    for field in definition.fields:
        if field.type == "time" and field.name in columns:
            columns[field.name] = Millis(columns[field.name])
    parsed, problems = parse_columns(definition, columns, [0])
    assert not problems, problems
    stored = to_stored_columns(definition, parsed, HASHER)
    return tuple({**{name: values[0] for name, values in stored.items()}, **settled}.items())


def stored(world: World) -> World:
    """The facts as they are taken in, each revision once (the first stays)."""
    kept: World = {}
    for kind, facts in world.items():
        rows = [dict(_taken(kind, tuple(sorted(fact.items())))) for fact in facts]
        once = {(row["fact_key"], row.get("revision")): row for row in reversed(rows)}
        if kind == "retractions":
            once = {(row["fact_key"], None): row for row in reversed(rows)}
        kept[kind] = list(once.values())[::-1]
    return {kind: kept.get(kind, []) for kind in RECORDS}


def questions(facts: World, chooser: Chooser, number: int) -> list[Asked]:
    """Requests with moments that matter to them: their own, their order's, anybody's, ± 1 ms."""
    moments = sorted({row["known_at"] for rows in facts.values() for row in rows})
    asked: list[Asked] = []
    for _ in range(number if facts["refunds"] else 0):
        busy = max(1, len(facts["refunds"]) // 20)
        refund = chooser.pick(facts["refunds"][: busy if chooser.below(3) else None])
        about = {refund["refund_id"], refund["order_id"]}
        own = [
            row["known_at"]
            for rows in facts.values()
            for row in rows
            if row.get("refund_id") in about or row.get("order_id") in about
        ]
        at = chooser.pick(
            (refund["requested_at"], refund["known_at"], chooser.pick(own), chooser.pick(moments))
        )
        stage = chooser.pick(("request", "evidence", "return", "inspection"))
        asked.append((refund["refund_id"], at + chooser.pick((0, 0, -1, 1)), stage))
    return asked
