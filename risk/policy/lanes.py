"""The lane of a request and the deadline of its answer. Days are counted in the merchant's zone."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from risk.facts.units import DAY_MS, HOUR_MS
from risk.policy.schema import Policy
from risk.policy.situation import UNDELIVERED, Courier, Lane, OrderLine, Situation

_LATEST = 253_370_678_400  # a day before the end of year 9999, in seconds: any zone can show it


FAULT_REASONS = frozenset({"damaged", "defective", "not_as_described", "wrong_item", "counterfeit"})
"""Reasons that say the goods are not of the quality they should be."""

PROVABLE_FAULTS = FAULT_REASONS - {"wrong_item", "counterfeit"}
"""Faults of the right article: somebody must prove whether they were there from the start."""


class AnswerDeadline(NamedTuple):
    """When an answer is due (milliseconds since the epoch), and whether that had passed."""

    respond_by: int
    overdue: bool


def local_time(policy: Policy, merchant_id: str | None, moment: int) -> datetime:
    """A moment (milliseconds since the epoch) in the zone that a merchant's days are counted in."""
    return datetime.fromtimestamp(_seconds(moment), ZoneInfo(_zone(policy, merchant_id)))


def _seconds(moment: int) -> int:
    return min(max(moment // 1000, 0), _LATEST)


def _zone(policy: Policy, merchant_id: str | None) -> str:
    return policy.zones.merchants.get(merchant_id or "", policy.zones.default)


class LaneFacts(NamedTuple):
    """The facts that decide a lane, for callers that know no more; times in milliseconds."""

    type: str
    requested_at: int
    no_reason_return: bool | None = None
    delivered_at: int | None = None
    placed_at: int | None = None
    courier: Courier | None = None
    merchant_id: str | None = None
    category: str | None = None
    lines: tuple[OrderLine, ...] = ()


def lane(policy: Policy, case: LaneFacts | Situation) -> Lane:
    """The lane of a request: `no_reason` where it exercises the right of return.

    It is for a return of goods the right applies to, up to the end of the last day of the right in
    the merchant's zone, counted from the day after delivery, whatever the reason given. Before
    delivery counts too. Where no courier recorded anything, the right is presumed for
    `right.presumed_days` after the order was placed. Source: the law pack of the merchant's market.
    """
    if case.type != "return_and_refund" or not _returnable(policy, case):
        return "standard"
    return "standard" if is_late(policy, case) else "no_reason"


def is_late(policy: Policy, case: LaneFacts | Situation) -> bool:
    """Whether the days of the right of return are over."""
    requested, delivered = case.requested_at, case.delivered_at
    if delivered is not None:
        days = _days_between(policy, case.merchant_id, delivered, requested)
        return days > right_days(policy, case.merchant_id)
    if case.courier in UNDELIVERED or case.placed_at is None:
        return False
    return requested - case.placed_at > policy.right.presumed_days * DAY_MS


def right_days(policy: Policy, merchant_id: str | None) -> int:
    """The days of the right of return: those of the law, or more where the policy gives more."""
    law = policy.law(merchant_id)
    return policy.right.days if law is None else max(policy.right.days, law.no_reason.days)


def _returnable(policy: Policy, case: LaneFacts | Situation) -> bool:
    """Whether the right applies to what was bought, or to some of an order that goes back as a
    whole; earlier policies looked at its first line alone."""
    if case.lines and "partly_excluded" in policy.rules:
        return any(_applies(policy, case, line) for line in case.lines)
    return _applies(policy, case, (case.category, case.no_reason_return))


def _applies(policy: Policy, case: LaneFacts | Situation, line: OrderLine) -> bool:
    """Whether the right applies to a line: as the order says; where it says nothing, unless the law
    excludes the category by itself. Of an unknown order nothing is presumed."""
    (category, stated), law = line, policy.law(case.merchant_id)
    if stated is not None or law is None or case.placed_at is None:
        return stated is True
    return law.no_reason.excluded.of(category) is None


def is_partly_excluded(policy: Policy, case: Situation) -> bool:
    """Whether an order goes back by right as a whole that has lines outside of that right."""
    by_right = lane(policy, case) == "no_reason"
    return by_right and not all(_applies(policy, case, line) for line in case.lines)


def quality_return(policy: Policy, case: Situation) -> bool:
    """Whether goods with a fault go back within the days in which the law gives the money as asked,
    under a policy that knows this right."""
    if case.type != "return_and_refund" or case.reason_code not in FAULT_REASONS:
        return False
    if "quality_right" not in policy.rules or case.delivered_at is None:
        return False
    days = _days_between(policy, case.merchant_id, case.delivered_at, case.requested_at)
    law = policy.law(case.merchant_id)
    return days <= max(policy.right.days, law.fault.days if law else 0)


def seller_proves(policy: Policy, case: Situation) -> bool:
    """Whether the seller must prove that the goods had no fault, by their age and category. Where
    no delivery is on record the age is counted from the order."""
    law, since = policy.law(case.merchant_id), case.delivered_at or case.placed_at
    if law is None or since is None or case.reason_code not in PROVABLE_FAULTS:
        return False
    days = _days_between(policy, case.merchant_id, since, case.requested_at)
    return days <= law.seller_proves.days and law.seller_proves.of(case.category)


YEAR_DAYS = 365


def is_late_fault(policy: Policy, case: Situation) -> bool:
    """Whether money is asked for a fault more than a year after delivery, and after the time in
    which the seller proves, of goods that nobody has looked at."""
    law, since = policy.law(case.merchant_id), case.delivered_at
    if law is None or since is None or "late_fault" not in policy.rules:
        return False
    asks_money = case.type in ("return_and_refund", "refund_only")
    if not asks_money or case.reason_code not in PROVABLE_FAULTS or case.inspections:
        return False
    days = _days_between(policy, case.merchant_id, since, case.requested_at)
    return days > max(YEAR_DAYS, law.seller_proves.days)


def _days_between(policy: Policy, merchant_id: str | None, first: int, last: int) -> int:
    """The days from one moment to another (ms) on the merchant's calendar."""
    zone = _zone(policy, merchant_id)
    return _day(zone, last) - _day(zone, first)


@lru_cache(maxsize=4_096)
def _day(zone: str, moment: int) -> int:
    """The number of a moment's (ms) day in a zone."""
    return datetime.fromtimestamp(_seconds(moment), ZoneInfo(zone)).toordinal()


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
