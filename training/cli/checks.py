"""Commands that check what decides: monitor, replay."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from training.cli import shell
from training.cli.outputs import check_output
from training.cli.shell import one_line_errors, out, progress, store


@one_line_errors
def monitor(
    report: Annotated[
        Path | None, typer.Option(help="Write an HTML report with plots here.")
    ] = None,
    language: Annotated[
        Literal["en", "zh"], typer.Option(help="The language of the report.")
    ] = "en",
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
    from training.cases.dataset_cache import DatasetCache
    from training.in_service import disagreements
    from training.monitor import measure, write_gauges, write_html
    from training.promote import tightened_entry, twin_of

    for path in (report, gauges):
        check_output(path)
    registry = shell.checked_registry()
    with store() as history, progress("monitor") as advance:
        shell.print_notes(disagreements(registry, history))
        twin = partial(twin_of, registry)
        cache = DatasetCache.of(registry, history, advance)
        found = measure.monitor(history, shell.policy(), advance, twin, cache)
        tightened = measure.tighten(history, found) if tighten and found.friction.tighter else None
        if tightened:
            registry.add_to_ledger(tightened_entry(tightened), {})
    for line in (found.headline(), *found.lines()):
        out.print(line, markup=False)
    if tightened:
        out.print(f"version {tightened.version}: {tightened.why}", markup=False)
    if report:
        write_html(found, report, language)
    if gauges:
        write_gauges(found.to_champion_report(), gauges)
    if found.alarms():
        raise typer.Exit(1)


@one_line_errors
def replay() -> None:
    """Make every stored decision again from its facts, model and policy; report differences."""
    from training.check import replay as check

    counted: dict[str, int] = {}
    with store() as history, progress("replay") as advance:

        def count(what: str, done: int, total: int | None) -> None:
            counted[what] = done
            advance(what, done, total)

        made, differences, by_engine = check.replay(history, count)
    for difference in (*differences, *by_engine):
        out.print(str(difference), markup=False)
    out.print(f"{made:,} decisions made again, {len(differences):,} differences")
    if by_engine:
        out.print(f"{len(by_engine):,} with other features under another engine: no fault")
    if check.OF_FORGOTTEN in counted:
        out.print(f"{counted[check.OF_FORGOTTEN]:,} {check.OF_FORGOTTEN}")
    if differences:
        raise typer.Exit(1)
