"""The command that scores a folder without storing anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from training.cli import shell
from training.cli.mapping import MappingName, mapping_of
from training.cli.outputs import check_output
from training.cli.shell import one_line_errors, out, progress, store

ENDINGS = (".csv", ".parquet")

if TYPE_CHECKING:
    from risk.decisions.champion import Champion
    from risk.history.store import History
    from training.facts.mapping.mapping_file import FileMapping


@one_line_errors
def score(
    folder: Annotated[Path, typer.Option("--in", help="A folder of contract files.")],
    to: Annotated[Path, typer.Option("--out", help="The csv or parquet file to write.")],
    mapping: MappingName = None,
    model: Annotated[
        str | None,
        typer.Option(help="A registered version, or an alias, in place of the model in service."),
    ] = None,
) -> None:
    """Score every request of a folder as of its own moment, without storing anything."""
    from risk.decisions.case import audit_draw
    from training.cases.score_folder import score_facts, write_scores
    from training.facts.arrow_tables import of_columns
    from training.facts.id_notes import notes_of
    from training.facts.read_folder import read_folder

    check_output(to, ENDINGS)
    read = mapping_of(mapping)
    with store() as history, progress("score") as advance:
        champion = _champion(history, model)
        facts = of_columns(read_folder(folder, history.hasher, advance, read))
        notes = notes_of(facts)
        scores = score_facts(
            facts, champion, shell.policies(), lambda refund: audit_draw(refund, history.audit_key),
            advance,
        )  # fmt: skip
    shell.print_notes([*_left_out(folder, read), *notes])
    write_scores(scores, to)
    tiers = ", ".join(f"{n:,} {tier}" for tier, n in scores["tier"].value_counts().items())
    out.print(f"{to}: {len(scores):,} requests ({tiers})")


def _champion(history: History, model: str | None) -> Champion:
    """The model in service, or a registered one. Raises NotFound, ModelRefused, Unavailable."""
    from risk.decisions.champion import Champion, Models
    from risk.history.published_models import Published
    from training.promote import bundle_at

    if model is None:
        return Models(history).champion()
    registry = shell.registry()
    bundle = bundle_at(registry, model)
    published = Published(0, registry.version_of(model), bundle.digest, "")
    return Champion.load(published, bundle.to_bytes())


def _left_out(folder: Path, mapping: FileMapping | None) -> list[str]:
    """What of a folder is not read, as a sentence."""
    from training.facts.folder import left_out

    names = left_out(folder, mapping)
    return [f"left out, not read: {', '.join(names)}"] if names else []
