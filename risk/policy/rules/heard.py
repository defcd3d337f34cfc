"""Who is heard before a customer's word alone moves a large amount, and what the records say."""

from __future__ import annotations

from risk.facts.localised import LocalisedText
from risk.policy.effects import Effect, RuleContext
from risk.policy.given_records import is_record_unread, is_shop_unread
from risk.policy.hearing import (
    hears_packers,
    hears_shop,
    is_called_meanwhile,
    is_contradicted,
    is_to_be_looked_at,
    shows_something,
)
from risk.policy.rules.shared import PERSON, evidence_tier
from risk.policy.rules.urgency import good_customer, small_amount
from risk.policy.situation import Situation
from risk.policy.weight_on_way import grew_lighter

_RECORDS: dict[str | None, LocalisedText] = {
    "record": {
        "en": "The warehouse's record says that all went in as ordered",
        "zh": "仓库的装箱记录显示商品已按订单如数装入",
    },
    "weight": {
        "en": "The parcel weighed at hand-over and at delivery what all its goods weigh",
        "zh": "包裹交寄和签收时的重量均与全部商品的重量相符",
    },
    None: {
        "en": "The shop has given a record that nobody has looked at yet",
        "zh": "商家已提供相关资料，尚未有人查看",
    },
}


_ASKED: dict[str, LocalisedText] = {
    "others": {
        "en": "those who sold and packed them are heard first, "
        "and the customer need not do anything",
        "zh": "先听取出售和打包一方的说明，客户无需操作",
    },
    "customer": {
        "en": "the customer is asked for what shows it",
        "zh": "先请客户提供能说明情况的资料",
    },
    "call": {
        "en": "those who sold and packed them are heard, and somebody speaks with the customer, "
        "who is upset",
        "zh": "先听取出售和打包一方的说明，并由专人与情绪激动的客户沟通",
    },
    "both": {
        "en": "shop and customer are asked for what shows it",
        "zh": "先请商家和客户提供能说明情况的资料",
    },
}


_GOODS: dict[str, LocalisedText] = {
    "missing_item": {
        "en": "goods said to be missing from the parcel",
        "zh": "客户反映包裹内缺少商品",
    },
    "kept": {"en": "goods that stay", "zh": "商品由客户留下"},
}
_SHOWN: dict[str, LocalisedText] = {
    "nothing": {"en": "and nothing shows the claim yet", "zh": "且尚无资料佐证"},
    "unseen": {
        "en": "and nobody has looked at what the customer gave yet",
        "zh": "且客户提供的资料尚未有人查看",
    },
    "lighter": {
        "en": "and the parcel weighed less on arrival than when it was sent",
        "zh": "且包裹签收时轻于寄出时",
    },
}


def courier_answer(context: RuleContext) -> Effect | None:
    """Somebody reads what the courier sent before money goes; a small amount and a customer in
    good standing do not wait for that."""
    if not is_record_unread(context.policy, context.case):
        return None
    at_once = small_amount(context) or good_customer(context)
    return None if at_once else Effect(condition="courier_record")


def shop_answer(context: RuleContext) -> Effect | None:
    """Somebody reads what the shop gave of parcel or packing before money goes; a small amount and
    a customer in good standing do not wait for that."""
    if not is_shop_unread(context.policy, context.case):
        return None
    at_once = small_amount(context) or good_customer(context)
    return None if at_once else Effect(condition="courier_record")


def shop_first(context: RuleContext) -> Effect | None:
    """Asks shop and courier alone, where they have anything that could show it: the customer is not
    bothered, and waits for no more than their answer or the deadline."""
    if not hears_shop(context.policy, context.case) or _asks_nobody_else(context):
        return None
    asked = {item.source for item in context.question.requests}
    whom = "others" if "customer" not in asked else "both" if len(asked) > 1 else "customer"
    whom = (
        "call" if whom == "others" and is_called_meanwhile(context.policy, context.case) else whom
    )
    figures = {
        "asked": _ASKED[whom],
        "goods": _GOODS.get(context.case.reason_code, _GOODS["kept"]),
        "shown": _SHOWN[_shown(context.case)],
    }
    return Effect(at_least=evidence_tier(context), figures=figures)


def _shown(case: Situation) -> str:
    if shows_something(case):
        return "unseen"
    return "lighter" if grew_lighter(case, "outbound") else "nothing"


def _asks_nobody_else(context: RuleContext) -> bool:
    """Whether the customer has shown what there is to show, and nobody else is left to be asked."""
    asked = context.question
    return shows_something(context.case) and (asked.bothers or not asked.requests)


def look_first(context: RuleContext) -> Effect | None:
    """A person looks at what the customer gave of a large claim that the law pays whatever the shop
    says, once shop and courier were heard or their time is over."""
    policy, case = context.policy, context.case
    if context.lane == "no_reason" or not is_to_be_looked_at(policy, case):
        return None
    hears = hears_shop(policy, case) and not _asks_nobody_else(context)
    return None if hears else PERSON


def _asks_first(context: RuleContext) -> bool:
    """Whether somebody is asked before a person compares: the customer, or shop and courier, unless
    the customer declined. Earlier policies called a person where those were still to be heard."""
    policy, case = context.policy, context.case
    declined = ("declined", "customer") in case.evidence
    heard = "partly_excluded" in policy.rules and hears_shop(policy, case) and not declined
    return context.question.bothers or heard


def packing_heard(context: RuleContext) -> Effect | None:
    """Asks shop and courier what they have of a parcel whose record alone says that all went in;
    once they were heard, or the time is over, the claim is settled without the customer."""
    if context.lane == "no_reason" or context.overdue:
        return None
    heard = not hears_packers(context.policy, context.case) or context.question.bothers
    return None if heard else Effect(at_least=evidence_tier(context))


def shop_record(context: RuleContext) -> Effect | None:
    """Asks the customer for what fits the reason; where that is there, or declined, a person
    compares it with the record."""
    case, question = context.case, context.question
    if context.lane == "no_reason" or not is_contradicted(context.policy, case):
        return None
    figures = {"record": _RECORDS[case.packed_as_ordered]}
    asks = question.open and _asks_first(context) and not shows_something(case)
    if not asks:
        return PERSON._replace(figures=figures)
    note = None if question.bothers else "heard_first"
    return Effect(at_least=evidence_tier(context), figures=figures, note=note)
