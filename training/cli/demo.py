"""The command that plays a simulated day into the running service."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Annotated

import typer

from training.cli.shell import err, one_line_errors, out, progress

if TYPE_CHECKING:
    from training.demo import Demo


@one_line_errors
def demo(
    minutes: Annotated[float, typer.Option(help="How long the played day lasts.", min=0.0)] = 4.0,
    requests: Annotated[
        int, typer.Option(help="How many refund requests it has.", min=1, max=1_200)
    ] = 100,
    seed: Annotated[
        int | None, typer.Option(help="The same seed is the same day; default: another each time.")
    ] = None,
    at: Annotated[str, typer.Option(help="Where the service is.")] = "http://127.0.0.1:8000",
) -> None:
    """Play a simulated day into the running demo: orders, parcels, requests, evidence, returns."""
    from numpy import base_repr

    from training.demo import Played, ServiceAddress, cast, known_accounts, play, script

    note = _note(Path.cwd())
    began = int(time.time())
    played = Played()
    with closing(ServiceAddress(at, note.key).open()) as client:
        err.print("Writing the day: the marketplace's people, a ring, a bad batch, a live show.")
        drawn = began // 60 if seed is None else seed
        calls = script(
            cast(requests, drawn, known_accounts(Path.cwd())), base_repr(began, 36), drawn
        )
        with _interrupted() as stop, progress("demo") as tell:
            err.print(f"Watch it at {at}/console and {at}/console/overview. Ctrl-C stops the day.")
            play(client, calls, minutes * 60, tell, played, stop)
        if stop.is_set():
            err.print("Stopped; what was sent stays.")
    tiers = ", ".join(f"{n:,} {tier}" for tier, n in played.counts().most_common())
    out.print(f"{len(played.tiers):,} requests decided ({tiers or 'none'})")


@contextmanager
def _interrupted() -> Iterator[Event]:
    """Set by Ctrl-C, which is not raised meanwhile: raised in a library it may go unheard."""
    stop = Event()
    before = signal.signal(signal.SIGINT, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _note(folder: Path) -> Demo:
    from risk.errors import NotFound
    from training.demo import NOTE, Demo

    try:
        return Demo.read(folder / NOTE)
    except FileNotFoundError:
        message = "there is no demo here yet: run `make serve`, and `make demo` beside it"
        raise NotFound(message) from None
