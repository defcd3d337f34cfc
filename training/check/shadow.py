"""Letting a bundle answer, in the shadow, what others decided: stored apart and never acted on.

A decision's case is judged as it was seen then: by the stored vector where that holds every feature
the bundle uses, else by its facts as of the decision; under the policy that was in force.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from risk.decisions import challenger_answers
from risk.decisions.case import read_one
from risk.decisions.challenger_answers import ModelAnswer
from risk.decisions.champion import Champion, Models
from risk.decisions.log import StoredDecision, situation_of
from risk.errors import Conflict, NotFound, RefundRiskError
from risk.features.finish import Floats
from risk.history.published_models import Published
from risk.history.store import History
from risk.policy import Policy, decide, lane
from training.progress import Progress


def answer(models: Models, published: Published, since: int, progress: Progress) -> int:
    """Let a published bundle answer every decision since a moment (ms) it has not seen yet.

    Answers how many those were. A decision whose policy or facts are gone is passed over.
    """
    rival, done = models.of(published), 0
    for page in _pages(models.history, published.digest, since):
        found = list(_answers(models, rival, page))
        with models.history.write() as write:
            challenger_answers.store(write, published.digest, found)
        done += len(page)
        progress("answers of the other model", done, None)
    return done


def _pages(history: History, digest: str, since: int) -> Iterator[list[StoredDecision]]:
    with history.read() as connection:
        yield from challenger_answers.unanswered(connection, digest, since)


def _answers(
    models: Models, rival: Champion, page: Sequence[StoredDecision]
) -> Iterator[ModelAnswer]:
    """What the challenger answers for each decision of a page, where it can be computed."""
    for stored in page:
        vector = _stored_vector(models, rival, stored)
        if vector is None:
            vector = _vector_from_facts(models.history, rival, stored)
        if vector is None:
            continue
        try:
            policy = models.policy(stored.policy_version)
        except RefundRiskError:
            continue
        yield _answer(stored, vector, rival, policy)


def _answer(stored: StoredDecision, vector: Floats, rival: Champion, policy: Policy) -> ModelAnswer:
    """The rival's answer by its own vector; no reasons are wanted, so nothing is explained."""
    situation, own = situation_of(stored.situation), vector[None, : len(rival.bundle.features)]
    probability = float(rival.bundle.probabilities(own, lane(policy, situation))[0])
    ruling = decide(policy, replace(situation, probability=probability), rival.thresholds)
    return ModelAnswer(stored.decision_id, probability, ruling.tier)


def _stored_vector(models: Models, rival: Champion, stored: StoredDecision) -> Floats | None:
    """The rival's vector out of the stored one; None where that lacks a feature."""
    try:
        maker = models.past(stored.model_digest, stored.model_version)
    except RefundRiskError:
        return None
    vector = stored.features
    places = {feature.name: at for at, feature in enumerate(maker.features[: len(vector)])}
    if not all(feature.name in places for feature in rival.features):
        return None
    return vector[[places[feature.name] for feature in rival.features]]


def _vector_from_facts(history: History, rival: Champion, stored: StoredDecision) -> Floats | None:
    """The rival's vector from the facts as of the decision; None where the request is gone."""
    with history.read() as connection:
        try:
            case = read_one(
                connection, rival.reader, stored.refund_id, stored.as_of, history.audit_key
            )
        except (NotFound, Conflict):
            return None
    return case.vector
