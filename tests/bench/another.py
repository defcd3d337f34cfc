"""How well the product learns in a market of another author: `python -m tests.bench.another`.

Each seed makes a market by `tests/bench/another_market`, whose author knew the fact files and the
trade and not the simulator. The product learns from what was known after three quarters of its time
and is judged by the truth of every later request, as in `tests/bench/learning.py`. Of these it says
too how many of the honest are ever bothered by their score and by a rule, and of those that a rule
bothers how many are abusive.

Each market is written to a file as a line of JSON; a second run goes on where the first was ended.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from risk.model.pyfunc import frame_probabilities
from tests.bench.another_market.make import make_market_folder
from tests.bench.learned.fairness import (
    ABUSIVE,
    ALL,
    BY_RULES,
    BY_SCORE,
    HONEST,
    Counts,
    against_all,
    counted,
    honest_lives,
    ruled,
)
from tests.bench.learned.judged import interval
from tests.bench.learned.results import Results
from tests.bench.learned.world import World
from tests.bench.learning import BARE, CUT, OURS, SHARE, SHORT, Found, compared, judged, told
from tests.bench.rules import share
from training.learn.plan import TrainingOptions

RESULTS = Path("data/bench/another.jsonl")
COLUMNS = ("share", "ratio", "low", "high")
console = Console(width=140)


@dataclass
class Market:
    """One market: what was learned in it, how many of the honest were ever bothered by anything,
    who by what, and how many honest and abusive requests each rule bothered."""

    found: Found
    bothered: int
    groups: Counts
    rules: Mapping[str, Mapping[str, int]]


def main(
    refunds: Annotated[int, typer.Option(help="Refund requests a market.")] = 20_000,
    seeds: Annotated[int, typer.Option(help="How many markets.")] = 3,
    first: Annotated[int, typer.Option(help="The first seed.")] = 1,
    file: Annotated[Path, typer.Option(help="Where each market's result is kept.")] = RESULTS,
) -> None:
    """Print what was measured, with intervals over the markets where there is more than one."""
    results = Results.open(file, {"refunds": refunds})
    wanted = range(first, first + seeds)
    for seed in wanted:
        if seed not in results.read():
            made = one(refunds, seed)
            results.add(seed, asdict(made))
            console.print(f"seed {seed}: " + told(made.found.metrics[OURS]))
    known = [results.read()[seed] for seed in wanted]
    markets = [Market(**{**each, "found": Found(**each["found"])}) for each in known]
    found = [market.found for market in markets]
    title = f"{seeds} markets of {refunds:,} requests, seeds from {first}"
    console.print(compared(found, title), differences(found), schemes(found), sep="\n")
    console.print(bothered(markets, wanted), groups(markets), rules(markets), sep="\n")


def one(refunds: int, seed: int) -> Market:
    """Everything about one market."""
    with tempfile.TemporaryDirectory(prefix="another") as folder:
        make_market_folder(Path(folder), refunds, seed)
        world = World.read(Path(folder) / "facts", truth_of(Path(folder)))
    found, fitted = judged(world, TrainingOptions(jobs=1))
    later = world.later(world.moment(CUT), life=True, abusive=True)
    probability = frame_probabilities(fitted.bundle, later.frame)
    lives = honest_lives(later, probability, fitted.bundle)
    hit = int(lives[[BY_SCORE, BY_RULES]].any(axis=1).sum())
    return Market(found, hit, counted(lives), ruled(later, probability))


def truth_of(folder: Path) -> pd.DataFrame:
    """The truth of each request of a market's folder, a row each, named as `World` names it."""
    truth = pd.read_csv(folder / "truth.csv", dtype={"refund_id": str})
    return truth.rename(columns={"honest_group": "innocent_group"})


def differences(found: Sequence[Found]) -> Table:
    """What each model has more than bare LightGBM on the same markets, with intervals."""
    names = ("auc", "average_precision", "recall_at_5", "money_at_5")
    table = Table("less bare LightGBM", *(SHORT.get(name, name) for name in names))
    for model in found[0].metrics:
        if model != BARE:
            gains = [[f.metrics[model][n] - f.metrics[BARE][n] for f in found] for n in names]
            table.add_row(model.replace("_", " "), *map(spread, gains))
    return table


def spread(values: Sequence[float]) -> str:
    """The mean of values that differ by market, with its interval where there is more than one."""
    mean, low, high = interval(values)
    return f"{mean:+.3f}" + (f" ({low:+.3f} to {high:+.3f})" if len(values) > 1 else "")


def schemes(found: Sequence[Found]) -> Table:
    """The share of each scheme's requests found at the friction promised, mean of the markets."""
    table = Table("scheme", f"found at {SHARE:.0%}")
    means = pd.DataFrame([f.schemes for f in found]).mean().sort_values(ascending=False)
    for name, mean in means.items():
        table.add_row(str(name), f"{mean:.1%}")
    return table


def bothered(markets: Sequence[Market], wanted: Sequence[int]) -> Table:
    """The shares of honest requests that are ever bothered, by score, rules and either."""
    table = Table("", HONEST, "by score", "by rules", "by either", title="honest people bothered")
    shares = []
    for seed, market in zip(wanted, markets, strict=True):
        every = market.groups[ALL]
        hit = (every[BY_SCORE], every[BY_RULES], market.bothered)
        shares.append([count / every[HONEST] for count in hit])
        table.add_row(f"seed {seed}", f"{every[HONEST]:,}", *(f"{s:.2%}" for s in shares[-1]))
    if len(markets) > 1:
        means = (interval(column) for column in zip(*shares, strict=True))
        table.add_row("mean", "", *(f"{m:.2%} ({low:.2%} to {high:.2%})" for m, low, high in means))
    return table


def groups(markets: Sequence[Market]) -> Table:
    """How many of each honest group are bothered, and how often as a multiple of all honest."""
    counts = [market.groups for market in markets]
    table = Table("honest group", "requests", "by score: times all", "by rules: times all")
    by_score, by_rules = (against_all(counts, by) for by in (BY_SCORE, BY_RULES))
    for name in map(str, by_score.index):
        ratios = (_ratio(found, name, len(markets)) for found in (by_score, by_rules))
        table.add_row(name, str(by_score[HONEST][name]), *ratios)
    return table


def _ratio(found: pd.DataFrame, name: str, markets: int) -> str:
    part, ratio, low, high = (float(found[what][name]) for what in COLUMNS)
    if np.isnan(ratio):
        return "nobody"
    around = f" ({low:.2f} to {high:.2f})" if markets > 1 else ""
    return f"{part * found[HONEST][name]:.0f}: {ratio:.2f}{around}"


def rules(markets: Sequence[Market]) -> Table:
    """Honest and abusive requests that each rule bothers, all markets together."""
    table = Table("rule", HONEST, ABUSIVE, "of all honest", "abusive of those bothered")
    every = sum(market.groups[ALL][HONEST] for market in markets)
    counts = {rule: [sum(market.rules.get(rule, {}).get(who, 0) for market in markets)
                     for who in (HONEST, ABUSIVE)]
              for rule in {rule for market in markets for rule in market.rules}}  # fmt: skip
    for rule, (wrong, right) in sorted(counts.items(), key=lambda item: item[1], reverse=True):
        shares = (share(wrong, every), share(right, wrong + right))
        table.add_row(rule, str(wrong), str(right), *shares)
    return table


if __name__ == "__main__":
    typer.run(main)
