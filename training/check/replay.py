"""Making every stored decision again: from its vector, and from the facts it rests on.

A vector must give the same score to the bit on the same runtime and the same tier everywhere; the
facts that were stored when it was decided must give the same vector under the same engine. Where
another engine read the facts (`risk.features.spec.ENGINE_VERSION`), features that differ are named
and are no fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import orjson

from risk.decisions import log
from risk.decisions.case import read_one
from risk.decisions.champion import Champion, Models
from risk.decisions.judge import judge_again
from risk.decisions.log import StoredDecision
from risk.decisions.runtime import runtime
from risk.errors import Conflict, NotFound, RefundRiskError
from risk.features.spec import ENGINE_VERSION
from risk.history.clock_mend import wrong_instants
from risk.history.store import History
from risk.policy import Policy
from risk.privacy import is_tombstone
from training.check.replay_facts import (
    FromFacts,
    Unreproduced,
    equal_vectors,
    kept_money,
    matches,
    reproduce,
)
from training.check.replay_reasons import states
from training.facts.snapshot import snapshot
from training.progress import Progress

WORDED = frozenset({"customer_message", "why"})
"""Members of an answer that are texts; what they say is in other members too."""
LONGEST = 200
_AMOUNT = re.compile(r"[0-9]+(\.[0-9]+)?")
OF_FORGOTTEN = "of forgotten people, from their vectors"
AT_MENDED_INSTANTS = "at instants that were mended, from their vectors"
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
    as `OF_FORGOTTEN`: their facts are tombstones. So are those made while the store's clock was
    wrong, as `AT_MENDED_INSTANTS`: what was known at their instant is not what it was.
    """
    count = 0
    found: list[Difference] = []
    by_engine: list[Difference] = []
    with snapshot(history.bulk_engine()) as still:
        replayer = _Replayer(history)
        for stored in _every(history):
            found += replayer.differences(stored)
            count += 1
            progress("deciding again", count, None)
        if replayer.forgotten:
            progress(OF_FORGOTTEN, replayer.forgotten, None)
        if replayer.mended:
            progress(AT_MENDED_INSTANTS, replayer.mended, None)
        for done, (one, again) in enumerate(reproduce(still, replayer.unreproduced), start=1):
            progress(WITH_LATE_FACTS, done, len(replayer.unreproduced))
            if again is None:
                continue
            if _engine(one.stored) == ENGINE_VERSION:
                found += _moved(one, again)
            else:
                by_engine.append(_of_engine(one, again))
    return Replayed(count, found, by_engine)


def _every(history: History) -> Iterator[StoredDecision]:
    with history.read() as connection:
        yield from log.every(connection)


class _Replayer:
    """Makes decisions again, and collects those whose vector the present facts do not give."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.models = Models(history)
        self.forgotten = self.mended = 0
        with history.read() as connection:
            self.wrong_instants = wrong_instants(connection)
        self.unreproduced: list[Unreproduced] = []

    def differences(self, stored: StoredDecision) -> list[Difference]:
        """What of one decision does not come out again."""
        try:
            champion = self.models.past(stored.model_digest, stored.model_version)
            policy = self.models.policy(stored.policy_version)
        except RefundRiskError as missing:
            return [Difference(stored.decision_id, "what decided it", "stored", str(missing))]
        if stored.commit_no in self.wrong_instants:
            self.mended += 1
            at = self.wrong_instants[stored.commit_no]
            return list(_from_vector(replace(stored, as_of=at, decided_at=at), champion, policy))
        return [*_from_vector(stored, champion, policy), *self._from_facts(stored, champion)]

    def _from_facts(self, stored: StoredDecision, champion: Champion) -> list[Difference]:
        """Compare the stored vector and money with what the present facts give."""
        reader, key = champion.reader, self.history.audit_key
        with self.history.read() as connection:
            try:
                case = read_one(
                    connection, reader, stored.refund_id, stored.as_of, key, stored.settled
                )
            except NotFound:
                return [Difference(stored.decision_id, "the request", "stored", "gone")]
            except Conflict:
                # Taken back since, by a retraction that is dated before the decision.
                self.unreproduced.append(Unreproduced(stored, champion))
                return []
        if is_tombstone(case.spine["customer_id"]):
            self.forgotten += 1
        elif not matches(FromFacts(case.vector, case.money), stored):
            self.unreproduced.append(Unreproduced(stored, champion))
        return []


def _moved(one: Unreproduced, again: FromFacts) -> Iterator[Difference]:
    """The features that differ, and the money."""
    name, kept = one.stored.decision_id, kept_money(one.stored)
    columns = (one.champion.features, one.stored.features, again.vector)
    for feature, old, new in zip(*columns, strict=False):
        if not equal_vectors(np.array([old]), np.array([new])):
            yield Difference(name, feature.name, repr(float(old)), repr(float(new)))
    if kept is not None and kept != again.money:
        yield Difference(name, "money", _shown(kept), _shown(again.money))


def _of_engine(one: Unreproduced, again: FromFacts) -> Difference:
    """The engine as what differs, with the features that it moves."""
    moved = [f"{d.what} {d.stored} to {d.again}" for d in _moved(one, again)]
    now = f"{ENGINE_VERSION} ({', '.join(moved)})"
    return Difference(one.stored.decision_id, "engine", str(_engine(one.stored)), now)


def _engine(stored: StoredDecision) -> int | None:
    """The engine that read the facts for this decision."""
    engine: int | None = orjson.loads(stored.runtime).get("engine")
    return engine


def _arithmetic(made_on: str) -> dict[str, Any]:
    """The part of a runtime that decisions depend on once the vector is known: no engine."""
    return {name: value for name, value in orjson.loads(made_on).items() if name != "engine"}


def _from_vector(
    stored: StoredDecision, champion: Champion, policy: Policy
) -> Iterator[Difference]:
    """The whole answer, to the bit where the runtime is the same, and the tier everywhere."""
    situation = log.situation_of(stored.situation)
    judgement = judge_again(situation, stored.features, champion, policy)
    if judgement.ruling.tier != stored.tier:
        yield Difference(stored.decision_id, "tier", stored.tier, judgement.ruling.tier)
    if _arithmetic(stored.runtime) != _arithmetic(runtime()):
        return
    every = judgement.every_reason()
    decision = judgement.decision(stored.decision_id, stored.refund_id, stored.decided_at, every)
    answer: dict[str, Any] = orjson.loads(decision.to_json())
    for name, old in stored.answer().items():
        again = answer.get(name)
        if name == "reasons" and states(old, every):
            continue
        if name == "warnings" and _codes(old) <= _codes(again):
            continue
        if name not in WORDED and not _same(old, again):
            yield Difference(stored.decision_id, name, _shown(old), _shown(again))


def _codes(warnings: Any) -> set[str]:
    """The codes of warnings: a release may warn of more."""
    return {one["code"] for one in warnings}


def _same(old: Any, again: Any) -> bool:
    """Whether a member of an answer came out again: all that it said but its sentences, which a
    release may put better, as it may write an amount with fewer zeros. A release may say more."""
    if isinstance(old, list) and isinstance(again, list):
        return len(old) == len(again) and all(map(_same, old, again))
    if isinstance(old, dict) and isinstance(again, dict):
        names = old.keys() - {"text"}
        return names <= again.keys() and all(_same(old[name], again[name]) for name in names)
    return bool(old == again) or _is_amount(old, again)


def _is_amount(old: Any, again: Any) -> bool:
    """Whether both are one amount of money."""
    if not all(isinstance(one, str) and _AMOUNT.fullmatch(one) for one in (old, again)):
        return False
    return Decimal(old) == Decimal(again)


def _shown(value: Any) -> str:
    return repr(value)[:LONGEST]
