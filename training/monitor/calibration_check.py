"""Whether a probability still means what it says: found against foretold, with intervals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from training.judge.evaluate import amount_bands
from training.judge.metrics import ScoredRows, bootstrap_by_customer, observed_over_expected

RIGHT = (0.8, 1.25)
MONTHS = 12
FEWEST = 50
FEWEST_ABUSIVE = 10
DRAWS = 200
TOP = 0.05
LEVEL = [0.025, 0.975]
COLUMNS = ["part", "labelled", "abusive", "ratio", "low", "high"]


def by_month(rows: pd.DataFrame) -> pd.DataFrame:
    """Labelled requests, those found abusive and those foretold, by the month of the request.

    `low` and `high` bound the number found if each probability were right (95 %). `rows` have
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
    return found.rename_axis("month").reset_index().tail(MONTHS)


def by_part(rows: pd.DataFrame) -> pd.DataFrame:
    """Found over foretold by stage, by quarter of the amount, and in the top 5 % of scores.

    One row a `part` with enough in it: `ratio` with `low` and `high` (bootstrap over customers),
    `labelled`, `abusive`. `rows` are labelled, with `probability` and `weight`.
    """
    rows = rows[rows["y"].notna() & rows["probability"].notna()].reset_index(drop=True)
    first = rows[rows["stage"] == "request"]
    bands = amount_bands(first)
    parts = {f"stage {name}": part for name, part in rows.groupby("stage")}
    parts |= {f"amount {name}": part for name, part in first.groupby(bands)}
    found = [_part("top 5 %", first, TOP), *(_part(name, part) for name, part in parts.items())]
    return pd.DataFrame([one for one in found if one is not None], columns=COLUMNS)


def _part(name: str, rows: pd.DataFrame, top: float = 1.0) -> dict[str, object] | None:
    abusive = int((rows["y"] >= 0.5).sum())
    if len(rows) < FEWEST or min(abusive, len(rows) - abusive) < FEWEST_ABUSIVE:
        return None
    seen = ScoredRows.from_frame(rows)
    drawn = [
        observed_over_expected(seen.take(at), top)
        for at in bootstrap_by_customer(seen.customer, DRAWS)
    ]
    low, high = np.quantile(drawn, LEVEL)
    ratio = observed_over_expected(seen, top)
    return {
        "part": name, "labelled": len(rows), "abusive": abusive, "ratio": ratio, "low": float(low),
        "high": float(high),
    }  # fmt: skip


def significantly_off(parts: pd.DataFrame) -> pd.DataFrame:
    """The parts whose whole interval lies outside 0.8 to 1.25."""
    return parts[(parts["low"] > RIGHT[1]) | (parts["high"] < RIGHT[0])]
