"""The clocks of the machine and of the store."""

from __future__ import annotations

from typing import Annotated

import typer

from training.cli.shell import one_line_errors, out, store


@one_line_errors
def clock(
    confirm: Annotated[
        bool, typer.Option("--confirm", help="This machine's clock is right: write again.")
    ] = False,
) -> None:
    """Show this machine's clock and the store's; confirm the first after a silent week."""
    from risk.facts.format import iso
    from risk.history.connect import latest_commit_at, now_ms

    with store() as history:
        with history.read() as connection:
            latest, now = latest_commit_at(connection), now_ms()
        out.print(f"this machine: {iso(now)}")
        out.print(f"last commit:  {iso(latest) if latest else 'none yet'}")
        if latest > now:
            out.print(
                f"the store's clock is {(latest - now) / 1000:,.0f} s ahead: it goes on by a "
                "millisecond a commit until this machine's has caught up"
            )
        if confirm:
            with history.write() as write:
                write.who = "clock --confirm"
                write.sign()
            out.print("confirmed: services on this store write again")
