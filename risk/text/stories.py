"""What a text says happened, and whether it contradicts the rest of the request."""

from risk.facts.codes import RECEIVED_REASONS
from risk.text import tags
from risk.text.circumstances import circumstances
from risk.text.courtesies import is_courtesy
from risk.text.event_words import events
from risk.text.needless import is_of_something_else
from risk.text.parts import names_part
from risk.text.real_reason import own_reason
from risk.text.story_en import SAYERS
from risk.text.story_zh import SAYERS as SAYERS_ZH
from risk.text.tokens import Tokens
from risk.text.told_phrases import told_in_phrases

_REACH, _REACH_ZH = 4, 2
_UNREAL, _UNREAL_ZH = 4, 3
_NEAR, _NEVER = 3, -9
_SAYERS = frozenset(SAYERS.split()) | frozenset(SAYERS_ZH.split())
_UNDENIED = tags.NOT_RECEIVED | tags.UNWANTED | tags.BY_CHOICE
_ASSERTED = tags.STORIES & ~tags.RECEIVED
_MATTERS = (
    tags.STORIES | tags.NEGATION | tags.REPORT | tags.PAPER | tags.PASSED | tags.OPENED
    | tags.UNREAL
)  # fmt: skip
_ARTICLES = frozenset("a an any the my your".split())
_OWN = tags.MISTAKE | tags.BY_CHOICE
_PLAIN = tags.MISTAKE | tags.NEEDLESS
_HERE = tags.RECEIVED | tags.USED | tags.FIT
_IN_HAND = tags.USED | tags.FIT | tags.FAULTS | tags.WRONG_ITEM
_DENIES = {
    "not_received": tags.RECEIVED | _IN_HAND,
    "late": tags.USED,
    "damaged": tags.NOT_RECEIVED | tags.BY_CHOICE,
    "defective": tags.NOT_RECEIVED | tags.BY_CHOICE,
    "not_as_described": tags.NOT_RECEIVED,
    "counterfeit": tags.NOT_RECEIVED | tags.BY_CHOICE,
    "wrong_item": tags.BY_CHOICE,
    "missing_item": tags.BY_CHOICE,
    "unwanted": tags.NOT_RECEIVED,
}


def story(tokens: Tokens) -> int:
    """The bits of `tags.STORIES` a text asserts.

    What it denies does not count, nor what it reports ("tracking says delivered"), nor what has not
    come about ("when will it arrive"), nor receiving a message; a denied receipt is `NOT_RECEIVED`.

    >>> from risk.text.tokens import tokenise
    >>> story(tokenise("the parcel never arrived")) == tags.NOT_RECEIVED
    True
    >>> story(tokenise("tracking says delivered"))
    0
    """
    found = told_in_phrases(tokens.words) if tokens.any & tags.LATIN else 0
    if tokens.any & _MATTERS:
        found |= _in_words(tokens)
    if found & (tags.SOUND | _PLAIN) and _is_of_others(tokens):
        found &= ~(tags.SOUND | tags.NEEDLESS | (_OWN if found & tags.MISTAKE else 0))
    elif found & tags.PICKED:
        found = own_reason(tokens, found)
    if found & tags.NEEDLESS and is_of_something_else(tokens):
        found &= ~tags.NEEDLESS
    if tokens.any & tags.ROUTE and found & tags.FAULTS and not found & _HERE:
        found = found & ~tags.FAULTS | tags.POOR
    found |= events(tokens, found) | circumstances(tokens)
    found |= tags.COURTESY if is_courtesy(tokens) else 0
    return found | tags.PART if names_part(tokens) else found


def _in_words(tokens: Tokens) -> int:
    """What single words say, each by what stands before it."""
    found = 0
    received_at = denied_at = denied_until = reported_until = _NEVER
    for i, bits in enumerate(tokens.bits):
        if not bits & _MATTERS:
            continue
        denied, reported = i <= denied_until, i <= reported_until or bits & tags.REPORT
        if bits & tags.RECEIVED and denied:
            denied_at = i if not found & tags.NOT_RECEIVED else denied_at
            found |= tags.NOT_RECEIVED
        elif bits & tags.RECEIVED and not reported:
            found, received_at = found | tags.RECEIVED, i
        elif bits & (tags.PAPER | tags.PASSED) and i - received_at <= _NEAR:
            found &= ~tags.RECEIVED
        elif bits & tags.PAPER and _is_next(tokens.words, denied_at, i):
            found &= ~tags.NOT_RECEIVED
        found |= _told(bits, denied)
        found |= tags.RECEIVED if bits & tags.OPENED else 0
        latin = bits & tags.LATIN
        if bits & tags.NEGATION:
            denied_until = i + (_REACH if latin else _REACH_ZH)
        if bits & tags.REPORT or (bits & tags.PAPER and _is_quoted(tokens.words, i)):
            reported_until = i + _REACH
        elif bits & tags.UNREAL:
            reported_until = max(reported_until, i + (_UNREAL if latin else _UNREAL_ZH))
    return found


def _told(bits: int, denied: bool) -> int:
    """What a word tells; a mistake that is denied (没拍错) is no change of mind."""
    if denied and bits & tags.MISTAKE:
        return 0
    return bits & (_UNDENIED if denied else _ASSERTED)


def _is_next(words: tuple[str, ...], at: int, other: int) -> bool:
    """Whether the other word is the object of the one at a place: "received a reply"."""
    return other == at + 1 or (other == at + 2 and words[at + 1] in _ARTICLES)


def _is_quoted(words: tuple[str, ...], paper: int) -> bool:
    """Whether a message is told by what it says: "an e-mail that it arrived"."""
    return words[paper + 1 : paper + 2] == ("that",)


def _is_of_others(tokens: Tokens) -> bool:
    """Whether a text may tell what somebody else says of the article."""
    return bool(tokens.any & tags.REPORT) or not _SAYERS.isdisjoint(tokens.words)


_OTHER_CAUSES = (
    tags.FAULTS | tags.WRONG_ITEM | tags.MISSING | tags.NOT_RECEIVED | tags.LATE
    | tags.DOUBLE_CHARGE | tags.HARM
)  # fmt: skip
_FAULT_REASONS = frozenset(RECEIVED_REASONS) - {"missing_item"}
_BROKEN = tags.DAMAGED | tags.DEFECTIVE
_WHATEVER_SIZE = ("damaged", "defective", "counterfeit")
"""Reasons that say nothing of how large an article is."""
_OF_THE_SHOP = (*_WHATEVER_SIZE, "wrong_item")
"""Reasons that no mistake of the customer's brings about."""


def is_unwanted_after_all(asserted: int, reason_code: str) -> bool:
    """Whether a text plainly says that the article is not wanted any more, and takes back what the
    reason says: that it is at fault, or did not come. Whoever ordered the wrong one takes it back,
    and so does who bought two, or whose trip is off, and names no fault.

    >>> is_unwanted_after_all(tags.SOUND | tags.UNWANTED, "defective")
    True
    >>> is_unwanted_after_all(tags.UNWANTED, "defective")
    False
    >>> is_unwanted_after_all(tags.UNWANTED | tags.NEEDLESS, "defective")
    True
    """
    own = tags.UNWANTED | (tags.FIT if reason_code in _WHATEVER_SIZE else 0)
    if not asserted & own or asserted & (_OTHER_CAUSES | tags.POOR):
        return False
    if reason_code == "not_received":
        return bool(asserted & tags.RECEIVED)
    if asserted & tags.MISTAKE and reason_code in _OF_THE_SHOP:
        return True
    if asserted & tags.NEEDLESS and reason_code in _WHATEVER_SIZE:
        return True
    return reason_code in _FAULT_REASONS and bool(asserted & tags.SOUND)


def is_fault_after_all(asserted: int, reason_code: str) -> bool:
    """Whether a text plainly says that the article broke or does not work, and that its customer
    was to pick another reason, which is that it is not wanted.

    >>> is_fault_after_all(tags.DAMAGED | tags.PICKED, "unwanted")
    True
    >>> is_fault_after_all(tags.DAMAGED, "unwanted")
    False
    """
    own = asserted & (tags.SOUND | tags.NOT_RECEIVED)
    told = asserted & _BROKEN and asserted & tags.PICKED
    return reason_code == "unwanted" and bool(told) and not own


CONTRADICTIONS = (
    "text_reason", "text_here", "text_gone", "claim_gone", "claim_here", "text_itself", "remedy",
)  # fmt: skip
"""What may contradict what: the text the reason, the text the claim that nothing came or that it
did, either claim the reason, the text itself, the wished remedy the reason."""


def contradictions(
    asserted: int, reason_code: str, remedy: str, claims_received: bool | None
) -> int:
    """How many pairs among reason code, text, receipt claim and wished remedy contradict.

    `asserted` is what `story` found, 0 without a text; `remedy` the type of the request.

    >>> contradictions(tags.NOT_RECEIVED, "damaged", "refund_only", None)
    1
    """
    return sum(_contradicting(asserted, reason_code, remedy, claims_received))


def contradicting(
    asserted: int, reason_code: str, remedy: str, claims_received: bool | None
) -> list[str]:
    """Which pairs these are, as in `CONTRADICTIONS`.

    >>> contradicting(0, "not_received", "refund_only", True)
    ['claim_here']
    """
    found = _contradicting(asserted, reason_code, remedy, claims_received)
    return [name for name, holds in zip(CONTRADICTIONS, found, strict=True) if holds]


def _contradicting(
    asserted: int, reason_code: str, remedy: str, claims_received: bool | None
) -> tuple[bool, ...]:
    denied = asserted & _DENIES.get(reason_code, 0)
    if asserted & (tags.NOT_RECEIVED | tags.MISSING):
        denied &= ~tags.RECEIVED
    if asserted & tags.NOT_RECEIVED:
        denied &= ~_IN_HAND
    if asserted & (_OTHER_CAUSES | tags.POOR) and not asserted & tags.SOUND:
        denied &= ~tags.BY_CHOICE
    here = asserted & _HERE and not asserted & tags.MISSING
    gone = asserted & tags.NOT_RECEIVED
    return (
        bool(denied) or is_unwanted_after_all(asserted, reason_code),
        bool(claims_received is False and here and not gone),
        bool(claims_received is True and gone and not here and reason_code != "missing_item"),
        bool(claims_received is False and reason_code in RECEIVED_REASONS),
        bool(claims_received is True and reason_code == "not_received"),
        bool(gone and asserted & (tags.USED | tags.FIT)),
        bool(remedy == "repair" and reason_code in ("not_received", "unwanted")),
    )
