"""Relevance: whether a text is about goods at all, and about goods of the order's category."""

from risk.text import tags
from risk.text.tokens import Tokens
from risk.text.topics import ELSEWHERE, topics

_GOODS = tags.GOODS | tags.STORIES


def relevance(tokens: Tokens, category: str | None) -> tuple[int, int]:
    """(irrelevance, topics) of a text.

    `irrelevance` is 0 (to the point, or nothing against it) to 1,000 (about life at large, or
    about goods of another kind than `category`). The topics are the kinds of goods the text speaks
    of, as bits like those of `topics`, or `ELSEWHERE` where it speaks of life and of no goods.

    An unknown word never counts against a text: defects are described in more words than any
    list has.

    >>> from risk.text.tokens import tokenise
    >>> relevance(tokenise("I lost my job and cannot pay the rent"), "shoes")[0]
    700
    >>> relevance(tokenise("the zipper jams"), "jackets")[0]
    0
    """
    bits = tokens.bits
    about = tokens.any >> tags.TOPIC_SHIFT
    own = topics(category)
    if own and about and not about & own:
        others = sum(1 for b in bits if b >> tags.TOPIC_SHIFT)
        goods = sum(1 for b in bits if b & _GOODS)
        return 400 + 600 * others // (others + goods), about
    if about or not tokens.any & tags.AWAY:
        return 0, about
    away = sum(1 for b in bits if b & tags.AWAY)
    goods = sum(1 for b in bits if b & _GOODS)
    if goods:
        return 300 * away // (away + 2 * goods), 0
    return 400 + 600 * away // (away + 1), ELSEWHERE
