"""What a customer is told of an entry of the block list that bears on their request."""

from __future__ import annotations

from collections.abc import Collection

from risk.facts.format import written_minute
from risk.facts.localised import BETWEEN, LANGUAGES, LocalisedText
from risk.policy.lanes import local_time
from risk.policy.listing import Listing
from risk.policy.schema import Policy
from risk.policy.situation import Situation

ENTRY_RULE = "block_list"


def with_entry(
    policy: Policy, case: Situation, message: LocalisedText, rules: Collection[str]
) -> LocalisedText:
    """The message, and after it until when the entry applies, what it asks and how to appeal it."""
    block = next((one for one in case.listings if one.kind == "block"), None)
    if ENTRY_RULE not in rules or block is None:
        return message
    words = policy.phrases.get(f"listed_{block.asks}")
    if words is None:
        return message
    return {
        language: message[language]
        + BETWEEN[language]
        + words[language].format(until=_until(policy, case, block, language))
        for language in LANGUAGES
    }


def _until(policy: Policy, case: Situation, entry: Listing, language: str) -> str:
    """When the entry ends, in the merchant's zone; entries of the first release may have no end."""
    if entry.expires_at is None:
        return "–"
    return written_minute(local_time(policy, case.merchant_id, entry.expires_at), language)
