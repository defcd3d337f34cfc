"""Agreement between deciders on one request, and between tiers and findings."""

from __future__ import annotations

import itertools

import pandas as pd
import pyarrow as pa
from scipy.stats import beta

from risk.findings import PEOPLE, verdict_label
from risk.policy import TIERS
from training.judge.metrics import comparable_amounts

_ORDER = ["known_at", "decided_at"]


def clopper_pearson(hits: float, of: float) -> tuple[float, float, float]:
    """A share and its 95 % interval (Clopper & Pearson 1934); NaN of nothing."""
    if of <= 0:
        return float("nan"), float("nan"), float("nan")
    low = float(beta.ppf(0.025, hits, of - hits + 1)) if hits > 0 else 0.0
    high = float(beta.ppf(0.975, hits + 1, of - hits)) if hits < of else 1.0
    return hits / of, low, high


def reviewer_agreement(outcomes: pa.Table) -> pd.DataFrame:
    """Share of requests on which the latest findings of two deciders have the same label.

    One row a pair of deciders with requests in common: `pair`, `requests`, `agree` with `low` and
    `high` (95 %).
    """
    rows = outcomes.select(["refund_id", "decided_by", *_ORDER, "verdict"]).to_pandas()
    rows = rows[rows["decided_by"].isin(PEOPLE)].sort_values(_ORDER)
    last = rows.drop_duplicates(["refund_id", "decided_by"], keep="last")
    last = last.assign(label=last["verdict"].map(verdict_label))
    labels = last.pivot(index="refund_id", columns="decided_by", values="label")
    found = []
    for lower, higher in itertools.combinations(PEOPLE, 2):
        if {lower, higher} <= set(labels):
            both = labels[[lower, higher]].dropna()
            if len(both):
                same = clopper_pearson(int((both[lower] == both[higher]).sum()), len(both))
                found.append((f"{lower}, then {higher}", len(both), *same))
    return pd.DataFrame(found, columns=["pair", "requests", "agree", "low", "high"])


def money_held(served: pd.DataFrame, known: pd.DataFrame) -> float:
    """Share of the money of requests found abusive whose first decision was not to approve; NaN
    where none was found. `known` has `y`, `amount`, `currency`, too."""
    first = served.sort_values("decided_at", kind="stable").drop_duplicates("refund_id")
    abusive = first.merge(known[known["y"] >= 0.5], on="refund_id")
    money = comparable_amounts(abusive)
    held = money[(abusive["tier"] != "approve").to_numpy()]
    return float(held.sum() / money.sum()) if money.sum() else float("nan")


def findings_by_tier(served: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Share of labelled requests found abusive, by the tier of the request's first decision.

    `served` has one row a decision (refund_id, decided_at, tier), `known` the labels. One row a
    tier: `requests`, `labelled`, `abusive` as a share with `low` and `high` (95 %).
    """
    first = served.sort_values("decided_at", kind="stable").drop_duplicates("refund_id")
    joined = first.merge(known[["refund_id", "y"]].dropna(), on="refund_id", how="left")
    found = []
    for tier in TIERS:
        rows = joined[joined["tier"] == tier]
        seen = rows["y"].dropna()
        found.append(
            (tier, len(rows), len(seen), *clopper_pearson(float((seen >= 0.5).sum()), len(seen)))
        )
    return pd.DataFrame(found, columns=["tier", "requests", "labelled", "abusive", "low", "high"])
