"""The use case: a request comes in, a Decision goes out, both stored in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from risk.decisions import log
from risk.decisions.answered_once import AnsweredOnce, Deciding
from risk.decisions.case import Case, check_not_taken_back, read_one
from risk.decisions.champion import Champion, Models
from risk.decisions.claiming import Claiming
from risk.decisions.decision import Decided, Reason
from risk.decisions.enqueue import enqueue
from risk.decisions.judge import Judgement, judge, judge_again
from risk.decisions.runtime import runtime
from risk.decisions.submission import Submission, read_submission
from risk.errors import Conflict, CurrencyWithoutRate, ModelRefused, NotFound, Unavailable
from risk.explain import is_remainder
from risk.history import published_models
from risk.history.commits.claims import Claims
from risk.history.connection.connect import Write
from risk.history.derived.derive import refresh
from risk.history.facts.concerned_cases import leave_out
from risk.history.intake import excuse_slow_clock, store_together
from risk.history.store import History
from risk.history.tenants.caller import ANYONE, Caller
from risk.history.tenants.id_scope import IdScope, scope_requests
from risk.history.tenants.shared_ids import locate_request
from risk.policy import Policies, Policy
from risk.spans import spanned


class Decider:
    """Decides with the champion and the policies in force, over one store."""

    def __init__(self, history: History, policies: Policies) -> None:
        self.history = history
        self.policies = policies
        self.models = Models(history, cached=1)
        self.champion: Champion | None = None
        self._stored_policies: set[str] = set()
        self._claiming = Claiming(history)

    @property
    def policy(self) -> Policy:
        """The policy of merchants without one of their own."""
        return self.policies.general

    def refresh(self) -> bool:
        """Take the newest champion from the store; True when it changed.

        Raises ModelRefused, and keeps what it had, where the newest cannot be served; a decider
        that had none yet takes the latest before it that can.
        """
        newest, held = self.models.newest(), self.champion
        if newest is None or (held and held.published == newest):
            return False
        try:
            self.champion = self.models.of(newest)
        except ModelRefused:
            self.champion = held or self.models.latest_good(newest)
            raise
        return True

    def ready(self) -> Champion:
        """The champion. Raises Unavailable before the first promotion."""
        if self.champion is None:
            raise Unavailable("no model has been promoted yet: run `refund-risk promote starter`")
        return self.champion

    def score(
        self, body: Any, *, may_backdate: bool = False, who: str = "", caller: Caller = ANYONE,
        once: AnsweredOnce | None = None,
    ) -> Decided:  # fmt: skip
        """Store what is new in the body and decide; the stored Decision for the same body.

        `who` signs what is corrected, `caller` says for which merchants it speaks. Raises BadInput,
        Unavailable, Forbidden, Conflict, also where the request of a body that was decided has been
        taken back since, or what `once` raises where the call was answered before.
        """
        return self.score_submission(self.read(body, may_backdate), who, caller, once)

    def read(self, body: Any, may_backdate: bool = False) -> Submission:
        """A scoring body, ready to be decided. Raises BadInput, Unavailable."""
        with excuse_slow_clock(self.history):
            return read_submission(body, self.history, may_backdate=may_backdate)

    def score_submission(
        self, submission: Submission, who: str, caller: Caller, once: AnsweredOnce | None = None
    ) -> Decided:
        """What `score` answers for a body that was read."""
        claims = self._claiming.claims(submission, caller)
        decide = self.deciding(submission, who, caller)
        if once is not None:
            decide, claims = once.around(decide), claims and claims | once.claims
        return self._committed(decide, claims)

    def deciding(self, submission: Submission, who: str, caller: Caller) -> Deciding:
        """What decides a parsed body, and stores that, within a transaction."""
        champion, caller = self.ready(), submission.narrowed(caller)

        def decide(write: Write) -> tuple[Decided, str | None]:
            write.who = who
            scope, refund_id, digest = IdScope(), submission.refund_id, submission.digest
            if caller.merchants:
                scope = scope_requests(write, caller, {f.kind: f.columns for f in submission.facts})
                refund_id, digest = submission.within(scope)
            asked = log.answered_call(digest)
            known = log.answered(store_together(write, submission.facts, caller, scope, asked)[0])
            if known is not None:
                with scope.own_words():
                    check_not_taken_back(write, refund_id)
                return known, None
            refresh(write)
            self._claiming.check(write, submission)
            try:
                return self._decide(write, champion, refund_id, digest)
            except NotFound:
                raise Conflict(
                    f"refund request {submission.refund_id} is of somebody who was forgotten"
                ) from None

        return decide

    def score_again(
        self,
        refund_id: str,
        caller: Caller = ANYONE,
        unless: Callable[[Write, str], None] | None = None,
    ) -> Decided:
        """Decide a stored request with what is known now. Raises NotFound, Conflict, or what
        `unless` raises, which is asked within the transaction."""
        champion = self.ready()

        def decide(write: Write) -> tuple[Decided, str | None]:
            internal = locate_request(write.connection, caller, refund_id)
            if unless is not None:
                unless(write, internal)
            with IdScope({("refund_id", refund_id): internal}).own_words():
                return self._decide(write, champion, internal, None)

        return self._committed(decide)

    def _committed(self, decide: Deciding, claims: Claims | None = None) -> Decided:
        return self.stored(self.history.write_grouped(spanned("decide", decide), claims))

    def stored(self, found: tuple[Decided, str | None]) -> Decided:
        """The answer of what is stored by now; its policy needs no more storing."""
        answer, policy = found
        if policy is not None and self.history.joined is None:
            self._stored_policies.add(policy)
        return answer

    def _decide(
        self, write: Write, champion: Champion, refund_id: str, digest: int | None
    ) -> tuple[Decided, str]:
        """Decide and store; the Decision, and the version of the policy stored with it."""
        key = self.history.audit_key
        case = read_one(write.connection, champion.reader, refund_id, write.at, key, write.settled)
        policy = self.policies.of(case.spine["merchant_id"])
        try:
            judgement = judge(case, champion, policy)
        except CurrencyWithoutRate as missing:
            raise self.policies.refusal(missing, case.spine["merchant_id"]) from missing
        person = case.own.queued or judgement.ruling.needs_person
        reasons = judgement.reasons() if person else []
        decision = judgement.decision(_new_id(write.at), refund_id, write.at, reasons)
        answer = decision.to_json(None if person else judgement.reasons_json())
        decided = Decided(decision.decision_id, decision.tier, decision.probability, answer)
        if policy.version not in self._stored_policies:
            published_models.keep_policy(write, policy.version, policy.canonical)
        log.store(write.connection, _stored(write, case, judgement, decided, digest))
        if not case.own.shared:
            leave_out(write, case.spine["order_id"], refund_id)
        if person:
            enqueue(write.connection, decision, judgement.situation, judgement.ruling)
        return decided, policy.version

    def with_every_reason(self, answers: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Stored decisions with every reason: computed again where one sums some of them up.

        Raises NotFound or ModelRefused where the model that decided is not kept.
        """
        summed = [a["decision_id"] for a in answers if any(map(is_remainder, a["reasons"]))]
        with self.history.read() as connection:
            kept = log.with_all(connection, summed) if summed else []
        every = {one.decision_id: self._every_reason(one) for one in kept}
        return [{**a, "reasons": every.get(a["decision_id"], a["reasons"])} for a in answers]

    def _every_reason(self, stored: log.StoredDecision) -> list[Reason]:
        champion = self.models.past(stored.model_digest, stored.model_version)
        policy = self.models.policy(stored.policy_version)
        situation = log.situation_of(stored.situation)
        return judge_again(situation, stored.features, champion, policy).every_reason()

    def decision(self, decision_id: str) -> dict[str, Any]:
        """One stored decision. Raises NotFound."""
        with self.history.read() as connection:
            found = log.by_id(connection, decision_id)
        if found is None:
            raise NotFound(f"no decision {decision_id}")
        return found

    def decisions(self, refund_id: str, caller: Caller = ANYONE) -> list[dict[str, Any]]:
        """What was decided about a request, oldest first. Raises NotFound for an unseen request."""
        with self.history.read() as connection:
            internal = locate_request(connection, caller, refund_id)
            found = log.of_refund(connection, internal)
            if not found and self.history.reader.spine(connection, internal, 0) is None:
                raise NotFound(f"no refund request {refund_id}")
        return found


def _new_id(at: int) -> str:
    """An id that nobody can guess, in the order of instants (ms): the index of a large log is then
    written at its end, and not at a page of its own for every decision."""
    return f"{at:012x}{secrets.token_hex(10)}"


def _stored(
    write: Write, case: Case, judgement: Judgement, decided: Decided, digest: int | None
) -> log.StoredDecision:
    """The decision with all that making it again takes."""
    published = judgement.champion.published
    return log.StoredDecision(
        decision_id=decided.decision_id,
        refund_id=case.spine["refund_id"],
        as_of=write.at,
        decided_at=write.at,
        commit_no=write.commit_no,
        stage=judgement.situation.stage,
        tier=decided.tier,
        probability=decided.probability,
        model_version=published.version,
        model_digest=published.digest,
        policy_version=judgement.policy.version,
        request_digest=digest,
        audit_draw=case.draw,
        runtime=runtime(),
        vector=case.vector.tobytes(),
        situation=log.situation_json(judgement.situation),
        body=decided.json.decode(),
        settled=write.settled,
    )
