"""The reason that a text plainly gives, where the request names another."""

from __future__ import annotations

from dataclasses import replace

from risk.policy.schema import Policy
from risk.policy.situation import Situation


def as_told(policy: Policy, case: Situation) -> Situation:
    """The case with the reason that its text plainly gives: nothing is wrong with what came, and it
    is not wanted any more. Neither what was found is touched by it nor what the customer stated
    apart, that nothing came; earlier policies read no text."""
    if reads_fault(policy, case):
        return replace(case, reason_code="defective")
    known = "told_otherwise" in policy.rules and case.verdict in (None, "undetermined")
    stated = case.reason_code == "not_received" and case.claims_received is False
    if not known or not case.told_unwanted or stated:
        return case
    return replace(case, reason_code="unwanted", claims_received=True)


def reads_fault(policy: Policy, case: Situation) -> bool:
    """Whether the text of a case plainly says that the article is broken, and that the customer was
    to say that it is not wanted, as some shops have it; earlier policies read none."""
    open_ = case.verdict in (None, "undetermined") and case.claims_received is not False
    return "told_fault" in policy.rules and case.told_fault and open_


def reads_otherwise(policy: Policy, case: Situation) -> bool:
    """Whether the text of a case gives another reason than the one that is named."""
    return as_told(policy, case) is not case and not reads_fault(policy, case)
