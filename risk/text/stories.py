"""What a text says happened, and whether that agrees with the rest of the request."""

from risk.text import tags
from risk.text.lexicon import PAIRS
from risk.text.tokens import Tokens

_REACH = 4
_MATTERS = tags.STORIES | tags.NEGATION | tags.REPORT
_NEEDS_GOODS = frozenset(
    ("damaged", "defective", "not_as_described", "wrong_item", "missing_item", "counterfeit")
)
_DENIES = {
    "not_received": tags.RECEIVED | tags.USED | tags.FAULTS | tags.WRONG_ITEM,
    "late": tags.USED,
    "damaged": tags.NOT_RECEIVED | tags.UNWANTED,
    "defective": tags.NOT_RECEIVED | tags.UNWANTED,
    "not_as_described": tags.NOT_RECEIVED,
    "counterfeit": tags.NOT_RECEIVED | tags.UNWANTED,
    "wrong_item": tags.UNWANTED,
    "missing_item": tags.UNWANTED,
    "unwanted": tags.NOT_RECEIVED,
}


def story(tokens: Tokens) -> int:
    """The bits of `tags.STORIES` a text asserts; what it denies or only reports does not count."""
    found, denied_until, reported_until, previous = 0, -1, -1, ""
    for i, (word, bits) in enumerate(zip(tokens.words, tokens.bits, strict=True)):
        if word.isascii():
            pair = PAIRS.get(f"{previous} {word}")
            previous = word
            if pair:
                found |= pair
                continue
        if not bits & _MATTERS:
            continue
        if bits & tags.STORIES:
            found |= _asserted(bits & tags.STORIES, i <= denied_until, i <= reported_until)
        if bits & tags.NEGATION:
            denied_until = i + _REACH
        if bits & tags.REPORT:
            reported_until = i + _REACH
    return found


def _asserted(bits: int, denied: bool, reported: bool) -> int:
    if denied:
        return tags.NOT_RECEIVED if bits & tags.RECEIVED else 0
    return 0 if reported and bits & tags.RECEIVED else bits


def contradictions(told: int, *, reason_code: str, type_: str, claims_received: bool | None) -> int:
    """How many pairs among reason code, text, receipt claim and wished remedy exclude each other.

    `told` is what `story` found, 0 without a text.
    """
    denied = told & _DENIES.get(reason_code, 0)
    if told & tags.NOT_RECEIVED:
        denied &= ~tags.RECEIVED
    here = told & (tags.RECEIVED | tags.USED)
    gone = told & tags.NOT_RECEIVED
    return (
        bool(denied)
        + bool(claims_received is False and here and not gone)
        + bool(claims_received is True and gone and not here)
        + bool(claims_received is False and reason_code in _NEEDS_GOODS)
        + bool(claims_received is True and reason_code == "not_received")
        + bool(gone and told & tags.USED)
        + bool(type_ == "repair" and reason_code in ("not_received", "unwanted"))
    )
