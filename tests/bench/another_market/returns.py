"""Return parcels and what was found in them; strengths assumed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tests.bench.another_market.cases import PICTURE, Case
from tests.bench.another_market.draws import Rng, Row, chance, digits, pick, records, wait
from tests.bench.another_market.market import COURIERS, TRACKING, Market

SENT_BACK = ("return_and_refund", "exchange", "repair")
HONEST_LOOK = {
    "as_sent": 0.83,
    "used": 0.06,
    "damaged_by_customer": 0.035,
    "incomplete": 0.04,
    "different_item": 0.015,
    "empty": 0.005,
    "counterfeit": 0.003,
    "seller_fault": 0.012,
}
FAULTY_LOOK = {
    "seller_fault": 0.6,
    "as_sent": 0.26,
    "damaged_by_customer": 0.06,
    "used": 0.04,
    "incomplete": 0.03,
    "different_item": 0.01,
}
BACK_LOOK = {
    "empty": {"empty": 0.8, "incomplete": 0.15, "as_sent": 0.05},
    "different_item": {"different_item": 0.72, "as_sent": 0.16, "used": 0.12},
    "used": {"used": 0.6, "as_sent": 0.28, "damaged_by_customer": 0.12},
    "counterfeit": {"counterfeit": 0.55, "different_item": 0.2, "as_sent": 0.25},
    "as_sent": {"as_sent": 1.0},
}


@dataclass
class Trail:
    """What the shop can see of a case after the request."""

    reused_picture: bool = False
    declined: bool = False
    inspected: float = float("nan")
    condition: str = ""
    returned: float = float("nan")


class Returns:
    """Collects the rows of parcels and inspections; cases come in time order."""

    def __init__(self, rng: Rng, rows: list[Row], market: Market, cases: int) -> None:
        self.rng, self.rows = rng, rows
        self.merchants, self.skus = records(market.merchants), records(market.skus)
        self.parcels: list[Row] = []
        self.inspections: list[Row] = []
        self.numbers = iter(digits(rng, 4 * cases + 10, 13, ""))
        self.last: dict[int, tuple[int, str, float, float]] = {}
        self.campaign_numbers: dict[int, str] = {}

    def add(self, case: Case, trail: Trail) -> None:
        """The parcel back of one case, if there is any, and its inspection."""
        row = self.rows[case.order]
        if case.type in SENT_BACK and np.isnan(row["cancelled"]) and np.isnan(case.withdrawn):
            self._send(case, row, trail)

    def _send(self, case: Case, row: Row, trail: Trail) -> None:
        """The parcel back: sent by nine in ten, weighed by some, looked into by few."""
        rng = self.rng
        # Whoever refuses a parcel on its way sends it back unreceived, too.
        early = case.has("early_return") or (
            case.plan is None and case.requested < row["delivered"] and chance(rng, 0.3)
        )
        if not early and not chance(rng, 0.9):
            return
        sent = (
            case.requested + wait(rng, 0.1, 0.5, 0.4)
            if early
            else max(case.requested, row["delivered"]) + 0.4 + wait(rng, 1.2, 0.7, 7)
        )
        courier = int(rng.integers(len(COURIERS)))
        number = TRACKING[courier] + str(next(self.numbers))
        if case.has("one_tracking") and case.plan and chance(rng, 0.7):
            number = self.campaign_numbers.setdefault(case.plan.campaign, number)
        arrives = sent + wait(rng, 2.2, 0.4, 9)
        last = self.last.get(row["customer"])
        if (
            last
            and not case.plan
            and last[2] > max(case.requested, row["delivered"])
            and chance(rng, 0.8)
        ):
            courier, number, sent, arrives = last  # Two returns in one box.
        self.last[row["customer"]] = (courier, number, sent, arrives)
        sku = self.skus[row["sku"]]
        weight = sku["weight"] * row["quantity"] * float(rng.normal(1.08, 0.05)) + 60
        back = case.plan.back if case.plan else ""
        if (
            case.plan
            and back in ("empty", "different_item", "elsewhere")
            and not chance(rng, case.plan.skill)
        ):
            weight *= (
                float(rng.uniform(0.1, 0.7))
                if back != "different_item"
                else float(rng.uniform(0.4, 1.5))
            )
        weighed = chance(rng, 0.08 if early else 0.55)
        base = {
            "case": case,
            "courier": COURIERS[courier],
            "tracking": number,
            "weight": max(30, round(weight)) if weighed else "",
        }
        self.parcels.append({**base, "status": "shipped", "at": sent})
        if chance(rng, 0.01) and not case.plan:
            self.parcels.append({**base, "status": "lost", "at": sent + 9.0})
            return
        trail.returned = arrives
        self.parcels.append({**base, "status": "delivered", "at": trail.returned})
        if back != "elsewhere":
            self._inspect(case, row, trail)

    def _inspect(self, case: Case, row: Row, trail: Trail) -> None:
        rng, shop = self.rng, self.merchants[row["merchant"]]
        share = min(0.9, 0.75 * shop["inspects"] + 0.1 * (case.amount > 400))
        if not chance(rng, 0.85 if case.has("grooming") else share):
            return
        table = FAULTY_LOOK if case.reason in PICTURE else HONEST_LOOK
        if case.positive and case.plan and case.plan.back in BACK_LOOK:
            table = BACK_LOOK[case.plan.back]
        elif case.reason == "wrong_item":
            table = {"different_item": 0.7, "seller_fault": 0.2, "as_sent": 0.1}
        elif case.reason == "counterfeit" and not case.positive:
            table = {"counterfeit": 0.5, "as_sent": 0.4, "seller_fault": 0.1}
        condition = pick(rng, table)
        if (
            shop["temper"] == "interested"
            and condition in ("as_sent", "seller_fault")
            and chance(rng, 0.3)
        ):
            condition = pick(rng, {"used": 0.5, "damaged_by_customer": 0.4, "different_item": 0.1})
        if (
            condition in ("as_sent", "seller_fault")
            and shop["temper"] == "colluding"
            and case.positive
        ):
            condition = "seller_fault"
        trail.inspected, trail.condition = trail.returned + 0.05 + wait(rng, 0.8, 0.8, 6), condition
        self.inspections.append(
            {
                "case": case,
                "at": trail.inspected,
                "condition": condition,
                "by": pick(rng, {"merchant": 0.85, "third_party": 0.09, "platform": 0.06}),
            }
        )
