"""Whether those who decide agree: tiers with findings, and findings with one another."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
from scipy.stats import beta

from risk.policy import TIERS

ABUSIVE = frozenset({"fraud", "abuse"})
HONEST = frozenset({"legitimate", "merchant_fault", "courier_fault"})
RANK = ("merchant", "reviewer", "platform", "appeal")


def share(hits: float, of: float) -> tuple[float, float, float]:
    """A share and its 95 % interval (Clopper & Pearson 1934); NaN of nothing."""
    if of <= 0:
        return float("nan"), float("nan"), float("nan")
    low = float(beta.ppf(0.025, hits, of - hits + 1)) if hits > 0 else 0.0
    high = float(beta.ppf(0.975, hits + 1, of - hits)) if hits < of else 1.0
    return hits / of, low, high


def between_people(outcomes: pa.Table) -> pd.DataFrame:
    """How often the findings of two kinds of people on one request say the same of it.

    One row a pair that met: `pair`, `requests`, `agree` with `low` and `high`.
    """
    told = outcomes.select(["refund_id", "decided_by", "decided_at", "verdict"]).to_pandas()
    told = told[told["decided_by"].isin(RANK) & told["verdict"].isin(ABUSIVE | HONEST)]
    told = told.assign(abusive=told["verdict"].isin(ABUSIVE)).sort_values("decided_at")
    last = told.groupby(["refund_id", "decided_by"])["abusive"].last().unstack()
    found = []
    for at, low_rank in enumerate(RANK):
        for high_rank in RANK[at + 1 :]:
            if {low_rank, high_rank} <= set(last):
                both = last[[low_rank, high_rank]].dropna()
                if len(both):
                    same = share(int((both[low_rank] == both[high_rank]).sum()), len(both))
                    found.append((f"{low_rank}, then {high_rank}", len(both), *same))
    return pd.DataFrame(found, columns=["pair", "requests", "agree", "low", "high"])


def with_tiers(served: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """What was found of the requests of each tier, among those looked into.

    `served` has one row a decision (refund_id, decided_at, tier), `known` the labels. A request
    counts under its first tier. One row a tier: `requests`, `looked_into`, `abusive` as a share
    with `low` and `high`.
    """
    first = served.sort_values("decided_at", kind="stable").drop_duplicates("refund_id")
    joined = first.merge(known[["refund_id", "y"]].dropna(), on="refund_id", how="left")
    found = []
    for tier in TIERS:
        rows = joined[joined["tier"] == tier]
        seen = rows["y"].dropna()
        found.append((tier, len(rows), len(seen), *share(float((seen >= 0.5).sum()), len(seen))))
    return pd.DataFrame(
        found, columns=["tier", "requests", "looked_into", "abusive", "low", "high"]
    )
