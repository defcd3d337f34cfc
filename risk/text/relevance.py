"""Whether a text is about goods at all, and about goods of its category."""

from risk.text import tags
from risk.text.tokens import Tokens
from risk.text.topics import ELSEWHERE, TOPIC_WORDS, topics

_ENOUGH = 4


def relevance(tokens: Tokens, category: str | None) -> tuple[int, int]:
    """(irrelevance, topics) of a text.

    `irrelevance` is 0 (to the point, or too short to say) to 1,000 (nothing to do with goods, or
    with those of `category`). `topics` are the kinds of goods the text speaks of, as bits like
    those of `topics`, or `ELSEWHERE` where it speaks at length of no goods at all.
    """
    goods = content = ours = others = found = 0
    own = topics(category)
    for word, bits in zip(tokens.words, tokens.bits, strict=True):
        about = TOPIC_WORDS.get(word, 0)
        found |= about
        goods += bool(bits & (tags.GOODS | tags.STORIES))
        content += not bits & tags.COMMON
        ours += bool(about & own)
        others += bool(about and not about & own)
    if own and others and not ours:
        return min(1_000, 400 + 600 * others // (others + goods)), found
    if goods or found or content < _ENOUGH:
        return 0, found
    return 1_000 * content // (content + 3), ELSEWHERE
