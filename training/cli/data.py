"""Commands that bring data in: simulate, convert, import."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from training.cli.mapping import MappingName, mapping_of
from training.cli.outputs import check_output_folder
from training.cli.shell import (
    SHOWN,
    err,
    evidence_files,
    one_line_errors,
    out,
    print_notes,
    progress,
    store,
)

if TYPE_CHECKING:
    from training.facts.import_report import Report

T = TypeVar("T")


def _share(text: str) -> Any:
    """An option that is a share."""
    return typer.Option(help=text)


Folder = Annotated[Path, typer.Argument(help="A folder of contract files.")]


@one_line_errors
def simulate(
    to: Annotated[Path, typer.Option("--out", help="The folder to write.")],
    refunds: Annotated[int, typer.Option(min=1, help="How many refund requests.")] = 2_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same world.")] = 0,
    prevalence: Annotated[float, _share("Share of requests that are abusive.")] = 0.08,
    difficulty: Annotated[float, _share("How well abusers hide, 0 to 1.")] = 0.5,
    orders: Annotated[float, typer.Option(min=0.0, help="Orders for each refund request.")] = 10.0,
    mix: Annotated[
        list[str] | None,
        typer.Option(help="SCHEME=WEIGHT, as often as needed; only these schemes occur."),
    ] = None,
    held_back: Annotated[
        list[str] | None,
        typer.Option(help="SCHEME=YYYY-MM-DD: the scheme does not occur before that day."),
    ] = None,
    label_share: Annotated[float, _share("Share of requests that end with a label.")] = 0.35,
    audit_share: Annotated[float, _share("Share of requests drawn at random for a look.")] = 0.02,
    label_noise: Annotated[
        float, typer.Option(min=0.0, help="Factor on the rate of wrong findings.")
    ] = 1.0,
    signal: Annotated[
        list[str] | None,
        typer.Option(help="NAME=STRENGTH of a sign of abuse; 1 is usual, below 0 reversed."),
    ] = None,
    pictures: Annotated[int, typer.Option(min=0, help="Draw so many photos' pictures.")] = 0,
    describe: Annotated[
        bool, typer.Option("--describe", help="Print how much each sign says in this world.")
    ] = False,
) -> None:
    """Write a made marketplace as contract files, with truth.parquet beside the folder."""
    from training.simulate import simulate as make

    check_output_folder(to)
    with progress("simulate") as tell:
        summary = make(
            to, refunds=refunds, seed=seed, prevalence=prevalence, difficulty=difficulty,
            orders_per_request=orders, mix=pairs(mix, float),
            held_back=pairs(held_back, date.fromisoformat), label_share=label_share,
            audit_share=audit_share, label_noise=label_noise, signals=pairs(signal, float),
            progress=lambda done, total: tell("requests", done, total),
        )  # fmt: skip
    counted = ", ".join(f"{n:,} {kind}" for kind, n in sorted(summary.rows.items()))
    counted += _drawn(to, pictures) if pictures else ""
    out.print(f"{to}: {counted}")
    if describe:
        for line in _described(to):
            out.print(line, markup=False)


def _drawn(folder: Path, most: int) -> str:
    from training.simulate.drawn_pictures import write_pictures

    return f", {write_pictures(folder, most):,} pictures"


def _described(folder: Path) -> list[str]:
    """The lift of each sign as a table; `expected` is what people of the trade know of it."""
    from training.simulate.lifts import signal_lifts

    lines = [f"{'sign':32}{'requests':>9}{'false':>8}{'others':>8}  expected"]
    return lines + [
        f"{lift.sign:32}{lift.requests:>9,}{lift.false_with:>8.1%}{lift.false_without:>8.1%}"
        f"  {'more' if lift.expected == 'more' else 'no difference'}"
        for lift in signal_lifts(folder)
    ]


def pairs(given: Sequence[str] | None, read: Callable[[str], T]) -> dict[str, T]:
    """What was given as NAME=VALUE, by name. Raises ValueError for anything else."""
    found: dict[str, T] = {}
    for one in given or ():
        name, _, value = one.partition("=")
        try:
            found[name.strip()] = read(value.strip())
        except ValueError as cause:
            raise ValueError(f"{one}: NAME=VALUE is wanted ({cause})") from cause
    return found


@one_line_errors
def import_(
    folder: Folder,
    skip_bad_rows: Annotated[
        bool, typer.Option(help="Store the good rows, write the bad ones to a reject file.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where reject files go; default FOLDER.rejected.")
    ] = None,
    correct: Annotated[
        bool,
        typer.Option(
            help="Store rows that changed as corrections: the next revision, from now on."
        ),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Store nothing; say all that would be said and stored.")
    ] = False,
    mapping: MappingName = None,
) -> None:
    """Store the facts of a folder. Running it twice changes nothing.

    A running service goes on deciding meanwhile: facts are stored in short steps. A folder `files`
    in it holds files of evidence, each named by its evidence id.
    """
    from training.facts.files_folder import FOLDER
    from training.facts.folder import left_out
    from training.facts.import_folder import ImportOptions, import_folder

    check_output_folder(rejects)
    read = mapping_of(mapping)
    who = f"import of {folder.name}"
    with (
        store(new=True) as history,
        evidence_files(history) as evidence,
        progress("check" if check else "import") as tell,
    ):
        options = ImportOptions(skip_bad_rows, rejects, correct, check, who, read, evidence)
        report = import_folder(history, folder, options, tell)
    if names_left := [name for name in left_out(folder, read) if name != FOLDER]:
        err.print(f"left out, not read: {', '.join(names_left)}", markup=False)
    _print(report, "skipped" if skip_bad_rows else "error:")
    if check:
        out.print("checked: nothing is stored")
    if report.problems and not skip_bad_rows:
        raise typer.Exit(1)


def _print(report: Report, bad: str) -> None:
    """Say what an import did, or would do; `bad` comes before what is wrong with a row."""
    for file, names in report.unknown.items():
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        shown = ", ".join(names[:SHOWN])
        err.print(f"{file}: left out unknown columns {shown}{more}", markup=False)
    for file, values in report.assumed.items():
        taken = ", ".join(f"{name} as {value}" for name, value in values.items())
        err.print(f"{file}: lacks columns, so takes {taken}", markup=False)
    print_notes(report.notes)
    for problem in report.problems[:SHOWN]:
        err.print(f"{bad} {problem}", markup=False)
    if len(report.problems) > SHOWN:
        err.print(f"… and {len(report.problems) - SHOWN} more")
    for kind in report.new:
        out.print(
            f"{kind}: {report.new[kind]:,} new, {report.same[kind]:,} known already, "
            f"{report.skipped[kind]:,} skipped"
        )
        if report.forgotten.get(kind):
            out.print(
                f"{kind}: {report.forgotten[kind]:,} left out: they are about forgotten people"
            )
        if report.retracted[kind]:
            out.print(
                f"{kind}: {report.retracted[kind]:,} of them count no more: taken back before"
            )
    if report.import_no is not None:
        out.print(f"import {report.import_no}: refund-risk retract --import {report.import_no} "
                  "--reason TEXT takes it back", markup=False)  # fmt: skip


def convert(
    system: Annotated[str, typer.Argument(help="Whose export it is: online-retail.")],
    file: Annotated[Path, typer.Argument(help="The exported file.")],
    to: Annotated[Path, typer.Option("--out", help="The folder to write.")],
) -> None:
    """Turn another system's export into contract files."""
    _convert(system, file, to)


@one_line_errors
def _convert(system: str, file: Path, to: Path) -> None:
    from training.facts.convert import CONVERTERS

    if system not in CONVERTERS:
        raise typer.BadParameter(f"known systems: {', '.join(CONVERTERS)}")
    check_output_folder(to)
    with progress("convert") as tell:
        report = CONVERTERS[system](file, to, tell)
    for line in report:
        out.print(line)
