"""Where we deliver to: a public address, resolved once a try, never our own network."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from typing import Any

import httpx
import pytest

from risk.webhooks.public_address import is_public, url_refusal
from risk.webhooks.sender import send
from tests.api.delivery_receivers import DELIVERY, receiver_at
from tests.listening import listening


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({}, "url"),
        ({"url": 3}, "url"),
        ({"url": "ftp://example.com"}, "url"),
        ({"url": "http://example.com"}, "url"),
        ({"url": "https://user:word@example.com"}, "url"),
        ({"url": "https://10.0.0.1/x"}, "url"),
        ({"url": "https://[::1]/x"}, "url"),
        ({"url": "https://example.com:0/x"}, "url"),
        ({"url": "https://example.com:99999/x"}, "url"),
        ({"url": "https://example.com", "events": ["everything"]}, "events"),
        ({"url": "https://example.com", "events": "decision.made"}, "events"),
        ({"url": "https://example.com", "events": {}}, "events"),
        ({"url": "https://example.com", "merchants": ""}, "merchants"),
        ({"url": "https://example.com", "merchants": ["a\x00b"]}, "merchants"),
        ({"url": "https://example.com", "private": 0}, "private"),
        ({"url": "https://exam\x00ple.com"}, "url"),
        ({"url": "https://example.com/\x1f"}, "url"),
        ({"url": "https://example.com", "colour": "red"}, "colour"),
    ],
)
def test_a_receiver_that_makes_no_sense(
    client: httpx.Client, wanted: dict[str, Any], field: str
) -> None:
    answer = client.post("/v1/receivers", json=wanted)
    assert answer.status_code == 422, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]


def test_only_this_machine_may_open_the_own_network(client: httpx.Client) -> None:
    wanted = {"url": "http://127.0.0.1:9/", "private": True}
    answer = client.post("/v1/receivers", json=wanted, headers={"x-forwarded-for": "198.51.100.7"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1",
        "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
        "192.0.0.8", "192.88.99.1", "3fff:0:1::1", "2001:20::1", "192.31.196.1",
        "2002:0a00:0001::", "2001:0:53aa:64c::1", "64:ff9b::a00:1", "2001:db8::1",
    ],
)  # fmt: skip
def test_the_inside_is_known(address: str) -> None:
    assert not is_public(address)
    host = f"[{address}]" if ":" in address else address
    assert url_refusal(f"https://{host}/", private=False)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_the_outside_is_known(address: str) -> None:
    assert is_public(address)


def test_a_name_that_leads_inside_is_not_followed() -> None:
    with listening() as listener:
        url = listener.url.replace("http://127.0.0.1", "https://localhost")
        result = asyncio.run(send(receiver_at(url, private=False), DELIVERY, time.time()))
        assert (result.arrived, result.trouble) == (False, "the name leads into a private network")
        assert listener.came.empty()


def resolving(patch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names resolve to these addresses in turn, or to nothing; the names that were asked for."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        if not (addresses := answers[len(asked) - 1]):
            raise socket.gaierror
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    patch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_is_resolved_once_a_try_and_that_address_is_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with listening() as listener:
        receiver = receiver_at(listener.url.replace("127.0.0.1", "tickets.test"), private=True)
        asked = resolving(monkeypatch, ["127.0.0.1"], ["127.0.0.1"])
        for tries in (1, 2):
            assert asyncio.run(send(receiver, DELIVERY, time.time())).status == 204
            assert asked == ["tickets.test"] * tries
            assert listener.next()["headers"]["host"].startswith("tickets.test")


def test_no_package_is_looked_for_while_a_push_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[str] = []

    class Noting:
        def find_spec(self, name: str, *_: Any) -> None:
            wanted.append(name)

    with listening() as listener:
        receiver = receiver_at(listener.url, private=True)
        for number in range(2):
            if number:  # what is imported once is there the second time
                monkeypatch.setattr(sys, "meta_path", [Noting(), *sys.meta_path])
            assert asyncio.run(send(receiver, DELIVERY, time.time())).status == 204
    assert wanted == []


def test_a_name_that_comes_to_lead_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = receiver_at("https://tickets.test/", private=False)
    asked = resolving(monkeypatch, [], ["10.0.0.1"], ["93.184.216.34", "127.0.0.1"])
    said = [asyncio.run(send(receiver, DELIVERY, time.time())).trouble for _ in range(3)]
    inside = "the name leads into a private network"
    assert said == ["ConnectError", inside, inside]
    assert asked == ["tickets.test"] * 3
