"""How many honest and abusive requests each rule bothers, by the truth: `tests/bench/rules.py`.

Made worlds, in each of which every request is decided at every moment of its life with the starter
as it is put in service. A rule touches a request where it applies at any moment; it bothers one
where it is what holds the tier and the customer is asked, or waits for a person.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NamedTuple

import typer
from rich.console import Console
from rich.table import Table
from scipy.stats import beta

from risk.decisions.case_rows import MOMENTS
from risk.decisions.champion import thresholds_of
from risk.decisions.many_cases import Cases, read_many
from risk.facts.units import MINUTE_MS
from risk.features.backfill import offline
from risk.model.pyfunc import frame_probabilities
from risk.policy import Ruling, decide
from risk.policy.rules import RULES
from tests.bench.learned.world import World, features
from training.cases.dataset import LabelledCases, dataset_of
from training.cases.labels import labels
from training.promote_starter import held_to_requests, in_service
from training.starter.packaged import packaged

console = Console(width=140)
TOGETHER_MS = 10 * MINUTE_MS
TOLD = f"""SELECT m.refund_id, COALESCE(MAX(e.known_at), m.as_of) AS as_of, m.stage
  FROM ({MOMENTS}) m LEFT JOIN evidence e ON m.stage = 'evidence' AND e.refund_id = m.refund_id
    AND e.known_at BETWEEN m.as_of AND m.as_of + {TOGETHER_MS}
  GROUP BY m.refund_id, m.as_of, m.stage"""
"""The moments of each request; what a customer sends within ten minutes is decided on together."""


class Seen(NamedTuple):
    """A request as a rule sees it: whether it is abusive in truth, and whether it is bothered."""

    rule: str
    abusive: bool
    bothered: bool
    refund_id: str


def main(
    worlds: Annotated[int, typer.Option(help="How many worlds.")] = 10,
    refunds: Annotated[int, typer.Option(help="Refund requests a world.")] = 3_000,
    seed: Annotated[int, typer.Option(help="The first world's seed.")] = 4_000,
) -> None:
    """Print for each rule how many requests it touches and bothers, and how many are abusive."""
    found: Counter[tuple[str, bool, bool]] = Counter()
    asked: Counter[bool] = Counter()
    for number in range(seed, seed + worlds):
        with tempfile.TemporaryDirectory(prefix="rules") as folder:
            world = World.make(Path(folder), refunds=refunds, seed=number)
        asked.update(world.truth["positive"].astype(bool).tolist())
        for rule, abusive, bothered, _ in set(seen(world)):
            found[rule, abusive, bothered] += 1
        console.print(f"world {number}: {refunds:,} requests")
    console.print(table(found, asked))


def seen(world: World) -> Iterator[Seen]:
    """What each rule applies to, and what it bothers; a request may come more than once."""
    for refund_id, ruling in rulings(world):
        abusive = bool(world.truth["positive"][refund_id])
        for rule in ruling.rules:
            yield Seen(rule.id, abusive, False, refund_id)
        if ruling.bothers:
            yield Seen(ruling.why.id, abusive, True, refund_id)


def rulings(world: World) -> Iterator[tuple[str, Ruling]]:
    """Every request of a world with its ruling at each moment of its life."""
    policy = world.policy
    assert policy.starter is not None
    with offline(world.facts) as db:
        cases = read_many(db, TOLD, features())
        known = labels(db)
    frame = dataset_of(LabelledCases(cases, known), policy).frame
    bundle = held_to_requests(in_service(packaged(), policy.starter), frame)
    chances = frame_probabilities(bundle, frame)
    thresholds = thresholds_of(bundle)
    for row, case in cases.situations(cases.spine):
        ruling = decide(policy, replace(case, probability=float(chances[row])), thresholds)
        yield name_of(cases, row), ruling


def name_of(cases: Cases, row: int) -> str:
    return str(cases.spine["refund_id"][row])


def table(found: Counter[tuple[str, bool, bool]], asked: Counter[bool]) -> Table:
    """A row a rule that touches anybody; shares with exact 95 % intervals (Clopper & Pearson)."""
    shown = Table(title=f"{asked[False]:,} honest and {asked[True]:,} abusive requests")
    for column in ("what holds it", "touches honest", "abusive", "bothers honest", "abusive",
                   "of all honest", "abusive of those bothered"):  # fmt: skip
        shown.add_column(column)
    for rule in [*RULES, *sorted({name for name, _, _ in found} - set(RULES))]:
        counts = [found[rule, abusive, bothered] for bothered in (False, True)
                  for abusive in (False, True)]  # fmt: skip
        if any(counts):
            shares = (share(counts[2], asked[False]), share(counts[3], counts[2] + counts[3]))
            shown.add_row(rule, *map(str, counts), *shares)
    return shown


def share(part: int, whole: int) -> str:
    """A share in percent with its interval."""
    if not whole:
        return "–"
    low = beta.ppf(0.025, part, whole - part + 1) if part else 0.0
    high = beta.ppf(0.975, part + 1, whole - part) if part < whole else 1.0
    return f"{100 * part / whole:.2f} % ({100 * low:.2f}–{100 * high:.2f})"


if __name__ == "__main__":
    typer.run(main)
