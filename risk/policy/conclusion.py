"""What somebody concluded of a request: what was found, and what was done with it."""

from __future__ import annotations

from risk.findings import NEGATIVE_VERDICTS, POSITIVE_VERDICTS, UNDETERMINED
from risk.policy.schema import Policy
from risk.policy.situation import Situation

_OTHERS = frozenset({"exchange", "repair", "resend"})


def is_concluded(policy: Policy, case: Situation) -> bool:
    """Whether a finding stands that says what was done with the request, or somebody who could not
    determine anything paid it: its customer is told so, and no longer what held the open
    request. Earlier policies did not read what was done."""
    paid = case.verdict == UNDETERMINED and bool(case.paid_back)
    found = paid or case.verdict in (*POSITIVE_VERDICTS, *NEGATIVE_VERDICTS)
    return found and case.resolution is not None and "found_partly" in policy.phrases


def rest(case: Situation) -> int:
    """What was asked and is not paid back, where a part is; else 0."""
    return case.amount - case.paid_back if case.paid_back and case.amount > case.paid_back else 0


def conclusion_key(policy: Policy, case: Situation) -> str | None:
    """The message that says what was done, by the resolution; None where it was done as asked."""
    if not is_concluded(policy, case) or case.verdict == UNDETERMINED:
        return None
    honest = case.verdict in NEGATIVE_VERDICTS
    if case.resolution == "withdrawn":
        return "found_withdrawn"
    if case.resolution == "refused":
        return "found_refused_honest" if honest else "found_refused"
    if case.resolution == "exchanged":
        return None if honest and case.type in _OTHERS else "found_exchanged"
    if rest(case):
        return "found_partly"
    return ("found_for" if honest else "found") if case.paid_back else None
