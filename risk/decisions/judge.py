"""Case × Champion × Policy → Judgement: the score, the ruling, and the Decision they make. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from risk.decisions.case import Case
from risk.decisions.champion import Champion
from risk.decisions.data_warnings import data_warnings
from risk.decisions.decision import (
    Condition,
    Decision,
    MoneyUsed,
    Reason,
    Recommended,
    RequiredEvidence,
    Source,
    Text,
)
from risk.facts.format import iso, money
from risk.features.order_money import OrderMoney
from risk.model import Scored
from risk.policy import EvidenceRequest, Policy, Ruling, Situation, decide, lane
from risk.policy.next_step import next_step
from risk.spans import span


@dataclass(frozen=True, slots=True)
class Judgement:
    """One case judged: the score, the ruling, and what the reasons rest on.

    `vector` holds the features of the model, shape (n,).
    """

    champion: Champion
    policy: Policy
    situation: Situation
    scored: Scored
    ruling: Ruling
    vector: NDArray[np.float64]

    def reasons(self) -> list[Reason]:
        """The reasons that an answer states, with the remainders of their families."""
        found = self.champion.reason_builder.reasons(*self._reasons_of)
        return cast("list[Reason]", found)

    def every_reason(self) -> list[Reason]:
        """Every reason, strongest first."""
        found = self.champion.reason_builder.every(*self._reasons_of)
        return cast("list[Reason]", found)

    def reasons_json(self) -> bytes:
        """The stated reasons as JSON, put together from parts that are written already."""
        return self.champion.reason_builder.reasons_json(*self._reasons_of)

    @property
    def _reasons_of(self) -> tuple[NDArray[np.float64], NDArray[np.float64], str, Collection[str]]:
        case = self.situation
        return self.vector, self.scored.contributions, case.currency, case.unknown

    def decision(
        self, decision_id: str, refund_id: str, decided_at: int, reasons: list[Reason]
    ) -> Decision:
        """The Decision of the contract; `decided_at` is in ms."""
        ruling, case = self.ruling, self.situation
        return Decision(
            decision_id=decision_id,
            refund_id=refund_id,
            as_of=iso(case.as_of),
            decided_at=iso(decided_at),
            stage=case.stage,
            tier=ruling.tier,
            conditions=cast("list[Condition]", list(ruling.conditions)),
            probability=self.scored.probability,
            raw_score=self.scored.raw_score,
            base=self.scored.base,
            lane=ruling.lane,
            reasons=reasons,
            rules=[{"id": r.id, "effect": r.effect, "text": _text(r.text)} for r in ruling.rules],
            why={"id": ruling.why.id, "text": _text(ruling.why.text)},
            required_evidence=[_required(item) for item in ruling.required_evidence],
            customer_message=_text(ruling.customer_message),
            suggestions=list(ruling.suggestions),
            respond_by=iso(ruling.respond_by),
            linked={
                "customers": case.linked_customers,
                "refunds": case.linked_refunds,
                "confirmed_fraud": case.linked_fraud,
            },
            money=_money(case.money),
            warnings=data_warnings(case),
            recommended=self._recommended(),
            amount=money(case.amount, case.currency),
            currency=case.currency,
            model=self.champion.named,
            policy={"version": self.policy.version},
        )

    def _recommended(self) -> Recommended:
        action, text, step = next_step(self.policy, self.situation, self.ruling)
        return {"action": action, "step": step, "text": _text(text)}


def judge(case: Case, champion: Champion, policy: Policy) -> Judgement:
    """Judge a case whose vector holds the champion's features."""
    return judge_again(case.situation(champion.places), case.vector, champion, policy)


def judge_again(
    situation: Situation, vector: NDArray[np.float64], champion: Champion, policy: Policy
) -> Judgement:
    """Judge a case from its situation and vector, as the log of decisions keeps them."""
    own = vector[: len(champion.bundle.features)]
    with span("model"):
        scored = champion.bundle.score(own, lane(policy, situation))
    situation = replace(situation, probability=scored.probability)
    with span("policy"):
        ruling = decide(policy, situation, champion.thresholds)
    return Judgement(champion, policy, situation, scored, ruling, own)


def _text(words: Mapping[str, str]) -> Text:
    return {"en": words["en"], "zh": words["zh"]}


def _required(item: EvidenceRequest) -> RequiredEvidence:
    return {"kind": item.kind, "from": cast("Source", item.source), "text": _text(item.text)}


def _money(used: OrderMoney | None) -> MoneyUsed | None:
    """None where the case was kept by a release that did not know the money."""
    if used is None:
        return None
    return {
        "paid": None if used.paid is None else money(used.paid, used.currency),
        "asked": money(used.asked, used.currency),
        "asked_before": money(used.asked_before, used.currency),
        "granted_before": money(used.granted_before, used.currency),
        "currency": used.currency,
    }
