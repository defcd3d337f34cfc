"""A small shop with decisions, findings and corrections to monitor."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import sqlalchemy as sa

from risk.decisions.log import every
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.monitor_reports import Estimate
from risk.history.schema import FACTS
from tests.shops import Shop
from training.check.replay import Difference
from training.monitor.report import MonitorReport


def correct_some(shop: Shop) -> None:
    """Correct orders of requests that were decided, withdraw one, and take findings back."""
    orders, refunds, outcomes = (FACTS[kind] for kind in ("orders", "refunds", "outcomes"))
    with shop.history.read() as connection:
        decided = sorted(made.refund_id for made in every(connection))
        ids = connection.execute(
            sa.select(refunds.c.refund_id, refunds.c.order_id).where(
                refunds.c.refund_id.in_(decided)
            )
        ).all()
        findings = connection.execute(sa.select(outcomes).limit(5)).mappings().all()
        lines = connection.execute(
            sa.select(orders).where(orders.c.order_id.in_([order for _, order in ids]))
        ).mappings().all()  # fmt: skip
        asked = connection.execute(
            sa.select(refunds).where(refunds.c.refund_id == decided[0])
        ).mappings().one()  # fmt: skip
    amounts = [
        {"order_id": line["order_id"], "line_id": line["line_id"], "revision": 2, "amount": "1.00",
         "customer_id": line["customer_id"], "placed_at": iso(line["placed_at"])}
        for line in lines
    ]  # fmt: skip
    withdrawn = {"refund_id": decided[0], "order_id": asked["order_id"], "revision": 2,
                 "requested_at": iso(asked["requested_at"]), "amount": "1.00",
                 "reason_code": asked["reason_code"], "state": "withdrawn"}  # fmt: skip
    back = [
        {"kind": "outcomes", "reason": "of another request", "retracted_at": iso(now_ms()),
         "key": {"refund_id": row["refund_id"], "decided_at": iso(row["decided_at"]),
                 "decided_by": row["decided_by"]}}
        for row in findings
    ]  # fmt: skip
    assert ingest(shop.history, "orders", amounts).new == len(lines) > 5
    assert ingest(shop.history, "refunds", [withdrawn]).new == 1
    assert ingest(shop.history, "retractions", back).new == len(back)


def in_trouble(report: MonitorReport) -> MonitorReport:
    """The report as it would be if everything had gone wrong."""
    drift = pd.DataFrame(
        {"psi": [0.91, 0.3, 0.01], "chance": [0.1, 0.5, 0.1]}, index=["hat", "lucky", "calm"]
    )
    parts = pd.DataFrame(
        [("top 5 %", 90, 30, 1.9, 1.5, 2.4), ("amount q1", 80, 30, 0.5, 0.3, 0.7)],
        columns=["segment", "labelled", "abusive", "ratio", "low", "high"],
    )
    friction = replace(report.friction, recent=Estimate(0.12, 0.08, 0.2), tighter=0.7)
    return replace(
        report, drift=drift, segments=parts, friction=friction, score=Estimate(0.9, 0, 0.25),
        differences=[Difference("<script>alert(1)</script>", "amount", "&", "<img src=http://x>")],
    )  # fmt: skip
