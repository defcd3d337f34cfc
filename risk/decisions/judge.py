"""Vector → score → ruling → Decision: the pure middle of the one use case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from typing import Any, cast

import numpy as np
import orjson
import sqlalchemy as sa
from numpy.typing import NDArray

from risk.decisions.case import NEEDED, Circumstances, situation
from risk.decisions.decision import (
    NAME,
    Condition,
    Decision,
    Linked,
    Reason,
    RequiredEvidence,
    Source,
    Text,
)
from risk.errors import ModelRefused
from risk.explain import ReasonBuilder
from risk.facts.format import iso, money
from risk.features.catalog import catalogue
from risk.features.spec import Feature
from risk.history import published_models
from risk.history.point_reader import Reader
from risk.history.published_models import Published
from risk.model import Bundle, Scored
from risk.policy import Ask, Listing, Policy, Ruling, Situation, Thresholds, decide, lane
from risk.policy.schema import MiddleWay


@dataclass(frozen=True)
class Champion:
    """The model in service, and the features a decision with it needs.

    `features` are the bundle's own, in its order; then come those only the policy looks at.
    A vector holds them all in this order; `needed` says where the policy's stand.
    """

    published: Published
    bundle: Bundle
    features: tuple[Feature, ...]
    needed: tuple[tuple[str, int], ...]
    thresholds: Thresholds | None
    reader: Reader
    reason_builder: ReasonBuilder

    @classmethod
    def load(cls, published: Published, content: bytes, features: Sequence[Feature]) -> Champion:
        """Check and warm a published bundle. Raises ModelRefused, naming what is missing."""
        bundle = Bundle.load(content, {f.name: f.hash for f in features})
        if bundle.digest != published.digest:
            raise ModelRefused(f"version {published.version} is not the bundle of its digest")
        known = {f.name: f for f in features}
        names = [*bundle.features, *(name for name in NEEDED if name not in bundle.features)]
        needed = tuple((name, names.index(name)) for name in NEEDED)
        own = tuple(known[name] for name in names)
        thresholds = _thresholds(bundle.thresholds)
        reasons = ReasonBuilder(own[: len(bundle.features)])
        champion = cls(published, bundle, own, needed, thresholds, Reader(own), reasons)
        for name in bundle.lanes:
            bundle.score(np.full(len(bundle.features), np.nan), name)
        return champion


def _thresholds(given: Mapping[str, float]) -> Thresholds | None:
    if "ask_above" not in given:
        return None
    return Thresholds(given["ask_above"], given.get("person_above"))


def champion_of(connection: sa.Connection, published: Published) -> Champion:
    """The champion of a published bundle. Raises ModelRefused where it cannot be served."""
    return Champion.load(published, published_models.content(connection, published), catalogue())


def latest_good(connection: sa.Connection, refused: Published) -> Champion | None:
    """The latest champion before the refused one that can be served."""
    earlier = published_models.newest(connection, "champion", before=refused.published_at)
    while earlier is not None:
        with suppress(ModelRefused):
            return champion_of(connection, earlier)
        earlier = published_models.newest(connection, "champion", before=earlier.published_at)
    return None


@dataclass(frozen=True, slots=True)
class Judged:
    """One case decided: the score, the ruling, and what the reasons rest on.

    `vector` holds the features of the model, shape (n,).
    """

    champion: Champion
    policy: Policy
    case: Situation
    scored: Scored
    ruling: Ruling
    vector: NDArray[np.float64]
    linked: Linked

    @property
    def reasons(self) -> list[Reason]:
        """The reasons, strongest first."""
        found = self.champion.reason_builder.reasons(
            self.vector, self.scored.contributions, self.case.currency
        )
        return cast("list[Reason]", found)

    def reasons_json(self) -> bytes:
        """The same as JSON, put together from parts that are written already."""
        return self.champion.reason_builder.reasons_json(
            self.vector, self.scored.contributions, self.case.currency
        )

    def decision(
        self, decision_id: str, spine: Mapping[str, Any], decided_at: int, reasons: list[Reason]
    ) -> Decision:
        """The Decision of the contract."""
        ruling = self.ruling
        return Decision(
            decision_id=decision_id,
            refund_id=spine["refund_id"],
            as_of=iso(spine["as_of"]),
            decided_at=iso(decided_at),
            stage=spine["stage"],
            tier=ruling.tier,
            conditions=cast("list[Condition]", list(ruling.conditions)),
            probability=self.scored.probability,
            raw_score=self.scored.raw_score,
            base=self.scored.base,
            lane=ruling.lane,
            reasons=reasons,
            rules=[{"id": r.id, "effect": r.effect, "text": _text(r.text)} for r in ruling.rules],
            why={"id": ruling.why.id, "text": _text(ruling.why.text)},
            required_evidence=[_required(asked) for asked in ruling.required_evidence],
            customer_message=_text(ruling.customer_message),
            suggestions=cast("list[MiddleWay]", list(ruling.suggestions)),
            respond_by=iso(ruling.respond_by),
            linked=self.linked,
            amount=money(spine["amount"]),
            currency=spine["currency"] or "CNY",
            model={"name": NAME, "version": self.champion.published.version},
            policy={"version": self.policy.version},
        )

    def situation_json(self) -> str:
        """The situation the policy saw, as it is kept with the decision."""
        return orjson.dumps(self.case).decode()


def _text(words: Mapping[str, str]) -> Text:
    return {"en": words["en"], "zh": words["zh"]}


def _required(asked: Ask) -> RequiredEvidence:
    return {"kind": asked.kind, "from": cast("Source", asked.source), "text": _text(asked.text)}


def judge(
    champion: Champion,
    policy: Policy,
    spine: Mapping[str, Any],
    vector: NDArray[np.float64],
    seen: Circumstances,
    draw: float,
) -> Judged:
    """Decide one case from its spine, its vector (of the champion's features) and its own rows."""
    return ruled(champion, policy, case_of(champion, spine, vector, seen, draw), vector)


def case_of(
    champion: Champion, spine: Mapping[str, Any], vector: NDArray[np.float64], seen: Circumstances,
    draw: float,
) -> Situation:  # fmt: skip
    """The case as the policy sees it, before its probability is known."""
    values = {name: float(vector[place]) for name, place in champion.needed}
    return situation(spine, seen, values, 0.0, draw)


def ruled(
    champion: Champion, policy: Policy, case: Situation, vector: NDArray[np.float64]
) -> Judged:
    """Score a case by its vector, and rule on it by the probability found."""
    own = vector[: len(champion.bundle.features)]
    return rule(champion, policy, case, own, score(champion, policy, case, own))


def score(champion: Champion, policy: Policy, case: Situation, own: NDArray[np.float64]) -> Scored:
    """What the model of the case's lane says of its own features, shape (n,)."""
    return champion.bundle.score(own, lane(policy, case))


def rule(
    champion: Champion, policy: Policy, case: Situation, own: NDArray[np.float64], scored: Scored
) -> Judged:
    """What the policy makes of a case by its score."""
    case = replace(case, probability=scored.probability)
    ruling = decide(policy, case, champion.thresholds)
    linked: Linked = {
        "customers": case.linked_customers,
        "refunds": case.linked_refunds,
        "confirmed_fraud": case.linked_fraud,
    }
    return Judged(champion, policy, case, scored, ruling, own, linked)


def revive(kept: Mapping[str, Any]) -> Situation:
    """The situation of a stored decision, from `Judged.situation_json`.

    Fields that an earlier release stored and nobody reads any more are left out.
    """
    lists = {
        "evidence": tuple((kind, by) for kind, by in kept["evidence"]),
        "inspections": tuple(kept["inspections"]),
        "listings": tuple(Listing(**entry) for entry in kept["listings"]),
    }
    known = {field.name: kept[field.name] for field in fields(Situation) if field.name in kept}
    return Situation(**{**known, **lists})
