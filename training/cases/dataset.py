"""The training set: every request as of its moments, with features, and labels where known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from risk.decisions.case import NEEDED, STILL_AFTER, Circumstances, situation
from risk.facts.units import MONEY_UNIT
from risk.features.backfill import Backfill, backfill, offline
from risk.features.spec import Feature
from risk.policy import Asked, Policy, Situation, bar, lane
from training.cases.circumstances import circumstances_of
from training.cases.labels import labels
from training.progress import Progress

MOST_CASES = 40_000
REQUEST_ROWS = """SELECT r.refund_id, r.requested_at AS as_of, 'request' AS stage FROM refunds r"""
LATER_ROWS = """SELECT l.refund_id, m.as_of, m.stage FROM labelled l JOIN (
  SELECT v.refund_id, MIN(v.known_at) AS as_of, 'evidence' AS stage FROM evidence v
    WHERE v.submitted_by = 'customer' GROUP BY v.refund_id
  UNION ALL
  SELECT p.refund_id, MIN(p.known_at) AS as_of, 'return' AS stage FROM shipments p
    WHERE p.direction = 'return' AND p.refund_id IS NOT NULL GROUP BY p.refund_id
  UNION ALL
  SELECT i.refund_id, MIN(i.known_at) AS as_of, 'inspection' AS stage FROM inspections i
    GROUP BY i.refund_id) m ON m.refund_id = l.refund_id
  JOIN refunds r ON r.refund_id = l.refund_id WHERE m.as_of > r.requested_at"""
"""The later moments of labelled requests at which a ticket system would have asked again."""

DELIVERED = """SELECT s.row_id, MIN(CASE WHEN p.status = 'delivered' THEN p.occurred_at END) AS
  delivered_at, MAX(p.occurred_at) AS moved_at,
  MAX(CASE WHEN p.status = 'lost' THEN 1 ELSE 0 END) AS lost,
  MAX(CASE WHEN p.status = 'returned_to_sender' THEN 1 ELSE 0 END) AS sent_back
FROM spine s JOIN shipments p ON p.order_id = s.order_id AND p.known_at <= s.as_of
WHERE p.direction = 'outbound'
  AND (p.line_id IS NULL OR s.line_id IS NULL OR p.line_id = s.line_id) GROUP BY s.row_id"""

CONTEXT = (
    "refund_id", "customer_id", "as_of", "requested_at", "stage", "amount", "currency",
    "reason_code", "type", "channel", "merchant_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dataset:
    """`frame` has one row a (refund, as_of): context, label columns and the features (float64).

    `row` numbers its rows; `cases` holds the situations of some rows found honest, by that number.
    """

    frame: pd.DataFrame
    features: tuple[Feature, ...]
    policy: Policy
    cases: Mapping[int, Situation]

    def bars(self, rows: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
        """The highest threshold under which the policy still bothers each row (n,); NaN where the
        row's case is not among `cases`."""
        found = np.full(len(rows), np.nan)
        for i, row in enumerate(rows):
            case = self.cases.get(int(row))
            if case is not None:
                found[i] = bar(self.policy, replace(case, probability=float(probabilities[i])))
        return found


def build(
    facts: Mapping[str, pa.Table],
    features: Sequence[Feature],
    policy: Policy,
    progress: Progress | None = None,
) -> Dataset:
    """Everything known at the last `known_at` of the facts, as a training set."""
    with offline(facts) as db:
        known = labels(db)
        db.register("labelled", known[["refund_id"]])
        asked = db.sql(
            f"SELECT CAST(ROW_NUMBER() OVER (ORDER BY as_of, refund_id, stage) - 1 AS BIGINT) "
            f"AS row_id, * FROM ({REQUEST_ROWS} UNION ALL {LATER_ROWS}) ORDER BY row_id"
        ).to_arrow_table()
        tell = (lambda done, total: progress("features", done, total)) if progress else None
        filled = backfill(db, asked, features, tell)
        lanes = lanes_of(db, filled, policy)
        cases = honest_cases(db, filled, known)
    frame = context(filled).assign(lane=lanes, row=np.arange(filled.spine.num_rows))
    frame = frame.merge(known, on="refund_id", how="left", validate="many_to_one")
    frame["selected_by"] = frame["selected_by"].fillna("unknown")
    columns = pd.DataFrame(filled.matrix, columns=[f.name for f in features])
    clash = [name for name in columns if name in frame]
    whole = pd.concat([frame.drop(columns=clash), columns], axis=1)
    return Dataset(whole, tuple(features), policy, cases)


def honest_cases(
    db: duckdb.DuckDBPyConnection, filled: Backfill, known: pd.DataFrame
) -> dict[int, Situation]:
    """The situations of rows found honest, of at most `MOST_CASES` requests drawn by their name."""
    honest = known.loc[known["y"] < 0.5, "refund_id"]
    drawn = honest.iloc[np.argsort(pd.util.hash_array(honest.to_numpy(dtype=object)))[:MOST_CASES]]
    chosen = pc.is_in(filled.spine["refund_id"], pa.array(drawn, pa.string()))
    seen = circumstances_of(db)
    places = {f.name: i for i, f in enumerate(filled.features) if f.name in NEEDED}
    return {
        spine["row_id"]: situation(
            spine,
            seen.get(spine["row_id"], Circumstances()),
            {name: float(filled.matrix[spine["row_id"], i]) for name, i in places.items()},
            0.0,
            1.0,
        )
        for spine in filled.spine.filter(chosen).to_pylist()
    }


def context(filled: Backfill) -> pd.DataFrame:
    """What a row is about, in the spine's order; money in major units."""
    frame = filled.spine.select(list(CONTEXT)).to_pandas()
    frame["amount"] = frame["amount"] / MONEY_UNIT
    frame["currency"] = frame["currency"].fillna("CNY")
    for name in ("reason_code", "type", "channel", "merchant_id", "customer_id"):
        frame[name] = frame[name].astype(object).where(frame[name].notna(), "")
    return frame


def lanes_of(db: duckdb.DuckDBPyConnection, filled: Backfill, policy: Policy) -> np.ndarray:
    """The lane of every row, by the policy's own rule."""
    spine = filled.spine.select(
        ["row_id", "type", "requested_at", "no_reason_return", "placed_at", "merchant_id", "as_of"]
    ).to_pandas()
    found = spine.merge(db.sql(DELIVERED).df(), on="row_id", how="left").sort_values("row_id")
    found = found.astype(object).where(found.notna(), None)
    return np.array([_lane(row, policy) for row in found.to_dict("records")], dtype=object)


def _lane(row: Mapping[str, object], policy: Policy) -> str:
    if row["type"] != "return_and_refund" or not row["no_reason_return"]:
        return "standard"
    courier = None
    if row["moved_at"] is not None:
        courier = (
            "delivered" if row["delivered_at"] is not None
            else "lost" if row["lost"]
            else "returned_to_sender" if row["sent_back"]
            else "still" if row["as_of"] - row["moved_at"] > STILL_AFTER  # type: ignore[operator]
            else "moving"
        )  # fmt: skip
    asked = Asked(
        type=str(row["type"]),
        requested_at=int(row["requested_at"]),  # type: ignore[call-overload]
        no_reason_return=True,
        delivered_at=None if row["delivered_at"] is None else int(row["delivered_at"]),  # type: ignore[call-overload]
        placed_at=None if row["placed_at"] is None else int(row["placed_at"]),  # type: ignore[call-overload]
        courier=courier,  # type: ignore[arg-type]
        merchant_id=row["merchant_id"],  # type: ignore[arg-type]
    )
    return lane(policy, asked)
