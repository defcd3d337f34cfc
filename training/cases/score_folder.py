"""Scoring every request of a folder as of its own moment, from the folder's facts alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa

from risk.decisions.case import Circumstances
from risk.decisions.judge import Champion, judge
from risk.facts.format import iso
from risk.features.backfill import backfill, offline
from risk.policy import Policies
from training.cases.circumstances import circumstances_of
from training.cases.dataset import REQUEST_ROWS
from training.progress import Progress

REASONS = 4


def score_facts(
    facts: Mapping[str, pa.Table],
    champion: Champion,
    policies: Policies,
    draw: Callable[[str], float],
    progress: Progress | None = None,
) -> pd.DataFrame:
    """One row a request in time order: refund_id, requested_at, probability, tier, reason_1 … 4."""
    with offline(facts) as db:
        asked = db.sql(
            f"SELECT CAST(ROW_NUMBER() OVER (ORDER BY as_of, refund_id) - 1 AS BIGINT) AS row_id, "
            f"* FROM ({REQUEST_ROWS}) ORDER BY row_id"
        ).to_arrow_table()
        tell = (lambda done, total: progress("features", done, total)) if progress else None
        filled = backfill(db, asked, champion.features, tell)
        seen = circumstances_of(db)
    rows = []
    for i, spine in enumerate(filled.spine.to_pylist()):
        judged = judge(
            champion, policies.of(spine["merchant_id"]), spine, filled.matrix[i],
            seen.get(i, Circumstances()), draw(spine["refund_id"]),
        )  # fmt: skip
        told = [reason["text"]["en"] for reason in judged.reasons[:REASONS]]
        rows.append(
            (
                spine["refund_id"], iso(spine["requested_at"]), judged.scored.probability,
                judged.ruling.tier, *told, *[None] * (REASONS - len(told)),
            )
        )  # fmt: skip
        if progress and ((i + 1) % 200 == 0 or i + 1 == filled.spine.num_rows):
            progress("decisions", i + 1, filled.spine.num_rows)
    names = ["refund_id", "requested_at", "probability", "tier"]
    names += [f"reason_{i + 1}" for i in range(REASONS)]
    return pd.DataFrame(rows, columns=names)


def write_scores(scores: pd.DataFrame, out: Path) -> None:
    """Write the scores as csv or parquet, by the file's ending."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".parquet":
        scores.to_parquet(out, index=False)
    else:
        scores.to_csv(out, index=False)
