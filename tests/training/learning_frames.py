"""Small made dataset frames for the tests of learning: features, truth, late and chosen labels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from risk.features.spec import Family, Feature, Measure, hashed

DAY = 86_400_000
START = 1_767_225_600_000


def feature(name: str, family: Family, monotone: int = 0) -> Feature:
    """A catalogue entry as a model sees it; what it measures does not matter here."""
    measure = Measure("case", "value", value=f"s.{name}")
    text = {"en": "{value}", "zh": "{value}"}
    return hashed(Feature(name, family, "copy", (measure,), "count", text, monotone, (1.0,)))


FEATURES = (
    feature("refunds_30d", "purchase_pattern", 1),
    feature("shared_address", "shared_identity", 1),
    feature("vague", "reason"),
    feature("photo_reused", "evidence", 1),
    feature("age_days", "order_context", -1),
    feature("late_days", "logistics"),
    feature("noise_a", "order_context"),
    feature("noise_b", "purchase_pattern"),
    feature("never_known", "returned_goods"),
)


def marketplace(requests: int = 3000, seed: int = 0, *, share: float = 0.35) -> pd.DataFrame:
    """A dataset frame of `requests` refunds over 200 days, with column `truth` for the tests."""
    rng = np.random.default_rng(seed)
    asked = np.sort(rng.integers(0, 200 * DAY, requests)) + START
    columns = {
        "refunds_30d": rng.poisson(1.2, requests).astype(float),
        "shared_address": rng.poisson(0.5, requests).astype(float),
        "vague": rng.random(requests),
        "photo_reused": (rng.random(requests) < 0.08).astype(float),
        "age_days": rng.exponential(300, requests),
        "late_days": np.where(rng.random(requests) < 0.3, np.nan, rng.normal(3, 2, requests)),
        "noise_a": rng.normal(size=requests),
        "noise_b": rng.normal(size=requests),
        "never_known": np.full(requests, np.nan),
    }
    line = 0.8 * columns["refunds_30d"] + 1.0 * columns["shared_address"] + 2.0 * columns["vague"]
    line += 2.5 * columns["photo_reused"] - columns["age_days"] / 400 - 4.6
    truth = (rng.random(requests) < 1 / (1 + np.exp(-line))).astype(float)
    frame = pd.DataFrame(columns)
    frame["refund_id"] = [f"r{at}" for at in range(requests)]
    frame["customer_id"] = [f"c{at}" for at in rng.integers(0, int(requests * 0.6), requests)]
    frame["as_of"] = frame["requested_at"] = asked
    frame["stage"], frame["currency"], frame["truth"] = "request", "CNY", truth
    frame["lane"] = np.where(rng.random(requests) < 0.25, "no_reason", "standard")
    frame["amount"] = np.round(rng.lognormal(4.5, 0.8, requests), 2)
    return _labelled(frame, columns["refunds_30d"], share, rng)


def _labelled(
    frame: pd.DataFrame, noticed: np.ndarray, share: float, rng: np.random.Generator
) -> pd.DataFrame:
    """Labels for those a rule noticed and for a random audit of 5 %; late, some of them wrong."""
    size = len(frame)
    rule = rng.random(size) < np.clip(share * (0.3 + 0.6 * noticed), 0, 0.95)
    audit = ~rule & (rng.random(size) < 0.05)
    wrong = rng.random(size) < 0.03
    found = np.where(wrong, 1 - frame["truth"], frame["truth"])
    frame["y"] = np.where(rule | audit, found, np.nan)
    late = frame["requested_at"] + rng.exponential(7 * DAY, size)
    frame["label_known_at"] = late.where(frame["y"].notna())
    frame["selected_by"] = np.select([audit, rule], ["random_audit", "rule"], "unknown")
    frame["selection_probability"] = np.where(audit, 0.05, np.nan)
    return frame
