"""Whether some groups of honest customers are bothered more often than others, over many worlds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from risk.decisions.champion import thresholds_of
from risk.model import Bundle
from risk.policy import ask_floor
from training.cases.dataset import Dataset
from training.learn.lives import group_floors

GROUP, OTHERS = "innocent_group", "(others)"
ALL = "all"
BY_SCORE, BY_RULES = "score", "rules"
HONEST, ABUSIVE = "honest", "abusive"
DRAWS = 2_000
Counts = Mapping[str, Mapping[str, int]]
"""Honest requests of a world by group, and how many of them were bothered, by what."""


def honest_lives(later: Dataset, probability: np.ndarray, bundle: Bundle) -> pd.DataFrame:
    """A row a request that is honest in truth, the whole life of which the policy decided: its
    group, and whether it was ever bothered for its score, or by a rule whatever the score.

    `later` holds every moment of the requests, `probability` (rows,) is of each.
    """
    honest = later.frame.index[later.frame["y"] < 0.5]
    bars = later.bars(later.frame.loc[honest, "row"].to_numpy(), probability[honest])["bothered"]
    bars = pd.Series(bars.to_numpy(dtype=float), honest).dropna()
    ask_above = ask_floor(later.policy, thresholds_of(bundle))
    floors = np.maximum(ask_above, group_floors(bundle.of_group, later.frame.loc[bars.index]))
    rows = later.frame.loc[bars.index, ["refund_id"]].assign(
        **{BY_RULES: bars >= 1.0, BY_SCORE: (bars >= floors) & (bars < 1.0)}
    )
    lives = rows.groupby("refund_id").max()
    groups = later.frame.drop_duplicates("refund_id").set_index("refund_id")[GROUP]
    return lives.assign(**{GROUP: groups.reindex(lives.index).fillna(OTHERS)})


def ruled(later: Dataset, probability: np.ndarray) -> dict[str, dict[str, int]]:
    """How many honest and abusive requests each rule ever bothers whatever the score, and `ALL`
    any rule; `later` holds every moment of the requests and the cases of abusive ones too."""
    bars = later.bars(later.frame["row"].to_numpy(), probability)
    hit = later.frame.assign(rule=bars["rule"].to_numpy())[(bars["bothered"] >= 1.0).to_numpy()]
    named = {ALL: hit, **{str(rule): part for rule, part in hit.groupby("rule")}}
    return {
        rule: {name: int(part.loc[part["y"] == y, "refund_id"].nunique())
               for name, y in ((HONEST, 0.0), (ABUSIVE, 1.0))}
        for rule, part in named.items()
    }  # fmt: skip


def counted(lives: pd.DataFrame) -> dict[str, dict[str, int]]:
    """The counts of a world by group, and of `all`."""
    named = {ALL: lives, **{str(name): part for name, part in lives.groupby(GROUP)}}
    return {
        name: {HONEST: len(part), BY_SCORE: int(part[BY_SCORE].sum()),
               BY_RULES: int(part[BY_RULES].sum())}
        for name, part in named.items()
    }  # fmt: skip


def against_all(worlds: Sequence[Counts], by: str, seed: int = 0) -> pd.DataFrame:
    """How often the honest of each group are bothered by score or rules, as a multiple of all.

    All worlds together: `honest` requests, their `share` bothered, its `ratio` to the share of all
    honest requests, with `low` and `high` (95 %, worlds drawn again with replacement).
    """
    names = sorted({name for world in worlds for name in world})
    empty = {HONEST: 0, BY_SCORE: 0, BY_RULES: 0}
    honest, hit = (
        np.array([[world.get(name, empty)[what] for name in names] for world in worlds], float)
        for what in (HONEST, by)
    )
    every = names.index(ALL)

    def ratios(weights: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (weights @ hit) / (weights @ honest)
            found: np.ndarray = share / share[..., [every]]
        return found

    rng = np.random.default_rng(seed)
    again = rng.multinomial(len(worlds), np.full(len(worlds), 1 / len(worlds)), size=DRAWS)
    low, high = np.nanquantile(ratios(again.astype(float)), [0.025, 0.975], axis=0)
    once = np.ones((1, len(worlds)))
    columns = {
        HONEST: honest.sum(axis=0).astype(int),
        "share": hit.sum(axis=0) / honest.sum(axis=0),
        "ratio": ratios(once)[0],
        "low": low,
        "high": high,
    }
    found = pd.DataFrame(columns, index=names).drop(index=ALL, errors="ignore")
    return found.sort_values("ratio", ascending=False)
