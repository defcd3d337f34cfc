"""Windowed features of the catalogue by pandas, `groupby().rolling()`, beside the engine's.

What pandas can say: how often and for how much a customer asked, how much they spent, how often
others asked through an entity. Both get the joined rows, pandas as frames, and answer the same
requests; pandas knows no bound, and of two rows of one moment counts the first for the second.
The engine's join of each request with its order (the spine), of which pandas is given the result,
is measured apart. Of several runs the fastest counts, of both.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd

from risk.features.backfill import backfill, offline
from risk.features.catalog import catalogue
from risk.features.sources import SHARED
from risk.features.spec import Feature
from tests.bench.engine.filling import REQUESTS
from tests.bench.engine.made import tables

T = TypeVar("T")
ENGINE_RUNS, PANDAS_RUNS = 5, 2
ENTITIES = "|".join(SHARED)
MONEY = ["customer_id", "currency"]
OWN = {
    "customer_requests": (["customer_id"], "refund_only", "count"),
    "customer_refund_only": (["customer_id"], "refund_only", "sum"),
    "customer_money_asked": (MONEY, "amount", "sum"),
}
NAMES = re.compile(rf"({'|'.join(OWN)}|customer_money_spent|({ENTITIES})_requests)_(\d+)d")
ASKED = f"""SELECT q.refund_id, q.order_id, q.customer_id, {", ".join(f"q.{e}" for e in SHARED)},
  q.known_at, q.currency, q.amount / 10000.0 AS amount,
  CASE WHEN q.type = 'refund_only' THEN 1.0 ELSE 0.0 END AS refund_only FROM requests q"""
BOUGHT = """SELECT o.order_id, o.customer_id, o.known_at, o.currency, o.amount / 10000.0 AS amount
  FROM orders o WHERE o.customer_id IN (SELECT q.customer_id FROM requests q)"""


@dataclass(frozen=True)
class Rolled:
    """Processor-seconds both ways for the same features of the same rows, the part of the engine's
    that is the spine, and how many values differ."""

    by_pandas: float
    by_engine: float
    by_spine: float
    rows: int
    features: int
    unequal: float


def rolled(folder: Path) -> Rolled:
    """Both ways over the world in the folder, in a process of its own."""
    with get_context("spawn").Pool(1) as alone:
        return alone.apply(_rolled, (folder,))


def _rolled(folder: Path) -> Rolled:
    chosen = [feature for feature in catalogue() if NAMES.fullmatch(feature.name)]
    with offline(tables(folder), threads=1) as db:
        requests, bought = db.sql(ASKED).df(), db.sql(BOUGHT).df()
        asked = db.sql(REQUESTS).to_arrow_table()
        by_engine, made = _fastest(ENGINE_RUNS, lambda: backfill(db, asked, chosen))
        by_spine, _ = _fastest(ENGINE_RUNS, lambda: backfill(db, asked, ()))
    by_hand, columns = _fastest(PANDAS_RUNS, lambda: by_pandas(requests, bought, chosen))
    own = columns.loc[asked["refund_id"].to_pandas()].to_numpy()
    unequal = ~np.isclose(own, made.matrix, rtol=1e-9, atol=1e-6)
    return Rolled(by_hand, by_engine, by_spine, asked.num_rows, len(chosen), float(unequal.mean()))


def _fastest(runs: int, work: Callable[[], T]) -> tuple[float, T]:
    """The processor-seconds of the fastest run, and what the last one answered."""
    took = []
    for _ in range(runs):
        start = time.process_time()
        made = work()
        took.append(time.process_time() - start)
    return min(took), made


def by_pandas(
    requests: pd.DataFrame, bought: pd.DataFrame, chosen: Sequence[Feature]
) -> pd.DataFrame:
    """The chosen features, one row a request, by refund_id."""
    requests = requests.assign(at=pd.to_datetime(requests["known_at"], unit="ms"))
    bought = bought.assign(at=pd.to_datetime(bought["known_at"], unit="ms"))
    found = {}
    for feature in chosen:
        name, entity, days = _named(feature.name)
        if entity:
            everybody = rolling(requests, [entity], "refund_only", days, "count")
            own = rolling(requests, [entity, "customer_id"], "refund_only", days, "count")
            found[feature.name] = everybody - own
        elif name == "customer_money_spent":
            found[feature.name] = spent(requests, bought, days)
        else:
            by, column, how = OWN[name]
            found[feature.name] = rolling(requests, by, column, days, how)
    return pd.DataFrame(found).set_index(requests["refund_id"])


def _named(feature: str) -> tuple[str, str | None, str]:
    """What a chosen feature counts, the entity it counts through, and its days."""
    found = NAMES.fullmatch(feature)
    assert found
    return found[1], found[2], found[3]


def rolling(frame: pd.DataFrame, by: list[str], column: str, days: str, how: str) -> pd.Series:
    """Of each row: the aggregate over earlier rows of its group in the window; 0 without any."""
    ordered = frame.dropna(subset=by).sort_values([*by, "at"], kind="stable")
    groups = ordered.set_index("at").groupby(by, sort=False)[column]
    values = getattr(groups.rolling(f"{days}D", closed="left"), how)().to_numpy()
    return pd.Series(values, ordered.index).reindex(frame.index).fillna(0.0)


def spent(requests: pd.DataFrame, bought: pd.DataFrame, days: str) -> pd.Series:
    """What the customer of each request spent in the window, its own order left out."""
    lines = bought.assign(request=-1)
    moments = requests.assign(request=np.arange(len(requests)), amount=0.0)
    both = pd.concat([lines, moments[lines.columns]], ignore_index=True)
    every = rolling(both, MONEY, "amount", days, "sum")[len(lines) :].to_numpy()
    mine = requests[["order_id", "at"]].merge(
        bought.groupby("order_id", as_index=False).agg(own=("amount", "sum"), bought=("at", "min")),
        on="order_id", how="left",
    )  # fmt: skip
    recent = (mine["at"] - mine["bought"] <= pd.Timedelta(f"{days}D")) & (
        mine["at"] > mine["bought"]
    )
    return pd.Series(every - mine["own"].where(recent, 0.0).to_numpy(), requests.index)
