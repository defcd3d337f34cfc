"""Who is looked at, what is found, and what follows: outcomes, satisfaction, chargebacks.

Suspicion is the shop's own rule of thumb over what it can see, plus a hunch that knows a little of
the truth. Strengths, error rates and delays are assumed: merchants 0.68/0.94 (sensitivity and
specificity), reviewers 0.78/0.965, the platform 0.86/0.98; skill lowers sensitivity.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from tests.bench.another_market.cases import PICTURE, Case
from tests.bench.another_market.draws import Rng, Row, chance, pick, wait
from tests.bench.another_market.returns import Trail

SENSITIVITY = {"merchant": 0.68, "reviewer": 0.78, "platform": 0.86}
SPECIFICITY = {"merchant": 0.94, "reviewer": 0.965, "platform": 0.98}
AUDIT = 0.03
NOTES = (
    "",
    "",
    "",
    "看过聊天记录和照片",
    "已与快递核实",
    "核对称重记录",
    "电话回访客户",
    "证据不足",
)


@dataclass
class Findings:
    """Collects the rows; cases come in time order, and a finding counts only once decided."""

    rng: Rng
    rows: list[Row]
    merchants: list[Row]
    outcomes: list[Row] = field(default_factory=list)
    feedback: list[Row] = field(default_factory=list)
    disputes: list[Row] = field(default_factory=list)
    asked: dict[str, list[float]] = field(default_factory=dict)
    found: dict[str, list[float]] = field(default_factory=dict)

    def add(self, case: Case, trail: Trail, forwarded: bool) -> None:
        """All that follows one case."""
        rng, row = self.rng, self.rows[case.order]
        shop = self.merchants[row["merchant"]]
        suspicion = self._suspicion(case, row, trail)
        self.asked.setdefault(str(row["customer"]), []).append(case.requested)
        known = np.nanmax([case.requested, trail.inspected])
        if not np.isnan(case.withdrawn):
            return
        how = self._selected(suspicion, forwarded, shop["temper"] == "interested")
        verdict = self._finding(case, row, trail, how, known, suspicion) if how else ""
        refused = verdict in ("abuse", "fraud") and chance(rng, 0.8)
        if how in ("", "random_audit"):
            self._pay(case, trail)
        self._after(case, row, refused)

    def _suspicion(self, case: Case, row: Row, trail: Trail) -> float:
        now, who = case.requested, str(row["customer"])
        before = sum(now - 90 < t < now for t in self.asked.get(who, []))
        found = sum(t < now for t in self.found.get(who, []))
        seen = (
            0.45 * np.log1p(before)
            + 0.7 * min(found, 3)
            + 0.25 * np.log(max(row["total"], 10) / 150)
            + 0.35 * (case.type == "refund_only")
            + 1.1 * trail.reused_picture
            + 0.6 * trail.declined
            + 0.8
            * (
                case.reason == "not_received"
                and row["received_by"] == "customer"
                and not row["scan_lost"]
            )
            + 1.6 * (trail.condition in ("empty", "different_item", "counterfeit"))
            + 0.5 * (trail.condition == "used")
        )
        hunch = 0.9 * case.positive * (1 - (case.plan.skill if case.plan else 0))
        return float(seen + hunch + 0.6 * self.rng.standard_normal())

    def _selected(self, suspicion: float, forwarded: bool, interested: bool) -> str:
        """Why the case is looked at; empty where nobody looks."""
        rng = self.rng
        if chance(rng, AUDIT):
            return "random_audit"
        if forwarded and chance(rng, 0.7):
            return "complaint"
        if suspicion > 1.3 and chance(rng, 0.7):
            return "rule"
        return (
            "unknown"
            if chance(rng, (0.24 if interested else 0.1) + 0.1 * (suspicion > 0.5))
            else ""
        )

    def _finding(
        self, case: Case, row: Row, trail: Trail, how: str, known: float, suspicion: float
    ) -> str:
        """Writes the finding, and an appeal against it if any; answers the last verdict."""
        rng, shop = self.rng, self.merchants[row["merchant"]]
        by = {"random_audit": "reviewer", "complaint": "platform", "unknown": "merchant"}.get(
            how
        ) or pick(rng, {"reviewer": 0.55, "merchant": 0.25, "platform": 0.2})
        verdict = self._verdict(case, trail, by, suspicion, shop["temper"])
        at = float(known + 0.1 + wait(rng, 4.0 if by == "merchant" else 9.0, 0.8, 80))
        self._write(case, at, verdict, by, how)
        if verdict not in ("abuse", "fraud"):
            return verdict
        if how != "random_audit":
            self.found.setdefault(str(row["customer"]), []).append(at)
        if chance(rng, 0.12 if case.positive else 0.45):
            right = "abuse" if case.positive else self._honest_verdict(case)
            wrong = "legitimate" if case.positive else verdict
            verdict = pick(rng, {right: 0.85, wrong: 0.15})
            self._write(case, at + 1 + wait(rng, 9, 0.6, 50), verdict, "appeal", "complaint")
        return verdict

    def _verdict(self, case: Case, trail: Trail, by: str, suspicion: float, temper: str) -> str:
        rng = self.rng
        skill = case.plan.skill if case.plan else 0.0
        if by == "merchant" and temper == "colluding" and case.has("collusion"):
            return "merchant_fault" if chance(rng, 0.6) else "legitimate"
        if chance(rng, 0.08):
            return "undetermined"
        if case.positive:
            proof = trail.condition in ("empty", "different_item", "counterfeit")
            if chance(rng, min(0.97, SENSITIVITY[by] - 0.3 * skill + 0.3 * proof)):
                return "fraud" if chance(rng, 0.35 + 0.3 * proof) else "abuse"
            return self._honest_verdict(case)
        wrong = 1 - SPECIFICITY[by] + 0.04 * (suspicion > 1.3)
        if by == "merchant" and temper == "interested":
            wrong += 0.18
        return "abuse" if chance(rng, wrong) else self._honest_verdict(case)

    def _honest_verdict(self, case: Case) -> str:
        if case.reason in ("not_received", "late"):
            return "courier_fault" if chance(self.rng, 0.7) else "legitimate"
        if case.reason in PICTURE and chance(self.rng, 0.65):
            return (
                "courier_fault"
                if case.reason == "damaged" and chance(self.rng, 0.5)
                else "merchant_fault"
            )
        return "legitimate"

    def _write(self, case: Case, at: float, verdict: str, by: str, how: str) -> None:
        table = {"refunded": 0.85, "partly_refunded": 0.15}
        if verdict in ("abuse", "fraud"):
            table = {"refused": 0.8, "partly_refunded": 0.1, "refunded": 0.1}
        elif verdict == "undetermined":
            table = {"refunded": 0.6, "partly_refunded": 0.2, "refused": 0.2}
        resolution = pick(self.rng, table)
        granted = (
            case.amount
            * {
                "refunded": 1.0,
                "refused": 0.0,
                "partly_refunded": float(self.rng.uniform(0.2, 0.7)),
            }[resolution]
        )
        audit = (
            how == "random_audit" and by == "reviewer"
        )  # Looks back at what was paid already, and grants nothing.
        self.outcomes.append(
            {
                "case": case,
                "at": at,
                "known": at + wait(self.rng, 0.1, 1.2, 5),
                "verdict": verdict,
                "by": by,
                "selected": how,
                "p": AUDIT if audit else "",
                "resolution": "" if audit else resolution,
                "amount": "" if audit else round(granted, 2),
                "note": str(self.rng.choice(NOTES)),
            }
        )

    def _pay(self, case: Case, trail: Trail) -> None:
        """The platform's own payout, recorded for six in ten: no finding."""
        rng = self.rng
        if case.type not in ("refund_only", "return_and_refund", "price_adjustment") or not chance(
            rng, 0.6
        ):
            return
        base = trail.returned if case.type == "return_and_refund" else case.requested
        if not np.isnan(base):
            at = base + 0.02 + wait(rng, 1.0, 0.6, 3)
            self.outcomes.append(
                {
                    "case": case,
                    "at": at,
                    "known": at,
                    "verdict": "undetermined",
                    "by": "system",
                    "selected": "",
                    "p": "",
                    "resolution": "refunded",
                    "amount": round(case.amount, 2),
                    "note": "",
                }
            )

    def _after(self, case: Case, row: Row, refused: bool) -> None:
        """Satisfaction asked some days later, and chargebacks."""
        rng = self.rng
        end = case.requested + 6 + wait(rng, 3, 0.6, 20)
        if chance(rng, 0.11):
            good = 2 if refused else 4
            self.feedback.append(
                {
                    "case": case,
                    "at": end,
                    "satisfaction": int(np.clip(good + rng.integers(-2, 2), 1, 5)),
                    "note": str(rng.choice(["", "", "", "太慢", "处理及时", "态度好", "不满意"])),
                }
            )
        honest = 0.08 if refused and not case.positive else 0.0015
        if not chance(rng, 0.75 if case.has("dispute") else honest):
            return
        opened = case.requested + 3 + wait(rng, 12, 0.6, 45)
        dispute = {
            "case": case,
            "number": len(self.disputes),
            "amount": round(row["total"], 2),
            "reason": str(
                rng.choice(
                    [
                        "goods not received",
                        "not as described",
                        "unrecognised",
                        "credit not processed",
                    ]
                )
            ),
        }
        self.disputes.append({**dispute, "stage": "opened", "at": opened})
        stage = pick(rng, {"won": 0.35, "lost": 0.45, "withdrawn": 0.2})
        self.disputes.append({**dispute, "stage": stage, "at": opened + 7 + wait(rng, 14, 0.5, 40)})
