"""Vector → score → ruling → Decision: the pure middle of the one use case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from risk.circumstances import NEEDED, Circumstances, situation
from risk.explain import reasons
from risk.features.spec import Feature
from risk.history.models import Published
from risk.model import Bundle, Scored
from risk.policy import Asked, Policy, Ruling, Situation, Thresholds, decide, lane
from risk.render import iso, money

NAME = "refund-risk"


@dataclass(frozen=True)
class Champion:
    """The model in service: its bundle, and where its features stand in the catalogue's vector.

    `features` are the bundle's own, in its order, at `places` of the vector of `catalogue`.
    """

    published: Published
    bundle: Bundle
    catalogue: tuple[Feature, ...]
    features: tuple[Feature, ...]
    places: NDArray[np.intp]
    needed: tuple[tuple[str, int], ...]
    thresholds: Thresholds | None

    @classmethod
    def load(cls, published: Published, content: bytes, features: Sequence[Feature]) -> Champion:
        """Check and warm a published bundle. Raises ModelRefused, naming what is missing."""
        bundle = Bundle.load(content, {f.name: f.hash for f in features})
        places = {f.name: i for i, f in enumerate(features)}
        chosen = np.array([places[name] for name in bundle.features], dtype=np.intp)
        own = tuple(features[i] for i in chosen)
        needed = tuple((name, places[name]) for name in NEEDED)
        champion = cls(
            published, bundle, tuple(features), own, chosen, needed, _thresholds(bundle.thresholds)
        )
        for name in bundle.lanes:
            bundle.score(np.full(len(own), np.nan), name)
        return champion


def _thresholds(given: Mapping[str, float]) -> Thresholds | None:
    if "ask_above" not in given:
        return None
    return Thresholds(given["ask_above"], given.get("person_above"))


@dataclass(frozen=True, slots=True)
class Judged:
    """One case decided: the score, the ruling, and the reasons behind the score."""

    champion: Champion
    policy: Policy
    case: Situation
    scored: Scored
    ruling: Ruling
    told: list[dict[str, Any]]
    linked: Mapping[str, int]

    def body(self, decision_id: str, spine: Mapping[str, Any], decided_at: int) -> dict[str, Any]:
        """The Decision of the contract."""
        ruling = self.ruling
        return {
            "decision_id": decision_id,
            "refund_id": spine["refund_id"],
            "as_of": iso(spine["as_of"]),
            "decided_at": iso(decided_at),
            "stage": spine["stage"],
            "tier": ruling.tier,
            "conditions": list(ruling.conditions),
            "probability": self.scored.probability,
            "raw_score": self.scored.raw_score,
            "base": self.scored.base,
            "lane": ruling.lane,
            "reasons": self.told,
            "rules": [{"id": r.id, "effect": r.effect, "text": dict(r.text)} for r in ruling.rules],
            "why": {"id": ruling.why.id, "text": dict(ruling.why.text)},
            "required_evidence": [
                {"kind": a.kind, "from": a.source, "text": dict(a.text)}
                for a in ruling.required_evidence
            ],
            "customer_message": dict(ruling.customer_message),
            "suggestions": list(ruling.suggestions),
            "respond_by": iso(ruling.respond_by),
            "linked": dict(self.linked),
            "amount": money(spine["amount"]),
            "currency": spine["currency"] or "CNY",
            "model": {"name": NAME, "version": self.champion.published.version},
            "policy": {"version": self.policy.version},
        }

    def situation_json(self) -> str:
        """The situation the policy saw, as it is kept with the decision."""
        return orjson.dumps(asdict(self.case)).decode()


def judge(
    champion: Champion,
    policy: Policy,
    spine: Mapping[str, Any],
    vector: NDArray[np.float64],
    seen: Circumstances,
    draw: float,
) -> Judged:
    """Decide one case from its spine, its catalogue vector and its own rows."""
    values = {name: float(vector[place]) for name, place in champion.needed}
    blank = situation(spine, seen, values, 0.0, draw)
    in_lane = lane(policy, Asked(**{name: getattr(blank, name) for name in Asked._fields}))
    own = vector[champion.places]
    scored = champion.bundle.score(own, in_lane)
    case = situation(spine, seen, values, scored.probability, draw)
    ruling = decide(policy, case, champion.thresholds)
    told = reasons(champion.features, own, scored.contributions, case.currency)
    linked = {
        "customers": case.linked_customers,
        "refunds": case.linked_refunds,
        "confirmed_fraud": case.linked_fraud,
    }
    return Judged(champion, policy, case, scored, ruling, told, linked)
