"""A case as the facts that a caller sends, and sending it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from types import MappingProxyType
from typing import Any, NamedTuple

import httpx

from risk.policy import load

Facts = Mapping[str, Any]
Decision = dict[str, Any]


class Ago(NamedTuple):
    """A moment so many days before the case is sent."""

    days: float


class Event(NamedTuple):
    """An event of a parcel."""

    status: str
    days_ago: float
    more: Facts = MappingProxyType({})


class Item(NamedTuple):
    """An item of evidence."""

    kind: str
    by: str = "customer"
    more: Facts = MappingProxyType({})


class Earlier(NamedTuple):
    """Another case that was sent before, and what was found about it."""

    story: Story
    outcome: Facts | None = None


SIGNED = (Event("shipped", 5), Event("delivered", 3, {"received_by": "customer"}))
MOVING = (Event("shipped", 1),)
LOST = (Event("shipped", 5), Event("lost", 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A request for a coat that was delivered three days ago, and what differs from that.

    Values that begin with `@` name something that cases of one telling share. `later`: evidence,
    return and inspection come after the request. `outcome` is one of the request itself,
    `withdrawn` its withdrawal; both come last. `unknown`: nobody sends the order.
    """

    refund: Facts = field(default_factory=dict)
    order: Facts = field(default_factory=dict)
    lines: tuple[Facts, ...] = ()
    parcels: tuple[Event, ...] = SIGNED
    back: tuple[Event, ...] = ()
    evidence: tuple[Item, ...] = ()
    inspection: str | None = None
    earlier: tuple[Earlier, ...] = ()
    listing: Facts | None = None
    outcome: Facts | None = None
    disputes: tuple[Facts, ...] = ()
    withdrawn: bool = False
    later: bool = False
    unknown: bool = False

    def but(self, **changes: Any) -> Story:
        """The same with other facts; those of the request and the order line are added."""
        merged: dict[str, Any] = {
            name: {**getattr(self, name), **value} if name in ("refund", "order") else value
            for name, value in changes.items()
        }
        return replace(self, **merged)


_numbers = count(1)


class Telling:
    """Sends stories to a service; what they share by name is theirs alone."""

    def __init__(self, client: httpx.Client, name: str) -> None:
        self._client, self._name = client, name
        self._now = datetime.now(UTC).replace(microsecond=0)

    def tell(self, story: Story) -> Decision:
        """The last decision on a story."""
        for other in story.earlier:
            self._one(other.story, other.outcome)
        return self._one(story)

    def _one(self, story: Story, outcome: Facts | None = None) -> Decision:
        name = f"{self._name}-{next(_numbers)}"
        body = self._body(story, name)
        if story.listing is not None:
            customer = body["order"][0]["customer_id"]
            self._store("/v1/orders", body["order"])
            call = f"/v1/customers/{customer}/listing"
            self._client.put(call, json=dict(story.listing)).raise_for_status()
        decision = self._scored(story, body)
        found = outcome or story.outcome
        if found is not None:
            about = {"refund_id": name, "decided_at": Ago(0.01), "decided_by": "platform"}
            self._store("/v1/outcomes", [self._facts({**about, **found})])
            decision = self._again(name)
        if story.withdrawn:
            taken = {**body["refund"], "revision": 2, "state": "withdrawn"}
            self._store("/v1/refunds", [taken])
            decision = self._again(name)
        return decision

    def _scored(self, story: Story, body: dict[str, Any]) -> Decision:
        if story.disputes:
            order = body["refund"]["order_id"]
            steps = [{"dispute_id": order, "order_id": order, **d} for d in story.disputes]
            self._store("/v1/payment-disputes", list(map(self._facts, steps)))
        whole = {name: value for name, value in body.items() if value}
        if story.later:
            early = [e for e in body["shipments"] if e["direction"] == "outbound"]
            first = {"refund": body["refund"], "order": body["order"], "shipments": early}
            self._post("/v1/refunds/score", {k: v for k, v in first.items() if v})
        return self._post("/v1/refunds/score", whole)

    def _body(self, story: Story, name: str) -> dict[str, Any]:
        order = self._facts({**_LINE, **_own(name), **story.order})
        order_id = order["order_id"]
        lines = [{**order, "line_id": str(n), **self._facts(line)}
                 for n, line in enumerate(story.lines, 2)]  # fmt: skip
        refund = {**_REQUEST, "refund_id": name, "order_id": order_id, **story.refund}
        about = {"refund_id": name}
        found = {**about, "inspected_at": Ago(0.01), "condition": story.inspection}
        return {
            "refund": self._facts({"amount": order["amount"], **refund}),
            "order": [] if story.unknown else [order, *lines],
            "shipments": [
                *(self._event(order_id, one, {"direction": "outbound"}) for one in story.parcels),
                *(self._event(order_id, one, {"direction": "return", **about})
                  for one in story.back),
            ],
            "evidence": [self._item(name, nth, one) for nth, one in enumerate(story.evidence)],
            "inspection": self._facts(found) if story.inspection else None,
        }  # fmt: skip

    def _event(self, order_id: str, event: Event, about: Facts) -> dict[str, Any]:
        plain = {"order_id": order_id, "status": event.status, "courier": "SF",
                 "occurred_at": Ago(event.days_ago)}  # fmt: skip
        return self._facts({**plain, **about, **event.more})

    def _item(self, name: str, nth: int, item: Item) -> dict[str, Any]:
        given = item.kind not in ("declined", "unanswered")
        plain = {
            "evidence_id": f"{name}-E{nth}", "refund_id": name, "kind": item.kind,
            "submitted_by": item.by, "submitted_at": Ago(0.02),
            "content_hash": f"{name}-{nth}" if given else None,
        }  # fmt: skip
        return self._facts({**plain, **item.more})

    def _facts(self, facts: Facts) -> dict[str, Any]:
        return {name: self._value(value) for name, value in facts.items() if value is not None}

    def _value(self, value: Any) -> Any:
        if isinstance(value, Ago):
            return (self._now - timedelta(days=value.days)).isoformat()
        if isinstance(value, str) and value.startswith("@"):
            return f"{self._name}-{value[1:]}"
        return value

    def _again(self, refund_id: str) -> Decision:
        return self._post(f"/v1/refunds/{refund_id}/score", None)

    def _post(self, call: str, body: Any) -> Decision:
        answer = self._client.post(call, json=body)
        assert answer.status_code < 300, answer.text
        decision: Decision = answer.json()
        return decision

    def _store(self, call: str, facts: list[dict[str, Any]]) -> None:
        answer = self._client.post(call, json=facts)
        assert answer.status_code < 300, answer.text


_LINE: Facts = {
    "placed_at": Ago(6), "amount": "259.00", "category": "apparel", "line_id": "1",
    "account_created_at": Ago(400),
}  # fmt: skip
_REQUEST: Facts = {
    "requested_at": Ago(0.04), "type": "refund_only", "reason_code": "defective",
    "reason_text": "The zip of the left pocket tore off when I closed it the first evening.",
}  # fmt: skip


def _own(name: str) -> Facts:
    return {"order_id": f"O-{name}", "customer_id": f"C-{name}", "merchant_id": f"M-{name}",
            "sku": f"S-{name}", "device_id": f"D-{name}", "payment_instrument": f"card-{name}",
            "shipping_address": f"测试路{name}号"}  # fmt: skip


SAME_ORDER: Facts = {name: f"@{name}" for name in _own("")}
"""An order that several cases of one telling are about."""
FRAUD: Facts = {"verdict": "fraud"}
HONEST: Facts = {"verdict": "legitimate"}


def paid_back(amount: str) -> Facts:
    """An outcome that gave money back."""
    return {"verdict": "undetermined", "resolution": "refunded", "amount": amount}


def found_before(times: int) -> tuple[Earlier, ...]:
    """Cases of other customers of the same shop that were found abusive."""
    return (Earlier(Story(order={"merchant_id": "@shop"}), FRAUD),) * times


_AUDITS = re.compile(r"^(approvals|let_through) = .*$", re.MULTILINE)


def without_audits() -> str:
    """The default policy without audits, which let a case through at random."""
    return _AUDITS.sub(r"\1 = 0.0", load().source)


def told(client: httpx.Client, story: Story) -> Decision:
    """The decision on a story that shares nothing with any other."""
    return Telling(client, f"story{next(_numbers)}").tell(story)


def rules(decision: Decision) -> set[str]:
    """The ids of the rules that applied."""
    return {rule["id"] for rule in decision["rules"]}
