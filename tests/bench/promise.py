"""Whether the promise to honest customers holds: `python -m tests.bench.promise`.

Many small worlds, each with a prevalence, difficulty, share and error of labels of its own, with
the drift, noise and selection of the simulator. In each the model learns from three quarters of the
time; then every honest request of the rest is decided by the policy with all its rules, at each
moment of its life. The promise is broken where more than the policy's share of them is bothered.
In a quarter of the worlds abuse doubles in the time that is judged, by schemes never seen before,
in a quarter two signs of abuse point the other way, in a quarter both. Of each group of honest
customers it says how often their scores bother them, as a multiple of all honest customers.

Each world is written to a file as a line of JSON; a second run goes on where the first was ended.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from risk.decisions.champion import thresholds_of
from risk.errors import BadInput
from risk.model import PROVEN, Bundle
from risk.model.pyfunc import frame_probabilities
from risk.policy import ask_floor, load
from tests.bench.learned.fairness import (
    BY_RULES,
    BY_SCORE,
    Counts,
    against_all,
    counted,
    honest_lives,
)
from tests.bench.learned.results import Results
from tests.bench.learned.world import World
from training.learn.fit import fit
from training.learn.lives import group_floors
from training.learn.plan import TrainingOptions
from training.simulate.schemes import SCHEMES
from training.simulate.signals import SIGNALS

CUT, START, DAYS = 0.75, date(2025, 3, 1), 365
KINDS = ("steady", "abuse doubles", "signs reversed", "both")
NEW = 0.5
"""Of the mix of schemes, what begins at the cut: abuse by the day doubles from there."""
REVERSED = -0.5
RESULTS = Path("data/bench/promise.jsonl")
ALLOWED = 4 / 200
SHARE = load(None).caps.honest_share
"""The share of honest requests that the product's policy allows to be bothered."""
console = Console(width=110)


@dataclass(frozen=True)
class Kept:
    """One world: its kind, honest requests later on, the share of them bothered, the threshold in
    force and whether that one is proven, what the training saw bothered, whether it said that rules
    alone break the promise, the share of abusive requests that reach the threshold (`reached`), the
    shares of all that are abusive before and after the cut (`abuse`), and who was bothered by what.
    """

    seed: int
    kind: str
    honest: int
    share: float
    ask_above: float
    proven: bool
    foretold: float
    told: bool
    reached: float
    abuse: tuple[float, float]
    groups: Counts


def main(
    worlds: Annotated[int, typer.Option(help="How many worlds.")] = 200,
    refunds: Annotated[int, typer.Option(help="Refund requests a world.")] = 2_000,
    first: Annotated[int, typer.Option(help="The first seed.")] = 1_000,
    jobs: Annotated[int, typer.Option(help="Worlds at the same time.")] = 2,
    quick: Annotated[bool, typer.Option(help="Eight worlds.")] = False,
    file: Annotated[Path, typer.Option(help="Where each world's result is kept.")] = RESULTS,
) -> None:
    """Print in how many worlds the promise was broken, and how much of its room was unused."""
    seeds = range(first, first + (8 if quick else worlds))
    results = Results.open(file, {"refunds": refunds})
    known = results.complete(seeds, partial(one, refunds=refunds), jobs, console)
    found = [Kept(**known[seed]) for seed in seeds if known[seed] is not None]
    report(found, len(seeds), SHARE)


def one(seed: int, refunds: int) -> dict[str, Any] | None:
    """The promise in the world of a seed (a `Kept`); None where it has too few labels to learn
    from."""
    rng = np.random.default_rng(seed)
    kind = KINDS[seed % len(KINDS)]
    with tempfile.TemporaryDirectory(prefix="promise") as folder:
        world = World.make(
            Path(folder), refunds=refunds, seed=seed, orders_per_request=5.0,
            prevalence=rng.uniform(0.05, 0.2), difficulty=rng.uniform(0.3, 0.7),
            label_share=rng.uniform(0.3, 0.5), audit_share=rng.uniform(0.01, 0.04),
            label_noise=rng.uniform(0.5, 1.5), start=START, days=DAYS, **changes(kind, rng),
        )  # fmt: skip
    cut = world.moment(CUT)
    known = world.known(cut)
    try:
        made = fit(
            known.frame, known.features, TrainingOptions(jobs=1), SHARE, None, known.bars
        ).bundle
    except BadInput:
        return None
    later = world.later(cut, life=True)
    probability, in_force = frame_probabilities(made, later.frame), in_force_of(made)
    lives = honest_lives(later, probability, made)
    share = float(lives[[BY_SCORE, BY_RULES]].any(axis=1).mean())
    first = ((later.frame["stage"] == "request") & (later.frame["y"] >= 0.5)).to_numpy()
    floors = np.maximum(in_force, group_floors(made.of_group, later.frame))
    promised = made.about["promise"]
    kept = Kept(
        seed=seed,
        kind=kind,
        honest=len(lives),
        share=share,
        ask_above=in_force,
        proven=in_force >= made.thresholds.get(PROVEN, 1.0),
        foretold=float(promised["observed"]),
        told=bool(promised["rules"] > promised["share"]),
        reached=float((probability[first] >= floors[first]).mean()),
        abuse=(world.abuse(0, cut), world.abuse(cut, world.moment(1.0) + 1)),
        groups=counted(lives),
    )
    return asdict(kept)


def in_force_of(bundle: Bundle) -> float:
    """The threshold from which a bundle asks under the product's policy."""
    return ask_floor(load(None), thresholds_of(bundle))


def changes(kind: str, rng: np.random.Generator) -> dict[str, Any]:
    """What makes a world of its kind: schemes that begin at the cut, and the reversed signs."""
    made: dict[str, Any] = {}
    if kind in ("abuse doubles", "both"):
        begins = START + timedelta(days=int(CUT * DAYS))
        late, left = {}, NEW * sum(scheme.share for scheme in SCHEMES)
        for scheme in (SCHEMES[i] for i in rng.permutation(len(SCHEMES))):
            if scheme.share <= left:
                late[scheme.name], left = begins, left - scheme.share
        made["held_back"] = late
    if kind in ("signs reversed", "both"):
        turned = [name for name, signal in SIGNALS.items() if signal.reversed]
        made["signals"] = dict.fromkeys(turned, REVERSED)
    return made


def report(found: Sequence[Kept], tried: int, friction: float) -> None:
    """The verdict, and the worlds in which it was broken."""
    broken = [kept for kept in found if kept.share > friction]
    shares, proven = np.array([kept.share for kept in found]), sum(kept.proven for kept in found)
    console.print(f"{tried} worlds, {tried - len(found)} of them with too few labels; "
                  f"the threshold in force proven in {proven}")  # fmt: skip
    goal = "kept" if len(broken) <= ALLOWED * len(found) else "MISSED"
    console.print(f"at most {friction:.0%} of honest requests bothered in their whole life: broken "
                  f"in {len(broken)} of {len(found)}, {ALLOWED:.1%} may be: {goal}")  # fmt: skip
    console.print(f"in {sum(kept.told for kept in broken)} of these the training said so, by rules "
                  f"alone; {np.mean([kept.reached for kept in found]):.1%} of abusive requests "
                  "reach the threshold in force, mean of the worlds")  # fmt: skip
    low, middle, high = np.quantile(shares, [0.05, 0.5, 0.95])
    console.print(f"bothered {shares.mean():.2%} on average ({low:.2%}, {middle:.2%}, {high:.2%} "
                  "at the 5th, 50th and 95th percentile); unused "
                  f"{friction - shares.mean():.2%} of honest requests")  # fmt: skip
    for kind in KINDS:
        some = [kept for kept in found if kept.kind == kind]
        if not some:
            continue
        before, after = np.mean([kept.abuse for kept in some], axis=0)
        times = sum(kept.share > friction for kept in some)
        console.print(f"{kind}: {len(some)} worlds, {before:.1%} abusive before and {after:.1%} "
                      f"after, broken in {times}")  # fmt: skip
    if broken:
        table = Table("seed", "kind", "honest", "bothered", "in training", "from", "proven")
        for kept in broken:
            table.add_row(str(kept.seed), kept.kind, str(kept.honest), f"{kept.share:.1%}",
                          f"{kept.foretold:.1%}", f"{kept.ask_above:.3f}",
                          "yes" if kept.proven else "no")  # fmt: skip
        console.print(table)
    console.print(fairness(found, BY_SCORE, "score"), fairness(found, BY_RULES, "rules alone"))


def fairness(found: Sequence[Kept], by: str, words: str) -> Table:
    """How often the honest of each group are bothered, against all the honest of all worlds."""
    columns = (f"honest, bothered by {words}", "requests", "share", "of all", "low", "high")
    table = Table(*columns, title="95 % interval over worlds")
    rows = against_all([kept.groups for kept in found], by)
    for name, honest, share, *ratios in rows.itertuples():
        table.add_row(name, f"{honest:,}", f"{share:.2%}", *(f"{ratio:.2f}" for ratio in ratios))
    return table


if __name__ == "__main__":
    typer.run(main)
