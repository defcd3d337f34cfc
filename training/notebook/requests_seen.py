"""What a store says of requests and their findings: tables for the notebook that explores it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from risk.facts.units import DAY_MS
from risk.features.backfill import offline
from risk.history.store import History
from training.cases.labels import labels
from training.facts.snapshot import stored_facts
from training.monitor.agreement import clopper_pearson

FEWEST = 20
"""A group with fewer findings is left out: its share says nothing."""

BOUGHT = ["order_id", "customer_id", "placed_at"]
ASKED = ["refund_id", "order_id", "requested_at", "type", "reason_code", "specificity"]


@dataclass(frozen=True, slots=True)
class SeenRequests:
    """`orders` has one row an order, `refunds` one a request with its customer and order time,
    `found` those with a finding: `abusive`, and `waited`, the days until it was known."""

    rows: pd.Series
    orders: pd.DataFrame
    refunds: pd.DataFrame
    found: pd.DataFrame


def seen_requests(history: History) -> SeenRequests:
    """Orders, requests and findings as they are known now."""
    facts = stored_facts(history.engine)
    with offline(facts) as db:
        known = labels(db)
    orders = _current(facts["orders"], BOUGHT).drop_duplicates("order_id")
    refunds = _current(facts["refunds"], ASKED).drop_duplicates("refund_id", keep="last")
    refunds = refunds.merge(orders, on="order_id", how="left")
    found = refunds.merge(known, on="refund_id")
    waited = (found["label_known_at"] - found["requested_at"]) / DAY_MS
    counts = pd.Series({kind: table.num_rows for kind, table in facts.items()}, name="facts")
    return SeenRequests(
        counts[counts > 0], orders, refunds, found.assign(abusive=found["y"] >= 0.5, waited=waited)
    )


def _current(table: pa.Table, columns: list[str]) -> pd.DataFrame:
    frame: pd.DataFrame = table.select(columns).to_pandas()
    return frame


def by_week(seen: SeenRequests) -> pd.DataFrame:
    """Orders and requests by the Monday of their week; the first and the last week, which are not
    whole, are left out."""
    counted = {
        name: pd.to_datetime(at, unit="ms").dt.to_period("W").value_counts()
        for name, at in (
            ("orders", seen.orders["placed_at"]),
            ("requests", seen.refunds["requested_at"]),
        )
    }
    weeks = pd.DataFrame(counted).fillna(0).astype(int).sort_index()
    return weeks.iloc[1:-1].rename(index=lambda week: week.start_time.date())


def days_until_asked(seen: SeenRequests) -> pd.Series:
    """Days from each order to a request about it."""
    days: pd.Series = (seen.refunds["requested_at"] - seen.refunds["placed_at"]) / DAY_MS
    return days.dropna()


def by_customer(seen: SeenRequests) -> pd.DataFrame:
    """Orders and requests of each customer who asked, most requests first; nameless."""
    bought = seen.orders.groupby("customer_id").size()
    asked = seen.refunds.groupby("customer_id").size()
    both = pd.DataFrame({"orders": bought, "requests": asked}).dropna().astype(int)
    return both.sort_values("requests", ascending=False).reset_index(drop=True)


def found_by(seen: SeenRequests, column: str) -> pd.DataFrame:
    """Share of the findings that are abuse by a column, highest first, with `low` and `high`
    (95 %); groups of fewer than `FEWEST` findings are left out."""
    rows = [
        (str(name), len(part), *clopper_pearson(float(part["abusive"].sum()), len(part)))
        for name, part in seen.found.groupby(column)
        if len(part) >= FEWEST
    ]
    table = pd.DataFrame(rows, columns=[column, "findings", "abusive", "low", "high"])
    return table.sort_values("abusive", ascending=False, ignore_index=True)
