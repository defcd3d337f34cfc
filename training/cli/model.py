"""Commands around the model: train, evaluate, promote, rollback, challenge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.cli import shell
from training.cli.shell import one_line_errors, out, progress, store
from training.interruption import uninterrupted
from training.progress import GATE, Progress

if TYPE_CHECKING:
    from risk.history.store import History
    from training.learn.plan import TrainingOptions
    from training.train import TrainingResult

MAX_NAME = 250
"""Characters that MLflow keeps of a run's name."""

QUICK_LOOK = (
    "two folds of trees instead of four, larger steps, no search for their shape, and a sample of "
    "the requests where more than 4,000 have a label"
)
"""What `TrainingOptions.fast` leaves out."""


@one_line_errors
def train(
    seed: Annotated[int, typer.Option(help="Seed of everything drawn at random.")] = 0,
    friction: Annotated[
        float | None,
        typer.Option(
            help="Share of honest requests that this model may bother (above 0, below 1), instead "
            "of the policy's caps.honest_share."
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Only what was known before this time (ISO 8601 with an offset)."),
    ] = None,
    features: Annotated[
        Path | None,
        typer.Option(help="A folder of `training.spark features`, instead of what is stored."),
    ] = None,
    name: Annotated[str, typer.Option(help="What MLflow calls the run and the version.")] = "",
    fast: Annotated[
        bool,
        typer.Option(help=f"A quick look: {QUICK_LOOK}."),
    ] = False,
    challenge: Annotated[
        bool, typer.Option("--challenge", help="Make it the challenger if it passes the gate.")
    ] = False,
) -> None:
    """Learn from what is stored, as known now or at --as-of; register a version in MLflow."""
    from training import train as workflow
    from training.cases.case_files import load_cases
    from training.cases.dataset import dataset_of, features_in_use

    if features is not None and as_of is not None:
        raise ValueError("--as-of: the folder of --features has a moment of its own")
    options, moment = _options(seed, name, fast=fast), shell.moment_of(as_of)
    registry, policy = shell.checked_registry(), shell.policy()
    workflow.promised_share_of(policy, friction)  # before any work
    with store() as history:
        with progress("train") as advance:
            if features is None:
                made = workflow.train(history, registry, policy, options, advance, friction, moment)
            else:
                data = dataset_of(load_cases(features, features_in_use()), policy)
                made = workflow.train_on(data, registry, options, advance, friction)
        _print_result(made, name, fast=fast)
        with progress("train") as advance:
            steps = _next_steps(history, made, advance, put_up=challenge)
    shell.print_lines(*steps)


def _print_result(made: TrainingResult, name: str, *, fast: bool) -> None:
    from training.judge.card import default_name

    quick = [f"a quick look: {QUICK_LOOK}"] if fast else []
    shell.print_notes([*made.notes, *quick])
    version = f"version {made.version}: {name or default_name(made.fitted.about)}"
    shell.print_lines(*made.summary(), f"promise: {made.promise}", version)


def _options(seed: int, name: str, *, fast: bool) -> TrainingOptions:
    from training.learn.plan import TrainingOptions

    if len(name) > MAX_NAME:
        raise ValueError(f"--name: at most {MAX_NAME} characters")
    options = TrainingOptions(seed=seed, name=name)
    return options.fast() if fast else options


def _next_steps(
    history: History, made: TrainingResult, advance: Progress, *, put_up: bool
) -> list[str]:
    """Ask the gate, and where it is wanted make what passes the challenger; what to do next, as
    lines."""
    from risk.errors import ModelRefused
    from risk.history.connection.connect import now_ms
    from risk.registry import CHALLENGER
    from training import promote as promotion
    from training.in_service import rival_of
    from training.judge.verdict import against_champion

    registry, version = shell.registry(), made.version
    try:
        rival = rival_of(registry, history)
    except ModelRefused as refused:
        return [str(refused)]
    if not rival:
        return [f"no champion yet: `refund-risk promote {version}` puts it in service"]
    advance(GATE, 0, None)
    data = made.data
    result = promotion.run_gate(
        registry, version, data.frame, data.features, data.bars, rival=rival
    )
    advance(GATE, 1, 1)
    verdict = [told] if (told := against_champion(result)) else []
    if not result.allowed:
        return [*verdict, *(f"the gate would refuse it: {why}" for why in result.refusals)]
    if not put_up:
        return [
            *verdict,
            f"the gate would let it in: `refund-risk challenge {version}` lets it answer beside "
            f"the champion, without effect; `refund-risk promote {version}` puts it in service",
        ]
    publish = promotion.publisher(history, CHALLENGER)
    with uninterrupted():
        promotion.challenge(registry, version, publish, now_ms(), "passed the gate after training")
    return [
        *verdict,
        "it is the challenger now: `refund-risk monitor` compares it with the champion, "
        f"`refund-risk promote {version}` puts it in service",
    ]


@one_line_errors
def evaluate(
    model: Annotated[str, typer.Option(help="An alias or a version.")] = "champion",
) -> None:
    """Print and log the metrics of a registered model on requests it has not learned from."""
    from training import train as workflow
    from training.in_service import disagreements
    from training.judge.card import metrics_table

    registry = shell.checked_registry()
    with store() as history, progress("evaluate") as advance:
        shell.print_notes(disagreements(registry, history))
        found = workflow.evaluate(history, registry, shell.policy(), model, advance)
    rows = f"{len(found.rows):,} labelled rows that it was not trained on"
    shell.print_lines(rows, *metrics_table(found))
    registry.log_metrics(model, found.flat_metrics())


@one_line_errors
def promote(
    version: Annotated[
        str,
        typer.Argument(
            help="The version to make champion; `starter` is the model that the product brings, "
            "for a shop without findings."
        ),
    ],
    override: Annotated[
        str, typer.Option(help="Promote although the gate refuses, for this reason.")
    ] = "",
    weaker_promise: Annotated[
        str,
        typer.Option(
            help="Let it promise honest customers less than the champion does, for this reason; "
            "kept in the ledger."
        ),
    ] = "",
) -> None:
    """Make a version champion, through the gate; the first has no rival to beat."""
    from training import train as workflow
    from training.in_service import disagreements, serves_already
    from training.promote_starter import STARTER, promote_starter

    registry, policy = shell.checked_registry(), shell.policy()
    with store(new=version == STARTER) as history, progress("promote") as advance:
        shell.print_notes(disagreements(registry, history))
        if serves_already(registry, history, version):
            out.print(f"version {registry.version_of(version)} is the champion: nothing changes")
            return
        if version == STARTER:
            entry = promote_starter(history, registry, policy, advance, override, weaker_promise)
        else:
            entry = workflow.promote(
                history, registry, policy, version, override, advance, weaker_promise
            )
    out.print(entry.why, markup=False)
    out.print(f"champion: version {entry.version} (was {entry.previous or 'none'})")


@one_line_errors
def rollback(
    why: Annotated[str, typer.Option(help="Why; kept in the ledger.")] = "",
) -> None:
    """Make the previous champion champion again."""
    from training import train as workflow

    with store() as history:
        entry = workflow.rollback(history, shell.checked_registry(), why)
    out.print(f"champion: version {entry.version} (was {entry.previous})")


@one_line_errors
def challenge(
    version: Annotated[str, typer.Argument(help="The version to try in the shadow.")],
    why: Annotated[str, typer.Option(help="Why; kept in the ledger.")] = "chosen by hand",
) -> None:
    """Make a version challenger: `monitor` lets it answer what the champion decided, kept apart."""
    from risk.history.connection.connect import now_ms
    from risk.registry import CHALLENGER
    from training import promote as promotion

    with store() as history:
        publish = promotion.publisher(history, CHALLENGER)
        entry = promotion.challenge(shell.checked_registry(), version, publish, now_ms(), why)
    out.print(f"challenger: version {entry.version} (was {entry.previous or 'none'})")
