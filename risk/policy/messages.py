"""Messages to the customer and reasons for the reviewer, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from risk.facts.format import money_text, written_minute
from risk.facts.localised import LANGUAGES, LISTED, OR, SEMICOLON, LocalisedText
from risk.facts.units import HOUR_MS
from risk.findings import NEGATIVE_VERDICTS
from risk.policy import offers
from risk.policy.answers import EvidenceRequest, Option, TierReason
from risk.policy.conclusion import rest
from risk.policy.disputed_inspection import inspector
from risk.policy.found_words import FOUND, back_words, found_words, goods_words, noted
from risk.policy.lanes import AnswerDeadline, local_time, right_days
from risk.policy.listed import ENTRY_RULE
from risk.policy.message_choice import message_template
from risk.policy.return_postage import sending_words
from risk.policy.schema import Policy
from risk.policy.situation import Alternative, Situation, Tier
from risk.policy.thresholds import NEVER

_TIERS: dict[Tier, LocalisedText] = {
    "approve": {"en": "Approving", "zh": "直接同意"},
    "request_evidence": {"en": "Asking", "zh": "补充资料"},
    "platform_intervention": {"en": "A person", "zh": "人工处理"},
}
_OFFER = re.compile(r"(?<=[.。}])\s*[^.。{}]*\{options\}[^.。]*[.。]")
"""The sentence that names alternatives, left out where there are none."""
_NOTHING = {"en": "nothing", "zh": "0 {unit}"}
_ACCOUNTS = {
    "withdrawn": "withdrawn", "abuse_found": "found", ENTRY_RULE: "listed",
    "payment_record": "payment",
}  # fmt: skip
"""By rule, the account that a customer is given in place of the one by tier."""


def message(
    policy: Policy,
    case: Situation,
    tier: Tier,
    conditions: Sequence[str],
    requests: Sequence[EvidenceRequest],
    alternatives: Sequence[Alternative],
    due: AnswerDeadline,
) -> LocalisedText:
    """The customer message of a decision. It never mentions a suspicion."""
    template = message_template(policy, case, tier, conditions, requests)
    named = offers.told(policy, case, tier, conditions, alternatives)
    if not named and "returned_light" in policy.phrases:
        template = {one: _OFFER.sub("", text) for one, text in template.items()}
    makers: dict[str, Callable[[str], object]] = {
        "asks": lambda language: SEMICOLON[language].join(
            one.text[language] for one in requests if one.source == "customer"
        ),
        "options": lambda language: _options(policy, case, named, language),
        "deadline": lambda language: _deadline(policy, case, due, language),
        "right_days": lambda _: right_days(policy, case.merchant_id),
        "found": lambda language: found_words(policy, case)[language],
        "noted": lambda language: FOUND[noted(case) or "differs"][language],
        "by": lambda language: inspector(case)[language],
        "paid": lambda language: _paid(case, language),
        "asked": lambda _: money_text(case.amount, case.currency),
        "rest": lambda _: money_text(rest(case), case.currency),
        "back": lambda language: back_words(case)[language],
        "goods": lambda language: goods_words(policy, case, language),
        "postage": lambda _: offers.postage(policy, case),
        "sending": lambda language: sending_words(policy, case)[language],
    }
    return {
        language: template[language].format_map(_Figures(makers, language))
        for language in LANGUAGES
    }


@dataclass(frozen=True, slots=True)
class _Figures:
    """What differs by case in a message, each made only for a message that has it."""

    makers: Mapping[str, Callable[[str], object]]
    language: str

    def __getitem__(self, name: str) -> object:
        return self.makers[name](self.language)


def account(
    policy: Policy,
    tier: Tier,
    requested: Sequence[LocalisedText],
    rules: Collection[str] = (),
    state: str = "",
) -> LocalisedText:
    """How a request was processed, for its customer: true, and without telling how to evade it.

    `requested` are the sentences of the evidence that was asked for, `rules` the ids of the rules
    that applied: a request that was withdrawn, or found abusive, has an account of its own, and so
    has one of `state` `found`, or `open` where an approval is not settled yet.
    """
    accounts = policy.wording.accounts
    by_rule = (key for rule, key in _ACCOUNTS.items() if rule in rules)
    own = next((key for key in (*by_rule, state) if key in accounts), tier)
    template = accounts[own]
    return {
        language: template[language].format(
            asks=SEMICOLON[language].join(text[language] for text in requested),
            reply_hours=policy.deadline.reply_hours,
        )
        for language in LANGUAGES
    }


def why(policy: Policy, key: str, tier: Tier, costs: Sequence[Option], cap: float) -> TierReason:
    """The reason for the tier, as a sentence with the expected costs or the cap in it."""
    figures = _cheapest(costs)
    nobody = key == "cap_group" and cap >= NEVER
    words = policy.wording.why.get(f"{key}_nobody" if nobody else key, policy.wording.why[key])
    texts: LocalisedText = {
        language: words[language].format(
            tier=_TIERS[tier][language],
            approve=figures.get("approve", "–"),
            ask=figures.get("request_evidence", "–"),
            person=figures.get("platform_intervention", "–"),
            cap=f"{cap:.2f}",
        )
        for language in LANGUAGES
    }
    return TierReason(key, texts)


def _paid(case: Situation, language: str) -> str:
    """What the outcome says was paid, else what was asked where the finding grants it."""
    amount = case.paid_back
    if amount is None and case.verdict in NEGATIVE_VERDICTS:
        amount = case.amount
    if amount:
        return money_text(amount, case.currency)
    return _NOTHING[language].format(unit="元" if case.currency == "CNY" else case.currency)


def _options(
    policy: Policy, case: Situation, alternatives: Sequence[Alternative], language: str
) -> str:
    offered = offers.names(policy, case, alternatives) or [policy.wording.options["talk"]]
    names = [one[language] for one in offered]
    text = LISTED[language].join(names[:-1]) + OR[language] + names[-1] if names[1:] else names[0]
    return spaced(text) if language == "zh" else text


def spaced(text: str) -> str:
    """A Chinese text with a space where a figure begins it, and between an amount and what follows.

    >>> spaced("30.00 CNY 代金券、退还 60.00 CNY或换货")
    ' 30.00 CNY 代金券、退还 60.00 CNY 或换货'
    """
    return re.sub(r"([A-Z])(?=[\u4e00-\u9fff])", r"\1 ", f" {text}" if text[0].isdigit() else text)


def _deadline(policy: Policy, case: Situation, due: AnswerDeadline, language: str) -> str:
    """The deadline in the merchant's zone; where it has passed, the time of the next reply."""
    moment = case.as_of + policy.deadline.reply_hours * HOUR_MS if due.overdue else due.respond_by
    return written_minute(local_time(policy, case.merchant_id, moment), language)


def _cheapest(costs: Sequence[Option]) -> dict[str, str]:
    """The least expected cost of each tier, as text."""
    least: dict[str, float] = {}
    for option in costs:
        least[option.tier] = min(option.expected, least.get(option.tier, option.expected))
    return {tier: f"{cost:.2f}" for tier, cost in least.items()}
