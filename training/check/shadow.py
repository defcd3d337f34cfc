"""Letting a bundle answer, in the shadow, what others decided: stored apart and never acted on.

A decision's case is judged as it was seen then: by the stored vector where that holds every feature
the bundle looks at, else by its facts as of the decision; under the policy that was in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import orjson

from risk.decisions import challenger_answers
from risk.decisions.challenger_answers import Answer
from risk.decisions.judge import Champion, revive
from risk.decisions.log import Kept
from risk.errors import RefundRiskError
from risk.features.catalog import catalogue
from risk.history import published_models
from risk.history.published_models import Published
from risk.history.store import History
from risk.policy import decide, lane
from training.check.past_models import MadeWith
from training.progress import Progress


def answer(history: History, published: Published, since: int, tell: Progress) -> int:
    """Let a published bundle answer every decision since a moment (ms) it has not seen yet.

    Answers how many those were. A decision whose policy or facts are gone is passed over.
    """
    with history.read() as connection:
        content = published_models.content(connection, published)
    rival = Champion.load(published, content, catalogue())
    made_with, done = MadeWith(history), 0
    for page in _pages(history, published.digest, since):
        found = list(_answers(history, rival, made_with, page))
        with history.write() as write:
            challenger_answers.keep(write, published.digest, found)
        done += len(page)
        tell("in the shadow", done, None)
    return done


def _pages(history: History, digest: str, since: int) -> Iterator[list[Kept]]:
    with history.read() as connection:
        yield from challenger_answers.unanswered(connection, digest, since)


def _answers(
    history: History, rival: Champion, made_with: MadeWith, page: Sequence[Kept]
) -> Iterator[Answer]:
    """What the rival says of each decision of a page, as far as it can be told."""
    for kept in page:
        vector = _stored(rival, made_with, kept)
        if vector is None:
            vector = _from_facts(history, rival, kept)
        if vector is None:
            continue
        try:
            policy = made_with.policy(kept.policy_version)
        except RefundRiskError:
            continue
        case = revive(orjson.loads(kept.situation))
        own = vector[None, : len(rival.bundle.features)]
        chance = float(rival.bundle.probabilities(own, lane(policy, case))[0])
        ruling = decide(policy, replace(case, probability=chance), rival.thresholds)
        yield Answer(kept.decision_id, chance, ruling.tier)


def _stored(rival: Champion, made_with: MadeWith, kept: Kept) -> np.ndarray | None:
    """The rival's vector out of the stored one; None where that lacks a feature."""
    try:
        maker = made_with.champion(kept.model_digest, kept.model_version)
    except RefundRiskError:
        return None
    places = {feature.name: at for at, feature in enumerate(maker.features)}
    if not all(feature.name in places for feature in rival.features):
        return None
    vector = np.frombuffer(kept.vector, dtype=np.float64)
    return vector[[places[feature.name] for feature in rival.features]]


def _from_facts(history: History, rival: Champion, kept: Kept) -> np.ndarray | None:
    """The rival's vector from the facts as of the decision; None where the request is gone."""
    with history.read() as connection:
        spine = rival.reader.spine(connection, kept.refund_id, kept.as_of, kept.stage)
        return None if spine is None else rival.reader.vector(connection, spine)
