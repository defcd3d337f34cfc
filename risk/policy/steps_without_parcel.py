"""What the shop is asked for where no parcel is: its consent, what it takes back or collects, what
it sends."""

from __future__ import annotations

from collections.abc import Collection

from risk.policy.answers import Ruling
from risk.policy.articles import is_collected, is_service
from risk.policy.purchase_terms import is_by_child
from risk.policy.schema import Policy
from risk.policy.settlement import is_sent_free
from risk.policy.situation import Situation
from risk.policy.step_of_rules import NextStep, step

_CONSENT_TO = {"partly_excluded": "consent_part", "fitter_damage": "consent_fitter"}


def consent_step(ruling: Ruling) -> NextStep:
    """What the shop is asked to agree to."""
    applied = {rule.id for rule in ruling.rules}
    asked = (text for rule, text in _CONSENT_TO.items() if rule in applied)
    return step("ask_merchant", next(asked, "consent"))


def collect_step(policy: Policy, case: Situation, conditions: Collection[str]) -> NextStep | None:
    """The step that has bulky goods collected, or repaired where they stand; None where the
    customer sends them."""
    if not is_collected(policy, case):
        return None
    if case.type == "repair":
        return step("ask_merchant", "collect_repair")
    looked_at = "inspect_on_return" in conditions
    return step("ask_merchant", "collect_inspect" if looked_at else "collect")


def back_step(policy: Policy, case: Situation) -> str:
    """The step that takes back what no courier brings: a service, a code, what a child bought."""
    if is_service(policy, case):
        return "service_back"
    minor = is_by_child(policy, case) and "return_minor" in policy.phrases
    return "minor_back" if minor else "code_back"


def no_money_step(policy: Policy, case: Situation) -> NextStep:
    """The step where no amount is asked: what is missing is sent, or an amount is waited for."""
    if is_sent_free(policy, case):
        return step("ask_merchant", "send_free")
    return step("wait", "no_amount")
