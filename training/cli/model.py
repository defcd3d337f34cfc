"""Commands around the model: train, evaluate, promote, rollback, score."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.cli import shell
from training.cli.shell import out, progress, store, tidy
from training.progress import Progress

if TYPE_CHECKING:
    from risk.history.store import History
    from training.train import Trained


@tidy
def train(
    seed: Annotated[int, typer.Option(help="Seed of everything drawn at random.")] = 0,
    friction: Annotated[
        float, typer.Option(help="Share of honest requests that may be bothered.")
    ] = 0.05,
) -> None:
    """Learn from what is stored, as known at its last moment; register a version in MLflow."""
    from training.learn.plan import Options
    from training.train import train as learn

    with store() as history, progress("train") as tell:
        made = learn(
            history, shell.registry(), shell.policy(), Options(seed=seed, friction=friction), tell
        )
        said = _next(history, made, tell)
    for line in (*made.summary(), f"version {made.version}", *said):
        out.print(line, markup=False)


def _next(history: History, made: Trained, tell: Progress) -> list[str]:
    """Put a new version through the gate; one that passes is tried in the shadow."""
    from risk.history.connect import now_ms
    from training import promote as moves

    registry, version = shell.registry(), made.version
    if not moves.champion(registry):
        return [f"no champion yet: `refund-risk promote {version}` puts it in service"]
    tell("gate", 0, 1)
    data = made.data
    verdict = moves.consider(registry, version, data.frame, data.features, bars=data.bars)
    tell("gate", 1, 1)
    if not verdict.allowed:
        return [f"the gate would refuse it: {why}" for why in verdict.refusals]
    publish = moves.publisher(history, moves.CHALLENGER)
    moves.challenge(registry, version, publish, now_ms(), "passed the gate after training")
    return [
        "it is the challenger now: `refund-risk monitor` compares it with the champion, "
        f"`refund-risk promote {version}` puts it in service"
    ]


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
def challenge(
    version: Annotated[str, typer.Argument(help="The version to try in the shadow.")],
    why: Annotated[str, typer.Option(help="Why; kept in the ledger.")] = "chosen by hand",
) -> None:
    """Make a version challenger: `monitor` lets it answer what the champion decided, kept apart."""
    from risk.history.connect import now_ms
    from training import promote as moves

    with store() as history:
        publish = moves.publisher(history, moves.CHALLENGER)
        entry = moves.challenge(shell.registry(), version, publish, now_ms(), why)
    out.print(f"challenger: version {entry.version} (was {entry.previous or 'none'})")


@tidy
def score(
    folder: Annotated[Path, typer.Option("--in", help="A folder of contract files.")],
    to: Annotated[Path, typer.Option("--out", help="The csv or parquet file to write.")],
) -> None:
    """Score every request of a folder as of its own moment, without storing anything."""
    from risk.decisions.case import audit_draw
    from training.cases.score_folder import score_facts, write_scores
    from training.facts.arrow_tables import of_columns
    from training.facts.import_folder import read_folder

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
    gauges: Annotated[
        Path | None,
        typer.Option(help="Write Prometheus gauges here, for a node exporter's text collector."),
    ] = None,
    tighten: Annotated[
        bool, typer.Option(help="Raise the champion's bar where its promise is not kept.")
    ] = False,
) -> None:
    """Drift, calibration, the promise, the challenger, and served against recomputed.

    Prints one line first, for a log or a mail; exit status 1 where something must not be.
    """
    from training.monitor import measure as look
    from training.monitor import write_gauges, write_html
    from training.promote import raised, twin_of

    with store() as history, progress("monitor") as tell:
        twin = partial(twin_of, shell.registry())
        found = look.monitor(history, shell.policy(), tell, twin)
        tightened = look.tighten(history, found) if tighten and found.friction.tighter else None
        if tightened:
            shell.registry().add_to_ledger(raised(tightened), {})
    for line in (found.headline(), *found.lines()):
        out.print(line, markup=False)
    if tightened:
        out.print(f"version {tightened.version}: {tightened.why}", markup=False)
    if report:
        write_html(found, report)
    if gauges:
        write_gauges(found.watch(), gauges)
    if found.alarms():
        raise typer.Exit(1)


@tidy
def replay() -> None:
    """Make every stored decision again from its facts, model and policy; report differences."""
    from training.check.replay import OF_FORGOTTEN
    from training.check.replay import replay as again

    counted: dict[str, int] = {}
    with store() as history, progress("replay") as tell:

        def count_and_tell(what: str, done: int, total: int | None) -> None:
            counted[what] = done
            tell(what, done, total)

        made, differences, by_engine = again(history, count_and_tell)
    for difference in (*differences, *by_engine):
        out.print(str(difference), markup=False)
    out.print(f"{made:,} decisions made again, {len(differences):,} differences")
    if by_engine:
        out.print(f"{len(by_engine):,} with other features under another engine: no fault")
    if OF_FORGOTTEN in counted:
        out.print(f"{counted[OF_FORGOTTEN]:,} {OF_FORGOTTEN}")
    if differences:
        raise typer.Exit(1)
