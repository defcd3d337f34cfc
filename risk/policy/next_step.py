"""What whoever works a case does next, from tier, conditions and the state of the case."""

from __future__ import annotations

from collections.abc import Sequence

from risk.facts import UNRECEIVED_REASONS
from risk.facts.localised import BETWEEN, LANGUAGES, LocalisedText
from risk.findings import POSITIVE_VERDICTS, UNDETERMINED
from risk.policy import offers
from risk.policy.answers import EvidenceRequest, Ruling
from risk.policy.claim_question import is_authenticity_open, open_question
from risk.policy.conclusion import is_concluded
from risk.policy.evidence import is_dispatch_unknown, is_late_unsent
from risk.policy.given_records import (
    asks_courier_first,
    courier_told,
    is_record_unread,
    is_shop_unread,
    is_shown_by_shop,
    is_way_unread,
    shown_step,
)
from risk.policy.money_left import parcel_goes_on
from risk.policy.next_step_figures import called_about_shop, filled, offered, opened
from risk.policy.next_step_sentences import TEXTS as _TEXTS
from risk.policy.return_postage import unowed_postage
from risk.policy.return_receipt import is_astray, is_scanned, is_unread
from risk.policy.rules.parcel import is_light
from risk.policy.schema import Policy
from risk.policy.settlement import (
    asks_nothing,
    is_code_back,
    is_missing,
    is_on_its_way,
    is_paid,
    is_paid_on_sending,
    is_still,
    is_to_come_back,
    paid_on_sending,
)
from risk.policy.situation import Situation
from risk.policy.standing_inspection import as_read
from risk.policy.step_of_rules import Action, NextStep, settled_as_asked, step_of_rules
from risk.policy.step_of_rules import step as _step
from risk.policy.steps_of_parcels import step_of_parcels
from risk.policy.steps_without_parcel import back_step, collect_step, consent_step, no_money_step

_ASK: dict[str, Action] = {
    "courier": "ask_courier", "customer": "ask_customer", "merchant": "ask_merchant",
}  # fmt: skip

_PAID_BY = {
    "return_unconfirmed": "unconfirmed", "own_postage": "pay_price", "repair_replaced": "replace",
}  # fmt: skip
"""By rule, the step that says how it is paid."""


def next_step(policy: Policy, case: Situation, ruling: Ruling) -> NextStep:
    """The next step of a decided case."""
    case = as_read(policy, case)
    disputed = "payment_disputed" in {rule.id for rule in ruling.rules}
    if "courier_answer" in policy.rules and case.paid_back and disputed:
        return _step("ask_merchant", "bank")
    if is_concluded(policy, case) and (done := _concluded(policy, case, ruling)) is not None:
        return done
    if ruling.tier == "approve":
        return _closed(policy, case) or _after_approval(policy, case, ruling)
    if ruling.tier == "request_evidence" and ruling.required_evidence:
        return _question_of(ruling.required_evidence)
    return _for_a_person(policy, case, ruling, offers.names(policy, case, ruling.suggestions))


def _concluded(policy: Policy, case: Situation, ruling: Ruling) -> NextStep | None:
    """The step after a finding that says what was done, whatever held the open request; None where
    the goods may still have to come back."""
    if case.resolution == "withdrawn":
        return _step("wait", "withdrawn")
    if case.verdict == UNDETERMINED:
        return _step("wait", "settled") if is_paid(policy, case) else None
    if case.resolution == "refused" or case.verdict in POSITIVE_VERDICTS:
        return _step("call", "found")
    return None if ruling.tier == "approve" else _step("pay", "pay_found")


def _closed(policy: Policy, case: Situation) -> NextStep | None:
    """The step where nothing is waited for: withdrawn, paid already, or due once it was sent."""
    if case.withdrawn:
        return _step("wait", "withdrawn")
    if is_paid(policy, case):
        return _step("wait", "settled")
    sent = paid_on_sending(policy, case) and case.verdict is None and not case.inspections
    if not sent:
        return None
    return _step("pay", "pay_price" if unowed_postage(policy, case) else "sent")


def _after_approval(policy: Policy, case: Situation, ruling: Ruling) -> NextStep:
    conditions = ruling.conditions
    if "merchant_consent" in conditions:
        return _by_consent(policy, case, ruling)
    if "courier_record" in conditions or is_missing(policy, case):
        return _by_record(policy, case, ruling)
    if is_code_back(policy, case) and case.verdict in (None, UNDETERMINED):
        return _step("ask_merchant", back_step(policy, case))
    if is_light(policy, case) and "returned_light" in policy.phrases:
        return NextStep("ask_merchant", opened(case.return_weight_g, case.sent_weight_g), "open")
    if _awaits_goods(policy, case, ruling):
        collected = collect_step(policy, case, conditions)
        return collected or _step("wait", _awaited(policy, case, conditions))
    return _payment(policy, case, ruling)


def _awaits_goods(policy: Policy, case: Situation, ruling: Ruling) -> bool:
    """Whether the goods are still to come before anything is settled."""
    settled = "return_unconfirmed" in {rule.id for rule in ruling.rules} or bool(case.inspections)
    return not settled and not asks_nothing(policy, case) and is_to_come_back(policy, case)


def _by_consent(policy: Policy, case: Situation, ruling: Ruling) -> NextStep:
    """Ask the shop, and before it the courier of a parcel that may still be stopped."""
    if "courier_record" in ruling.conditions and is_on_its_way(policy, case):
        return _step("ask_courier", "stop")
    if ("chat", "merchant") in case.evidence and "shop_answer" in policy.rules:
        return _step("wait", "consent_read")
    if ruling.overdue and policy.repeats is not None:
        return _step("ask_merchant", "unanswered")
    return consent_step(ruling)


def _payment(policy: Policy, case: Situation, ruling: Ruling) -> NextStep:
    """Settle it as was found or as asked, where an amount is."""
    if asks_nothing(policy, case):
        return no_money_step(policy, case)
    if case.verdict not in (None, UNDETERMINED):
        return _step("pay", "pay_found")
    applied = {rule.id for rule in ruling.rules}
    if by_rule := next((step for rule, step in _PAID_BY.items() if rule in applied), None):
        return _step("pay", by_rule)
    heard = "statutory_refund" in applied
    read = case.claims_received is False and case.delivered_at is not None and courier_told(case)
    if text := _of_parcel(policy, case):
        return NextStep("pay", _TEXTS[text], "pay")
    if is_shown_by_shop(policy, case) and "courier_admits" not in applied:
        return _step("pay", shown_step(case))
    return _step("pay", "heard" if heard else "read") if heard or read else settled_as_asked(case)


def _of_parcel(policy: Policy, case: Situation) -> str | None:
    """What is done, beside paying, about a parcel that may still leave or come."""
    if is_late_unsent(policy, case):
        return "cancel"
    return "pay_still" if is_still(policy, case) else None


def _awaited(policy: Policy, case: Situation, conditions: Sequence[str]) -> str:
    """What is waited for: that the goods are sent, arrive, are looked at, or are checked in."""
    if is_paid_on_sending(policy, case):
        return "sending"
    if "inspect_on_return" in conditions:
        arrived = case.return_arrived and "returned_light" in policy.phrases
        return "look" if arrived else "inspect"
    return "receipt" if is_scanned(case) else "goods"


def _by_record(policy: Policy, case: Situation, ruling: Ruling) -> NextStep:
    """Ask the courier, or the shop where nobody knows of a parcel; once the deadline has passed
    nobody waits longer."""
    if of_parcels := step_of_parcels(policy, case, overdue=ruling.overdue):
        return of_parcels
    if is_dispatch_unknown(policy, case):
        return _step("ask_merchant", "dispatch")
    if unread := _unread(policy, case):
        return _step("wait", unread)
    if ruling.overdue and policy.repeats is not None:
        return _step("ask_courier", "overdue")
    return _step("ask_courier", "late") if parcel_goes_on(policy, case) else _of_courier(case)


def _unread(policy: Policy, case: Situation) -> str | None:
    """The step that reads what courier or shop answered, where nobody has."""
    if is_record_unread(policy, case):
        return "read"
    if is_shop_unread(policy, case):
        return shown_step(case)
    if is_unread(policy, case):
        return "read_return"
    return "read_way" if is_way_unread(policy, case) else None


def _record(case: Situation) -> str:
    """What the courier is asked: where a return was left, to stop a parcel, or where it is."""
    if is_astray(case):
        return "astray"
    if is_scanned(case):
        return "address"
    return "intercept" if case.courier == "moving" else "record"


def _question_of(asked: Sequence[EvidenceRequest]) -> NextStep:
    """Ask all who can answer; the step is named by the customer where they are among them."""
    items: dict[str, list[LocalisedText]] = {}
    for item in asked:
        items.setdefault(item.source, []).append(item.text)
    told = [filled(_TEXTS[source], wanted) for source, wanted in items.items()]
    text: LocalisedText = {
        language: BETWEEN[language].join(one[language] for one in told) for language in LANGUAGES
    }
    first = "customer" if "customer" in items else next(iter(items))
    return NextStep(_ASK[first], text, first)


def _for_a_person(
    policy: Policy, case: Situation, ruling: Ruling, options: Sequence[LocalisedText]
) -> NextStep:
    if any(rule.id == "with_reviewer" for rule in ruling.rules):
        return _closed(policy, case) or _after_approval(policy, case, ruling)
    by_rule = step_of_rules(case, ruling)
    if by_rule is not None:
        return _before_extras(policy, case) if by_rule.step == "extras" else by_rule
    if options and case.inspections:
        return NextStep("offer", offered(policy, case, ruling.suggestions, options), "offer")
    if asks_courier_first(policy, case):
        return _of_courier(case)
    if of_shop := called_about_shop(policy, case, ruling):
        return of_shop
    read = courier_told(case) and case.reason_code in UNRECEIVED_REASONS
    return _step("call", "read_call" if read else "call")


def _before_extras(policy: Policy, case: Situation) -> NextStep:
    """What decides whether the claim holds comes before what is asked beyond the price."""
    if policy.extras is None or not policy.extras.claim_first:
        return _step("call", "extras")
    if is_authenticity_open(case):
        return _step("ask_merchant", "authentic")
    asked = open_question(policy, case)
    if not asked.requests:
        return _step("call", "extras")
    first = _question_of(asked.requests)
    return NextStep(first.action, filled(_TEXTS["claim_first"], [first.text]), "claim_first")


def _of_courier(case: Situation) -> NextStep:
    step = _record(case)
    if step == "record" and case.reason_code == "late" and case.claims_received is not False:
        return _step("ask_courier", "late")
    delivered = step == "record" and case.courier == "delivered"
    return NextStep("ask_courier", _TEXTS["handed_over" if delivered else step], step)
