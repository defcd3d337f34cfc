"""Which inspections of a return stand: those of the highest authority."""

from __future__ import annotations

from dataclasses import replace

from risk.policy.as_told import as_told
from risk.policy.occurrences import as_occurred
from risk.policy.replaced_repair import as_replaced
from risk.policy.schema import Policy
from risk.policy.situation import Situation

_AUTHORITY = ("merchant", "third_party", "platform")


def as_read(policy: Policy, case: Situation) -> Situation:
    """The case as rules and messages read it: with the inspections that stand alone, of which
    earlier policies read all, with what its text plainly gives as the reason and says that
    happened, and asking for another article where it asks to repair what cannot be."""
    stands = with_standing(case) if "return_compared" in policy.rules else case
    return as_replaced(policy, as_occurred(policy, as_told(policy, stands)))


def with_standing(case: Situation) -> Situation:
    """The case with the inspections of the highest authority alone."""
    if len(set(case.inspected_by)) < 2:
        return case
    highest = max(case.inspected_by, key=_AUTHORITY.index)
    seen = zip(case.inspections, case.inspected_by, strict=True)
    standing = tuple(found for found, by in seen if by == highest)
    return replace(case, inspections=standing, inspected_by=(highest,) * len(standing))
