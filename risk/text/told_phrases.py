"""What English phrases of a text say happened."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from risk.text import story_en, tags
from risk.text.lexicon import PHRASES, ToldPhrase

_BACK, _BEYOND = 4, 3
_SKIPPED = frozenset(story_en.SKIPPED.split())
_SETS = {name: frozenset(words.split()) for name, words in story_en.SETS.items()}
_EITHER_SIDE = frozenset(story_en.EITHER_SIDE.split())
_FAILS = frozenset(story_en.FAILS.split())
_DOES = frozenset(("does", "will", "would", "can", "could", "do"))
_NOT_OF_GOODS = frozenset(story_en.NOT_OF_GOODS.split())
_NOT = frozenset(story_en.DENIALS.split())
_HOW = frozenset(("by", "on"))
_CLAUSE = frozenset(("that", "because"))


def told_in_phrases(words: Sequence[str]) -> int:
    """The bits of the story that phrases tell.

    What is denied does not count ("not that I don't want it"); who ordered the wrong one was not
    sent it.

    >>> told_in_phrases("i have not changed my mind".split())
    0
    >>> told_in_phrases("i ordered the wrong size".split()) & tags.WRONG_ITEM
    0
    """
    kept = [word for word in words if word not in _SKIPPED]
    found = _failing(kept)
    starts = list(map(" ".join, pairwise(kept)))
    if PHRASES.keys().isdisjoint(starts):
        return found
    free_from = 0
    for at, start in enumerate(starts):
        if at < free_from:
            continue
        for phrase in PHRASES.get(start, ()):
            if _stands(kept, at, phrase):
                found |= phrase.bits
                free_from = at + len(phrase.words)
                break
    return found


def _failing(kept: Sequence[str]) -> int:
    """Whether an article does not do something: it won't close, it keeps stopping."""
    for at, (one, then) in enumerate(pairwise((*kept, ""))):
        does_not = one == "not" and at > 0 and kept[at - 1] in _DOES
        if (does_not or one in _FAILS) and then not in _NOT_OF_GOODS:
            return tags.POOR
    return 0


def _stands(kept: Sequence[str], at: int, phrase: ToldPhrase) -> bool:
    end = at + len(phrase.words)
    if tuple(kept[at:end]) != phrase.words or _is_denied(kept, at, phrase):
        return False
    return all(_has(kept, at, end, name) for name in phrase.only) and not any(
        _has(kept, at, end, name) for name in phrase.unless
    )


def _has(kept: Sequence[str], at: int, end: int, name: str) -> bool:
    after = kept[end : end + story_en.BEYOND.get(name, _BEYOND)]
    before = kept[max(0, at - _BACK) : at] if name in _EITHER_SIDE else ()
    return not _SETS[name].isdisjoint((*before, *after))


def _is_denied(kept: Sequence[str], at: int, phrase: ToldPhrase) -> bool:
    """Whether a phrase without a no of its own follows one, or any follows "not that", "not
    because". How something was done ("by mistake") is denied with what was done."""
    before = kept[max(0, at - 4) : at]
    if phrase.words[0] in _HOW and not _NOT.isdisjoint(before[-3:]):
        return True
    if before and before[-1] in _NOT and phrase.words[0] not in _NOT:
        return True
    return any(before[i] in _NOT and before[i + 1] in _CLAUSE for i in range(len(before) - 1))
