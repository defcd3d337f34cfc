"""Whether a text is about goods at all, and about goods of its category."""

from risk.text import tags
from risk.text.tokens import Tokens
from risk.text.topics import ELSEWHERE, topics

_ENOUGH = 3
_GOODS = tags.GOODS | tags.STORIES


def relevance(tokens: Tokens, category: str | None) -> tuple[int, int]:
    """(irrelevance, topics) of a text.

    `irrelevance` is 0 (to the point, or too short to say) to 1,000 (nothing to do with goods, or
    with those of `category`). The topics are the kinds of goods the text speaks of, as bits like
    those of `topics`, or `ELSEWHERE` where it speaks at length of no goods at all.
    """
    bits = tokens.bits
    about = tokens.any >> tags.TOPIC_SHIFT
    own = topics(category)
    if own and about and not about & own:
        others = sum(1 for b in bits if b >> tags.TOPIC_SHIFT)
        goods = sum(1 for b in bits if b & _GOODS)
        return 400 + 600 * others // (others + goods), about
    if tokens.any & _GOODS or about:
        return 0, about
    content = sum(1 for b in bits if not b & tags.COMMON)
    return (0, 0) if content < _ENOUGH else (1_000 * content // (content + 3), ELSEWHERE)
