"""Commands for webhooks: receivers of what we push, and endpoints that others push to."""

from __future__ import annotations

import asyncio
import secrets
import time
from pathlib import Path
from typing import Annotated

import typer

from training.cli.command_group import CommandGroup
from training.cli.shell import err, one_line_errors, out, store

receivers = typer.Typer(help="Whom decisions are pushed to.", cls=CommandGroup)
endpoints = typer.Typer(help="Where other systems push to.", cls=CommandGroup)

Receiver = Annotated[str, typer.Argument(help="As `receivers list` shows it.")]
ONCE = "; its secret is shown only now:"


@receivers.command("add")
@one_line_errors
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
    from risk.facts.validation import validated
    from risk.history.envelope import SecretCipher
    from risk.webhooks.subscriptions import SubscriptionSettings, subscribe

    given = {"url": url, "events": event, "merchants": merchant, "private": private}
    settings = validated(SubscriptionSettings, given, "receiver")
    with store(new=True) as history:
        made = subscribe(history, SecretCipher(history.envelope_key), settings, local=True)
    err.print(f"receiver {made.receiver_id}{ONCE}")
    out.print(made.secret)


@receivers.command("list")
@one_line_errors
def list_receivers() -> None:
    """Every receiver, with the events it gets and what became of its deliveries."""
    from risk.history.envelope import SecretCipher
    from risk.webhooks import deliveries, subscriptions

    with store() as history, history.read() as connection:
        counted = deliveries.counted(connection)
        for one in subscriptions.every(connection, SecretCipher(history.envelope_key)):
            events = ",".join(sorted(one.events)) or "all events"
            states = counted.get(one.receiver_id, {})
            made = ", ".join(f"{n:,} {state}" for state, n in sorted(states.items())) or "none yet"
            out.print(f"{one.receiver_id}  {events}  deliveries: {made}  {one.url}", markup=False)


@receivers.command("remove")
@one_line_errors
def remove_receiver(receiver_id: Receiver) -> None:
    """Push no more to a receiver; what waits for it is given up."""
    from risk.webhooks import subscriptions

    with store() as history, history.write() as write:
        subscriptions.stop(write, receiver_id)
    out.print(f"receiver {receiver_id} removed")


@receivers.command("rotate")
@one_line_errors
def rotate_receiver(
    receiver_id: Receiver,
    overlap_hours: Annotated[
        float, typer.Option(help="For how long the old secret signs too.")
    ] = 24.0,
) -> None:
    """Give a receiver a new secret, shown once; the old one signs too for the overlap."""
    from risk.history.envelope import SecretCipher
    from risk.webhooks import subscriptions

    with store() as history, history.write() as write:
        cipher = SecretCipher(history.envelope_key)
        made = subscriptions.rotate(write, cipher, receiver_id, overlap_hours)
    err.print(f"receiver {receiver_id}{ONCE}")
    out.print(made.secret)


@receivers.command("test")
@one_line_errors
def test_receiver(receiver_id: Receiver) -> None:
    """Push an empty event of type `test` to a receiver now, and say what it answered."""
    from risk.errors import Unavailable
    from risk.history.envelope import SecretCipher
    from risk.webhooks import subscriptions
    from risk.webhooks.sender import send_test

    with store() as history, history.read() as connection:
        to = subscriptions.find(connection, SecretCipher(history.envelope_key), receiver_id)
    began = time.perf_counter()
    result = asyncio.run(send_test(to))
    if not result.arrived:
        raise Unavailable(f"it did not arrive: {result.trouble}")
    out.print(f"answered {result.status} in {(time.perf_counter() - began) * 1000:.0f} ms")


@receivers.command("resend")
@one_line_errors
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
@one_line_errors
def add_endpoint(
    system: Annotated[str, typer.Argument(help="Whose pushes: shopify, zendesk, generic, …")],
    name: Annotated[str, typer.Argument(help="The endpoint's name, part of its address.")],
    secret: Annotated[
        str | None, typer.Option(help="The system's own secret; without it one is made.")
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="A TOML table that changes how its words are read.")
    ] = None,
    overlap_hours: Annotated[
        float, typer.Option(help="For how long the secret before is taken too.")
    ] = 24.0,
    private_files: Annotated[
        bool, typer.Option(help="Fetch files by http:// and from the own network too.")
    ] = False,
) -> None:
    """Create or replace an endpoint. A generated secret is shown once."""
    from risk.facts.validation import validated
    from risk.history.envelope import SecretCipher
    from risk.webhooks.endpoint_setup import EndpointSettings, set_up_endpoint

    table = mapping.read_text(encoding="utf-8") if mapping else None
    made = secret or secrets.token_urlsafe(32)
    given = {
        "secret": made, "mapping": table, "overlap_hours": overlap_hours,
        "private_files": private_files,
    }  # fmt: skip
    settings = validated(EndpointSettings, given, "endpoint")
    with store(new=True) as history:
        cipher = SecretCipher(history.envelope_key)
        set_up_endpoint(history, cipher, system, name, settings, local=True)
    if secret:
        out.print(f"endpoint /v1/hooks/{system}/{name}")
        return
    err.print(f"endpoint /v1/hooks/{system}/{name}{ONCE}")
    out.print(made)


@endpoints.command("try")
@one_line_errors
def try_endpoint(
    system: Annotated[str, typer.Argument(help="Whose push it is: shopify, signed, …")],
    file: Annotated[Path, typer.Argument(help="A body as it is pushed, JSON.")],
    header: Annotated[
        list[str] | None,
        typer.Option(help="A header that names the topic, NAME:VALUE; repeat it."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="A table to try; without it the one that is shipped.")
    ] = None,
    name: Annotated[
        str | None, typer.Option(help="Try the table of this endpoint of the store.")
    ] = None,
) -> None:
    """Show what a push would bring, and what is wrong with it. Nothing is stored."""
    import orjson

    from risk.errors import BadInput, NotFound, Problem
    from risk.webhooks.endpoint_setup import mapping_of, stored_mapping
    from risk.webhooks.systems import SYSTEMS
    from risk.webhooks.trial import try_messages

    if system not in SYSTEMS:
        raise NotFound(f"no system {system}: one of {', '.join(SYSTEMS)}")
    own = mapping.read_text(encoding="utf-8") if mapping else ""
    if name:
        with store() as history:
            own = stored_mapping(history, system, name)
    pairs = [one.partition(":") for one in header or ()]
    headers = {key.strip(): value.strip() for key, _, value in pairs}
    table = mapping_of(SYSTEMS[system], own)
    prefix = f"{system}:{name or 'NAME'}:"
    trials = try_messages(SYSTEMS[system], table, file.read_bytes(), headers, prefix)
    for trial in trials:
        err.print(f"topic {trial.topic or '–'}, rule {trial.rule or '–'}", markup=False)
        facts = orjson.dumps(trial.facts, option=orjson.OPT_INDENT_2, default=str)
        out.print(facts.decode(), markup=False)
        for note in (*trial.notes, *trial.problems):
            err.print(note, markup=False)
    if wrong := [problem for trial in trials for problem in trial.problems]:
        raise BadInput([Problem("message", None, None, f"{len(wrong)} values to fit", "")])


@endpoints.command("list")
@one_line_errors
def list_endpoints() -> None:
    """Every endpoint, and since when it is set up so."""
    from risk.facts.format import iso
    from risk.webhooks import endpoints as rows

    with store() as history, history.read() as connection:
        for system, name, at in rows.every(connection):
            out.print(f"/v1/hooks/{system}/{name}  since {iso(at)}")


@endpoints.command("remove")
@one_line_errors
def remove_endpoint(
    system: Annotated[str, typer.Argument(help="As `endpoints list` shows it.")],
    name: Annotated[str, typer.Argument(help="Likewise.")],
) -> None:
    """Take an endpoint away; what came through it stays."""
    from risk.webhooks import endpoints as rows

    with store() as history, history.write() as write:
        rows.remove(write, system, name)
    out.print(f"endpoint /v1/hooks/{system}/{name} removed")
