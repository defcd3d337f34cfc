"""Random histories of callers bound to merchants, with the platform between them; a naive model.

Two merchants use the same numbers. Each operation is one commit, on a clock that steps by one
millisecond, so that a history without some of its operations has the same moments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from risk.decisions.decide import Decider
from risk.errors import Conflict, Forbidden, NotFound
from risk.facts.format import iso
from risk.facts.parse import parse_time
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import FACTS, commits, latest
from risk.history.schema.schema_tenants import id_aliases
from risk.history.store import History
from risk.history.tenants.caller import ANYONE, Caller
from risk.history.tenants.ownership import of_subjects
from tests.deciders import DAY, HOUR

NUMBERS = ("1", "2")
MERCHANTS = ("A", "B")
OF_BOUND = ("orders", "refunds", "score", "score alone", "again",
            "shipments", "evidence", "inspections", "outcomes")  # fmt: skip
OF_PLATFORM = ("orders", "refunds", "shipments", "outcomes")


@dataclass(frozen=True)
class Op:
    """Something sent: by `who` (`bound`, `named`: the platform naming the merchant, `platform`:
    naming none), of a merchant, of a kind, about an order or the request on it."""

    who: str
    merchant: str
    kind: str
    number: str

    @property
    def caller(self) -> Caller:
        if self.who == "platform":
            return ANYONE
        return Caller(frozenset({self.merchant}), bound=self.who == "bound")


def ops() -> st.SearchStrategy[list[Op]]:
    """Histories; the platform says without naming a merchant only what names one itself."""
    merchant, number = st.sampled_from(MERCHANTS), st.sampled_from(NUMBERS)
    one = st.one_of(
        st.builds(Op, st.just("bound"), merchant, st.sampled_from(OF_BOUND), number),
        st.builds(Op, st.just("named"), merchant, st.sampled_from(OF_PLATFORM), number),
        st.builds(Op, st.just("platform"), merchant, st.just("orders"), number),
    )
    return st.lists(one, min_size=3, max_size=14)


@dataclass
class World:
    """A store on a clock of its own, and facts of the same content for every world."""

    history: History
    decider: Decider
    began: int

    def __post_init__(self) -> None:
        """Let the store's clock be ahead of the machine's: then it steps by one a commit."""
        with self.history.write() as write:
            at = self.began + 36 * HOUR
            here = sa.update(commits).where(commits.c.commit_no == write.commit_no)
            write.connection.execute(here.values(at=at))

    def now(self) -> int:
        with self.history.read() as connection:
            return int(connection.execute(sa.select(sa.func.max(commits.c.at))).scalar_one())

    def pause(self) -> None:
        """A commit of nothing."""
        with self.history.write():
            pass

    def do(self, op: Op) -> bool:
        """Send it; whether it was taken."""
        try:
            self._send(op)
        except (Conflict, Forbidden, NotFound):
            self.pause()
            return False
        return True

    def _send(self, op: Op) -> None:
        fact = self.fact
        if op.kind == "score":
            parts = {"refund": fact(op, "refunds"), "order": [fact(op, "orders")]}
            self.decider.score(parts, caller=op.caller)
        elif op.kind == "score alone":
            alone = {"refund": fact(op, "refunds"), "evidence": [fact(op, "evidence")]}
            self.decider.score(alone, caller=op.caller)
        elif op.kind == "again":
            self.decider.score_again(f"{op.number}-1", op.caller)
        else:
            ingest(self.history, op.kind, [fact(op, op.kind)], caller=op.caller)

    def event_times(self, op: Op) -> dict[str, int]:
        """The event time of the operation's fact of each kind (ms)."""
        return {kind: parse_time(self.fact(op, kind)[name]) for kind, name in TIMES.items()}

    def fact(self, op: Op, kind: str) -> dict[str, Any]:
        """The fact: the merchant's own content under an id that both use."""
        n, own = op.number, f"{op.merchant}{op.number}"
        shift = MERCHANTS.index(op.merchant) + 2 * (op.who != "bound")
        at = iso(self.began + shift * 60_000)
        about = {"refund_id": f"{n}-1"}
        facts: dict[str, Callable[[], dict[str, Any]]] = {
            "orders": lambda: {
                "order_id": n, "customer_id": f"C{own}", "merchant_id": op.merchant,
                "placed_at": iso(self.began - 4 * DAY), "amount": f"{100 + shift % 2}.00",
                "device_id": own, "sku": f"S{op.merchant}", "category": f"things of {op.merchant}",
            },
            "refunds": lambda: {
                **about, "order_id": n, "requested_at": iso(self.began - HOUR), "amount": "90.00",
                "reason_code": "damaged", "reason_text": f"the {own} broke", "payout_account": own,
            },
            "shipments": lambda: {
                "order_id": n, "status": "delivered", "occurred_at": at, "courier": op.merchant,
            },
            "evidence": lambda: {
                **about, "evidence_id": f"E{n}", "kind": "photo", "submitted_at": at,
                "content_hash": own,
            },
            "inspections": lambda: {**about, "inspected_at": at, "condition": "counterfeit"},
            "outcomes": lambda: {**about, "decided_at": at, "verdict": "fraud"},
        }  # fmt: skip
        return facts[kind]()


def began() -> int:
    """The moment that the facts of a test are dated by."""
    return now_ms() - DAY


TIMES = {
    "orders": "placed_at",
    "refunds": "requested_at",
    "shipments": "occurred_at",
    "evidence": "submitted_at",
    "inspections": "inspected_at",
    "outcomes": "decided_at",
}

Seen = dict[tuple[str, str, str, int], int]
"""When each fact became known, by merchant, kind, the merchant's id and event time."""


def seen(history: History) -> Seen:
    """What is stored and counts, by the ids that the merchants use."""
    found: Seen = {}
    with history.read() as connection:
        rows = connection.execute(sa.select(id_aliases)).mappings()
        own = {(row["name"], row["internal_id"]): (row["merchant_id"], row["id"]) for row in rows}
        for kind, (name, event) in _ABOUT.items():
            table = FACTS[kind]
            for row in connection.execute(sa.select(table).where(latest(table))).mappings():
                subject = (name, str(row[name]))
                owners = of_subjects(connection, [subject]).get(subject, {"nobody"})
                merchant, value = own.get(subject, ("+".join(map(str, owners)), subject[1]))
                fact = (merchant, kind, value, row[event])
                assert fact not in found, f"stored twice: {fact}"
                found[fact] = row["known_at"]
    return found


_ABOUT = {
    "orders": ("order_id", "placed_at"), "refunds": ("refund_id", "requested_at"),
    "shipments": ("order_id", "occurred_at"), "evidence": ("refund_id", "submitted_at"),
    "inspections": ("refund_id", "inspected_at"), "outcomes": ("refund_id", "decided_at"),
}  # fmt: skip


@dataclass
class Naive:
    """What each merchant's facts should be, one operation after another."""

    seen: Seen = field(default_factory=dict)
    orders: set[tuple[str, str]] = field(default_factory=set)
    requests: set[tuple[str, str]] = field(default_factory=set)
    named: set[tuple[str, str]] = field(default_factory=set)
    stated: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[str, str, str, int]] = field(default_factory=list)

    def take(self, op: Op, at: int, times: dict[str, int], *, taken: bool) -> None:
        """An operation and what became of it."""
        for kind in {"score": ("orders", "refunds"), "score alone": ("refunds", "evidence"),
                     "again": ()}.get(op.kind, (op.kind,)):  # fmt: skip
            if taken:
                self._take(op, kind, at, times[kind])

    def _take(self, op: Op, kind: str, at: int, event: int) -> None:
        m, n = op.merchant, op.number
        about = n if _ABOUT[kind][0] == "order_id" else f"{n}-1"
        fact = (m, kind, about, event)
        if op.who == "named":
            self.named.add((m, about))
            self.named.add((m, n)) if kind == "refunds" else None
        if kind == "orders":
            self._order(op)
        if kind == "refunds":
            self.requests.add((m, about))
        known = {"orders": True, "refunds": True}.get(kind) or op.who == "named"
        if known or (m, about) in self.orders | self.requests:
            self.seen.setdefault(fact, at)
        elif fact not in self.waiting and fact not in self.seen:
            self.waiting.append(fact)
        self._release(at)

    def _order(self, op: Op) -> None:
        m, n = op.merchant, op.number
        self.orders.add((m, n))
        if op.who == "platform":
            self.stated[n] = m
            self.waiting = [
                fact for fact in self.waiting
                if fact[2] != n or fact[0] == m or self._has_own(fact[0], n)
            ]  # fmt: skip

    def _has_own(self, merchant: str, number: str) -> bool:
        own = (merchant, number)
        return own in self.orders | self.named or (merchant, f"{number}-1") in self.requests

    def _release(self, at: int) -> None:
        for fact in list(self.waiting):
            if (fact[0], fact[2]) in self.orders | self.requests:
                self.waiting.remove(fact)
                self.seen.setdefault(fact, at)

    def refuses(self, op: Op) -> bool:
        """Whether a bound merchant speaks of what the platform says is another's."""
        said = self.stated.get(op.number)
        other = said is not None and said != op.merchant
        return op.kind == "shipments" and other and not self._has_own(op.merchant, op.number)


def without(history: Sequence[Op], taken: Sequence[bool], merchant: str) -> list[Op | None]:
    """The history without what a merchant's own key sent, and without what was refused."""
    return [
        op if ok and not (op.who == "bound" and op.merchant == merchant) else None
        for op, ok in zip(history, taken, strict=True)
    ]
