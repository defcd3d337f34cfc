"""Commands that run the product: serve, keys, rotate-secret."""

from __future__ import annotations

import os
import socket
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from risk.facts.units import DAY_MS, HOUR_MS
from risk.history.store import History
from training.cli.command_group import CommandGroup
from training.cli.shell import err, one_line_errors, out, print_table, progress, store

if TYPE_CHECKING:
    from risk.access.keys import Key


@one_line_errors
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65_535, help="The port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="How many processes.")] = 1,
    root_path: Annotated[
        str, typer.Option(help="The path prefix that a proxy takes off, such as /risk.")
    ] = "",
    demo: Annotated[
        bool, typer.Option(help="First make a small marketplace to explore, if there is none.")
    ] = False,
) -> None:
    """Run the API and the console."""
    _check_port(host, port)
    if demo:
        from training.demo import prepare

        with progress("demo") as tell:
            shown = prepare(Path.cwd(), tell, err.print)
        out.print(shown.banner(f"http://{host}:{port}"))
    else:
        with store(new=True) as history:
            say_next_step(history)
    sys.stdout.flush()
    listen = ["--host", host, "--port", str(port), "--workers", str(workers)]
    listen += ["--root-path", root_path] if root_path else []
    _become([sys.executable, "-m", "api", *listen])


def _become(command: list[str]) -> NoReturn:
    """Go on as another program. Raises OSError with its name, which the system leaves out."""
    try:
        os.execv(command[0], command)
    except OSError as error:
        error.filename = command[0]
        raise


def say_next_step(history: History) -> None:
    """Say what puts a model in service where there is none yet."""
    from risk.history.published_models import newest

    with history.read() as connection:
        if newest(connection, "champion") is None:
            err.print(
                "No model is in service yet, so nothing is decided. `refund-risk promote starter` "
                "puts the one in service that the product brings: it needs no findings."
            )


def _check_port(host: str, port: int) -> None:
    """Raise OSError where nothing can listen there."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(address)
    except OSError as error:
        raise OSError(f"nothing can listen at {host}:{port}: {error.strerror or error}") from error


SCOPES = "ingest, outcomes, backdate, score, review, admin"
keys = typer.Typer(help="API keys and their scopes.", cls=CommandGroup)


@keys.command("create")
@one_line_errors
def create_key(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[list[str], typer.Option(help=f"One of {SCOPES}; repeat it.")],
    says: Annotated[
        str, typer.Option(help="Whose word its outcomes are: merchant or platform.")
    ] = "merchant",
    merchant: Annotated[
        list[str] | None, typer.Option(help="Only for this merchant; repeat it.")
    ] = None,
    days: Annotated[int | None, typer.Option(help="Expires after so many days.")] = None,
) -> None:
    """Make a key. It is shown once and kept as a hash."""
    from risk.access import keys as log

    with store(new=True) as history, history.write() as write:
        log.check_name_free(write.connection, name, write.at)
        expires = None if days is None else write.at + days * DAY_MS
        key, token = log.create(
            write, name, scope, says=says, merchants=merchant or (), expires_at=expires
        )
    err.print(f"key {key.key_id} ({', '.join(sorted(key.scopes))}); it is shown only now:")
    out.print(token)


@keys.command("list")
@one_line_errors
def list_keys() -> None:
    """Every key, with its scopes, last use and expiry."""
    from risk.access import keys as log
    from risk.history.connection.connect import now_ms

    with store() as history, history.read() as connection:
        rows = [
            (
                key.key_id,
                key.name,
                _key_state(key, now_ms()),
                ", ".join(sorted(key.scopes)),
                ", ".join(sorted(key.merchants)) or "all",
                _minute(key.last_used_at),
                _minute(key.expires_at),
            )
            for key in log.every(connection)
        ]
    print_table(("key", "name", "state", "scopes", "merchants", "last used", "expires"), rows)


def _key_state(key: Key, now: int) -> str:
    if key.valid_at(now):
        return "active"
    return "revoked" if key.revoked_at else "expired"


def _minute(at: int | None) -> str:
    """A time (ms) to the minute, on this machine's clock."""
    if at is None:
        return "never"
    return datetime.fromtimestamp(at / 1000).astimezone().strftime("%Y-%m-%d %H:%M")


@keys.command("revoke")
@one_line_errors
def revoke_key(key_id: Annotated[str, typer.Argument(help="As `keys list` shows it.")]) -> None:
    """End a key at once."""
    from risk.access import keys as log

    with store() as history, history.write() as write:
        log.revoke(write, key_id)
    out.print(f"key {key_id} revoked")


@keys.command("rotate")
@one_line_errors
def rotate_key(
    key_id: Annotated[str, typer.Argument(help="As `keys list` shows it.")],
    overlap_hours: Annotated[float, typer.Option(help="How long the old one still works.")] = 24.0,
) -> None:
    """Make a successor with the same rights; the old key ends after the overlap."""
    from risk.access import keys as log

    with store() as history, history.write() as write:
        key, token = log.rotate(write, key_id, overlap_ms=int(overlap_hours * HOUR_MS))
    err.print(f"key {key.key_id} follows {key_id}; it is shown only now:")
    out.print(token)


@one_line_errors
def rotate_secret() -> None:
    """Protect the store's keys by another secret, REFUND_RISK_NEW_SECRET; no hash changes."""
    from risk.history.data_key import SHORTEST_SECRET, rotate
    from risk.settings import Settings

    new = os.environ.get("REFUND_RISK_NEW_SECRET", "")
    if len(new) < SHORTEST_SECRET:
        raise ValueError(f"set REFUND_RISK_NEW_SECRET: {SHORTEST_SECRET} characters or more")
    with store() as history, history.write() as write:
        rotate(write.connection, Settings.from_env().secret, new)
    out.print("done: from now on start with REFUND_RISK_SECRET, or .secret, set to the new one")
