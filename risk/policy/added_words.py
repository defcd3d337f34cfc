"""What a customer is told after the message of a decision, by the rules that applied."""

from __future__ import annotations

from collections.abc import Collection

from risk.facts.format import money_text
from risk.facts.localised import BETWEEN, LANGUAGES, LocalisedText
from risk.policy.listed import with_entry
from risk.policy.return_postage import unowed_postage
from risk.policy.schema import Policy
from risk.policy.situation import Situation

_BY_RULE = {
    "told_otherwise": "told_unwanted",
    "told_fault": "told_fault",
    "own_postage": "own_postage",
    "repair_replaced": "repair_replaced",
}
"""By rule, the words that follow the message."""


def with_additions(
    policy: Policy, case: Situation, message: LocalisedText, rules: Collection[str]
) -> LocalisedText:
    """The message, how the customer was understood, what of the amount is theirs to pay, and until
    when an entry of the block list applies."""
    for rule, key in _BY_RULE.items():
        if rule in rules:
            words = policy.phrases[key]
            extras = money_text(unowed_postage(policy, case), case.currency)
            message = {
                one: message[one] + BETWEEN[one] + words[one].format(extras=extras)
                for one in LANGUAGES
            }
    return with_entry(policy, case, message, rules)
