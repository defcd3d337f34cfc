"""Whom we push to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.authentication import from_here
from api.calls import NUL, Ask, Call, Said, Sent
from api.problems import Trouble
from api.pushes.sender import refusal
from api.response import Answer, answer
from api.wire.facts import ref
from api.wire.pushes import RECEIVER_EXAMPLE
from risk.errors import BadInput, Problem
from risk.facts.format import iso
from risk.facts.parse import shown
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import receivers
from risk.webhooks.receivers import Receiver

_FIELDS = ("url", "events", "merchants", "private")


def _shown(receiver: Receiver) -> dict[str, Any]:
    return {
        "receiver_id": receiver.receiver_id,
        "url": receiver.url,
        "events": sorted(receiver.events),
        "merchants": sorted(receiver.merchants),
        "private": receiver.private,
        "made_at": iso(receiver.made_at),
    }


def _add(ask: Ask) -> Answer:
    here = from_here(ask.request)
    receiver = set_up(ask.service.history, ask.service.cipher, ask.json(), here=here)
    return answer({**_shown(receiver), "secret": receiver.secret}, 201)


def set_up(history: History, cipher: SecretCipher, body: Any, *, here: bool) -> Receiver:
    """Push to the address that `body` names from now on.

    Raises BadInput, and Trouble (403) for `private` from elsewhere than this machine.
    """
    wanted = _wanted(body)
    if wanted["private"] and not here:
        raise Trouble("forbidden", "private: only a call from this machine may allow it")
    if why := refusal(wanted["url"], private=wanted["private"]):
        raise BadInput([Problem("receiver", None, "url", why, shown(wanted["url"]))])
    with history.write() as write:
        return receivers.add(write, cipher, **wanted)


def _wanted(body: Any) -> dict[str, Any]:
    """What is asked for. Raises BadInput."""
    if not isinstance(body, Mapping):
        raise BadInput([Problem("receiver", None, None, "an object", shown(body))])
    given = {name: value for name, value in body.items() if value is not None}
    wanted = {
        "url": given.get("url"),
        "events": given.get("events", []),
        "merchants": given.get("merchants", []),
        "private": given.get("private", False),
    }
    expected = {"url": "an address", "private": "true or false"}
    problems = [
        Problem("receiver", None, name, expected.get(name, "a list of strings"), shown(value))
        for name, value in wanted.items()
        if not _fits(name, value)
    ]
    problems += [
        Problem("receiver", None, str(name)[:80], "one of " + ", ".join(_FIELDS), "unknown")
        for name in body
        if name not in _FIELDS
    ]
    if problems:
        raise BadInput(problems)
    return wanted


def _fits(name: str, value: Any) -> bool:
    if name == "url":
        return isinstance(value, str) and 0 < len(value) <= 2_000
    if name == "private":
        return isinstance(value, bool)
    return isinstance(value, list) and all(
        isinstance(v, str) and len(v) <= 200 and NUL not in v for v in value
    )


def _list(ask: Ask) -> Answer:
    with ask.service.history.read() as connection:
        return answer([_shown(r) for r in receivers.every(connection, ask.service.cipher)])


def _stop(ask: Ask) -> Answer:
    with ask.service.history.write() as write:
        receivers.stop(write, ask.path["receiver_id"])
    return answer({"receiver_id": ask.path["receiver_id"], "stopped_at": iso(write.at)})


_PUSHES = (
    "Pushes follow Standard Webhooks: POST with `webhook-id`, `webhook-timestamp` and "
    "`webhook-signature`, body `{type, timestamp, data}`; `data` of a decision's events is the "
    "whole Decision. Answer 2xx within 15 seconds; otherwise it is tried again for a day with "
    "growing pauses. The same push may come twice: know it by its `webhook-id`. 410 stops them."
)
CALLS = (
    Call(
        method="POST",
        path="/v1/receivers",
        name="add_receiver",
        scope="admin",
        tag="hooks",
        summary="Have events pushed to an address",
        text="The secret in the answer is shown only now. " + _PUSHES,
        work=_add,
        says={201: Said(ref("Receiver"), "from now on", {**RECEIVER_EXAMPLE, "secret": "whsec_…"})},
        sent=Sent(
            ref("ReceiverSetUp"),
            {
                "all": {"url": "https://tickets.example.com/hooks/refund-risk"},
                "some": {
                    "url": "https://tickets.example.com/hooks/refund-risk",
                    "events": ["decision.made"],
                    "merchants": ["M-3"],
                },
            },
        ),
    ),
    Call(
        method="GET",
        path="/v1/receivers",
        name="receivers",
        scope="admin",
        tag="hooks",
        summary="List whom we push to",
        text="Without their secrets.",
        work=_list,
        says={200: Said({"type": "array", "items": ref("Receiver")}, "all", [RECEIVER_EXAMPLE])},
    ),
    Call(
        method="DELETE",
        path="/v1/receivers/{receiver_id}",
        name="stop_receiver",
        scope="admin",
        tag="hooks",
        summary="Push no more to a receiver",
        text="What waits for it is given up.",
        work=_stop,
        says={
            200: Said(
                {"type": "object"},
                "stopped",
                {"receiver_id": "rcv_1f", "stopped_at": RECEIVER_EXAMPLE["made_at"]},
            )
        },
        problems=(404,),
    ),
)
