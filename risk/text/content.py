"""What a text says: the words of its content, and which of them follow each other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from risk.text import tags
from risk.text.sensitive import SENSITIVE
from risk.text.tokens import LISTED_NAME, NAME, Tokens

MOST = 64
"""Words and pairs kept of a text."""

_GRAMMAR = 0.1
"""Words of no more weight than this say nothing of what happened, unless a tag says they do."""

_TOLD = tags.NEGATION | tags.STORIES | tags.GOODS | tags.PROCESS
_NAMES = (NAME, LISTED_NAME)
_WIDTHS = (2, 3, 4)
_MANNER = tags.ANGER | tags.HEDGE
"""How something is said: temper and doubt are no sign."""


def content(tokens: Tokens) -> tuple[str, ...]:
    """At most `MOST` different words and pairs of neighbouring words, in no order that tells the
    text: without grammar, temper, names, numbers and what is sensitive.

    >>> from risk.text.tokens import tokenise
    >>> content(tokenise("My husband Peter says the zipper is not broken, damn!"))
    ('broken', 'not', 'not broken', 'says', 'says zipper', 'zipper', 'zipper not')
    """
    runs = _runs(tokens)
    kept = {word: None for run in runs for word in run if len(word) > 1}
    for run in runs:
        kept.update((_pair(a, b), None) for a, b in itertools.pairwise(run))
    return tuple(sorted(list(kept)[:MOST]))


def _runs(tokens: Tokens) -> list[list[str]]:
    """The words of the content in order, cut where a word was left out for what it would say of
    somebody; grammar is passed over."""
    runs: list[list[str]] = [[]]
    left_out = () if "".join(tokens.words).isascii() else _spelt_out(tokens.words)
    for at, word in enumerate(tokens.words):
        weight, bits = tokens.weights[at], tokens.bits[at]
        if word in SENSITIVE or weight in _NAMES or not word[0].isalpha() or at in left_out:
            runs.append([])
        elif not bits & _MANNER and (weight > _GRAMMAR or bits & _TOLD):
            runs[-1].append(word)
    return runs


def _spelt_out(words: Sequence[str]) -> set[int]:
    """Where characters stand that together are a sensitive word: what is in no list was cut."""
    found: set[int] = set()
    for at, word in enumerate(words):
        for width in _WIDTHS if len(word) == 1 else ():
            if "".join(words[at : at + width]) in SENSITIVE:
                found.update(range(at, at + width))
    return found


def _pair(first: str, second: str) -> str:
    """Two words in a row; two Chinese characters of no list may be one word."""
    joined = len(first) == len(second) == 1 and not first.isascii()
    return first + second if joined else f"{first} {second}"
