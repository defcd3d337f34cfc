"""Commands that take people's data out again: forget, tidy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from training.cli.shell import err, one_line_errors, out, store

OUT_OF_REACH = (
    "exports and other folders of facts, reject files, folders of features, scores that were "
    "written, answers that other systems keep"
)


@one_line_errors
def forget(
    customer: Annotated[str, typer.Argument(help="The customer's id, as facts give it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Take a person out of the store for good; statistics stay. Works while the service runs."""
    from risk import privacy as forgetting
    from risk.evidence.object_store import open_object_store
    from risk.settings import Settings

    with store() as history:
        stored = forgetting.count_stored(history, customer)
        err.print(f"stored of this customer: {_counted(stored) or 'nothing'}")
        for name in forgetting.webhook_ids_of(history, customer):
            err.print(f"a hook brought in {name}: forget it too if it is them", markup=False)
        if not yes and not typer.confirm("Forget them for good?"):
            err.print("nothing was done")
            raise typer.Exit(1)
        objects = open_object_store(Settings.from_env().files_url)
        report = forgetting.forget(history, customer, objects=objects)
    _delete_cached()
    if report.before is not None and not report.counts:
        out.print("forgotten before; nothing was left to do")
        return
    counts = dict(report.counts)
    things, shared = counts.pop("things", 0), counts.pop("shared", 0)
    out.print(f"forgotten: {_counted(counts) or 'nothing was stored'}")
    out.print(f"{things} addresses, devices and the like became random, {shared} are others' too")
    out.print(f"out of reach: {OUT_OF_REACH}; {report.files}")


@one_line_errors
def suppression_list(
    to: Annotated[Path, typer.Argument(help="The file to write, readable by its owner only.")],
) -> None:
    """Write the keyed hashes of forgotten people's ids, for `training.spark features --forgotten`.

    Whoever has the file can tell whether an id they know is on it: keep it as you keep the secret.
    """
    with store() as history:
        text = history.hasher.suppression_list.export()
    with open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    out.print(f"written to {to}", markup=False)


@one_line_errors
def clear(
    days: Annotated[
        int | None, typer.Option(min=1, help="Older than so many days; default the setting's.")
    ] = None,
) -> None:
    """Take out old reasons, notes, remarks, pushed messages and files of evidence, and compact the
    database's file.

    Open cases keep theirs. A service with the setting takes them out by itself, hour by hour.
    """
    from risk.evidence.object_store import open_object_store
    from risk.privacy import compact_files
    from risk.privacy.evidence_files import delete_orphans, drop_expired_files
    from risk.privacy.retention import clear_free_text, drop_pushed
    from risk.settings import Settings

    settings = Settings.from_env()
    wanted = days or settings.free_text_days
    objects = open_object_store(settings.files_url)
    with store() as history:
        if orphans := delete_orphans(history, objects):
            out.print(f"files that no evidence refers to: {orphans:,} gone")
        pushed = drop_pushed(history, settings.inbox_days)
        if pushed:
            out.print(f"older than {settings.inbox_days:,} days: {pushed:,} pushed messages gone")
        if wanted is None:
            raise ValueError("texts: give --days, or set REFUND_RISK_KEEP_WORDS_DAYS")
        counts = clear_free_text(history, wanted)
        counts["originals"] = drop_expired_files(history, wanted, objects)
        changed = pushed or any(counts.values())
        files = compact_files(history.engine) if changed else "nothing to compact"
    _delete_cached()
    out.print(f"older than {wanted:,} days: {_counted(counts) or 'no words'} cleared; {files}")


def _delete_cached() -> None:
    """Delete the training sets that commands keep on this host."""
    from risk.settings import Settings
    from training.cases.cache_folder import CacheFolder

    deleted = CacheFolder(Settings.from_env().datasets).delete_all()
    if deleted:
        err.print(f"cached training sets deleted: {deleted}")


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {kind}" for kind, number in counts.items() if number)
