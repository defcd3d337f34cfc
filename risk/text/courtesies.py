"""Whether a text says next to nothing beside what is said to be polite."""

from __future__ import annotations

import re
from dataclasses import replace

from risk.text.specificity import specificity
from risk.text.tokens import Tokens

NEXT_TO_NOTHING = 100
"""The specificity of what says no more than that something is bad."""
_ZH = re.compile(
    "谢谢|[感多]谢|谢了|辛苦|麻烦|拜托|劳烦|打扰|不好意思|[烦恳]?请|[您你]好|亲爱的?|亲|客服|商家|卖家|老板|[顺]?祝"
    "|生活愉快|周末愉快|工作顺利|生意兴隆|万事如意|身体健康|天天开心|新年快乐|恭喜发财|一生平安|商祺"
    "|帮忙|帮帮|帮|处理|解决|尽快|早日|理解|支持|配合|希望|期待|回复|此致|敬礼"
)
_EN = re.compile(
    r"\b(?:hello|hi|hey|greetings|dear|sir|madam|team|please|pls|kindly|thank you|thanks|thank"
    r"|(?:very|so) much|in advance|(?:best|kind|warm) (?:regards|wishes)|regards|sincerely|cheers"
    r"|appreciated?|grateful|your (?:kind )?(?:help|assistance|support|reply|understanding)"
    r"|customer (?:service|support|care)|good (?:morning|afternoon|evening|day)|help me|ask for"
    r"|have a (?:nice|good|great|lovely) (?:day|evening|week|weekend|one)|sorry to bother you"
    r"|looking forward to (?:hearing from you|your reply))\b"
)


def is_courtesy(tokens: Tokens) -> bool:
    """Whether a text has polite words, and without them says next to nothing: that it has manners
    makes it say no more.

    >>> from risk.text.tokens import tokenise
    >>> is_courtesy(tokenise("不好，谢谢您，辛苦了，祝您生活愉快"))
    True
    >>> is_courtesy(tokenise("左边的拉链断了，谢谢您"))
    False
    """
    polite = _within(tokens.words, "", _ZH) | _within(tokens.words, " ", _EN)
    if not polite:
        return False
    kept = [at for at in range(len(tokens.words)) if at not in polite]
    words = tuple(tokens.words[at] for at in kept)
    weights = tuple(tokens.weights[at] for at in kept)
    return specificity(replace(tokens, words=words, weights=weights)) <= NEXT_TO_NOTHING


def _within(words: tuple[str, ...], between: str, phrases: re.Pattern[str]) -> set[int]:
    """The places of the words that phrases are made of."""
    found, ends, at = set(), [], 0
    for word in words:
        at += len(word)
        ends.append(at)
        at += len(between)
    for phrase in phrases.finditer(between.join(words)):
        found |= {
            n
            for n, end in enumerate(ends)
            if end - len(words[n]) >= phrase.start() and end <= phrase.end()
        }
    return found
