"""Calibration of served probabilities: observed against expected findings, with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from training.judge.evaluate import amount_bands
from training.judge.metrics import (
    ScoredRows,
    bootstrap_by_customer,
    interval_around,
    observed_over_expected,
)

ACCEPTED_RANGE = (0.8, 1.25)
MAX_MONTHS = 12
MIN_ROWS = 50
MIN_CLASS = 10
DRAWS = 200
TOP_SHARE = 0.05
COLUMNS = ["segment", "labelled", "abusive", "ratio", "low", "high"]


def calibration_by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Observed and expected number of abusive requests among the labelled, by month of the request.

    `low` and `high` bound the observed number if every probability is right (95 %). `rows` have
    `requested_at`, `y` and `probability`.
    """
    known = rows[rows["y"].notna() & rows["probability"].notna()]
    month = pd.to_datetime(known["requested_at"], unit="ms").dt.strftime("%Y-%m")
    spread = known.assign(spread=known["probability"] * (1 - known["probability"]))
    found = spread.groupby(month).agg(
        labelled=("y", "size"), observed=("y", "sum"), expected=("probability", "sum"),
        spread=("spread", "sum"),
    )  # fmt: skip
    reach = 1.96 * np.sqrt(found.pop("spread"))
    found["low"] = (found["expected"] - reach).clip(lower=0)
    found["high"] = found["expected"] + reach
    return found.rename_axis("month").reset_index().tail(MAX_MONTHS)


def calibration_by_segment(rows: pd.DataFrame) -> pd.DataFrame:
    """Observed over expected abuse by stage, by quartile of the amount, and in the top 5 %.

    One row a `segment` with enough rows: `ratio` with `low` and `high` (95 %, bootstrap over
    customers), `labelled`, `abusive`. `rows` are labelled, with `probability` and `weight`.
    """
    rows = rows[rows["y"].notna() & rows["probability"].notna()].reset_index(drop=True)
    first = rows[rows["stage"] == "request"]
    bands = amount_bands(first)
    segments = {f"stage {name}": part for name, part in rows.groupby("stage")}
    segments |= {f"amount {name}": part for name, part in first.groupby(bands)}
    found = [_segment_row("top 5 %", first, TOP_SHARE)]
    found += [_segment_row(name, part) for name, part in segments.items()]
    return pd.DataFrame([one for one in found if one is not None], columns=COLUMNS)


def _segment_row(name: str, rows: pd.DataFrame, top: float = 1.0) -> dict[str, object] | None:
    abusive = int((rows["y"] >= 0.5).sum())
    if len(rows) < MIN_ROWS or min(abusive, len(rows) - abusive) < MIN_CLASS:
        return None
    seen = ScoredRows.from_frame(rows)
    drawn = [
        observed_over_expected(seen.take(at), top)
        for at in bootstrap_by_customer(seen.customer, DRAWS)
    ]
    one = interval_around(observed_over_expected(seen, top), drawn)
    return {
        "segment": name,
        "labelled": len(rows),
        "abusive": abusive,
        "ratio": one.value,
        "low": one.low,
        "high": one.high,
    }


def miscalibrated(segments: pd.DataFrame) -> pd.DataFrame:
    """The segments whose whole interval lies outside `ACCEPTED_RANGE`."""
    lowest, highest = ACCEPTED_RANGE
    return segments[(segments["low"] > highest) | (segments["high"] < lowest)]
