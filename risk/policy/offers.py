"""What is offered in place of what was asked, in money: the names of a decision's suggestions."""

from __future__ import annotations

from collections.abc import Sequence

from risk.facts.currencies import rounding_unit
from risk.facts.format import money_text
from risk.facts.localised import LANGUAGES, LocalisedText
from risk.facts.units import MONEY_UNIT
from risk.findings import CONFIRMS
from risk.policy.articles import kind_of
from risk.policy.disputed_inspection import is_disputed
from risk.policy.money_left import asked_of
from risk.policy.schema import Policy
from risk.policy.shop_inspection import LESS_WORTH, is_unshown
from risk.policy.situation import RETURNING, Alternative, Situation, Tier

_MONEY = frozenset({"partial_refund", "voucher"})


def is_worn(policy: Policy, case: Situation) -> bool:
    """Whether the goods came back, and worth less than the claim explains."""
    if is_unshown(policy, case) or is_disputed(policy, case):
        return False
    if policy.articles is not None and _as_claimed(case):
        return False
    return not LESS_WORTH.isdisjoint(case.inspections)


def _as_claimed(case: Situation) -> bool:
    """Whether every inspection confirms what the customer claims."""
    expected = CONFIRMS.get(case.reason_code, ())
    return all(condition in expected for condition in case.inspections)


def cost(policy: Policy, case: Situation, one: Alternative, amount: float) -> float:
    """What an alternative to a refund of `amount` costs the shop; both in one currency, but for
    what is fixed, which is in the policy's."""
    if one == "partial_refund" and policy.offers is not None and is_worn(policy, case):
        return policy.offers.worn_part * amount
    price = policy.suggestions.costs[one]
    return price.fixed + price.share * amount


def names(policy: Policy, case: Situation, offered: Sequence[Alternative]) -> list[LocalisedText]:
    """The names of alternatives, with the amounts the policy gives them."""
    found: list[LocalisedText] = []
    for one in offered:
        words = policy.wording.options.get(f"{one}_worn") if is_worn(policy, case) else None
        text = words or policy.wording.options[one]
        figures = {
            "amount": money_text(amount_of(policy, case, one), case.currency),
            "months": policy.offers.warranty_months if policy.offers else 0,
        }
        found.append({language: text[language].format(**figures) for language in LANGUAGES})
    return found


def told(
    policy: Policy,
    case: Situation,
    tier: Tier,
    conditions: Sequence[str],
    offered: Sequence[Alternative],
) -> Sequence[Alternative]:
    """The alternatives that a message names: money in place of what is asked is the shop's to
    offer, and only in place of a return that is granted. Earlier policies named all."""
    if "returned_light" not in policy.phrases:
        return offered
    granted = tier == "approve" and "merchant_consent" not in conditions
    kind = kind_of(policy, case.category)
    spoiled = kind is not None and not kind[1].sent_back
    in_place = granted and case.type in RETURNING and case.verdict is None and not spoiled
    if in_place:
        return offered
    asks_too = "exchange_goodwill" in policy.phrases and "merchant_consent" in conditions
    slow = {"exchange"} if asks_too and case.reason_code == "unwanted" else set()
    return [one for one in offered if one not in _MONEY and one not in slow]


def postage(policy: Policy, case: Situation) -> str:
    """The most that is paid for sending goods back, in the currency of the case."""
    most = policy.offers.postage if policy.offers else 0.0
    amount = _payable(case, round(most / policy.currency.rates[case.currency] * MONEY_UNIT))
    return money_text(amount, case.currency)


def amount_of(policy: Policy, case: Situation, one: Alternative) -> int:
    """The amount of an offer (1/10,000), of what is asked of the price of goods."""
    goods = asked_of(policy, case) - (case.money.extras if case.money else 0)
    rate = policy.currency.rates[case.currency]
    whole = goods * rate / MONEY_UNIT
    return _payable(case, round(cost(policy, case, one, whole) / rate * MONEY_UNIT))


def _payable(case: Situation, amount: int) -> int:
    """An amount rounded to what can be paid."""
    unit = rounding_unit(case.currency)
    return round(amount / unit) * unit
