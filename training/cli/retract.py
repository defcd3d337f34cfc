"""The command that takes back a fact, or a whole import."""

from __future__ import annotations

import getpass
import json
from typing import Annotated, Any

import typer

from training.cli.shell import one_line_errors, out, print_table, progress, store


@one_line_errors
def retract(
    reason: Annotated[str, typer.Option(help="Why: shown on the cases it closes.")],
    kind: Annotated[
        str | None, typer.Argument(help="The kind of the fact, such as refunds.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Argument(help="Its key: the id, or order_id=O-1,line_id=2, or a JSON object."),
    ] = None,
    revision: Annotated[
        int | None, typer.Option(min=1, help="Up to which revision; all of them by default.")
    ] = None,
    import_no: Annotated[
        int | None, typer.Option("--import", help="Take back what this import brought.")
    ] = None,
) -> None:
    """Take back a fact, or a whole import. From now on it counts nowhere; the past stays."""
    if (kind is None or key is None) == (import_no is None):
        raise typer.BadParameter("name a KIND and its KEY, or an import by --import")
    if import_no is not None:
        _import(import_no, reason)
    else:
        _fact(str(kind), str(key), reason, revision)


def _import(import_no: int, reason: str) -> None:
    from training.facts.take_back import lines_of, take_back_import

    with store() as history, progress("retract") as tell:
        counts = take_back_import(history, import_no, reason, getpass.getuser(), tell)
    for line in lines_of(counts, import_no):
        out.print(line)


def _fact(kind: str, key: str, reason: str, revision: int | None) -> None:
    from risk.facts import RETRACTIONS
    from risk.facts.format import iso
    from risk.history.connection.connect import now_ms
    from risk.history.facts.retraction_state import standing_of
    from risk.history.intake import ingest, parse_facts

    fact = {"kind": kind, "key": key_of(kind, key), "reason": reason, "revision": revision,
            "retracted_at": iso(now_ms())}  # fmt: skip
    with store() as history:
        parsed = parse_facts(RETRACTIONS.name, [fact], history.hasher, may_backdate=False)
        target = parsed.columns["target"][0]
        with history.read() as connection:
            standing = standing_of(connection, kind, target)
        if standing != "retracted" or revision is not None:
            ingest(history, RETRACTIONS.name, [fact], who=getpass.getuser())
    up_to = "" if revision is None else f" up to revision {revision}; a later one counts"
    said = {
        "unknown": f"nothing of it is stored, the retraction waits{up_to}",
        "retracted": f"taken back{up_to}" if up_to else "had been taken back already",
        "stands": f"taken back{up_to}",
    }
    out.print(f"{kind} {key}: {said[standing]}", markup=False)


@one_line_errors
def imports(
    number: Annotated[int, typer.Option("--last", min=1, help="How many, the latest first.")] = 20,
) -> None:
    """List the imports that can be taken back: number, time, folder."""
    from risk.facts.format import iso
    from risk.history.facts.imported_rows import latest_imports

    with store() as history, history.read() as connection:
        found = latest_imports(connection, number)
    if found:
        rows = [(str(import_no), iso(at), who or "") for import_no, at, who in found]
        print_table(("import", "stored at", "what"), rows)
    else:
        out.print("no import brought anything yet")


def key_of(kind: str, given: str) -> dict[str, Any]:
    """The key of a fact as it is written on the command line.

    >>> key_of("refunds", "R-1"), key_of("orders", "order_id=O-1,line_id=2")
    ({'refund_id': 'R-1'}, {'order_id': 'O-1', 'line_id': '2'})
    """
    from risk.facts import KINDS

    if given.startswith("{"):
        found = json.loads(given)
        return dict(found)
    if "=" not in given:
        own = KINDS[kind].key if kind in KINDS else ("key",)
        return {own[0]: given} if len(own) == 1 else {given: None}
    pairs = (pair.partition("=") for pair in given.split(","))
    return {name.strip(): value.strip() for name, _, value in pairs}
