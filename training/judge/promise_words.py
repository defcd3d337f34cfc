"""A promise in sentences, for the card and for whoever trains or watches a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from risk.explain.rule_names import rule_name
from risk.facts.localised import COMMA, Language
from training.learn.promise import Promise

MAX_NAMED = 3


def named_rules(by_rule: Mapping[str, int], language: Language = "en") -> str:
    """The rules that bother most in words, with how many requests each.

    >>> named_rules({"fresh_picture": 2, "own_findings": 5})
    'earlier findings of abuse 5, doubtful picture 2'
    """
    ordered = sorted(by_rule.items(), key=lambda one: (-one[1], one[0]))[:MAX_NAMED]
    return COMMA[language].join(f"{rule_name(rule, language)} {n:,}" for rule, n in ordered)


def promise_sentences(made: Promise) -> Iterator[str]:
    """What is promised, kept or broken, and on how much it rests."""
    rules = f"{made.rules:.2%} by rules alone"
    if made.by_rule:
        rules += f" ({named_rules(made.by_rule)})"
    if made.broken:
        yield (
            f"Broken: of {made.requests:,} requests found honest {rules} are bothered, more than "
            f"the {made.share:.1%} that are allowed. No threshold of a model changes that."
        )
        if made.proven:
            yield (
                f"A threshold of {made.ask_above:.3f} keeps what the score adds within "
                f"{made.left:.1%}: {made.observed - made.rules:.2%} (upper limit {made.bound:.2%})."
            )
    elif made.proven:
        yield (
            f"With a threshold of {made.ask_above:.3f} and {made.confidence:.1%} confidence, at "
            f"most {made.share:.1%} of honest requests are bothered at any of their moments, all "
            f"rules of the policy included. Of {made.requests:,} requests found honest, scored out "
            f"of fold by customer, {made.observed:.2%} were (upper limit {made.bound:.2%}): "
            f"{rules}, {made.observed - made.rules:.2%} by the score."
        )
    else:
        yield (
            f"Not proven: {made.requests:,} requests found honest prove no threshold; rules bother "
            f"{rules.replace(' by rules alone', '')} of them."
        )
    if made.at_floor:
        yield "The policy's caps.ask_above holds the threshold there: every one above it is proven."
    yield from _asked_from(made)
    if made.of_group:
        own = ", ".join(f"{name} {at:.3f}" for name, at in made.of_group.items())
        yield (
            f"Groups have thresholds of their own ({own}), so high that no more of their honest "
            "requests are expected to reach them than of all honest requests."
        )
    if made.waiting:
        yield f"{made.waiting:.2%} more only wait for an answer of the shop or the courier."
    if made.needed is not None:
        yield (
            f"A promise of {made.share:.1%} takes {made.needed:,} findings of honest requests like "
            "these, and more where the score bothers somebody."
        )


def _asked_from(made: Promise) -> Iterator[str]:
    """From where a model asks whose threshold is not proven, or not the lowest."""
    if made.expected_above is None:
        if not made.proven:
            yield "The policy's floor for an unproven model applies."
    elif made.proven and made.asked_from > made.ask_above:
        yield (
            f"It asks from {made.asked_from:.3f} on all the same: by the model's own probabilities "
            "of all requests not found abusive, more of the honest may reach a lower threshold "
            f"than the {made.left:.1%} that rules leave."
        )
    elif made.asked_from < made.ask_above:
        yield (
            f"Expected, and not proven: with a threshold of {made.expected_above:.3f}, by the "
            "model's own probabilities of all requests not found abusive, the score bothers no "
            f"more than {made.left:.1%} of the honest, what rules leave of {made.share:.1%} or, "
            "where they leave less, a fifth of it. From there on it asks, or from the policy's "
            "floor for an unproven model (caps.ask_above_unproven) where that is higher."
        )
