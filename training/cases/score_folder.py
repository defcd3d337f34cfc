"""Scoring every request of a folder as of its own moment, from the folder's facts alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from risk.decisions.case import Case
from risk.decisions.case_rows import REQUESTS
from risk.decisions.champion import Champion
from risk.decisions.judge import Judgement, judge
from risk.decisions.many_cases import Cases, read_many
from risk.explain import is_remainder
from risk.facts.format import iso
from risk.features.backfill import offline
from risk.policy import Policies
from training.progress import DECIDING, FEATURES, Progress, sub_progress

REASONS = 4
COLUMNS = (
    "refund_id", "requested_at", "probability", "tier", *(f"reason_{i + 1}" for i in range(REASONS))
)  # fmt: skip
"""The columns of a scores file."""


def score_facts(
    facts: Mapping[str, pa.Table],
    champion: Champion,
    policies: Policies,
    draw: Callable[[str], float],
    progress: Progress | None = None,
) -> pd.DataFrame:
    """One row a request in time order: refund_id, requested_at, probability, tier, reason_1 … 4."""
    with offline(facts) as db:
        step = sub_progress(progress, FEATURES)
        cases = read_many(db, REQUESTS, champion.features, draw, step, champion.bundle.words)
    return scores_of(cases, champion, policies, sub_progress(progress, DECIDING))


def scores_of(
    cases: Cases,
    champion: Champion,
    policies: Policies,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """A row a case, with the columns of a scores file."""
    rows = []
    for number, case in enumerate(cases, start=1):
        rows.append(_row(case, judge(case, champion, policies.of(case.spine["merchant_id"]))))
        if progress and (number % 200 == 0 or number == len(cases)):
            progress(number, len(cases))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(case: Case, judgement: Judgement) -> tuple[Any, ...]:
    stated = [reason for reason in judgement.reasons() if not is_remainder(reason)]
    texts = [reason["text"]["en"] for reason in stated[:REASONS]]
    return (
        case.spine["refund_id"], iso(case.spine["requested_at"]), judgement.scored.probability,
        judgement.ruling.tier, *texts, *[None] * (REASONS - len(texts)),
    )  # fmt: skip


def write_scores(scores: pd.DataFrame, out: Path) -> None:
    """Write the scores as csv or parquet, by the file's ending."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix == ".parquet":
        scores.to_parquet(out, index=False)
    else:
        scores.to_csv(out, index=False)
