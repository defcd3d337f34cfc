"""Pushes as each vendor makes them, through the tables that are shipped (`vendor_pushes`)."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from tests.api.hook_senders import prefix_of, push, rows, set_up
from tests.api.serving import Running
from tests.api.vendor_pushes import PUSHES, Push

EACH = pytest.mark.parametrize("one", PUSHES, ids=lambda one: f"{one.system}-{one.name}")


def endpoint(client: httpx.Client, one: Push, purpose: str) -> str:
    """The path of an endpoint for a push."""
    name = f"{one.name}-{purpose}"
    return set_up(client, one.system, name, one.mapping, secret=one.secret)


def send(stranger: httpx.Client, place: str, one: Push, at: float | None = None) -> httpx.Response:
    return push(stranger, place, one.raw, one.sign(one.raw, at or time.time()))


def columns(row: Any, names: Any, prefix: str) -> dict[str, Any]:
    """These columns of a row, ids without the prefix of their endpoint."""
    found = {name: getattr(row, name) for name in names}
    return {n: v.removeprefix(prefix) if isinstance(v, str) else v for n, v in found.items()}


@EACH
def test_a_push_brings_its_facts_once(
    served: Running, client: httpx.Client, stranger: httpx.Client, one: Push
) -> None:
    place = endpoint(client, one, "facts")
    prefix, at = prefix_of(place), time.time()
    answer = send(stranger, place, one, at).json()
    assert answer["unheeded"] == one.ignored, answer
    for kind, wanted in one.facts.items():
        found = rows(served, kind, prefix)
        assert len(found) == len(wanted)
        shown = [columns(row, wanted[0], prefix) for row in found]
        assert sorted(shown, key=repr) == sorted(wanted, key=repr)
    again = send(stranger, place, one, at).json()
    assert again["stored"] == 0
    assert (again["repeated"] > 0) == bool(one.facts), "what was ignored is no repetition"


@EACH
def test_what_is_forged_or_old_is_refused(
    served: Running, client: httpx.Client, stranger: httpx.Client, one: Push
) -> None:
    place = endpoint(client, one, "proof")
    headers = one.sign(one.raw, time.time())
    forged = one.forged(one.raw)
    assert forged != one.raw
    assert push(stranger, place, forged, headers).status_code == 401
    assert push(stranger, place, one.raw, dict.fromkeys(headers, "0")).status_code in (
        {401} if headers else {200}
    )
    if one.timed:
        assert send(stranger, place, one, time.time() - 400).status_code == 401
    assert all(rows(served, kind, prefix_of(place)) == [] for kind in one.facts) or not headers


def test_an_empty_notification_of_adyen_proves_nothing(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    (one,) = [push for push in PUSHES if push.system == "adyen"]
    empty = b'{"live": "false", "notificationItems": []}'
    assert push(stranger, endpoint(client, one, "empty"), empty, {}).status_code == 401


def test_a_guest_of_woocommerce_has_an_address(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    (one,) = [push for push in PUSHES if push.system == "woocommerce"]
    place = endpoint(client, one, "guest")
    send(stranger, place, one)
    [line] = rows(served, "orders", prefix_of(place))
    assert (line.address is None, line.phone is None) == (False, False)
