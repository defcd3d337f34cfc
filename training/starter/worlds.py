"""The made worlds a starter learns from: each with settings of its own, and with gaps in its data.

No figure of these ranges is measured at a shop: they are assumed, wide, and stand here alone.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from risk.decisions.case_rows import MOMENTS
from risk.decisions.many_cases import read_many
from risk.features.backfill import offline
from risk.features.spec import Feature
from risk.identity import Hasher
from risk.policy import Policy
from training.cases.dataset import context
from training.facts.arrow_tables import of_columns
from training.facts.read_folder import read_folder
from training.progress import Progress
from training.simulate import simulate
from training.simulate.random_draws import stream_generator
from training.simulate.schemes import SCHEMES
from training.starter.inputs import starter_features

FIRST_SEED, STREAM = 70_000, 7
KEY = b"made worlds hold nobody's data"
GAPS: Mapping[str, Sequence[str]] = {
    "orders": ("address", "door", "payment", "device", "phone", "sku", "quantity"),
    "shipments": ("weight_g", "received_by", "tracking"),
    "refunds": ("device", "payout", "claims_received"),
    "evidence": ("photo", "captured_at", "asked_at"),
}
"""Columns of facts that a shop may not record."""
ABSENT = ("evidence", "inspections", "shipments", "outcomes")
"""Kinds of facts that a shop may not send at all."""
GAP, MISSING = 0.12, 0.08
"""How often a column, and a kind, is missing in a world."""


RANGES: Mapping[str, str] = {
    "prevalence": "3 % to 20 %",
    "how well abusers hide": "0.2 to 0.9 of 1",
    "schemes": "every share multiplied by a factor drawn for each world",
    "requests that end with a finding": "2 % to 50 %, wrong verdicts half to twice as many",
    "customers in the West": "nearly none to nearly all",
    "orders a request": "4 to 15",
    "days of history": "60 to 365",
}
"""The ranges of `world_settings`, in words."""


def world_settings(number: int, refunds: int) -> dict[str, Any]:
    """The settings of a world, by its number: prevalence, schemes, size, labels, languages."""
    rng = stream_generator(FIRST_SEED + number, STREAM)
    return {
        "seed": FIRST_SEED + number,
        "refunds": refunds,
        "prevalence": float(np.exp(rng.uniform(np.log(0.03), np.log(0.2)))),
        "difficulty": float(rng.uniform(0.2, 0.9)),
        "mix": {one.name: one.share * float(rng.gamma(1.5)) + 0.005 for one in SCHEMES},
        "label_share": float(rng.uniform(0.02, 0.5)),
        "audit_share": 0.02,
        "label_noise": float(rng.uniform(0.5, 2.0)),
        "western_share": float(rng.beta(0.5, 0.5)),
        "orders_per_request": float(rng.uniform(4.0, 15.0)),
        "days": int(rng.integers(60, 366)),
    }


def rows_of_worlds(
    worlds: int, refunds: int, policy: Policy, kept: Path, progress: Progress
) -> pd.DataFrame:
    """The rows of so many worlds, one after another; each is kept in a file of the folder `kept`,
    from which an interrupted run goes on."""
    kept.mkdir(parents=True, exist_ok=True)
    features = starter_features()
    names = hashlib.sha256("".join(feature.hash for feature in features).encode()).hexdigest()[:12]
    frames = []
    for number in range(worlds):
        file = kept / f"{names}-{refunds}-{number}.parquet"
        if not file.exists():
            world_rows(number, refunds, features, policy).to_parquet(file.with_suffix(".part"))
            file.with_suffix(".part").rename(file)
        frames.append(pd.read_parquet(file))
        progress("worlds", number + 1, worlds)
    return pd.concat(frames, ignore_index=True)


def world_rows(
    number: int, refunds: int, features: Sequence[Feature], policy: Policy
) -> pd.DataFrame:
    """Every moment of every request of a world: context, lane, features, and the truth as `y`."""
    with tempfile.TemporaryDirectory(prefix="starter") as made:
        folder = Path(made) / "world"
        simulate(folder, **world_settings(number, refunds))
        facts = with_gaps(of_columns(read_folder(folder, Hasher(KEY))), number)
        truth = pd.read_parquet(folder.parent / "truth.parquet", columns=["refund_id", "positive"])
    with offline(facts) as db:
        cases = read_many(db, MOMENTS, features)
    frame = context(cases.spine)[["refund_id", "customer_id", "stage"]]
    frame = frame.assign(lane=cases.lanes(policy), world=number)
    frame["y"] = frame["refund_id"].map(truth.set_index("refund_id")["positive"]).astype(float)
    for name in ("refund_id", "customer_id"):
        frame[name] = f"{number}:" + frame[name]
    return pd.concat(
        [frame, pd.DataFrame(cases.matrix, columns=[f.name for f in features])], axis=1
    )


def with_gaps(facts: Mapping[str, pa.Table], number: int) -> dict[str, pa.Table]:
    """The facts as a shop would have them that does not record everything; drawn for each world."""
    rng = stream_generator(FIRST_SEED + number, STREAM + 1)
    found = dict(facts)
    for kind, columns in GAPS.items():
        for column in columns:
            if rng.random() < GAP:
                found[kind] = _without(found[kind], column)
    for kind in ABSENT:
        if rng.random() < MISSING:
            found[kind] = found[kind].slice(0, 0)
    return found


def _without(table: pa.Table, column: str) -> pa.Table:
    place = table.schema.get_field_index(column)
    field = table.schema.field(place)
    return table.set_column(place, field, pa.nulls(table.num_rows, field.type))
