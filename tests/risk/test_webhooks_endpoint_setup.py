"""Receivers and endpoints as the calls and the command set them up: the same checks for both."""

from __future__ import annotations

from typing import Any

import pytest

from risk.errors import BadInput, Forbidden, NotFound
from risk.facts.validation import validated
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import endpoints, subscriptions
from risk.webhooks.endpoint_setup import EndpointSettings, set_up_endpoint
from risk.webhooks.subscriptions import Subscription, SubscriptionSettings, subscribe

SECRET = "long enough to keep"


@pytest.fixture
def cipher(history: History) -> SecretCipher:
    return SecretCipher(history.envelope_key)


def known(history: History) -> list[Subscription]:
    with history.read() as connection:
        return subscriptions.every(connection, SecretCipher(history.envelope_key))


def asked(history: History, body: Any, *, local: bool = True) -> Subscription:
    settings = validated(SubscriptionSettings, body, "receiver")
    return subscribe(history, SecretCipher(history.envelope_key), settings, local=local)


def test_a_subscription_is_stored_as_asked(history: History) -> None:
    made = asked(history, {"url": "https://example.com/x", "merchants": ["M-1"], "events": None})
    assert known(history) == [made]
    assert (made.merchants, made.events, made.private) == (frozenset({"M-1"}), frozenset(), False)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"url": "http://example.com/x"}, "begins with https://"),
        ({"url": "https://127.0.0.1/x"}, "outside the private network"),
        ({"url": "https://example.com", "events": ["no"]}, "decision.made"),
        ({"url": 5}, "field url: expected a string, got int"),
        ({"url": "https://example.com", "colour": "red"}, "field colour"),
        ({"url": "https://example.com/" + "x" * 2_000}, "at most 2000 characters"),
        ({"url": "https://example.com", "merchants": ["a\x00"]}, "NUL"),
        ({}, "field url: expected a value"),
        (None, "an object"),
    ],
)
def test_a_subscription_that_may_not_be_is_refused(history: History, body: Any, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        asked(history, body)
    assert known(history) == []


def test_the_own_network_is_for_this_machine_to_open(history: History) -> None:
    body = {"url": "http://127.0.0.1:9/", "private": True}
    with pytest.raises(Forbidden):
        asked(history, body, local=False)
    assert asked(history, body).private


def test_a_stopped_receiver_is_not_found(history: History, cipher: SecretCipher) -> None:
    made = asked(history, {"url": "https://example.com/x"})
    with history.read() as connection:
        assert subscriptions.find(connection, cipher, made.receiver_id) == made
    with history.write() as write:
        subscriptions.stop(write, made.receiver_id)
    with history.read() as connection, pytest.raises(NotFound):
        subscriptions.find(connection, cipher, made.receiver_id)


def test_an_endpoint_is_set_up_and_replaced(history: History, cipher: SecretCipher) -> None:
    for mapping in ("", '[defaults.orders]\ncurrency = "USD"\n'):
        settings = EndpointSettings(secret=SECRET, mapping=mapping)
        at = set_up_endpoint(history, cipher, "shopify", "main", settings)
        with history.read() as connection:
            kept = endpoints.find(connection, cipher, "shopify", "main")
            assert len(endpoints.every(connection)) == 1
        assert kept is not None
        assert (kept.secret, kept.mapping, kept.set_at) == (SECRET, mapping, at)


@pytest.mark.parametrize(
    ("system", "name", "body", "why"),
    [
        ("nobody", "main", {"secret": SECRET}, "no system nobody"),
        ("shopify", "a b", {"secret": SECRET}, "an endpoint's name"),
        ("shopify", "x" * 65, {"secret": SECRET}, "an endpoint's name"),
        ("shopify", "main", {"secret": "short"}, "at least 16 characters"),
        ("shopify", "main", {}, "field secret: expected a value"),
        ("shopify", "main", {"secret": SECRET, "mapping": "[a"}, "TOML"),
        ("shopify", "main", {"secret": SECRET, "mapping": "[defaults.orders]\nno_such = 'x'"},
         "no_such"),
    ],
)  # fmt: skip
def test_an_endpoint_that_cannot_be_is_refused(
    history: History, cipher: SecretCipher, system: str, name: str, body: Any, why: str
) -> None:
    def set_up() -> None:
        settings = validated(EndpointSettings, body, "endpoint")
        set_up_endpoint(history, cipher, system, name, settings)

    with pytest.raises((BadInput, NotFound), match=why):
        set_up()
    with history.read() as connection:
        assert endpoints.every(connection) == []
