"""Whether a text is about goods at all, and about goods of its category."""

from risk.text import tags
from risk.text.tokens import Token
from risk.text.topics import TOPIC_WORDS, topics_of

_ENOUGH = 4


def irrelevance(tokens: list[Token], category: str | None) -> int:
    """0 (to the point, or too short to say) to 1,000 (nothing to do with goods or category)."""
    goods = content = ours = others = 0
    own = topics_of(category)
    for token in tokens:
        bits = token.entry.bits if token.entry else 0
        topics = TOPIC_WORDS.get(token.word, 0)
        goods += bool(bits & (tags.GOODS | tags.STORIES))
        content += not bits & tags.COMMON
        ours += bool(topics & own)
        others += bool(topics and not topics & own)
    if ours or (goods and not own):
        return 0
    if own and others:
        return min(1_000, 400 + 600 * others // (others + goods))
    if goods or content < _ENOUGH:
        return 0
    return 1_000 * content // (content + 3)
