"""The one use case: a request comes in, a Decision goes out, both kept in one transaction."""

from __future__ import annotations

import platform
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from typing import Any

import numpy as np
import orjson
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.decisions import log
from risk.decisions.case import Circumstances, audit_draw
from risk.decisions.case_rows import own_rows
from risk.decisions.decision import Decided
from risk.decisions.enqueue import needs_person, note_decision
from risk.decisions.judge import Champion, Judged, case_of, champion_of, latest_good, rule, score
from risk.decisions.submission import Submission, read_submission
from risk.errors import ModelRefused, NotFound, Unavailable
from risk.features.spec import ENGINE_VERSION
from risk.history import published_models
from risk.history.connect import Write
from risk.history.derive import refresh
from risk.history.driver import Row
from risk.history.intake import by_the_clock
from risk.history.list_entries import ListEntry, entry_of
from risk.history.store import History
from risk.model import CONTRIBUTIONS_VERSION, Scored
from risk.policy import Listing, Policies, Policy, Situation

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Looked:
    """A request as it stands: its spine row, what is visible about it, whether it ever queued."""

    spine: Row
    seen: Circumstances
    queued: bool


class Decider:
    """Decides with the champion and the policy in force, over one store.

    `look_up`, `features`, `model` and `ruled` are the steps of one decision, in this order.
    """

    def __init__(self, history: History, policies: Policies) -> None:
        self.history = history
        self.policies = policies
        self.champion: Champion | None = None
        self._kept: set[str] = set()

    @property
    def policy(self) -> Policy:
        """The policy of merchants without one of their own."""
        return self.policies.general

    def refresh(self) -> bool:
        """Take the newest champion from the store; True when it changed.

        Raises ModelRefused, and keeps what it had, where the newest cannot be served; a decider
        that had none yet takes the latest before it that can.
        """
        with self.history.read() as connection:
            newest = published_models.newest(connection, "champion")
            held = self.champion
            if newest is None or (held and held.published == newest):
                return False
            try:
                self.champion = champion_of(connection, newest)
            except ModelRefused:
                self.champion = held or latest_good(connection, newest)
                raise
        return True

    def ready(self) -> Champion:
        """The champion. Raises Unavailable before the first promotion."""
        if self.champion is None:
            raise Unavailable("no model has been promoted yet")
        return self.champion

    def score(self, body: Any, *, may_backdate: bool = False) -> Decided:
        """Store what is new in the body and decide; the stored Decision for the same body.

        Raises BadInput, Conflict or Unavailable.
        """
        with by_the_clock(self.history):
            submission = read_submission(body, self.history, may_backdate=may_backdate)
        return self.submit(submission)

    def submit(self, submission: Submission) -> Decided:
        """Decide a parsed body in one transaction."""
        champion = self.ready()

        def decide(write: Write) -> tuple[Decided, str | None]:
            known = log.answered(write.connection, submission.digest)
            for taken in submission.facts:
                taken.store(write)
            if known is not None:
                return known, None
            refresh(write)
            return self._decide(write, champion, submission.refund_id, submission.digest)

        return self._answered(decide)

    def score_again(self, refund_id: str) -> Decided:
        """Decide a stored request with what is known now. Raises NotFound."""
        champion = self.ready()
        return self._answered(lambda write: self._decide(write, champion, refund_id, None))

    def _answered(self, decide: Callable[[Write], tuple[Decided, str | None]]) -> Decided:
        """The answer, once it is stored; its policy needs no more keeping from then on."""
        answer, policy = self.history.write_grouped(decide)
        if policy is not None:
            self._kept.add(policy)
        return answer

    def _decide(
        self, write: Write, champion: Champion, refund_id: str, digest: int | None
    ) -> tuple[Decided, str]:
        """The Decision, and the version of the policy that must be kept from now on."""
        looked = self.look_up(write, champion, refund_id)
        spine, vector = looked.spine, self.features(write, champion, looked.spine)
        draw = audit_draw(refund_id, self.history.audit_key)
        policy = self.policies.of(spine["merchant_id"])
        case = case_of(champion, spine, vector, looked.seen, draw)
        own = vector[: len(champion.bundle.features)]
        scored = self.model(champion, policy, case, own)
        judged = self.ruled(champion, policy, case, own, scored)
        person = looked.queued or needs_person(judged.ruling)
        reasons = judged.reasons if person else []
        decision = judged.decision(uuid.uuid4().hex, spine, write.at, reasons)
        answer = decision.to_json(judged.reasons_json())
        if policy.version not in self._kept:
            published_models.keep_policy(write, policy.version, policy.source)
        kept = log.Kept(
            decision_id=decision.decision_id,
            refund_id=refund_id,
            as_of=write.at,
            decided_at=write.at,
            commit_no=write.commit_no,
            stage=spine["stage"],
            tier=decision.tier,
            probability=decision.probability,
            model_version=champion.published.version,
            model_digest=champion.published.digest,
            policy_version=policy.version,
            request_digest=digest,
            audit_draw=draw,
            runtime=runtime(),
            vector=vector.tobytes(),
            situation=judged.situation_json(),
            body=answer.decode(),
        )
        log.keep(write.connection, kept)
        if person:
            note_decision(write.connection, spine, decision, judged.ruling, write.at)
        decided = Decided(decision.decision_id, decision.tier, decision.probability, answer)
        return decided, policy.version

    def look_up(self, write: Write, champion: Champion, refund_id: str) -> Looked:
        """The request with its stage, and all that stands about it."""
        connection = write.connection
        spine = champion.reader.spine(connection, refund_id, write.at, "request")
        if spine is None:
            raise NotFound(f"no refund request {refund_id}")
        own = own_rows(connection, spine)
        entry = entry_of(connection, spine["customer_id"], write.at) if own.listed else None
        seen = replace(own.seen, listings=(_listing(entry),)) if entry else own.seen
        stage = stage_of(spine, seen.inspections, seen.parcels, seen.evidence)
        return Looked({**spine, "stage": stage}, seen, own.queued)

    def features(self, write: Write, champion: Champion, spine: Row) -> Floats:
        """What of the visible history the champion and the policy look at."""
        return champion.reader.vector(write.connection, spine)

    def model(self, champion: Champion, policy: Policy, case: Situation, own: Floats) -> Scored:
        """The score of the case, with what each feature contributes."""
        return score(champion, policy, case, own)

    def ruled(
        self, champion: Champion, policy: Policy, case: Situation, own: Floats, scored: Scored
    ) -> Judged:
        """The policy's answer to the case."""
        return rule(champion, policy, case, own, scored)

    def decision(self, decision_id: str) -> dict[str, Any]:
        """One stored decision. Raises NotFound."""
        with self.history.read() as connection:
            found = log.by_id(connection, decision_id)
        if found is None:
            raise NotFound(f"no decision {decision_id}")
        return found

    def decisions(self, refund_id: str) -> list[dict[str, Any]]:
        """What was decided about a request, oldest first. Raises NotFound for an unseen request."""
        with self.history.read() as connection:
            found = log.of_refund(connection, refund_id)
            if not found and self.history.reader.spine(connection, refund_id, 0, "request") is None:
                raise NotFound(f"no refund request {refund_id}")
        return found


def _listing(entry: ListEntry) -> Listing:
    """An entry of the block or allow list as the policy sees it."""
    return Listing(entry.kind, entry.cause, entry.by, entry.expires_at, entry.asks)  # type: ignore[arg-type]


def stage_of(
    spine: Mapping[str, Any],
    inspections: Sequence[Any],
    parcels: Sequence[Mapping[str, Any]],
    evidence: Sequence[Any],
) -> str:
    """How far the case has come, from what is visible of it."""
    if inspections:
        return "inspection"
    if any(parcel["direction"] == "return" for parcel in parcels):
        return "return"
    if evidence and spine["request_known_at"] < spine["as_of"]:
        return "evidence"
    return "request"


@lru_cache(maxsize=1)
def runtime() -> str:
    """What a decision was computed with, as far as a replay can depend on it."""
    versions = {
        "engine": ENGINE_VERSION,
        "contributions": CONTRIBUTIONS_VERSION,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "numpy": np.__version__,
        "lightgbm": version("lightgbm"),
        "sqlalchemy": sa.__version__,
    }
    return orjson.dumps(versions).decode()
