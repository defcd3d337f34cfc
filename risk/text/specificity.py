"""How specific a text is: does it say what, where, when, how much.

A careful sum instead of a trained model, so that it carries over between domains and anybody can
see why. What raises it are the cues the literature found to hold across domains: numbers, names,
rare and concrete words, places in time and space; what lowers it are words of opinion, hedges,
pronouns and generic nouns.

Sources: Louis and Nenkova (IJCNLP 2011, general and specific sentences: names, numbers and
word specificity against polarity words); Li and Nenkova (AAAI 2015, surface cues suffice); Ko,
Durrett and Li (AAAI 2019, the cues across news, tweets and reviews; length and rarity carry over).
"""

from math import exp, sqrt

from risk.text.tokens import Token
from risk.text.words_en import ABSTRACT_ENDINGS

_NUMBER, _NAME, _CONTENT, _ABSTRACT, _TAG = 1.2, 1.1, 0.8, 0.55, 0.4


def mass(tokens: list[Token]) -> float:
    """The sum of what each token narrows down; around 0.3 a word in general prose."""
    total = 0.0
    shouting = sum(1 for t in tokens if len(t.raw) > 2 and t.raw.isupper()) * 2 > len(tokens)
    first = True
    for token in tokens:
        total += _weight(token, first or shouting)
        first = token.word in "!?"
    return total


def _weight(token: Token, opens: bool) -> float:
    entry, raw = token.entry, token.raw
    first = raw[0]
    if entry is not None:
        named = not opens and entry.weight < _NAME and first.isupper() and len(raw) > 1
        return _NAME * 0.7 if named else entry.weight
    if first.isdigit():
        return _NUMBER
    if not first.isalpha():
        return -0.2 if first in "!?" else _TAG
    if first.isupper() and not opens:
        return _NAME
    return _ABSTRACT if token.word.endswith(ABSTRACT_ENDINGS) else _CONTENT


def specificity(tokens: list[Token], total: float) -> int:
    """0 to 1,000 from the mass of the tokens and its share per token."""
    count = len(tokens)
    if not count:
        return 0
    density = total / sqrt(count + 3.0)
    return round(1_000 * (1.0 - exp(-max(0.0, 0.12 * total + 0.25 * density))))
