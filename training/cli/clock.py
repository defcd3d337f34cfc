"""The clocks of the machine and of the store."""

from __future__ import annotations

from typing import Annotated

import typer

from risk.history.store import History
from training.cli.shell import err, one_line_errors, out, store


@one_line_errors
def clock(
    confirm: Annotated[
        bool, typer.Option("--confirm", help="This machine's clock is right: write again.")
    ] = False,
    mend: Annotated[
        bool, typer.Option("--mend", help="Move what was stored at wrong instants to right ones.")
    ] = False,
    since: Annotated[
        str | None,
        typer.Option(help="Mend from this instant on; default: what lies ahead of this machine."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Show this machine's clock and the store's; confirm the first, or mend the second."""
    from risk.facts.format import iso
    from risk.history.connection.connect import latest_commit_at, now_ms

    with store() as history:
        with history.read() as connection:
            latest, now = latest_commit_at(connection), now_ms()
        out.print(f"this machine: {iso(now)}")
        out.print(f"last commit:  {iso(latest) if latest else 'none yet'}")
        if latest > now:
            out.print(
                f"the store's clock is {(latest - now) / 1000:,.0f} s ahead: it goes on by a "
                "millisecond a commit until this machine's has caught up; `refund-risk clock "
                "--mend` moves it back, with what was stored since"
            )
        if confirm:
            with history.write() as write:
                write.who = "clock --confirm"
                write.sign()
            out.print("confirmed: services on this store write again")
        if mend:
            _mend(history, now, since, yes)


def _mend(history: History, now: int, since: str | None, yes: bool) -> None:
    from risk.facts.parse import parse_time
    from risk.history.clock_mend import mend_clock

    start = None if since is None else parse_time(since)
    if not yes and not typer.confirm("Is this machine's clock right, and is there a backup?"):
        err.print("nothing was done")
        raise typer.Exit(1)
    with history.write() as write:
        write.who = "clock --mend"
        write.sign()
        mended = mend_clock(write, now, start)
    out.print(
        f"mended: {mended.commits:,} commits; {mended.decisions:,} decisions were made at wrong "
        "instants: score their requests again where it matters"
    )
