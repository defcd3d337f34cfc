"""What the customer reads, in both languages: thanks, what and why, a choice, a time."""

from __future__ import annotations

from collections.abc import Sequence

from risk.facts.localised import LocalisedText
from risk.facts.units import HOUR_MS
from risk.policy.answers import Ask, Option, Why
from risk.policy.lanes import Deadline, local, zone
from risk.policy.schema import Policy
from risk.policy.situation import NOT_WITH_CUSTOMER, Situation, Tier

_AND_SO_ON = {"en": ", ", "zh": "、"}
_LAST = {"en": " or ", "zh": "或"}
_THEN = {"en": "; ", "zh": "；"}
_TIERS: dict[Tier, LocalisedText] = {
    "approve": {"en": "Approving", "zh": "直接同意"},
    "request_evidence": {"en": "Asking", "zh": "补充资料"},
    "platform_intervention": {"en": "A person", "zh": "人工处理"},
}
_BACK = frozenset({"return", "inspection"})
_APPROVALS = {"refund_only": "refund", "price_adjustment": "price"}


def message(
    policy: Policy,
    case: Situation,
    tier: Tier,
    conditions: Sequence[str],
    asks: Sequence[Ask],
    ways: Sequence[str],
    due: Deadline,
) -> LocalisedText:
    """The message that goes with a decision. It never says what anybody suspects."""
    template = policy.phrases[_which(case, tier, conditions, asks)]
    by = _time(policy, case, due)
    return {
        language: template[language].format(
            asks=_THEN[language].join(
                ask.text[language] for ask in asks if ask.source == "customer"
            ),
            options=_options(policy, ways, language),
            deadline=by,
        )
        for language in ("en", "zh")
    }


def account(policy: Policy, tier: Tier, requested: Sequence[LocalisedText]) -> LocalisedText:
    """How a request was processed, for its customer: true, and without telling how to evade it.

    `requested` are the sentences of the evidence that was asked for.
    """
    template = policy.wording.accounts[tier]
    return {
        language: template[language].format(
            asks=_THEN[language].join(text[language] for text in requested),
            reply_hours=policy.deadline.reply_hours,
        )
        for language in ("en", "zh")
    }


def why(policy: Policy, key: str, tier: Tier, costs: Sequence[Option], cap: float) -> Why:
    """The sentence for the reviewer that states what decided, with the figures it rests on."""
    figures = _cheapest(costs)
    said = policy.wording.why[key]
    texts = {
        language: said[language].format(
            tier=_TIERS[tier][language],
            approve=figures.get("approve", "–"),
            ask=figures.get("request_evidence", "–"),
            person=figures.get("platform_intervention", "–"),
            cap=f"{cap:.2f}",
        )
        for language in ("en", "zh")
    }
    return Why(key, texts)


def _which(case: Situation, tier: Tier, conditions: Sequence[str], asks: Sequence[Ask]) -> str:
    if tier == "platform_intervention":
        return "person_returned" if case.stage in _BACK else "person"
    if tier == "request_evidence":
        return "ask_customer" if any(a.source == "customer" for a in asks) else "ask_others"
    if "merchant_consent" in conditions:
        return "goodwill" if case.type == "return_and_refund" else "consent"
    return "record" if "courier_record" in conditions else _approval(case)


def _approval(case: Situation) -> str:
    """How an approved request goes on, by its type and by where the goods are."""
    if case.type != "return_and_refund":
        return _APPROVALS.get(case.type, case.type)
    if case.courier in NOT_WITH_CUSTOMER:
        return "refund"
    return "returned" if case.stage in _BACK else "return"


def _options(policy: Policy, ways: Sequence[str], language: str) -> str:
    said = [policy.wording.options[way][language] for way in ways or ("talk",)]
    if len(said) == 1:
        return said[0]
    return _AND_SO_ON[language].join(said[:-1]) + _LAST[language] + said[-1]


def _time(policy: Policy, case: Situation, due: Deadline) -> str:
    """A time that can be kept, on the merchant's clock: the deadline, or a day where it passed."""
    moment = case.as_of + policy.deadline.reply_hours * HOUR_MS if due.overdue else due.respond_by
    shown = local(moment, zone(policy, case.merchant_id)).isoformat(" ", "minutes")
    return f"{shown[:16]} (UTC{shown[16:]})"


def _cheapest(costs: Sequence[Option]) -> dict[str, str]:
    least: dict[str, float] = {}
    for option in costs:
        least[option.tier] = min(option.expected, least.get(option.tier, option.expected))
    return {tier: f"{cost:.2f}" for tier, cost in least.items()}
