"""The lexicon: for each language, word → its weight in specificity and its tags.

The weight says how much a word narrows down what is talked about: 0 for grammar, below 0 for
hedging, about 0.65 for a word of no list, more for what can be touched, timed or counted. Within
a language a later list overrules an earlier one's weight; bits add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from risk.text import concrete_en, story_en, story_zh, tags, words_en, words_zh
from risk.text.anger import ANGRY
from risk.text.topics import TOPIC_WORDS

LexiconEntry = tuple[float, int]
Token = tuple[str, float, int]
"""(word, weight, bits of `tags`)."""

_KNOWN = tags.COMMON


def _table(rows: Iterable[tuple[str, float, int]]) -> dict[str, LexiconEntry]:
    table: dict[str, LexiconEntry] = {}
    for text, weight, bits in rows:
        for word in text.split():
            table[word] = (weight, bits | table.get(word, (0.0, 0))[1])
    return table


def _tokens(table: dict[str, LexiconEntry], bits: int) -> dict[str, Token]:
    return {word: (word, weight, own | bits) for word, (weight, own) in table.items()}


def _mark(table: dict[str, LexiconEntry], text: str, bits: int, unlisted: float) -> None:
    for word in text.split():
        weight, old = table.get(word, (unlisted, 0))
        table[word] = (weight, old | bits)


def story_bits(names: str) -> int:
    """The bits of names of the story lists; what is unwanted by choice is unwanted."""
    found = sum(int(getattr(tags, name)) for name in names.split())
    if found & tags.MISTAKE:
        found |= tags.BY_CHOICE
    return found | tags.UNWANTED if found & tags.BY_CHOICE else found


def _marked(
    table: dict[str, LexiconEntry],
    unlisted: float,
    rows: Iterable[tuple[str, int]],
    stories: Mapping[str, str],
) -> dict[str, LexiconEntry]:
    for text, bits in rows:
        _mark(table, text, bits, unlisted)
    for name, text in stories.items():
        _mark(table, text, story_bits(name) | _KNOWN, unlisted)
    return table


def _shared(table: dict[str, LexiconEntry], chinese: bool) -> dict[str, LexiconEntry]:
    """Adds the words of topics and of anger that are written in this table's script."""
    for word, topics in TOPIC_WORDS.items():
        if chinese != word.isascii():
            _mark(table, word, topics << tags.TOPIC_SHIFT, 1.0)
    for word in ANGRY.split():
        if chinese != word.isascii():
            _mark(table, word, tags.ANGER | _KNOWN, 0.0)
    return table


_ENGLISH = _shared(
    _marked(
        _table(
            (
                (concrete_en.GENERAL, 0.3, 0),
                (words_en.COMMON_VERBS, 0.2, _KNOWN),
                (words_en.VAGUE, 0.05, _KNOWN),
                (words_en.NUMBER_WORDS, 1.1, 0),
                (words_en.TIMES, 1.1, 0),
                (words_en.UNITS, 0.9, tags.UNIT),
                (concrete_en.CONCRETE, 1.2, 0),
                (words_en.EVALUATIVE, -0.05, _KNOWN),
                (words_en.PLACING, 0.22, _KNOWN),
                (words_en.INTENSIFIERS, -0.05, _KNOWN),
                (words_en.HEDGES, -0.3, _KNOWN | tags.HEDGE),
                (words_en.PRONOUNS, 0.0, _KNOWN),
                (words_en.FUNCTION, 0.05, _KNOWN),
            )
        ),
        0.65,
        (
            (words_en.GOODS, tags.GOODS | _KNOWN),
            (words_en.PROCESS, tags.PROCESS | _KNOWN),
            (story_en.NEGATIONS, tags.NEGATION | _KNOWN),
            (story_en.REPORTS, tags.REPORT),
            (story_en.PAPERS, tags.PAPER),
            (story_en.ELSEWHERE, tags.PASSED),
            (story_en.UNREAL, tags.UNREAL),
            (story_en.ROUTE, tags.ROUTE),
            (story_en.OPENED, tags.OPENED | tags.GOODS | _KNOWN),
            (story_en.AWAY, tags.AWAY),
        ),
        story_en.STORY,
    ),
    chinese=False,
)


@dataclass(frozen=True, slots=True)
class ToldPhrase:
    """An English phrase, the bits of the story it tells, and names of `SETS` it goes with."""

    words: tuple[str, ...]
    bits: int
    only: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


def _phrases() -> dict[str, tuple[ToldPhrase, ...]]:
    found: dict[str, list[ToldPhrase]] = {}
    for name, text in story_en.PHRASES.items():
        for one in text.replace("\n", " ").split(","):
            parts = one.split()
            words = tuple(part for part in parts if part[0] not in "+-")
            only = tuple(part[1:] for part in parts if part[0] == "+")
            unless = tuple(part[1:] for part in parts if part[0] == "-")
            phrase = ToldPhrase(words, story_bits(name), only, unless)
            found.setdefault(" ".join(words[:2]), []).append(phrase)
    longest_first = {start: sorted(of, key=lambda p: -len(p.words)) for start, of in found.items()}
    return {start: tuple(of) for start, of in longest_first.items()}


PHRASES = _phrases()
"""The first two words of a phrase, articles left out → the phrases, the longest first."""


def _compounds() -> str:
    """Chinese words that hold one of the stories' words and tell none."""
    told = " ".join(story_zh.STORY[name] for name in story_zh.CHOICES)
    pairs = (*story_zh.COMPOUNDS, (story_zh.NO, told))
    return " ".join(a + b for first, then in pairs for a in first.split() for b in then.split())


_CHINESE = _shared(
    _marked(
        _table(
            (
                (words_zh.GENERAL, 0.3, 0),
                (words_zh.COMMON, 0.25, _KNOWN),
                (words_zh.VAGUE, 0.05, _KNOWN),
                (words_zh.MEASURES, 0.2, tags.UNIT | _KNOWN),
                (words_zh.CONCRETE, 1.1, 0),
                (words_zh.TIMES, 1.1, 0),
                (words_zh.INTENSIFIERS, -0.05, _KNOWN),
                (words_zh.HEDGES, -0.3, _KNOWN | tags.HEDGE),
                (words_zh.PRONOUNS, 0.0, _KNOWN),
                (story_zh.NEUTRAL, 0.1, _KNOWN),
                (_compounds(), 0.1, _KNOWN),
                (words_zh.FUNCTION, 0.0, _KNOWN),
            )
        ),
        0.5,
        (
            (words_zh.GOODS, tags.GOODS | _KNOWN),
            (words_zh.PROCESS, tags.PROCESS | _KNOWN),
            (story_zh.NEGATIONS, tags.NEGATION | _KNOWN),
            (story_zh.REPORTS, tags.REPORT),
            (story_zh.PAPERS, tags.PAPER),
            (story_zh.ELSEWHERE, tags.PASSED),
            (story_zh.UNREAL, tags.UNREAL),
            (story_zh.ROUTE, tags.ROUTE),
            (story_zh.OPENED, tags.OPENED | tags.GOODS | _KNOWN),
            (story_zh.AWAY, tags.AWAY),
        ),
        story_zh.STORY,
    ),
    chinese=True,
)

ENGLISH: dict[str, Token] = _tokens(_ENGLISH, tags.LATIN)
CHINESE: dict[str, Token] = _tokens(_CHINESE, 0)


def _starts(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for word in words:
        if len(word) > 1:
            found.setdefault(word[:2], set()).add(len(word))
    return {first: tuple(sorted(sizes, reverse=True)) for first, sizes in found.items()}


STARTS = _starts(CHINESE)
"""First two characters of Chinese words → the words' lengths, longest first."""
