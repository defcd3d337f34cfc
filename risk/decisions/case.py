"""What a policy wants to know of a case beyond its features: its parcels, proof and inspections."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from risk.facts.units import DAY_MS, MONEY_UNIT
from risk.history.driver import Row
from risk.policy import Listing, Situation
from risk.policy.situation import Courier

STILL_AFTER = 5 * DAY_MS
"""A parcel without a movement for so long is standing still."""


NEEDED = (
    "customer_money_asked_30d", "photo_seen_elsewhere", "customer_orders_365d",
    "customer_requests_365d", "customer_honest", "customer_abuse", "ring_customers",
    "ring_requests", "ring_abuse", "ring_money_30d", "account_age_days", "days_since_first_order",
)  # fmt: skip
"""The features a policy looks at, whatever the model uses.

A stored vector ends with those that its model does not use, in this order, so none is taken out:
`customer_honest` is no longer read.
"""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The visible rows of one case, by query, with what people entered about its customer."""

    evidence: Sequence[Row] = ()
    parcels: Sequence[Row] = ()
    inspections: Sequence[Row] = ()
    verdict: str | None = None
    listings: tuple[Listing, ...] = field(default=())


def audit_draw(refund_id: str, key: bytes) -> float:
    """A number in [0, 1) that the case always draws again and nobody outside can foretell."""
    digest = hashlib.blake2b(refund_id.encode(), key=key[:64], digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2**53


def situation(
    spine: Row, seen: Circumstances, values: Mapping[str, float], probability: float, draw: float
) -> Situation:
    """The case as the policy sees it: the spine's row, its own rows, and named feature values."""
    out = [p for p in seen.parcels if p["direction"] == "outbound"]
    back = [p for p in seen.parcels if p["direction"] == "return"]
    delivered = [p for p in out if p["status"] == "delivered"]
    asked = values["customer_money_asked_30d"]
    return Situation(
        type=spine["type"],
        reason_code=spine["reason_code"],
        amount=spine["amount"],
        currency=spine["currency"] or "CNY",
        requested_at=spine["requested_at"],
        as_of=spine["as_of"],
        probability=probability,
        stage=spine["stage"],
        channel=spine["channel"],
        claims_received=_flag(spine["claims_received"]),
        customer_tier=spine["customer_tier"],
        no_reason_return=_flag(spine["no_reason_return"]),
        merchant_id=spine["merchant_id"],
        placed_at=spine["placed_at"],
        delivered_at=delivered[0]["occurred_at"] if delivered else None,
        courier=_courier(out, spine["as_of"]),
        respond_by=spine["respond_by"],
        evidence=tuple((e["kind"], e["submitted_by"]) for e in seen.evidence),
        reused_evidence=int(values["photo_seen_elsewhere"] > 0),
        inspections=tuple(i["condition"] for i in seen.inspections),
        verdict=seen.verdict,
        orders=int(values["customer_orders_365d"]),
        refunds=int(values["customer_requests_365d"]),
        age_days=_age(values),
        abuse_findings=int(values["customer_abuse"]),
        linked_customers=int(values["ring_customers"]),
        linked_refunds=int(values["ring_requests"]),
        linked_fraud=int(values["ring_abuse"]),
        customer_stake=round(asked * MONEY_UNIT),
        ring_stake=round((asked + values["ring_money_30d"]) * MONEY_UNIT),
        listings=seen.listings,
        agitated=bool(spine["agitated"]),
        sent_weight_g=_weight(out),
        return_weight_g=_weight(back),
        audit_draw=draw,
    )


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _age(values: Mapping[str, float]) -> float | None:
    known = [values[n] for n in ("account_age_days", "days_since_first_order")]
    known = [v for v in known if v == v]  # noqa: PLR0124 - NaN is unknown
    return max(known) if known else None


def _courier(out: Sequence[Row], as_of: int) -> Courier | None:
    if not out:
        return None
    states = {p["status"] for p in out}
    if "delivered" in states:
        return "delivered"
    if "lost" in states:
        return "lost"
    if "returned_to_sender" in states:
        return "returned_to_sender"
    return "still" if as_of - out[-1]["occurred_at"] > STILL_AFTER else "moving"


def _weight(parcels: Sequence[Row]) -> float | None:
    known = [p["weight_g"] for p in parcels if p["weight_g"] is not None]
    return max(known) / 1000 if known else None
