"""Commands about mappings: guess one for a folder, list and show those that are shipped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.cli.command_group import CommandGroup
from training.cli.shell import one_line_errors, out

if TYPE_CHECKING:
    from training.facts.mapping.mapping_file import FileMapping

MappingName = Annotated[
    str | None,
    typer.Option(
        "--mapping",
        help="How the files are to be read, where they are not the contract's: a TOML file "
        "(`mapping guess` writes one), or one of `mapping list`.",
    ),
]
mappings = typer.Typer(
    help="How exports of other systems are read (import --mapping, score --mapping).",
    cls=CommandGroup,
)


@mappings.command()
@one_line_errors
def guess(
    folder: Annotated[Path, typer.Argument(help="A folder of exports.")],
    to: Annotated[
        Path | None, typer.Option("--out", help="The file to write; else it is printed.")
    ] = None,
) -> None:
    """Write a first mapping for the files of a folder, by their columns and values."""
    from training.facts.mapping.guess_mapping import guess_mapping

    text = guess_mapping(folder)
    if to is None:
        typer.echo(text)
        return
    with to.open("x", encoding="utf-8") as file:
        file.write(text)
    out.print(f"{to}: check it, then refund-risk import --check {folder} --mapping {to}",
              markup=False)  # fmt: skip


@mappings.command("list")
@one_line_errors
def list_() -> None:
    """The mappings that come with the product."""
    from training.facts.mapping.mapping_file import mapping_text, shipped

    for name in shipped():
        first = mapping_text(name).splitlines()[0].lstrip("# ")
        out.print(f"{name:12} {first}", markup=False)


@mappings.command()
@one_line_errors
def show(
    name: Annotated[str, typer.Argument(help="One of `mapping list`, or a file.")],
) -> None:
    """Print a mapping, to copy and change it."""
    from training.facts.mapping.mapping_file import load_mapping, mapping_text

    load_mapping(name)
    typer.echo(mapping_text(name))


def mapping_of(name: str | None) -> FileMapping | None:
    """The mapping of an option. Raises BadInput with what is wrong with it."""
    from training.facts.mapping.mapping_file import load_mapping

    return None if name is None else load_mapping(name)
