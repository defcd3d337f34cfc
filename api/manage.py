"""`python -m api.manage`: what the command asks of the service's own code, on this machine.

Receivers and endpoints are set up by the functions that answer the calls, with the same checks.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import orjson

from api import json_body as bodies
from api.problems import Trouble
from api.pushes.sender import send
from api.routes import hooks
from api.routes import receivers as routes
from risk.errors import BadInput, NotFound, RefundRiskError
from risk.facts.format import iso
from risk.history.connect import now_ms
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.settings import Settings
from risk.webhooks import receivers
from risk.webhooks.deliveries import Delivery
from risk.webhooks.receivers import Receiver

TRIED = "test"
"""The event of a push that only tries the way."""


@contextmanager
def _store() -> Iterator[tuple[History, SecretCipher]]:
    settings = Settings.from_env()
    history = History.open(settings.database_url, settings.secret)
    try:
        yield history, SecretCipher(history.envelope_key)
    finally:
        history.close()


def add_receiver(_: Namespace) -> str:
    """Add the receiver described on standard input (JSON, as the call takes it)."""
    with _store() as (history, cipher):
        added = routes.set_up(history, cipher, bodies.parse(sys.stdin.buffer.read()), here=True)
    return f"{added.receiver_id} {added.secret}"


def set_endpoint(asked: Namespace) -> str:
    """Set up an endpoint with the secret and mapping on standard input (JSON)."""
    with _store() as (history, cipher):
        body = bodies.parse(sys.stdin.buffer.read())
        hooks.set_up(history, cipher, asked.system, asked.name, body)
    return f"/v1/hooks/{asked.system}/{asked.name}"


def try_receiver(asked: Namespace) -> str:
    """Push an event without content to a receiver now. Raises NotFound or Trouble."""
    with _store() as (history, cipher), history.read() as connection:
        known = {r.receiver_id: r for r in receivers.every(connection, cipher)}
    if asked.receiver_id not in known:
        raise NotFound(f"no receiver {asked.receiver_id}")
    receiver, began = known[asked.receiver_id], time.perf_counter()
    result = asyncio.run(send(receiver, _trial(receiver), time.time()))
    if not result.arrived:
        raise Trouble("invalid", f"it did not arrive: {result.trouble}")
    return f"answered {result.status} in {(time.perf_counter() - began) * 1000:.0f} ms"


def _trial(receiver: Receiver) -> Delivery:
    now = now_ms()
    body = orjson.dumps({"type": TRIED, "timestamp": iso(now), "data": {}}).decode()
    delivery_id = "msg_" + secrets.token_hex(12)
    return Delivery(
        delivery_id, receiver.receiver_id, TRIED, "", body, now, "waiting", now, 0, None, None, None
    )


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m api.manage", description=__doc__)
    commands = parser.add_subparsers(required=True)
    commands.add_parser("add-receiver").set_defaults(work=add_receiver)
    endpoint = commands.add_parser("set-endpoint")
    endpoint.set_defaults(work=set_endpoint)
    endpoint.add_argument("system")
    endpoint.add_argument("name")
    trial = commands.add_parser("try-receiver")
    trial.set_defaults(work=try_receiver)
    trial.add_argument("receiver_id")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Do it and print what came of it; what goes wrong is a line each on standard error, and 1."""
    asked = _parser().parse_args(arguments)
    try:
        sys.stdout.write(asked.work(asked) + "\n")
    except BadInput as bad:
        return _refused(*map(str, bad.problems))
    except Trouble as trouble:
        return _refused(trouble.detail)
    except (RefundRiskError, ValueError) as error:
        return _refused(str(error))
    return 0


def _refused(*causes: str) -> int:
    sys.stderr.writelines(f"error: {cause}\n" for cause in causes)
    return 1


if __name__ == "__main__":
    sys.exit(main())
