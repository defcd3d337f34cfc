"""One table from a word to its weight in specificity and to what it stands for.

Built once from the word lists of both languages; a later list overrules an earlier one's weight,
and bits add up.
"""

from collections.abc import Iterable
from typing import NamedTuple

from risk.text import tags, words_en, words_zh


class Entry(NamedTuple):
    """`weight` is how much a word narrows down what is talked about; `bits` are `tags`."""

    weight: float
    bits: int


def _weights(rows: Iterable[tuple[str, float, int]]) -> dict[str, Entry]:
    table: dict[str, Entry] = {}
    for text, weight, bits in rows:
        for word in text.split():
            table[word] = Entry(weight, bits | (table[word].bits if word in table else 0))
    return table


def _marks(
    table: dict[str, Entry], unknown: float, rows: Iterable[tuple[str, int]]
) -> dict[str, Entry]:
    for text, bits in rows:
        for word in text.split():
            old = table.get(word, Entry(unknown, 0))
            table[word] = Entry(old.weight, old.bits | bits)
    return table


def _stories(lists: dict[str, str]) -> list[tuple[str, int]]:
    return [(text, int(getattr(tags, name))) for name, text in lists.items()]


ENGLISH = _marks(
    _weights(
        (
            (words_en.COMMON_VERBS, 0.3, tags.COMMON),
            (words_en.VAGUE, 0.1, tags.COMMON),
            (words_en.EVALUATIVE, 0.12, tags.COMMON),
            (words_en.CONCRETE, 1.0, 0),
            (words_en.TIMES, 0.9, 0),
            (words_en.UNITS, 0.7, tags.UNIT),
            (words_en.NUMBER_WORDS, 0.8, 0),
            (words_en.PLACING, 0.12, tags.COMMON),
            (words_en.INTENSIFIERS, -0.1, tags.COMMON),
            (words_en.HEDGES, -0.1, tags.COMMON | tags.HEDGE),
            (words_en.PRONOUNS, -0.05, tags.COMMON),
            (words_en.FUNCTION, 0.0, tags.COMMON),
        )
    ),
    0.8,
    (
        (words_en.GOODS, tags.GOODS | tags.COMMON),
        (words_en.PROCESS, tags.PROCESS | tags.COMMON),
        (words_en.NEGATIONS, tags.NEGATION),
        (words_en.REPORTS, tags.REPORT),
        *_stories(words_en.STORY),
    ),
)
PAIRS: dict[str, int] = {
    pair: int(getattr(tags, name)) for name, pairs in words_en.PAIRS.items() for pair in pairs
}
CHINESE = _marks(
    _weights(
        (
            (words_zh.COMMON, 0.3, tags.COMMON),
            (words_zh.VAGUE, 0.1, tags.COMMON),
            (words_zh.CONCRETE, 1.0, 0),
            (words_zh.TIMES, 0.9, 0),
            (words_zh.INTENSIFIERS, -0.1, tags.COMMON),
            (words_zh.HEDGES, -0.1, tags.COMMON | tags.HEDGE),
            (words_zh.PRONOUNS, -0.05, tags.COMMON),
            (words_zh.FUNCTION, 0.0, tags.COMMON),
        )
    ),
    0.5,
    (
        (words_zh.GOODS, tags.GOODS | tags.COMMON),
        (words_zh.PROCESS, tags.PROCESS | tags.COMMON),
        (words_zh.NEGATIONS, tags.NEGATION),
        (words_zh.REPORTS, tags.REPORT),
        *_stories(words_zh.STORY),
    ),
)
LONGEST_CHINESE = max(map(len, CHINESE))
