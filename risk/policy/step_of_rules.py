"""The step that the rules of a case call for, before a person looks at it otherwise."""

from __future__ import annotations

from collections.abc import Set
from typing import Literal, NamedTuple

from risk.facts.localised import LocalisedText
from risk.findings import UNDETERMINED
from risk.policy.answers import Ruling
from risk.policy.claim_sentences import AS_ASKED
from risk.policy.given_records import courier_told
from risk.policy.next_step_sentences import TEXTS
from risk.policy.situation import Situation
from risk.policy.weight_on_way import grew_lighter

Action = Literal["ask_courier", "ask_customer", "ask_merchant", "pay", "offer", "call", "wait"]

_SETTLED_BY_CALL = {
    "unsafe_goods": "unsafe",
    "other_open_request": "open_request", "amount_check": "amount",
    "payment_disputed": "disputed", "return_contested": "contested",
    "postage_and_compensation": "extras", "not_repairable": "choice", "code_record": "code",
    "service_record": "service", "minor_purchase": "minor",
    "shop_declined": "shop_declined", "record_refused": "no_record", "shop_record": "compare_shop",
    "return_compared": "compare_return",
}  # fmt: skip
"""What a person settles with the customer in a call, by the rule that says so."""

_NOT_SENT_BACK = ("another_article", "empty_return")
"""Rules by which something else came back than what may have been faulty."""


class NextStep(NamedTuple):
    """What to do next, a sentence that says it, and the id of the step among those of its kind."""

    action: Action
    text: LocalisedText
    step: str


def step(action: Action, name: str) -> NextStep:
    """A step with its sentence, by its id."""
    return NextStep(action, TEXTS[name], name)


def settled_as_asked(case: Situation) -> NextStep:
    """The step that grants what was asked: money, or another or a repaired article."""
    return NextStep("pay", AS_ASKED.get(case.type, TEXTS["pay"]), "pay")


def step_of_rules(case: Situation, ruling: Ruling) -> NextStep | None:
    """The step that the rules of a case call for, if any."""
    applied = {rule.id for rule in ruling.rules}
    found = None if case.verdict in (None, UNDETERMINED) else "found"
    called = next((text for rule, text in _SETTLED_BY_CALL.items() if rule in applied), found)
    if "order_record" in ruling.conditions and "amount_check" not in ruling.conditions:
        return step("ask_merchant", "order")
    if "look_first" in applied and called is None:
        return step("wait", "look_claim")
    if "refused_unfound" in applied:
        return step("wait", "refused")
    lighter = not applied.isdisjoint(("empty_return", "return_compared"))
    if lighter and grew_lighter(case, "return") and not courier_told(case):
        return step("ask_courier", "lighter")
    if called is not None:
        unheard_both = called == "compare_shop" and _is_unheard(case)
        return step("ask_merchant", "packing") if unheard_both else step("call", called)
    return _of_proof(case, applied)


def _of_proof(case: Situation, applied: Set[str]) -> NextStep | None:
    """What the shop is asked for, or both sides are compared by."""
    unheard = all(by != "merchant" for _, by in case.evidence)
    proves = "burden_of_proof" in applied and unheard
    other_came = proves and not applied.isdisjoint(_NOT_SENT_BACK)
    if "inspection_disputed" in applied or other_came:
        return _comparison(case)
    if "payment_record" in applied or proves:
        text = "payment" if "payment_record" in applied else "proof"
        return step("ask_merchant", text)
    return None


def _is_unheard(case: Situation) -> bool:
    """Whether a parcel lost weight on its way, and neither shop nor courier has said a word."""
    return grew_lighter(case, "outbound") and all(by == "customer" for _, by in case.evidence)


def _comparison(case: Situation) -> NextStep:
    """Get the shop's pictures of the return, and compare what both sides gave."""
    shown = any(by == "merchant" and kind in ("photo", "video") for kind, by in case.evidence)
    if shown or set(case.inspected_by) - {"merchant"}:
        return step("call", "compare")
    return step("ask_merchant", "pictures")
