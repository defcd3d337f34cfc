"""What whoever works a case does next, from tier, conditions and the state of the case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from risk.facts.localised import LANGUAGES, LocalisedText
from risk.findings import UNDETERMINED
from risk.policy import articles, offers
from risk.policy.answers import Ruling
from risk.policy.message_choice import paid_on_sending
from risk.policy.return_receipt import is_astray, is_scanned
from risk.policy.schema import Policy
from risk.policy.situation import NOT_WITH_CUSTOMER, RETURNING, Situation

Action = Literal["ask_courier", "ask_customer", "ask_merchant", "pay", "offer", "call", "wait"]

_ASK: dict[str, Action] = {
    "courier": "ask_courier", "customer": "ask_customer", "merchant": "ask_merchant",
}  # fmt: skip
_SEPARATOR = {"en": "; ", "zh": "；"}
_JOINT = {"en": " ", "zh": ""}
_TEXTS: dict[str, LocalisedText] = {
    "courier": {"en": "Ask the courier for: {items}.", "zh": "请向快递索取：{items}。"},
    "customer": {"en": "Ask the customer for: {items}.", "zh": "请客户提供：{items}。"},
    "merchant": {"en": "Ask the shop for: {items}.", "zh": "请商家提供：{items}。"},
    "consent": {
        "en": "Ask the shop whether it agrees; the customer has the answer by the deadline.",
        "zh": "请商家确认是否同意，并在截止时间前答复客户。",
    },
    "record": {
        "en": "Ask the courier where the parcel is, then pay by its answer.",
        "zh": "先向快递核对包裹去向，再按答复办理退款。",
    },
    "intercept": {
        "en": "Have the courier stop or redirect the parcel; settle it, or send another, by its "
        "answer.",
        "zh": "先请快递拦截或改派包裹，再按其答复退款或补寄。",
    },
    "address": {
        "en": "Ask the courier at which address the return was left, then pay by its answer.",
        "zh": "请快递核对退货包裹的签收地址，再按答复办理退款。",
    },
    "astray": {
        "en": "Ask the courier what became of the return, then pay or have it sent again by the "
        "answer.",
        "zh": "先请快递核实退货包裹的去向，再按答复退款或请客户重新寄回。",
    },
    "receipt": {
        "en": "Wait for the shop to check the return in; the courier has scanned it as delivered.",
        "zh": "快递显示退货已签收，等待商家确认收货。",
    },
    "withdrawn": {
        "en": "Nothing: the customer has withdrawn the request.",
        "zh": "无需处理：客户已撤回申请。",
    },
    "pay": {"en": "Settle it as asked.", "zh": "按申请办理。"},
    "pay_found": {"en": "Settle it as was found.", "zh": "按认定结果办理。"},
    "sent": {
        "en": "Pay it now: by law the money is due once the goods were sent; look at them when "
        "they arrive.",
        "zh": "现在付款：依法在客户寄出后即应退款，商品到达后再查看。",
    },
    "proof": {
        "en": "Ask the shop for what shows that the article had no fault when it was handed over: "
        "by law the shop proves it.",
        "zh": "请商家提供交付时商品无瑕疵的资料：依法由商家举证。",
    },
    "payment": {
        "en": "Look at the payment with the shop: what was charged, and when; then pay what was "
        "charged too much.",
        "zh": "与商家核对付款记录：何时收取了多少，然后退还多收的金额。",
    },
    "goods": {
        "en": "Wait for the goods; settle it when they have arrived.",
        "zh": "等待商品退回，收到后办理。",
    },
    "inspect": {
        "en": "Wait for the goods; look at them when they arrive, then settle it.",
        "zh": "等待商品退回，收到后先验货再办理。",
    },
    "amount": {
        "en": "Go through the amount with the customer: asked is more than what is left of what "
        "was paid.",
        "zh": "与客户核对金额：申请金额超过已付金额的剩余部分。",
    },
    "order": {
        "en": "Look the order up with the shop before any money moves.",
        "zh": "付款前先与商家核实订单。",
    },
    "extras": {
        "en": "Go through the postage and compensation with the customer: what law or a promise "
        "adds to the price.",
        "zh": "与客户核对运费和赔偿：哪些属于依法或按承诺应付。",
    },
    "choice": {
        "en": "Settle with the customer what they would rather have: an article of this kind "
        "cannot be repaired.",
        "zh": "与客户商定其他方式：此类商品无法维修。",
    },
    "found": {
        "en": "Tell the customer what was found and how to appeal.",
        "zh": "告知客户认定结果以及如何申诉。",
    },
    "offer": {"en": "Offer the customer: {items}.", "zh": "向客户提供：{items}。"},
    "call": {
        "en": "Call the customer and hear what happened before anything is decided.",
        "zh": "先致电客户了解情况，再作决定。",
    },
}
"""A sentence for whoever works the case, by what is to be done."""


_SETTLED_BY_CALL = {
    "amount_check": "amount", "postage_and_compensation": "extras", "not_repairable": "choice",
}  # fmt: skip
"""What a person settles with the customer in a call, by the rule that says so."""


class NextStep(NamedTuple):
    """What to do next, and a sentence that says it."""

    action: Action
    text: LocalisedText


def next_step(policy: Policy, case: Situation, ruling: Ruling) -> NextStep:
    """The next step of a decided case."""
    if ruling.tier == "approve":
        if paid_on_sending(policy, case) and case.verdict is None and not case.inspections:
            return NextStep("pay", _TEXTS["sent"])
        return _after_approval(policy, case, ruling)
    if ruling.tier == "request_evidence" and ruling.required_evidence:
        return _question(ruling)
    return _for_a_person(case, ruling, offers.names(policy, case, ruling.suggestions))


def _after_approval(policy: Policy, case: Situation, ruling: Ruling) -> NextStep:
    conditions = ruling.conditions
    if case.withdrawn:
        return NextStep("wait", _TEXTS["withdrawn"])
    if "merchant_consent" in conditions:
        return NextStep("ask_merchant", _TEXTS["consent"])
    if "courier_record" in conditions:
        return NextStep("ask_courier", _TEXTS[_record(case)])
    settled = "return_unconfirmed" in {rule.id for rule in ruling.rules}
    if not settled and not case.inspections and _comes_back(policy, case):
        arrives = "receipt" if is_scanned(case) else "goods"
        return NextStep("wait", _TEXTS["inspect" if "inspect_on_return" in conditions else arrives])
    found = case.verdict not in (None, UNDETERMINED)
    return NextStep("pay", _TEXTS["pay_found" if found else "pay"])


def _comes_back(policy: Policy, case: Situation) -> bool:
    """Whether goods are to come back, or are on their way."""
    if case.verdict not in (None, UNDETERMINED) and (case.paid_back or case.return_arrived):
        return False
    if case.return_arrived is not None:
        return True
    with_customer = case.courier not in NOT_WITH_CUSTOMER
    return case.type in RETURNING and with_customer and not articles.stays(policy, case)


def _record(case: Situation) -> str:
    """What the courier is asked: where a return was left, to stop a parcel, or where it is."""
    if is_astray(case):
        return "astray"
    if is_scanned(case):
        return "address"
    return "intercept" if case.courier == "moving" else "record"


def _question(ruling: Ruling) -> NextStep:
    """Ask all who can answer; the step is named by the customer where they are among them."""
    items: dict[str, list[LocalisedText]] = {}
    for item in ruling.required_evidence:
        items.setdefault(item.source, []).append(item.text)
    told = [_filled(_TEXTS[source], wanted) for source, wanted in items.items()]
    text: LocalisedText = {
        language: _JOINT[language].join(one[language] for one in told) for language in LANGUAGES
    }
    return NextStep(_ASK["customer" if "customer" in items else next(iter(items))], text)


def _for_a_person(case: Situation, ruling: Ruling, options: Sequence[LocalisedText]) -> NextStep:
    applied = {rule.id for rule in ruling.rules}
    found = None if case.verdict in (None, UNDETERMINED) else "found"
    called = next((text for rule, text in _SETTLED_BY_CALL.items() if rule in applied), found)
    if "order_record" in ruling.conditions and "amount_check" not in ruling.conditions:
        return NextStep("ask_merchant", _TEXTS["order"])
    if called is not None:
        return NextStep("call", _TEXTS[called])
    unheard = all(by != "merchant" for _, by in case.evidence)
    if "payment_record" in applied or ("burden_of_proof" in applied and unheard):
        text = "payment" if "payment_record" in applied else "proof"
        return NextStep("ask_merchant", _TEXTS[text])
    if options and case.inspections:
        return NextStep("offer", _filled(_TEXTS["offer"], options))
    return NextStep("call", _TEXTS["call"])


def _filled(text: LocalisedText, items: Sequence[LocalisedText]) -> LocalisedText:
    return {
        language: text[language].format(
            items=_SEPARATOR[language].join(item[language] for item in items)
        )
        for language in LANGUAGES
    }
