"""Specificity of a text: does it say what, where, when, how much.

A sum of word weights instead of a trained model, so that it carries over between domains and can
be explained. Raised by the cues the literature found to hold across domains: numbers, names,
concrete and rare words, places in time and space. Opinion, adverbs, pronouns and generic nouns add
nothing; hedges lower it.

Sources: A. Louis and A. Nenkova, "Automatic identification of general and specific sentences by
leveraging discourse annotations", IJCNLP 2011 (numbers, names and word specificity against
polarity words); J. J. Li and A. Nenkova, "Fast and accurate prediction of sentence specificity",
AAAI 2015 (surface cues suffice); W.-J. Ko, G. Durrett and J. J. Li, "Domain agnostic real-valued
specificity prediction", AAAI 2019 (which cues move between news, tweets and reviews);
M. Brysbaert, A. B. Warriner and V. Kuperman, "Concreteness ratings for 40 thousand generally known
English word lemmas", BRM 2014 (what people call concrete). The weights are this project's own.
"""

from math import exp

from risk.text.tokens import Tokens

_SCALE, _BY_WORD, _LONG = 2.5, 0.4, 14
"""The summed weight that is worth 632 of 1,000: so much, and so much more for each distinct word,
of which so many count. Who says little is measured by what those few words say."""


def specificity(tokens: Tokens) -> int:
    """0 to 1,000, concave in the summed weight of the distinct words against how many they are: to
    be brief is not to be vague.

    >>> from risk.text.tokens import tokenise
    >>> specificity(tokenise("It broke."))
    179
    >>> specificity(tokenise("The screen cracked on 3 May when I pressed the left button."))
    664
    """
    weights = dict(zip(tokens.words, tokens.weights, strict=True))
    scale = _SCALE + _BY_WORD * min(len(weights), _LONG)
    return round(1_000 * (1.0 - exp(-max(0.0, sum(weights.values())) / scale)))
