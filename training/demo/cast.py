"""Who plays in the demo's day: the marketplace's own people, with every scheme among them.

The same seed and size make the same people and shops, whatever the dates: a second, denser world
of the marketplace's seed is what its people do next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from training.simulate import SCHEME_NAMES, simulate
from training.simulate.parameters import CAUSES

SEED, REFUNDS = 0, 2_000
"""What both worlds share: whoever lives in one lives in the other."""

SHORTEST = 60
LONGEST = 300
RING = 8
CLAIMS = 2
BATCH = 12
RUSH = 16
ORDERS_A_REQUEST = 4
SHOW = 60
Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Cast:
    """The facts of a day by kind; `scene` of a request is `batch`, `rush`, a scheme or empty.

    `bought` are order lines of today that nobody asks back; `show` those of a live broadcast.
    """

    facts: Frames
    bought: pd.DataFrame
    show: pd.DataFrame


def cast(requests: int, seed: int, known: pd.Series | None = None) -> Cast:
    """The day's people and what they do; another seed is another day.

    `known` maps customers of the marketplace to when their account was made.
    """
    world = _world(seed)
    _settle(world, known)
    rng = np.random.default_rng(seed)
    whole = world["refunds"].merge(world["orders"].drop_duplicates("order_id"), on="order_id",
                                   suffixes=("", "_order"))  # fmt: skip
    chosen = _chosen(rng, whole.merge(world["truth"], on="refund_id", suffixes=("", "_truth")),
                     requests)  # fmt: skip
    refunds = world["refunds"].merge(chosen, on="refund_id")
    facts = {
        "refunds": refunds,
        **{kind: _of(world[kind], refunds, "order_id") for kind in ("orders", "shipments")},
        **{kind: _of(world[kind], refunds, "refund_id") for kind in ("evidence", "inspections")},
    }
    rush = whole[whole["refund_id"].isin(refunds.loc[refunds["scene"] == "rush", "refund_id"])]
    return Cast(facts, *_bought(rng, world, requests, set(rush["merchant_id"])))


def _world(seed: int) -> Frames:
    """A world of two months or more that ends today, its length drawn from the seed."""
    days = SHORTEST + seed % (LONGEST - SHORTEST)
    with TemporaryDirectory() as folder:
        made = Path(folder) / "day"
        simulate(
            made, start=date.today() - timedelta(days=days), days=days, prevalence=0.12,
            causes={**CAUSES, "defective": 3 * CAUSES["defective"]},
            seed=SEED, refunds=REFUNDS,
        )  # fmt: skip
        kinds = ("orders", "shipments", "refunds", "evidence", "inspections")
        frames = {kind: pd.read_parquet(made / f"{kind}.parquet") for kind in kinds}
        return {**frames, "truth": pd.read_parquet(made.parent / "truth.parquet")}


def _settle(world: Frames, known: pd.Series | None) -> None:
    """Accounts are as old as the marketplace knows them; one made for a scheme is a new one."""
    if known is None:
        return
    orders, truth = world["orders"], world["truth"]
    crewed = world["refunds"].loc[truth["crew"].notna().to_numpy(), "order_id"]
    before = orders["customer_id"].map(known)
    made_for_it = orders["account_created_at"] > orders["placed_at"].min()
    fresh = before.notna() & made_for_it & orders["order_id"].isin(crewed)
    customers = set(orders.loc[fresh, "customer_id"])
    again = orders["customer_id"].isin(customers) & made_for_it
    orders["account_created_at"] = before.where(before.notna() & ~again,
                                                orders["account_created_at"])  # fmt: skip
    orders.loc[again, "customer_id"] += "-2"


def _chosen(rng: np.random.Generator, found: pd.DataFrame, requests: int) -> pd.DataFrame:
    """Requests of the day with their scene: whole crews first, a batch, a rush, then anybody."""
    found = found.iloc[rng.permutation(len(found))]
    honest = found[found["crew"].isna()]
    scenes = {scheme: _crew(found[found["scheme"] == scheme], scheme) for scheme in SCHEME_NAMES}
    bad = honest[honest["innocent_group"] == "defective_batch"]
    scenes["batch"] = _most(bad, "sku", BATCH)
    scenes["rush"] = _most(honest[honest["channel"] == "live"], "merchant_id", RUSH)
    taken = pd.concat([rows.assign(scene=name) for name, rows in scenes.items()])
    taken = taken.drop_duplicates("refund_id").head(requests)
    rest = honest[~honest["refund_id"].isin(taken["refund_id"])]
    rest = rest[rest["innocent_group"] != "defective_batch"].assign(scene="")
    return pd.concat([taken, rest.head(requests - len(taken))])[["refund_id", "scene"]]


def _crew(found: pd.DataFrame, scheme: str) -> pd.DataFrame:
    """Claims of the busiest crew of a scheme; of a ring, one of each account before a second."""
    most = RING if scheme == "account_ring" else CLAIMS
    busiest = _most(found, "crew", len(found))
    turn = busiest.groupby("customer_id").cumcount()
    return busiest.assign(turn=turn).sort_values("turn", kind="stable").head(most)


def _most(found: pd.DataFrame, column: str, most: int) -> pd.DataFrame:
    """Requests of the name that has most of them."""
    counts = found[column].value_counts()
    return found[found[column] == counts.index[0]].head(most) if len(counts) else found


def _of(frame: pd.DataFrame, refunds: pd.DataFrame, column: str) -> pd.DataFrame:
    return frame[frame[column].isin(refunds[column])]


def _bought(
    rng: np.random.Generator, world: Frames, requests: int, live_of: set[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Ordinary orders of the day, and those of the live broadcast that the rush is about."""
    orders = world["orders"]
    single = ~orders["order_id"].duplicated(keep=False)
    quiet = orders[single & ~orders["order_id"].isin(world["refunds"]["order_id"])]
    quiet = quiet.iloc[rng.permutation(len(quiet))]
    live = quiet["merchant_id"].isin(live_of) & (quiet["channel"] == "live")
    return quiet[~live].head(ORDERS_A_REQUEST * requests), quiet[live].head(SHOW)
