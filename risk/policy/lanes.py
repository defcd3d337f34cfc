"""The lane of a request and the deadline of its answer. Days are counted in the merchant's zone."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from risk.facts.units import DAY_MS, HOUR_MS
from risk.policy.schema import Policy
from risk.policy.situation import UNDELIVERED, Courier, Lane, Situation

_LATEST = 253_370_678_400  # a day before the end of year 9999, in seconds: any zone can show it


FAULT_REASONS = frozenset({"damaged", "defective", "not_as_described", "wrong_item", "counterfeit"})
"""Reasons that say the goods are not of the quality they should be."""


class AnswerDeadline(NamedTuple):
    """When an answer is due (milliseconds since the epoch), and whether that had passed."""

    respond_by: int
    overdue: bool


def local_time(policy: Policy, merchant_id: str | None, moment: int) -> datetime:
    """A moment (milliseconds since the epoch) in the zone that a merchant's days are counted in."""
    zone = ZoneInfo(policy.zones.merchants.get(merchant_id or "", policy.zones.default))
    return datetime.fromtimestamp(min(max(moment // 1000, 0), _LATEST), zone)


class LaneFacts(NamedTuple):
    """The facts that decide a lane, for callers that know no more; times in milliseconds."""

    type: str
    requested_at: int
    no_reason_return: bool | None = None
    delivered_at: int | None = None
    placed_at: int | None = None
    courier: Courier | None = None
    merchant_id: str | None = None


def lane(policy: Policy, case: LaneFacts | Situation) -> Lane:
    """The lane of a request: `no_reason` where it exercises the seven-day right of return.

    It is for a return of goods the right applies to, up to the end of the seventh day after the
    day of delivery in the merchant's zone, whatever the reason given (Consumer Rights Protection
    Law of the PRC, art. 25). Before delivery counts too. Where no courier recorded anything, the
    right is presumed for `right.presumed_days` after the order was placed.
    """
    if case.type != "return_and_refund" or case.no_reason_return is not True:
        return "standard"
    requested, delivered = case.requested_at, case.delivered_at
    if delivered is not None:
        late = _days_between(policy, case.merchant_id, delivered, requested) > policy.right.days
    elif case.courier in UNDELIVERED or case.placed_at is None:
        late = False
    else:
        late = requested - case.placed_at > policy.right.presumed_days * DAY_MS
    return "standard" if late else "no_reason"


def quality_return(policy: Policy, case: Situation) -> bool:
    """Whether goods with a fault go back within the days of the right after delivery, under a
    policy that knows this right (Consumer Rights Protection Law of the PRC, art. 24)."""
    if case.type != "return_and_refund" or case.reason_code not in FAULT_REASONS:
        return False
    if "quality_right" not in policy.rules or case.delivered_at is None:
        return False
    days = _days_between(policy, case.merchant_id, case.delivered_at, case.requested_at)
    return days <= policy.right.days


def _days_between(policy: Policy, merchant_id: str | None, first: int, last: int) -> int:
    """The days from one moment to another (ms) on the merchant's calendar."""
    days = [local_time(policy, merchant_id, at).date() for at in (first, last)]
    return (days[1] - days[0]).days


def deadline(policy: Policy, case: Situation) -> AnswerDeadline:
    """When the answer to this case is due.

    The platform's own time where it gives one, else counted in hours from the request; what came
    after the request (evidence, goods) has hours of its own once the first deadline is over.
    Hours are elapsed hours: a change of the clocks makes no deadline shorter or longer.
    """
    due = case.respond_by
    if due is None:
        due = case.requested_at + policy.deadline.answer_hours * HOUR_MS
    if case.as_of < due or case.stage == "request":
        return AnswerDeadline(due, case.as_of >= due)
    goods = case.stage in ("return", "inspection")
    hours = policy.deadline.goods_hours if goods else policy.deadline.reply_hours
    return AnswerDeadline(case.as_of + hours * HOUR_MS, overdue=False)
