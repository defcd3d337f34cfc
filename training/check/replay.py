"""Making every stored decision again: from its vector, and from the facts it rests on.

A vector must give the same score to the bit on the same runtime and the same tier everywhere; the
facts that were stored when it was decided must give the same vector under the same engine. Where
another engine read the facts (`risk.features.spec.ENGINE_VERSION`), features that differ are named
and are no fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from risk.decisions import log
from risk.decisions.decide import runtime
from risk.decisions.judge import Champion, Judged, revive, ruled
from risk.errors import RefundRiskError
from risk.features.spec import ENGINE_VERSION
from risk.history.store import History
from risk.policy import Policy
from risk.privacy import is_tombstone
from training.check.past_models import MadeWith
from training.check.replay_facts import Open, same, unsettled
from training.facts.snapshot import snapshot
from training.progress import Progress

WORDED = frozenset({"customer_message", "why"})
"""Members of an answer that are words, and what else they say stands in other members."""
LONGEST = 200
OF_FORGOTTEN = "of forgotten people, from their vectors"
WITH_LATE_FACTS = "with facts that came later"


@dataclass(frozen=True, slots=True)
class Difference:
    """Something of a stored decision that did not come out again."""

    decision_id: str
    what: str
    stored: str
    again: str

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.what} was {self.stored}, is {self.again}"


class Replayed(NamedTuple):
    """How many decisions were made again, what differs, and what only another engine explains.

    `by_engine` has one entry a decision of another engine whose features differ under this one.
    """

    made: int
    differences: list[Difference]
    by_engine: list[Difference]


def replay(history: History, progress: Progress) -> Replayed:
    """Make every stored decision again.

    Those of forgotten people are made again from their vectors alone, and counted for `progress`
    as `OF_FORGOTTEN`: what their facts said is gone.
    """
    count = 0
    found: list[Difference] = []
    by_engine: list[Difference] = []
    with snapshot(history.engine) as still:
        maker = _Maker(history)
        for kept in _every(history):
            found += maker.differences(kept)
            count += 1
            progress("decisions", count, None)
        if maker.forgotten:
            progress(OF_FORGOTTEN, maker.forgotten, None)
        for done, (one, again) in enumerate(unsettled(still, maker.open), start=1):
            progress(WITH_LATE_FACTS, done, len(maker.open))
            if again is None:
                continue
            if _engine(one.kept) == ENGINE_VERSION:
                found += _by_feature(one, again)
            else:
                by_engine.append(_of_engine(one, again))
    return Replayed(count, found, by_engine)


def _every(history: History) -> Iterator[log.Kept]:
    with history.read() as connection:
        yield from log.every(connection)


class _Maker:
    """Makes decisions again, and keeps as `open` those that other facts than now's have made."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.made_with = MadeWith(history)
        self.forgotten = 0
        self.open: list[Open] = []

    def differences(self, kept: log.Kept) -> list[Difference]:
        """What of one decision does not come out again."""
        try:
            champion = self.made_with.champion(kept.model_digest, kept.model_version)
            policy = self.made_with.policy(kept.policy_version)
        except RefundRiskError as missing:
            return [Difference(kept.decision_id, "what decided it", "stored", str(missing))]
        vector = np.frombuffer(kept.vector, dtype=np.float64)
        found = list(_from_vector(kept, champion, policy, vector))
        return found + self._from_facts(kept, champion, vector)

    def _from_facts(
        self, kept: log.Kept, champion: Champion, vector: NDArray[np.float64]
    ) -> list[Difference]:
        """Look whether the facts that are stored now give the vector."""
        with self.history.read() as connection:
            spine = champion.reader.spine(connection, kept.refund_id, kept.as_of, kept.stage)
            if spine is None:
                return [Difference(kept.decision_id, "the request", "stored", "gone")]
            if is_tombstone(spine["customer_id"]):
                self.forgotten += 1
                return []
            again = champion.reader.vector(connection, spine)
        if not same(again, vector):
            self.open.append(Open(kept, champion, vector))
        return []


def _by_feature(one: Open, again: NDArray[np.float64]) -> Iterator[Difference]:
    """The features that differ."""
    for feature, old, new in zip(one.champion.features, one.vector, again, strict=True):
        if not same(np.array([old]), np.array([new])):
            yield Difference(one.kept.decision_id, feature.name, repr(float(old)), repr(float(new)))


def _of_engine(one: Open, again: NDArray[np.float64]) -> Difference:
    """The engine as what differs, with the features that it moves."""
    moved = [f"{d.what} {d.stored} to {d.again}" for d in _by_feature(one, again)]
    now = f"{ENGINE_VERSION} ({', '.join(moved)})"
    return Difference(one.kept.decision_id, "engine", str(_engine(one.kept)), now)


def _engine(kept: log.Kept) -> int | None:
    """The engine that read the facts for this decision."""
    engine: int | None = orjson.loads(kept.runtime).get("engine")
    return engine


def _arithmetic(made_on: str) -> dict[str, Any]:
    """What of a runtime the way from vector to decision depends on: all but the engine."""
    return {name: value for name, value in orjson.loads(made_on).items() if name != "engine"}


def _from_vector(
    kept: log.Kept, champion: Champion, policy: Policy, vector: NDArray[np.float64]
) -> Iterator[Difference]:
    """The whole answer, to the bit where the runtime is the same, and the tier everywhere."""
    case = revive(orjson.loads(kept.situation))
    judged = ruled(champion, policy, case, vector)
    if judged.ruling.tier != kept.tier:
        yield Difference(kept.decision_id, "tier", kept.tier, judged.ruling.tier)
    if _arithmetic(kept.runtime) != _arithmetic(runtime()):
        return
    about = {
        "refund_id": kept.refund_id, "as_of": kept.as_of, "stage": kept.stage,
        "amount": case.amount, "currency": case.currency,
    }  # fmt: skip
    answer = _answered(judged, kept, about)
    for name, stored in kept.answer().items():
        again = answer.get(name)
        if name not in WORDED and _unworded(stored) != _unworded(again):
            yield Difference(kept.decision_id, name, _shown(stored), _shown(again))


def _answered(judged: Judged, kept: log.Kept, about: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as a caller would read it now."""
    decision = judged.decision(kept.decision_id, about, kept.decided_at, judged.reasons)
    answer: dict[str, Any] = orjson.loads(decision.to_json())
    return answer


def _unworded(value: Any) -> Any:
    """A member of an answer without the sentences in it, which a release may put better."""
    if isinstance(value, list):
        return [_unworded(item) for item in value]
    if isinstance(value, dict):
        return {name: _unworded(item) for name, item in value.items() if name != "text"}
    return value


def _shown(value: Any) -> str:
    return repr(value)[:LONGEST]
