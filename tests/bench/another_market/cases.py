"""Refund requests: which orders lead to one, why truly, and what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tests.bench.another_market.campaigns import Plan
from tests.bench.another_market.draws import Floats, Rng, Row, chance, pick, records, wait
from tests.bench.another_market.hazards import REASONS
from tests.bench.another_market.market import CATEGORIES, Market
from tests.bench.another_market.words import abuser_text, copied, honest_text

PICTURE = ("damaged", "defective", "not_as_described", "wrong_item", "missing_item", "counterfeit")
"""What a picture can show."""
MONEY_BACK = {"refund_only": 0.42, "return_and_refund": 0.44, "exchange": 0.11, "resend": 0.03}
TYPES: dict[str, dict[str, float]] = {
    "not_received": {"refund_only": 0.75, "resend": 0.25},
    "late": {"refund_only": 0.6, "return_and_refund": 0.4},
    "damaged": MONEY_BACK,
    "defective": {**MONEY_BACK, "repair": 0.12},
    "not_as_described": MONEY_BACK,
    "wrong_item": {"exchange": 0.4, "return_and_refund": 0.5, "refund_only": 0.1},
    "missing_item": {"refund_only": 0.65, "resend": 0.35},
    "counterfeit": {"return_and_refund": 0.7, "refund_only": 0.3},
    "unwanted": {"return_and_refund": 0.94, "exchange": 0.06},
    "double_charge": {"refund_only": 1.0},
    "other": {"price_adjustment": 0.5, "refund_only": 0.3, "return_and_refund": 0.2},
}


@dataclass
class Case:
    """A request, with what only this world knows of it."""

    order: int
    reason: str
    type: str
    requested: float
    amount: float
    text: str
    honest_group: str = ""
    plan: Plan | None = None
    postage: float = 0.0
    compensation: float = 0.0
    whole: bool = False
    withdrawn: float = float("nan")
    refund_id: str = ""

    @property
    def positive(self) -> bool:
        """Whether it is abuse."""
        return self.plan is not None and self.plan.positive

    def has(self, sign: str) -> bool:
        """Whether its scheme leaves this sign."""
        return self.plan is not None and sign in self.plan.scheme.signs


class Requests:
    """Turns orders into cases."""

    def __init__(
        self, rng: Rng, orders: pd.DataFrame, people: pd.DataFrame, market: Market, days: int
    ) -> None:
        self.rng, self.market, self.days = rng, market, days
        self.rows = records(orders)
        self.people = records(people)
        self.skus = records(market.skus)
        self.shared_text: dict[int, str] = {}

    def make(self, table: Floats, plans: Sequence[Plan], count: int) -> list[Case]:
        """`count` cases in time order; two in a hundred honest are withdrawn and asked anew."""
        rng = self.rng
        planned = [i for i, row in enumerate(self.rows) if row["plan"] >= 0]
        honest = int((count - len(planned)) / 1.02)
        total = table.sum(axis=1)
        keys = np.log(np.maximum(total, 1e-12)) + rng.gumbel(size=len(total))
        keys[planned] = -np.inf
        chosen = np.sort(np.argpartition(-keys, honest)[:honest])
        cases = [
            self._honest(int(i), REASONS[int(rng.choice(len(REASONS), p=table[i] / total[i]))])
            for i in chosen
        ]
        again = rng.choice(len(cases), count - len(planned) - honest, replace=False)
        for first in (cases[int(i)] for i in again):
            first.withdrawn = first.requested + wait(rng, 1.0, 0.6, 6)
            cases.append(
                Case(
                    first.order,
                    first.reason,
                    first.type,
                    first.withdrawn + wait(rng, 1.0, 1.0, 10),
                    first.amount,
                    first.text,
                    first.honest_group,
                    whole=first.whole,
                )
            )
        cases += [self._planned(i, plans[self.rows[i]["plan"]]) for i in planned]
        return sorted(cases, key=lambda c: c.requested)

    def _honest(self, index: int, reason: str) -> Case:
        rng, row = self.rng, self.rows[index]
        person, nouns = self.people[row["customer"]], self._nouns(row)
        kind = dict(TYPES[reason])
        if row["placed"] > self.days - 120 and "refund_only" in kind:
            kind["refund_only"] *= 0.75
        if row["amount"] > 300 and reason not in ("not_received", "late"):
            kind["refund_only"] = kind.get("refund_only", 0.0) * 0.5
        requested = self._when(row, reason)
        chosen = "refund_only" if not np.isnan(row["cancelled"]) else pick(rng, kind)
        text = honest_text(
            rng, reason, nouns, person["words"], person["anger"] * 0.7, person["english"]
        )
        stated = "other" if reason != "unwanted" and chance(rng, 0.03) else reason
        case = Case(
            index,
            stated,
            chosen,
            requested,
            row["amount"],
            text,
            self._group(row, person, reason, requested),
        )
        self._ask(case, row)
        return case

    def _when(self, row: Row, reason: str) -> float:
        """The moment of an honest request."""
        rng = self.rng
        if reason == "unwanted" and chance(rng, 0.15):
            row["cancelled"] = (
                row["placed"] + 0.3 * float(rng.random()) * (row["shipped"] - row["placed"]) + 0.002
            )
            return float(row["cancelled"])
        if reason == "unwanted" and chance(rng, 0.1):
            return float(row["shipped"] + float(rng.random()) * (row["delivered"] - row["shipped"]))
        if reason == "late":
            return float(max(row["shipped"], row["placed"] + 5.0)) + wait(rng, 0.8, 0.6, 8)
        if row["lost"]:
            return float(row["shipped"]) + 5.0 + wait(rng, 2.5, 0.6, 20)
        spread = wait(rng, 1.0, 1.0, 30) if reason != "unwanted" else wait(rng, 2.2, 0.8, 14)
        return float(row["delivered"]) + 0.02 + spread

    def _group(self, row: Row, person: Row, reason: str, requested: float) -> str:
        """Why an honest customer may look odd; the first that fits."""
        tests = (
            ("false_sign_off", bool(row["false_sign"]) and reason == "not_received"),
            ("bad_batch", bool(row["batch"]) and reason in ("defective", "not_as_described")),
            ("bad_depot", bool(row["depot"]) and reason in ("not_received", "damaged", "late")),
            ("reseller", person["group"] == "reseller"),
            ("dormitory", person["home"] == "dormitory"),
            ("newcomer", requested - person["created"] < 30),
            ("household", person["home"] == "household"),
            ("pick_up_point", person["home"] == "locker"),
            ("impulsive", person["impulse"] > 2.5),
            ("fussy", person["fussy"] > 3),
            ("angry", person["anger"] > 0.45),
            ("brief", person["words"] < 0.2),
        )
        return next((name for name, fits in tests if fits), "")

    def _planned(self, index: int, plan: Plan) -> Case:
        rng, row = self.rng, self.rows[index]
        signs = plan.scheme.signs
        ready = row["delivered"] if "lost" not in signs else row["shipped"] + 4.0
        median = {"wear_and_return": 4.5, "false_non_receipt": 1.2}.get(plan.scheme.name, 0.8)
        requested = ready + 0.02 + wait(rng, median * (0.6 + plan.skill), 0.8, 14)
        if "early_return" in signs:
            requested = (
                row["shipped"]
                + 0.05
                + 0.6 * float(rng.random()) * (row["delivered"] - row["shipped"])
            )
        text = abuser_text(
            rng,
            plan.reason,
            self._nouns(row),
            plan.skill,
            self.people[row["customer"]],
            "machine" in signs,
        )
        if "copied" in signs:
            text = copied(rng, self.shared_text.setdefault(plan.campaign, text), plan.skill)
        case = Case(index, plan.reason, plan.type, requested, row["amount"], text, plan=plan)
        case.whole = "whole" in signs or (row["lines"] > 1 and chance(rng, 0.35))
        self._ask(case, row)
        return case

    def _ask(self, case: Case, row: Row) -> None:
        """Sets what is asked: line or order, part or all, postage and compensation apart."""
        rng = self.rng
        case.whole = (
            case.whole
            or case.reason in ("not_received", "late")
            or (row["lines"] > 1 and chance(rng, 0.15))
        )
        paid = row["total"] if case.whole else row["amount"]
        share = 1.0
        if case.reason == "missing_item" and not case.whole:
            share = float(rng.choice([0.2, 0.25, 0.33, 0.5, 1.0], p=[0.2, 0.2, 0.25, 0.2, 0.15]))
        elif case.type == "price_adjustment":
            share = float(rng.uniform(0.05, 0.3))
        elif (
            case.type == "refund_only"
            and case.reason in ("damaged", "not_as_described", "defective")
            and chance(rng, 0.3)
        ):
            share = float(rng.choice([0.1, 0.2, 0.3, 0.5]))
        case.amount = max(0.01, round(paid * share, 2))
        if case.type == "return_and_refund" and case.reason != "unwanted" and chance(rng, 0.25):
            case.postage = float(rng.integers(6, 16))
        if case.reason == "counterfeit" and chance(rng, 0.1):
            case.compensation = round(2 * paid, 2)

    def _nouns(self, row: Row) -> tuple[str, str]:
        category = CATEGORIES[self.skus[int(row["sku"])]["kind"]]
        return category.word, category.english
