"""Whether a customer is upset enough that a person should answer first."""

import re

from risk.text.tokens import Tokens

_WORDS = frozenset(
    """
    furious outraged outrageous scam scammer scammers fraud fraudsters thief thieves liar liars lawyer
    lawsuit sue suing court police disgusting disgusted unacceptable ridiculous worst idiots stupid
    fuck fucking shit bullshit wtf damn hell rip-off ripoff shame shameful
    """.split()
)
_PHRASES = re.compile(
    "投诉|曝光|举报|骗子|骗人|欺骗|欺诈|12315|消费者协会|消协|工商|起诉|律师|报警|法院|垃圾|恶心|气死|太过分|无耻|坑人"
    "|黑心|要个说法|没完|滚|他妈|尼玛|[!！]{3}|[?？]{3}"
)


def agitated(text: str, tokens: Tokens) -> int:
    """1 for threats, insults, shouting in capitals or rows of exclamation marks, else 0."""
    if _PHRASES.search(text) or not _WORDS.isdisjoint(tokens.words):
        return 1
    letters = [word for word in text.split() if len(word) > 3 and word.isalpha()]
    shouted = sum(1 for word in letters if word.isascii() and word.isupper())
    return int(shouted >= 3 and shouted * 2 > len(letters))
