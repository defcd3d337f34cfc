"""Commands around the model: train, evaluate, promote, rollback, score."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from training.cli import shell
from training.cli.shell import out, progress, store, tidy


@tidy
def train(
    seed: Annotated[int, typer.Option(help="Seed of everything drawn at random.")] = 0,
    friction: Annotated[
        float, typer.Option(help="Share of honest requests that may be bothered.")
    ] = 0.05,
) -> None:
    """Learn from what is stored, as known at its last moment; register a version in MLflow."""
    from training.fit import Options
    from training.train import train as learn

    with store() as history, progress("train") as tell:
        made = learn(
            history, shell.registry(), shell.policy(), Options(seed=seed, friction=friction), tell
        )
    for line in made.summary():
        out.print(line)
    out.print(f"version {made.version}")


@tidy
def evaluate(
    model: Annotated[str, typer.Option(help="An alias or a version.")] = "champion",
) -> None:
    """Print and log the metrics of a registered model on requests it has not learned from."""
    from training.train import evaluate as measure

    with store() as history, progress("evaluate") as tell:
        lines = measure(history, shell.registry(), shell.policy(), model, tell)
    for line in lines:
        out.print(line)


@tidy
def promote(
    version: Annotated[str, typer.Argument(help="The version to make champion.")],
    override: Annotated[
        str, typer.Option(help="Promote although the gate refuses, for this reason.")
    ] = "",
) -> None:
    """Make a version champion, through the gate; the first has no rival to beat."""
    from training.train import promote as move

    with store() as history, progress("promote") as tell:
        entry = move(history, shell.registry(), shell.policy(), version, override, tell)
    out.print(f"champion: version {entry.version} (was {entry.previous or 'none'})")
    out.print(entry.why)


@tidy
def rollback(
    why: Annotated[str, typer.Option(help="Why; kept in the ledger.")] = "",
) -> None:
    """Make the previous champion champion again."""
    from training.train import rollback as back

    with store() as history:
        entry = back(history, shell.registry(), why)
    out.print(f"champion: version {entry.version} (was {entry.previous})")


@tidy
def score(
    folder: Annotated[Path, typer.Option("--in", help="A folder of contract files.")],
    to: Annotated[Path, typer.Option("--out", help="The csv or parquet file to write.")],
) -> None:
    """Score every request of a folder as of its own moment, without storing anything."""
    from risk.circumstances import audit_draw
    from training.importing import read_folder
    from training.scoring import score_facts, write_scores
    from training.tables import of_columns

    with store() as history, progress("score") as tell:
        champion = shell.champion_of(history)
        facts = of_columns(read_folder(folder, history.hasher, tell))
        scores = score_facts(
            facts, champion, shell.policies(), lambda refund: audit_draw(refund, history.audit_key),
            tell,
        )  # fmt: skip
    write_scores(scores, to)
    tiers = ", ".join(f"{n:,} {tier}" for tier, n in scores["tier"].value_counts().items())
    out.print(f"{to}: {len(scores):,} requests ({tiers})")


@tidy
def monitor(
    report: Annotated[
        Path | None, typer.Option(help="Write an HTML report with plots here.")
    ] = None,
) -> None:
    """Drift, calibration, and served against recomputed features; 1 where any of those differ."""
    from training.monitor import monitor as look
    from training.monitor import write_html

    with store() as history, progress("monitor") as tell:
        found = look(history, shell.policy(), tell)
    for line in found.lines():
        out.print(line, markup=False)
    if report:
        write_html(found, report)
    if found.differences:
        raise typer.Exit(1)


@tidy
def replay() -> None:
    """Make every stored decision again from its facts, model and policy; report differences."""
    from training.replay import replay as again

    with store() as history, progress("replay") as tell:
        count, differences = again(history, tell)
    for difference in differences:
        out.print(str(difference), markup=False)
    out.print(f"{count:,} decisions made again, {len(differences):,} differences")
    if differences:
        raise typer.Exit(1)
