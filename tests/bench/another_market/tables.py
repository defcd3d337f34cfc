"""The contract's fact files and the truth, as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from tests.bench.another_market.cases import Case
from tests.bench.another_market.draws import Rng, digits, hexes, stamp
from tests.bench.another_market.findings import Findings
from tests.bench.another_market.market import CATEGORIES, Market
from tests.bench.another_market.proof import Proof
from tests.bench.another_market.returns import Returns
from tests.bench.another_market.shipments import back, case_key, outbound


class Tables:
    """Writes one folder; `days` is the length of the world, from which all times count."""

    def __init__(
        self, rng: Rng, out: Path, days: int, people: pd.DataFrame, market: Market
    ) -> None:
        self.rng, self.out, self.days, self.people, self.market = rng, out, days, people, market
        (out / "facts").mkdir(parents=True, exist_ok=True)

    def _write(self, kind: str, table: pd.DataFrame) -> None:
        table.to_csv(self.out / "facts" / f"{kind}.csv", index=False)

    def _late(
        self, times: npt.ArrayLike, median: float, spread: float, most: float
    ) -> npt.NDArray[np.object_]:
        """Stamps of when each event became known: a log-normal lag, cut at the most."""
        at = np.asarray(times, dtype=float)
        return stamp(
            at + np.minimum(median * np.exp(spread * self.rng.standard_normal(len(at))), most),
            self.days,
        )

    def orders(self, lines: pd.DataFrame) -> None:
        """One row a line."""
        skus, who = (
            self.market.skus.iloc[lines["sku"]].reset_index(drop=True),
            self.people.iloc[lines["customer"]].reset_index(drop=True),
        )
        names = np.array([c.name for c in CATEGORIES])
        known = self._late(lines.groupby("order")["placed"].first(), 0.0005, 1.0, 0.02)[
            lines["order"]
        ]
        self._write(
            "orders",
            pd.DataFrame(
                {
                    "order_id": lines["order_id"],
                    "line_id": lines["line"],
                    "customer_id": who["customer_id"],
                    "placed_at": stamp(lines["placed"], self.days),
                    "amount": lines["amount"].map("{:.2f}".format),
                    "currency": "CNY",
                    "quantity": lines["quantity"],
                    "sku": skus["sku"],
                    "category": names[skus["kind"]],
                    "merchant_id": self.market.merchants["merchant_id"].to_numpy()[
                        lines["merchant"]
                    ],
                    "channel": lines["channel"],
                    "shipping_address": lines["address"],
                    "payment_instrument": lines["payment"],
                    "device_id": lines["device"],
                    "phone": lines["phone"],
                    "ip": lines["ip"],
                    "account_created_at": stamp(who["created"], self.days),
                    "customer_tier": who["tier"],
                    "no_reason_return": np.where(skus["no_return"], "false", ""),
                    "delivery_amount": lines["delivery"],
                    "expected_weight_g": np.where(
                        skus["catalogue_weight"],
                        (skus["weight"] * lines["quantity"]).astype(int).astype(str),
                        "",
                    ),
                    "known_at": known,
                }
            ),
        )

    def shipments(self, orders: pd.DataFrame, lines: pd.DataFrame, returns: Returns) -> None:
        """Outbound events of each order, and the return parcels of the cases."""
        parts = [*outbound(self.rng, orders, lines, self.market), back(orders, returns)]
        table = pd.concat(parts, ignore_index=True).sort_values(
            "at", kind="stable", ignore_index=True
        )
        at = table.pop("at")
        table.insert(5, "occurred_at", stamp(at, self.days))
        table["known_at"] = self._late(at, 0.01, 1.5, 1.0)
        self._write("shipments", table)

    def refunds(
        self, orders: pd.DataFrame, cases: Sequence[Case], forwarded: Sequence[bool]
    ) -> None:
        """Requests, and a second revision of those withdrawn."""
        rng, count = self.rng, len(cases)
        customers = orders["customer"].to_numpy()[[c.order for c in cases]]
        keys = [case_key(orders, c) for c in cases]
        device = np.where(
            rng.random(count) < 0.88,
            orders["device"].to_numpy(dtype=object)[[c.order for c in cases]],
            self.people["second_device"].to_numpy(dtype=object)[customers],
        )
        own = self.people["payout"].to_numpy(dtype=object)[customers]
        payout = np.array(
            [
                c.plan.payout if c.plan and c.plan.payout else o
                for c, o in zip(cases, own, strict=True)
            ],
            dtype=object,
        )
        at = np.array([c.requested for c in cases])
        early = at < orders["delivered"].to_numpy()[[c.order for c in cases]]
        received = np.where(
            early | np.isin([c.reason for c in cases], ["not_received"]), "false", "true"
        )
        table = pd.DataFrame(
            {
                "refund_id": [c.refund_id for c in cases],
                "order_id": [k[0] for k in keys],
                "line_id": [k[1] for k in keys],
                "requested_at": stamp(at, self.days),
                "amount": [f"{c.amount + c.postage + c.compensation:.2f}" for c in cases],
                "postage": [f"{c.postage:.2f}" if c.postage else "" for c in cases],
                "compensation": [f"{c.compensation:.2f}" if c.compensation else "" for c in cases],
                "type": [c.type for c in cases],
                "reason_code": [c.reason for c in cases],
                "reason_text": [c.text for c in cases],
                "claims_received": np.where(rng.random(count) < 0.8, received, ""),
                "device_id": np.where(rng.random(count) < 0.93, device, ""),
                "payout_account": np.where(rng.random(count) < 0.65, payout, ""),
                "respond_by": np.where(rng.random(count) < 0.7, stamp(at + 2.0, self.days), ""),
                "state": "open",
                "forwarded_by": np.where(forwarded, "platform", ""),
                "revision": 1,
                "known_at": stamp(at, self.days),
            }
        )
        gone = np.array([c.withdrawn for c in cases])
        taken_back = table[~np.isnan(gone)].assign(
            state="withdrawn", revision=2, known_at=stamp(gone[~np.isnan(gone)], self.days)
        )
        self._write("refunds", pd.concat([table, taken_back], ignore_index=True))

    def proofs(self, proof: Proof) -> None:
        """Evidence and inspections."""
        rows = pd.DataFrame(proof.evidence).sort_values(
            "submitted", kind="stable", ignore_index=True
        )
        self._write(
            "evidence",
            pd.DataFrame(
                {
                    "evidence_id": digits(self.rng, len(rows), 16, ""),
                    "refund_id": [c.refund_id if c else "" for c in rows["case"]],
                    "order_id": rows["order_id"].fillna(""),
                    "submitted_at": stamp(rows["submitted"], self.days),
                    "kind": rows["kind"],
                    "submitted_by": rows["by"],
                    "asked_at": stamp(rows["asked"], self.days),
                    "content_hash": rows["hash"],
                    "captured_at": stamp(rows["taken"], self.days),
                    "known_at": stamp(rows["submitted"], self.days),
                }
            ),
        )
        looks = pd.DataFrame(proof.returns.inspections)
        self._write(
            "inspections",
            pd.DataFrame(
                {
                    "refund_id": [c.refund_id for c in looks["case"]],
                    "inspected_at": stamp(looks["at"], self.days),
                    "condition": looks["condition"],
                    "inspected_by": looks["by"],
                    "known_at": self._late(looks["at"], 0.05, 1.0, 1.0),
                }
            ),
        )

    def findings(self, orders: pd.DataFrame, findings: Findings) -> None:
        """Outcomes, feedback and chargebacks."""
        rows = pd.DataFrame(findings.outcomes).sort_values("at", kind="stable", ignore_index=True)
        self._write(
            "outcomes",
            pd.DataFrame(
                {
                    "refund_id": [c.refund_id for c in rows["case"]],
                    "decided_at": stamp(rows["at"], self.days),
                    "verdict": rows["verdict"],
                    "resolution": rows["resolution"],
                    "amount": rows["amount"],
                    "decided_by": rows["by"],
                    "selected_by": rows["selected"],
                    "selection_probability": rows["p"],
                    "note": rows["note"],
                    "known_at": stamp(rows["known"], self.days),
                }
            ),
        )
        answers = pd.DataFrame(findings.feedback)
        self._write(
            "feedback",
            pd.DataFrame(
                {
                    "refund_id": [c.refund_id for c in answers["case"]],
                    "answered_at": stamp(answers["at"], self.days),
                    "satisfaction": answers["satisfaction"],
                    "note": answers["note"],
                    "known_at": stamp(answers["at"], self.days),
                }
            ),
        )
        if not findings.disputes:
            return
        steps = pd.DataFrame(findings.disputes)
        ids = "dp_" + hexes(self.rng, int(steps["number"].max()) + 1, 20)
        self._write(
            "payment_disputes",
            pd.DataFrame(
                {
                    "dispute_id": ids[steps["number"]],
                    "order_id": [case_key(orders, c)[0] for c in steps["case"]],
                    "stage": steps["stage"],
                    "occurred_at": stamp(steps["at"], self.days),
                    "amount": steps["amount"],
                    "reason": steps["reason"],
                    "known_at": self._late(steps["at"], 0.3, 0.8, 2.0),
                }
            ),
        )

    def truth(self, cases: Sequence[Case]) -> None:
        """What is true of each request; not part of the facts."""
        pd.DataFrame(
            {
                "refund_id": [c.refund_id for c in cases],
                "positive": [int(c.positive) for c in cases],
                "scheme": [c.plan.scheme.name if c.plan and c.positive else "" for c in cases],
                "honest_group": [c.honest_group for c in cases],
            }
        ).to_csv(self.out / "truth.csv", index=False)
