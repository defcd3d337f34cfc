"""`analyse`: the free text of a refund reason → a fixed set of numbers and keys."""

from dataclasses import dataclass

from risk.text import tags
from risk.text.anger import shouted
from risk.text.content import content
from risk.text.fingerprint import fingerprints
from risk.text.relevance import relevance
from risk.text.specificity import specificity
from risk.text.stories import contradictions, story
from risk.text.tokens import Tokens, fold, tokenise

TEXT_VERSION = 3
"""Stored beside the analysis: raise it whenever `analyse` answers differently."""


@dataclass(frozen=True, slots=True)
class TextAnalysis:
    """The analysis of one text. Without a text all is None but `contradiction`.

    `length` is in characters; `specificity`, `hedging` and `irrelevance` run from 0 to 1,000;
    `contradiction` counts; `topics` holds the kinds of goods mentioned (see `topics`), `story`
    bits of `tags.STORIES`; `agitated` is 0 or 1; `exact` and `near` are fingerprints that copies
    and near copies share; `words` are those of its content (see `content`).
    """

    length: int | None
    specificity: int | None
    hedging: int | None
    contradiction: int
    irrelevance: int | None
    topics: int | None
    story: int | None
    agitated: int | None
    exact: str | None
    near: tuple[str, ...]
    words: tuple[str, ...] = ()


def analyse(
    text: str | None,
    *,
    reason_code: str,
    type: str,  # noqa: A002
    claims_received: bool | None,
    category: str | None = None,
) -> TextAnalysis:
    """Analyses a reason in Chinese or English; of a longer text, its first 2,000 characters.

    >>> found = analyse(
    ...     "Tracking says delivered, but the parcel never arrived",
    ...     reason_code="damaged", type="refund_only", claims_received=None,
    ... )
    >>> found.story == tags.NOT_RECEIVED, found.contradiction
    (True, 1)
    """
    folded = fold(text) if text else ""
    tokens = tokenise(folded)
    asserted = story(tokens)
    contradiction = contradictions(asserted, reason_code, type, claims_received)
    if not text or not tokens.words:
        return TextAnalysis(None, None, None, contradiction, None, None, None, None, None, ())
    irrelevance, about = relevance(tokens, category)
    exact, near = fingerprints(tokens)
    return TextAnalysis(
        length=len(text.strip()),
        specificity=specificity(tokens),
        hedging=_hedging(tokens),
        contradiction=contradiction,
        irrelevance=irrelevance,
        topics=about,
        story=asserted,
        agitated=int(bool(tokens.any & tags.ANGER) or shouted(folded)),
        exact=exact,
        near=near,
        words=content(tokens),
    )


def _hedging(tokens: Tokens) -> int:
    if not tokens.any & tags.HEDGE:
        return 0
    hedges = sum(1 for bits in tokens.bits if bits & tags.HEDGE)
    return round(1_000 * hedges / (hedges + 1 + len(tokens.words) / 12))
