"""How well the product learns: `python -m tests.bench.learning`, judged by the truth.

Each seed makes a world; the model learns from what was known after three quarters of its time, with
the late, chosen and partly wrong labels that life gives, and is judged on every later request. The
ceiling is a model told the truth of every request; the others learn from the labels ours had.

Each world is written to a file as a line of JSON; a second run goes on where the first was ended.
`make bench-learning` measures five worlds of a million orders, two at a time.

Seconds are those of the processor. On a busy machine set `OMP_THREAD_LIMIT=1`: threads that wait
for one another count as work.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from risk.model.pyfunc import frame_probabilities
from risk.policy import load
from tests.bench.learned.ceiling import bare, ceiling
from tests.bench.learned.judged import (
    above_bar,
    against_truth,
    by_group,
    by_scheme,
    interval,
    selection_bias,
)
from tests.bench.learned.results import Results
from tests.bench.learned.world import World, bothered
from training.cases.dataset import Dataset
from training.judge.baselines import baseline_scores
from training.judge.evaluate import mask_by_lane
from training.learn.boost import TrainingTable as Rows
from training.learn.feature_matrix import values_of_rows
from training.learn.fit import FittedModel, fit
from training.learn.plan import TrainingOptions

CUT, OURS, CEILING, BARE = 0.75, "refund-risk", "ceiling", "bare LightGBM"
BY_LAW = {CEILING: "ceiling, by law", BARE: "bare, by law"}
"""The same, reading neither reasons nor evidence in returns by right, as the law has it."""
START, DAYS, HELD_FROM, AGAIN = date(2025, 3, 1), 365, 0.6, 0.85
WANTED, MOST_FITS = 0.95, 8.0
RESULTS = Path("data/bench/learning.jsonl")
SHORT = {"average_precision": "AP", "recall_at_1": "rec@1", "recall_at_5": "rec@5",
         "money_at_5": "money@5", "money_at_10": "money@10", "log_loss": "loss",
         "observed_over_expected": "O/E top", "no_reason_auc": "auc 7-day"}  # fmt: skip
SHARE = load(None).caps.honest_share
"""The share of honest requests that the product's policy allows to be bothered."""
console = Console(width=130)


@dataclass
class Found:
    """What one world showed: metrics by model, shares by scheme and group, processor seconds,
    biases, and where a scheme began late what was found of it (`late`)."""

    metrics: dict[str, dict[str, float]] = field(default_factory=dict)
    schemes: dict[str, float] = field(default_factory=dict)
    groups: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    bias: dict[str, float] = field(default_factory=dict)
    late: tuple[int, int, int] | None = None


def main(
    *,
    refunds: Annotated[int, typer.Option(help="Refund requests a world.")] = 20_000,
    seeds: Annotated[int, typer.Option(help="How many worlds.")] = 5,
    first: Annotated[int, typer.Option(help="The first seed.")] = 100,
    orders: Annotated[float, typer.Option(help="Orders a request.")] = 10.0,
    prevalence: Annotated[float, typer.Option(help="Share of abusive requests.")] = 0.08,
    held_back: Annotated[str, typer.Option(help="A scheme that begins late; empty: none.")] = (
        "account_ring"
    ),
    quick: Annotated[bool, typer.Option(help="Two worlds of 3,000 requests.")] = False,
    fast: Annotated[bool, typer.Option(help="Train as `train --fast` does.")] = False,
    jobs: Annotated[int, typer.Option(help="Worlds at the same time.")] = 1,
    file: Annotated[Path, typer.Option(help="Where each world's result is kept.")] = RESULTS,
) -> None:
    """Print what was measured, and whether each goal is reached."""
    refunds, seeds = (3_000, 2) if quick else (refunds, seeds)
    given = {"refunds": refunds, "orders_per_request": orders, "prevalence": prevalence}
    options = TrainingOptions().fast() if fast else TrainingOptions()
    results = Results.open(file, {**given, "held_back": held_back, "fast": fast})
    every = range(first, first + seeds)
    work = partial(one, settings=given, held_back=held_back, options=replace(options, jobs=1))
    known = results.complete(every, work, jobs, console)
    found = [Found(**known[seed]) for seed in every]
    for seed, each in zip(every, found, strict=True):
        console.print(f"seed {seed}: " + told(each.metrics[OURS]))
    held = [f.late for f in found if f.late is not None]
    what = f"{seeds} worlds of {refunds:,} requests, {prevalence:.0%} abusive, seeds from {first}"
    console.print(compared(found, what), shares(found), sep="\n")
    verdicts(found, options)
    if held:
        news(held, held_back)


def told(metrics: Mapping[str, float]) -> str:
    """The metrics of one model in a line."""
    return ", ".join(f"{name} {value:.3f}" for name, value in metrics.items())


def one(
    seed: int, settings: Mapping[str, Any], held_back: str, options: TrainingOptions
) -> dict[str, Any]:
    """Everything about the world of a seed (a `Found`), and about one like it in which a scheme
    begins late."""
    settings = {**settings, "seed": seed}
    with tempfile.TemporaryDirectory(prefix="learning") as folder:
        found, _ = judged(World.make(Path(folder), **settings), options)
        if held_back:
            found.late = late(Path(folder), settings, held_back, options)
    return asdict(found)


def judged(world: World, options: TrainingOptions) -> tuple[Found, FittedModel]:
    """Everything about one world, and what was learned in it."""
    cut = world.moment(CUT)
    known, later = world.known(cut), world.later(cut)
    found, start = Found(), time.process_time()
    fitted = fit(known.frame, known.features, options, SHARE, None, known.bars)
    found.seconds[OURS] = time.process_time() - start
    probability = frame_probabilities(fitted.bundle, later.frame)
    scores = {OURS: probability, **others(fitted, known, later, found)}
    found.metrics = {name: against_truth(later.frame, told) for name, told in scores.items()}
    found.schemes = by_scheme(later.frame, probability, SHARE)
    found.groups = by_group(later.frame, bothered(later, probability, fitted.bundle))
    found.bias = selection_bias(fitted)
    return found, fitted


def others(
    fitted: FittedModel, known: Dataset, later: Dataset, found: Found
) -> dict[str, np.ndarray]:
    """Probabilities of the later requests by the ceiling, bare LightGBM and the baselines, which
    read every feature in either lane; and by the first two as the law has it (`BY_LAW`)."""
    used = [f for f in known.features if f.name in fitted.bundle.features]
    frame, names = fitted.frame, [feature.name for feature in used]
    first = fitted.plan.labelled & (frame["stage"] == "request").to_numpy()
    y = frame["y"].to_numpy(float)[first]
    rows, asked = np.arange(len(frame)), np.arange(len(later.frame))
    learn, new = values_of_rows(frame, rows, names), values_of_rows(later.frame, asked, names)
    allowed, allowed_new = mask_by_lane(frame, rows, used), mask_by_lane(later.frame, asked, used)
    start = time.process_time()
    scores = {BARE: bare(learn[first], y, new)}
    found.seconds[BARE] = time.process_time() - start
    scores[BY_LAW[BARE]] = bare(allowed[first], y, allowed_new)
    scores[CEILING] = ceiling(frame, used, learn, new)
    scores[BY_LAW[CEILING]] = ceiling(frame, used, allowed, allowed_new)
    return scores | baseline_scores(Rows(learn[first], y, np.ones(len(y))), new, used)


def late(
    folder: Path, settings: Mapping[str, Any], scheme: str, options: TrainingOptions
) -> tuple[int, int, int]:
    """Requests of a scheme that began late, in the last weeks: how many were found by a model from
    before it began, how many by one retrained on what had become known since, and how many there
    were."""
    begins = START + timedelta(days=int(HELD_FROM * DAYS))
    world = World.make(folder / "late", **settings, held_back={scheme: begins}, days=DAYS)
    later = world.later(world.moment(AGAIN))
    mine, found = (later.frame["scheme"] == scheme).to_numpy(), []
    for share in (HELD_FROM, AGAIN):
        known = world.known(world.moment(share))
        bundle = fit(known.frame, known.features, options, SHARE, None, known.bars).bundle
        above = above_bar(later.frame, frame_probabilities(bundle, later.frame), SHARE)
        found.append(int(above[mine].sum()))
    return found[0], found[1], int(mine.sum())


def compared(found: Sequence[Found], title: str) -> Table:
    """Means over the worlds, and the paired differences to bare LightGBM."""
    names = list(found[0].metrics[OURS])
    table = Table("", *(SHORT.get(name, name) for name in names), title=title)
    for model in found[0].metrics:
        means = (np.nanmean([f.metrics[model][name] for f in found]) for name in names)
        table.add_row(model.replace("_", " "), *(f"{mean:.3f}" for mean in means))
    for rival in (BARE, BY_LAW[BARE]):
        gains = [interval([f.metrics[OURS][n] - f.metrics[rival][n] for f in found]) for n in names]
        table.add_row(f"ours - {rival}", *(f"{mean:+.3f}" for mean, _, _ in gains))
        table.add_row("  at least (95 %)", *(f"{low:+.3f}" for _, low, _ in gains))
        table.add_row("  at most", *(f"{high:+.3f}" for _, _, high in gains))
    return table


def shares(found: Sequence[Found]) -> Table:
    """Recall by scheme at the friction promised, and honest people bothered, by group."""
    table = Table("scheme", "found at 5 %", "innocent group", "bothered by the policy")
    schemes = pd.DataFrame([f.schemes for f in found]).mean()
    groups = pd.DataFrame([f.groups for f in found]).mean()
    for at in range(max(len(schemes), len(groups))):
        row = [f(s, at) for s in (schemes, groups) for f in (_name, _share)]
        table.add_row(*row)
    return table


def _name(values: pd.Series, at: int) -> str:
    return str(values.index[at]) if at < len(values) else ""


def _share(values: pd.Series, at: int) -> str:
    return f"{values.iloc[at]:.1%}" if at < len(values) else ""


def verdicts(found: Sequence[Found], options: TrainingOptions) -> None:
    """The goals, one a line, with their numbers."""
    for name, top in product(("money_at_5", "money_at_10"), (CEILING, BY_LAW[CEILING])):
        ratios = [f.metrics[OURS][name] / f.metrics[top][name] for f in found]
        mean, low, high = interval(ratios)
        goal = "reached" if mean >= WANTED else "MISSED"
        console.print(f"{name} against the {top}: {mean:.1%} ({low:.1%} to {high:.1%}), "
                      f"goal {WANTED:.0%}: {goal}")  # fmt: skip
    kept = sum(f.groups["all"] <= SHARE for f in found)
    console.print(f"at most {SHARE:.0%} of the honest bothered: {kept} of {len(found)}")
    biased = {n: float(np.mean([abs(f.bias[n]) for f in found])) for n in found[0].bias}
    for name in ("share", "precision"):
        plain, weighted = biased[f"{name}_plain"], biased[f"{name}_weighted"]
        console.print(f"bias of the {name} of abuse where labels were chosen: {plain:.3f} plain, "
                      f"{weighted:.3f} weighted ({1 - weighted / plain:.0%} removed)")  # fmt: skip
    ours, bare = (np.mean([f.seconds[n] for f in found]) for n in (OURS, BARE))
    told = "reached" if ours <= MOST_FITS * bare else "MISSED"
    console.print(f"training {ours:.1f} s of the processor (search, two lanes, twins, promise), "
                  f"bare LightGBM on the labelled request-time rows {bare:.1f} s: "
                  f"{ours / bare:.1f} times, goal {MOST_FITS:g}: {told}")  # fmt: skip


def news(held: Sequence[tuple[int, int, int]], scheme: str) -> None:
    """The scheme that began late, before and after one retraining, all worlds together."""
    before, after, total = np.sum(held, axis=0)
    if total:
        console.print(f"{scheme}, begun late: at 5 % friction {before / total:.0%} of {total} "
                      f"requests found before retraining, {after / total:.0%} after")  # fmt: skip


if __name__ == "__main__":
    typer.run(main)
