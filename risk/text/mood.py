"""Whether a customer is upset enough that a person should answer first."""

import re

from risk.text.tokens import Token

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


def agitated(text: str, tokens: list[Token]) -> int:
    """1 for threats, insults, shouting in capitals or rows of exclamation marks, else 0."""
    if _PHRASES.search(text) or any(token.word in _WORDS for token in tokens):
        return 1
    letters = [token.raw for token in tokens if len(token.raw) > 3 and token.raw.isalpha()]
    shouted = sum(1 for raw in letters if raw.isascii() and raw.isupper())
    return int(shouted >= 3 and shouted * 2 > len(letters))
