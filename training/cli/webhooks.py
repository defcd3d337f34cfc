"""Commands for what is pushed: receivers (from us) and endpoints (to us)."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from training.cli.shell import err, out, store, tidy

receivers = typer.Typer(help="Whom decisions are pushed to.", no_args_is_help=True)
endpoints = typer.Typer(help="Where other systems push to.", no_args_is_help=True)

Receiver = Annotated[str, typer.Argument(help="As `receivers list` shows it.")]
ONCE = "; its secret is shown only now:"


def _service(*arguments: str, body: Any = None) -> str:
    """Let the service's own code do it; what it says is told, and its failure is ours."""
    done = subprocess.run(
        [sys.executable, "-m", "api.manage", *arguments],
        input=json.dumps(body), stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise typer.Exit(done.returncode)
    return done.stdout.strip()


@receivers.command("add")
@tidy
def add_receiver(
    url: Annotated[str, typer.Argument(help="Where to push to, https://…")],
    event: Annotated[
        list[str] | None, typer.Option(help="Only this event, such as decision.made; repeat it.")
    ] = None,
    merchant: Annotated[
        list[str] | None, typer.Option(help="Only about this merchant's orders; repeat it.")
    ] = None,
    private: Annotated[
        bool, typer.Option(help="Allow http:// and addresses of the own network.")
    ] = False,
) -> None:
    """Push events to an address from now on. The secret they are signed with is shown once."""
    body = {"url": url, "events": event or [], "merchants": merchant or [], "private": private}
    receiver_id, secret = _service("add-receiver", body=body).split()
    err.print(f"receiver {receiver_id}{ONCE}")
    out.print(secret)


@receivers.command("list")
@tidy
def list_receivers() -> None:
    """Every receiver, with what it hears of and how its pushes fare."""
    from risk.history.envelope import SecretCipher
    from risk.webhooks import deliveries
    from risk.webhooks import receivers as log

    with store() as history, history.read() as connection:
        fared = deliveries.counted(connection)
        for one in log.every(connection, SecretCipher(history.envelope_key)):
            heard = ",".join(sorted(one.events)) or "all events"
            states = fared.get(one.receiver_id, {})
            told = ", ".join(f"{n:,} {state}" for state, n in sorted(states.items())) or "none yet"
            out.print(f"{one.receiver_id}  {heard}  pushes: {told}  {one.url}", markup=False)


@receivers.command("remove")
@tidy
def remove_receiver(receiver_id: Receiver) -> None:
    """Push no more to a receiver; what waits for it is given up."""
    from risk.webhooks import receivers as log

    with store() as history, history.write() as write:
        log.stop(write, receiver_id)
    out.print(f"receiver {receiver_id} removed")


@receivers.command("test")
@tidy
def test_receiver(receiver_id: Receiver) -> None:
    """Push an empty event of type `test` to a receiver now, and say what it answered."""
    out.print(_service("try-receiver", receiver_id))


@receivers.command("resend")
@tidy
def resend(
    receiver_id: Receiver,
    delivery: Annotated[
        list[str] | None, typer.Option(help="Only this delivery; repeat it. Else all that failed.")
    ] = None,
) -> None:
    """Push again, from the start: what failed, or the deliveries named."""
    from risk.webhooks import deliveries

    with store() as history, history.write() as write:
        again = delivery or deliveries.failed(write.connection, receiver_id)
        for delivery_id in again:
            deliveries.resend(write, delivery_id)
    out.print(f"{len(again):,} due again now")


@endpoints.command("add")
@tidy
def add_endpoint(
    system: Annotated[str, typer.Argument(help="Whose pushes: shopify, zendesk, generic, …")],
    name: Annotated[str, typer.Argument(help="The endpoint's name, part of its address.")],
    secret: Annotated[
        str | None, typer.Option(help="The system's own secret; without it one is made.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="A TOML table that changes how its words are read.")
    ] = None,
) -> None:
    """Set up an endpoint, or set it up anew. A secret that is made is shown once."""
    table = mapping.read_text(encoding="utf-8") if mapping else ""
    made = secret or secrets.token_urlsafe(32)
    address = _service("set-endpoint", system, name, body={"secret": made, "mapping": table})
    if secret:
        out.print(f"endpoint {address}")
        return
    err.print(f"endpoint {address}{ONCE}")
    out.print(made)


@endpoints.command("list")
@tidy
def list_endpoints() -> None:
    """Every endpoint, and since when it is set up so."""
    from risk.facts.format import iso
    from risk.webhooks import endpoints as log

    with store() as history, history.read() as connection:
        for system, name, at in log.every(connection):
            out.print(f"/v1/hooks/{system}/{name}  since {iso(at)}")


@endpoints.command("remove")
@tidy
def remove_endpoint(
    system: Annotated[str, typer.Argument(help="As `endpoints list` shows it.")],
    name: Annotated[str, typer.Argument(help="Likewise.")],
) -> None:
    """Take an endpoint away; what came through it stays."""
    from risk.webhooks import endpoints as log

    with store() as history, history.write() as write:
        log.remove(write, system, name)
    out.print(f"endpoint /v1/hooks/{system}/{name} removed")
