"""What a shop alone says of goods that came back: a statement, which it shows before it counts."""

from __future__ import annotations

from collections.abc import Container

from risk.facts.units import HOUR_MS
from risk.findings import INCOMPLETE, UNDETERMINED, WORN_CONDITIONS
from risk.policy.hearing import is_suspect
from risk.policy.money_left import asked_of, in_base
from risk.policy.schema import Policy
from risk.policy.situation import Situation
from risk.policy.weight_on_way import weighs_little

LESS_WORTH = frozenset({*WORN_CONDITIONS, INCOMPLETE})


def asks_shop(policy: Policy, case: Situation) -> bool:
    """Whether the shop is asked to show what it says of a return, and the customer for nothing."""
    return is_unshown(policy, case) and not _is_time_over(policy, case)


def is_unshown(policy: Policy, case: Situation, of: Container[str] = LESS_WORTH) -> bool:
    """Whether the shop alone says that goods came back worn or in part, has shown nothing of it,
    and little else speaks against the customer; earlier policies took its word. Of a large claim a
    person hears both at once."""
    limit = policy.hearing.look_above if policy.hearing else None
    if "inspection_unshown" not in policy.rules or limit is None:
        return False
    less = bool(case.inspections) and LESS_WORTH.issuperset(case.inspections)
    said = less and any(one in of for one in case.inspections) and case.return_told != "shown"
    open_ = case.verdict in (None, UNDETERMINED) and not case.withdrawn
    if not (said and open_ and set(case.inspected_by) == {"merchant"}):
        return False
    against = case.own_abuse > 0 or weighs_little(policy, case)
    dear = in_base(policy, case, asked_of(policy, case)) > limit
    return not (against or dear or is_suspect(policy, case))


def is_left_unshown(policy: Policy, case: Situation) -> bool:
    """Whether the shop was to show that goods came back worn, its time is over, and no more is at
    stake than moves on a word: who keeps money back has to show why."""
    above = policy.hearing.above if policy.hearing else 0.0
    little = in_base(policy, case, asked_of(policy, case)) <= above
    over = little and _is_time_over(policy, case)
    return over and INCOMPLETE not in case.inspections and is_unshown(policy, case)


def _is_time_over(policy: Policy, case: Situation) -> bool:
    """Whether the shop has said that it has nothing to show, or not answered in time."""
    if case.return_told == "silent" or case.inspected_at is None:
        return True
    return case.as_of >= case.inspected_at + policy.deadline.reply_hours * HOUR_MS
