"""The evidence of each case; strengths assumed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tests.bench.another_market.cases import PICTURE, Case
from tests.bench.another_market.draws import Rng, Row, chance, hexes, pick, records, wait
from tests.bench.another_market.market import Market
from tests.bench.another_market.returns import Returns, Trail


@dataclass
class Proof:
    """Collects the rows; cases come in time order."""

    rng: Rng
    rows: list[Row]
    people: list[Row]
    market: Market
    cases: list[Case]
    evidence: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.merchants = records(self.market.merchants)
        self.skus = records(self.market.skus)
        self.honest: dict[int, list[tuple[str, int]]] = {}
        self.rings: dict[int, list[str]] = {}
        self.filmed: set[int] = set()
        self.catalogue: dict[int, str] = {}
        self.seen: dict[str, int] = {}
        self.returns = Returns(self.rng, self.rows, self.market, len(self.cases))
        self.packing = {m: str(hexes(self.rng, 1, 16)[0]) for m in range(len(self.merchants))}

    def add(self, number: int) -> Trail:
        """The evidence, parcel and inspection of one case."""
        case, trail = self.cases[number], Trail()
        row = self.rows[case.order]
        self._merchant_video(case, row)
        if case.reason in PICTURE:
            self._customer_evidence(number, case, row, trail)
        elif case.reason == "not_received" and chance(self.rng, 0.3) and not row["scan_lost"]:
            at = case.requested + wait(self.rng, 0.8, 0.6, 5)
            kind = "photo" if not row["false_sign"] and chance(self.rng, 0.7) else "document"
            self._item(
                case,
                kind,
                at,
                "courier",
                asked=0.6 * case.requested + 0.4 * at,
                hash_=self._fresh(),
            )
        self.returns.add(case, trail)
        return trail

    def _fresh(self) -> str:
        return str(hexes(self.rng, 1, 16)[0])

    def _item(
        self,
        case: Case,
        kind: str,
        at: float,
        by: str = "customer",
        asked: float = np.nan,
        hash_: str = "",
        taken: float = np.nan,
    ) -> None:
        self.evidence.append(
            {
                "case": case,
                "submitted": at,
                "kind": kind,
                "by": by,
                "asked": asked,
                "hash": hash_,
                "taken": taken,
            }
        )

    def _merchant_video(self, case: Case, row: Row) -> None:
        shop = self.merchants[row["merchant"]]
        if shop["video"] and case.order not in self.filmed and chance(self.rng, 0.75):
            self.filmed.add(case.order)
            known = row["cancelled"] if not np.isnan(row["cancelled"]) else np.inf
            at = row["shipped"] - 0.02
            if row["placed"] < at < min(known, case.requested):
                hash_ = self.packing[row["merchant"]] if shop["one_video"] else self._fresh()
                self.evidence.append(
                    {
                        "case": None,
                        "order_id": row["order_id"],
                        "submitted": at,
                        "kind": "video",
                        "by": "merchant",
                        "asked": np.nan,
                        "hash": hash_,
                        "taken": at - 0.005,
                    }
                )

    def _customer_evidence(self, number: int, case: Case, row: Row, trail: Trail) -> None:
        """At once, or when asked; an abuser without proof tends to decline or to fall silent."""
        rng, skill = self.rng, case.plan.skill if case.plan else 0.5
        at, asked = case.requested, np.nan
        willing = 0.66 if not case.positive else 0.45 + 0.3 * skill
        if not chance(rng, willing):
            if not chance(rng, 0.45):
                return
            asked = case.requested + wait(rng, 0.3, 0.6, 1.5)
            at = asked + wait(rng, 0.4, 0.8, 1.9)
            answers = {"yes": 0.76, "declined": 0.05, "unanswered": 0.19}
            if case.positive:
                answers = {
                    "yes": 0.3 + 0.45 * skill,
                    "declined": 0.3 - 0.22 * skill,
                    "unanswered": 0.3,
                }
            answer = pick(rng, answers)
            if answer != "yes":
                trail.declined = answer == "declined"
                self._item(case, answer, asked + 2.0 if answer == "unanswered" else at, asked=asked)
                return
        for _ in range(int(rng.integers(1, 4))):
            hash_, taken = self._picture(number, case, row, at)
            trail.reused_picture |= self.seen.get(hash_, row["customer"]) != row["customer"]
            self.seen.setdefault(hash_, row["customer"])
            self._item(case, "photo", at, asked=asked, hash_=hash_, taken=taken)
            at += 0.0007 * float(rng.random())
        if case.reason in ("defective", "damaged") and chance(
            rng, 0.22 if not case.positive else 0.08 + 0.12 * skill
        ):
            self._item(
                case,
                "video",
                at,
                asked=asked,
                hash_=self._fresh(),
                taken=at - 0.01 if chance(rng, 0.5) else np.nan,
            )

    def _picture(self, number: int, case: Case, row: Row, at: float) -> tuple[str, float]:
        """A picture's hash and the time its record names, as far as it has one."""
        rng, kind = self.rng, self.skus[row["sku"]]["kind"]
        if not case.positive:
            if chance(rng, 0.012):
                return self.catalogue.setdefault(row["sku"], self._fresh()), np.nan
            hash_ = self._fresh()
            self.honest.setdefault(kind, []).append((hash_, number))
            return hash_, self._honest_clock(row, at)
        plan = case.plan
        assert plan is not None
        if (
            case.has("copied")
            and self.rings.get(plan.campaign)
            and chance(rng, 0.75 - 0.4 * plan.skill)
        ):
            return str(rng.choice(self.rings[plan.campaign])), np.nan
        pool = self.honest.get(kind, [])
        if pool and chance(rng, 0.3 * (1 - plan.skill)) and not case.has("machine"):
            hash_, victim = pool[int(rng.integers(max(0, len(pool) - 400), len(pool)))]
            if not self.cases[victim].positive and not self.cases[victim].plan:
                self.cases[victim].honest_group = "stolen_picture"
            return hash_, np.nan
        hash_ = self._fresh()
        self.rings.setdefault(plan.campaign, []).append(hash_)
        if chance(rng, 0.22 * (1 - plan.skill)):
            return hash_, row["placed"] - float(rng.exponential(40)) - 0.1
        return hash_, np.nan if chance(rng, 0.6) else self._honest_clock(row, at)

    def _honest_clock(self, row: Row, at: float) -> float:
        """Nearly half have no record; a few clocks are days or a year slow."""
        if chance(self.rng, 0.5):
            return float("nan")
        arrived = min(row["delivered"], at)
        taken = at - (at - arrived) * float(self.rng.random()) * 0.6
        if chance(self.rng, 0.03):
            taken -= float(self.rng.choice([0.4, 1.0, 1.8, 365.0], p=[0.4, 0.3, 0.2, 0.1]))
        return float(taken)
