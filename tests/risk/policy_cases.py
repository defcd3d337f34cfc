"""Cases to decide, for the tests of the policy: a plain one, and any one at all."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from risk.facts import CHANNELS, REASONS, TYPES, VERDICTS
from risk.features.order_money import OrderMoney
from risk.policy import Listing, Ruling, Situation, decide, load

POLICY = load()
HOUR = 3_600_000
DAY = 24 * HOUR
CONDITIONS = (
    "as_sent", "used", "damaged_by_customer", "different_item", "counterfeit", "empty",
    "incomplete", "seller_fault",
)  # fmt: skip


def at(moment: str) -> int:
    """Milliseconds since the epoch of an ISO 8601 time with an offset."""
    return round(datetime.fromisoformat(moment).timestamp() * 1000)


NOW = at("2026-03-10T12:00:00+08:00")


def yuan(amount: float) -> int:
    return round(amount * 10_000)


def case(probability: float = 0.05, amount: float = 199.0, **known: Any) -> Situation:
    """A refund-only request for a damaged article at noon, with what else is known."""
    plain: dict[str, Any] = {
        "type": "refund_only",
        "reason_code": "damaged",
        "amount": yuan(amount),
        "currency": "CNY",
        "requested_at": NOW,
        "as_of": NOW,
        "probability": probability,
    }
    return Situation(**(plain | known))


def decided(known: Situation) -> Ruling:
    return decide(POLICY, known)


def asked(ruling: Ruling) -> set[str]:
    """Who is asked for anything."""
    return {ask.source for ask in ruling.required_evidence}


probabilities = st.floats(0.0, 1.0)
amounts = st.integers(0, 20_000_0000).map(lambda tenth: tenth * 10)
maybe_time = st.none() | st.integers(-60, 60).map(lambda hours: NOW + hours * 5 * HOUR)
evidence_items = st.tuples(
    st.sampled_from(("photo", "video", "document", "chat", "declined")),
    st.sampled_from(("customer", "merchant", "courier")),
)
listings = st.builds(
    Listing,
    kind=st.sampled_from(("block", "allow")),
    cause=st.sampled_from(("empty box confirmed in case 17", "")),
    by=st.sampled_from(("lin", "")),
    expires_at=maybe_time,
    asks=st.sampled_from(("evidence", "prepayment")),
)
monies = st.builds(
    OrderMoney,
    paid=st.none() | amounts,
    asked=amounts,
    asked_before=st.just(0) | amounts,
    granted_before=st.just(0) | amounts,
    currency=st.sampled_from(("CNY", "JPY")),
    order_left=st.none() | amounts,
    extras=st.just(0) | amounts,
)
situations = st.builds(
    Situation,
    type=st.sampled_from(TYPES),
    reason_code=st.sampled_from(REASONS),
    amount=amounts,
    currency=st.sampled_from(sorted(POLICY.currency.rates)),
    requested_at=st.integers(-40, 0).map(lambda hours: NOW + hours * 6 * HOUR),
    as_of=st.integers(0, 20).map(lambda hours: NOW + hours * 6 * HOUR),
    probability=probabilities,
    stage=st.sampled_from(("request", "evidence", "return", "inspection")),
    channel=st.none() | st.sampled_from(CHANNELS),
    claims_received=st.none() | st.booleans(),
    customer_tier=st.none() | st.sampled_from(("vip", "VIP ", "new")),
    no_reason_return=st.none() | st.booleans(),
    merchant_id=st.none() | st.just("M-1"),
    placed_at=maybe_time,
    delivered_at=maybe_time,
    courier=st.none()
    | st.sampled_from(
        ("not_shipped", "moving", "still", "delivered", "lost", "returned_to_sender")
    ),
    respond_by=maybe_time,
    evidence=st.lists(evidence_items, max_size=4).map(tuple),
    reused_evidence=st.integers(0, 3),
    doubtful_pictures=st.integers(0, 2),
    inspections=st.lists(st.sampled_from(CONDITIONS), max_size=2).map(tuple),
    verdict=st.none() | st.sampled_from(VERDICTS),
    orders=st.integers(0, 100),
    refunds=st.integers(0, 100),
    age_days=st.none() | st.floats(0, 4000),
    abuse_findings=st.integers(0, 2),
    linked_customers=st.integers(0, 9),
    linked_refunds=st.integers(0, 30),
    linked_fraud=st.integers(0, 2),
    customer_stake=amounts,
    ring_stake=amounts,
    listings=st.lists(listings, max_size=2).map(tuple),
    agitated=st.booleans(),
    sent_weight_g=st.none() | st.floats(0, 5000),
    return_weight_g=st.none() | st.floats(0, 5000),
    audit_draw=st.floats(0, 1),
    money=st.none() | monies,
    line_unknown=st.booleans(),
    return_arrived=st.none() | st.booleans(),
    return_arrived_at=maybe_time,
    packed_otherwise=st.booleans(),
    packed_as_ordered=st.none() | st.sampled_from(("record", "weight")),
    held=st.booleans(),
    withdrawn=st.sampled_from((False, False, False, True)),
    paid_back=st.none() | amounts,
    resolution=st.none()
    | st.sampled_from(("refunded", "partly_refunded", "refused", "exchanged", "withdrawn")),
)
