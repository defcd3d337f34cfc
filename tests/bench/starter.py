"""What the starter is worth as findings come in: `python -m tests.bench.starter`, by the truth.

Worlds of other ranges than the starter was fitted on, one of them with its signs reversed. In each
a shop knows nothing, then more and more findings drawn from those it would have had by three
quarters of the time; every later request is scored. With the starter, without it, and by logistic
regression.

Each world is written to a file as a line of JSON; a second run goes on where the first was ended.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from risk.errors import BadInput
from risk.model.pyfunc import frame_probabilities
from risk.policy import load
from tests.bench.learned.judged import against_truth
from tests.bench.learned.results import Results
from tests.bench.learned.world import World, features
from training.cases.dataset import Dataset
from training.judge.baselines import logistic
from training.learn.boost import TrainingTable
from training.learn.fit import fit
from training.learn.plan import TrainingOptions
from training.promote_starter import in_service
from training.starter.packaged import packaged
from training.train import starting_model

CUT = 0.75
FINDINGS = (0, 30, 100, 300, 1_000, 10_000)
WITH, WITHOUT, LOGISTIC = "with the starter", "without it", "logistic regression"
MOST = {"label_share": 0.9, "audit_share": 0.05}
WORLDS: Mapping[str, Mapping[str, Any]] = {
    "hidden abuse": {"prevalence": 0.02, "difficulty": 1.0, "orders_per_request": 18.0},
    "open abuse, the West": {"prevalence": 0.25, "difficulty": 0.1, "western_share": 1.0},
    "signs reversed": {
        "prevalence": 0.08,
        "signals": {"vague": -1.5, "declines": -1.5, "reuses": -1.0, "contradicts": -1.5},
    },
}
"""Outside the ranges of `training.starter.worlds`, and the reversed one."""
POLICY = load(None)
RESULTS = Path("data/bench/starter.jsonl")
console = Console(width=120)


@dataclass(frozen=True)
class Shop:
    """A world at its cut: what is known, with every finding there is, and the later requests."""

    known: Dataset
    later: pd.DataFrame

    def with_findings(self, number: int, seed: int) -> Dataset:
        """The training set with so many findings; the others are not known."""
        frame = self.known.frame.copy()
        found = frame.loc[frame["y"].notna(), "refund_id"].unique()
        kept = np.random.default_rng(seed).permutation(found)[:number]
        frame.loc[~frame["refund_id"].isin(kept), ["y", "label_known_at"]] = np.nan
        return Dataset(frame, self.known.features, POLICY, {})


def main(
    refunds: Annotated[int, typer.Option(help="Refund requests a world.")] = 20_000,
    seed: Annotated[int, typer.Option(help="The first world's seed.")] = 9_000,
    jobs: Annotated[int, typer.Option(help="Worlds at the same time.")] = 1,
    file: Annotated[Path, typer.Option(help="Where each world's result is kept.")] = RESULTS,
    quick: Annotated[bool, typer.Option(help="Worlds of 3,000 requests.")] = False,
) -> None:
    """Print AUC and average precision by world, findings and learner."""
    refunds = 3_000 if quick else refunds
    results = Results.open(file, {"refunds": refunds, "starter": packaged().digest})
    worlds = dict(zip(range(seed, seed + len(WORLDS)), WORLDS, strict=True))
    known = results.complete(list(worlds), partial(one, worlds, refunds), jobs, console)
    found = [row for world in worlds for row in known[world]]
    console.print(table(found))
    reversed_worlds(found)


def one(worlds: Mapping[int, str], refunds: int, seed: int) -> list[dict[str, Any]]:
    """The rows of the world of a seed, one a learner and number of findings."""
    shop = made(worlds[seed], refunds, seed)
    return [
        {"world": worlds[seed], "findings": number, **row}
        for number in FINDINGS
        for row in learned(shop, number, seed)
    ]


def made(name: str, refunds: int, seed: int) -> Shop:
    """The world of a name, cut."""
    with tempfile.TemporaryDirectory(prefix="starter") as folder:
        world = World.make(Path(folder), refunds=refunds, seed=seed, **MOST, **WORLDS[name])
    cut = world.moment(CUT)
    return Shop(world.known(cut), world.later(cut).frame)


def learned(shop: Shop, number: int, seed: int) -> Iterator[dict[str, Any]]:
    """What each learner makes of so many findings."""
    data = shop.with_findings(number, seed)
    start = starting_model(data)
    known = data.frame.loc[data.frame["y"].notna(), "refund_id"].nunique()
    for learner in (WITH, WITHOUT, LOGISTIC):
        found = _scores(data, shop.later, learner, start)
        metrics = {} if found is None else against_truth(shop.later, found)
        shown = {name: metrics.get(name) for name in ("auc", "average_precision")}
        yield {"learner": learner, "known": known, **shown}


def _scores(data: Dataset, later: pd.DataFrame, learner: str, start: Any) -> np.ndarray | None:
    if learner == WITH and not data.frame["y"].notna().any():
        assert POLICY.starter is not None
        return frame_probabilities(in_service(start.bundle, POLICY.starter), later)
    try:
        if learner == LOGISTIC:
            return _logistic(data, later)
        share, first = POLICY.caps.honest_share, start if learner == WITH else None
        made = fit(data.frame, features(), TrainingOptions(), share, None, None, first)
        return frame_probabilities(made.bundle, later)
    except (BadInput, ValueError):
        return None


def _logistic(data: Dataset, later: pd.DataFrame) -> np.ndarray:
    names = [feature.name for feature in features()]
    rows = data.frame[data.frame["y"].notna() & (data.frame["stage"] == "request")]
    matrix, y = rows[names].to_numpy(float), rows["y"].to_numpy(float)
    return logistic(TrainingTable(matrix, y, np.ones(len(y))), features())(
        later[names].to_numpy(float)
    )


def table(found: list[dict[str, Any]]) -> Table:
    """AUC / average precision, a row a world and number of findings."""
    shown = Table("world", "findings", WITH, WITHOUT, LOGISTIC, title="AUC / average precision")
    for _, rows in pd.DataFrame(found).groupby(["world", "findings"], sort=False):
        world, number, known = (rows[name].iloc[0] for name in ("world", "findings", "known"))
        by = rows.set_index("learner")
        cells = [f"{by['auc'][n]:.3f} / {by['average_precision'][n]:.3f}"
                 for n in (WITH, WITHOUT, LOGISTIC)]  # fmt: skip
        shown.add_row(str(world), f"{number:,} ({known:,})", *cells)
    return shown


def reversed_worlds(found: list[dict[str, Any]]) -> None:
    """Whether the starter does no harm from 1,000 findings on where its signs are reversed."""
    rows = pd.DataFrame(found)
    rows = rows[(rows["world"] == "signs reversed") & (rows["findings"] >= 1_000)]
    auc = rows.pivot_table(index="findings", columns="learner", values="auc")
    worse = float((auc[WITHOUT] - auc[WITH]).max())
    told = "reached" if worse <= 0.005 else "MISSED"
    console.print(f"signs reversed, from 1,000 on: at most {worse:+.3f} AUC worse with it: {told}")


if __name__ == "__main__":
    typer.run(main)
