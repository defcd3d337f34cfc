"""Receivers and endpoints from the command line: the same checks as the calls, secrets once."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from risk.history.connection.page_rows import PageOf
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import deliveries, endpoints, subscriptions
from tests.listening import listening
from training.cli import app

pytestmark = pytest.mark.usefixtures("url")


def said(*arguments: str, code: int = 0) -> Result:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == code, result.output
    return result


def known(history: History) -> list[subscriptions.Subscription]:
    with history.read() as connection:
        return subscriptions.every(connection, SecretCipher(history.envelope_key))


def test_a_receiver_is_added_with_its_secret_shown_once_and_removed(history: History) -> None:
    added = said("receivers", "add", "https://example.com/hook", "--event", "decision.made")
    (one,) = known(history)
    assert added.stdout.strip() == one.secret
    assert (one.url, set(one.events)) == ("https://example.com/hook", {"decision.made"})
    listed = said("receivers", "list").output
    assert one.receiver_id in listed
    assert "decision.made" in listed
    assert one.secret not in listed
    said("receivers", "remove", one.receiver_id)
    assert known(history) == []
    assert "no receiver" in said("receivers", "remove", one.receiver_id, code=1).output


def test_what_failed_is_sent_again(history: History) -> None:
    with history.write() as write:
        cipher = SecretCipher(history.envelope_key)
        to = subscriptions.add(write, cipher, "https://example.com/hook")
        for subject in ("one", "two", "three"):
            deliveries.add(write, [(to, "decision.made", subject, "R-1", {})])
        for delivery in deliveries.page(write.connection, PageOf(2)).rows:
            deliveries.not_sent(write, delivery, 410, "answered 410")
    assert "1 waiting, 2 failed" in said("receivers", "list").output.replace(
        "2 failed, 1 waiting", "1 waiting, 2 failed"
    )
    assert "2 due again" in said("receivers", "resend", to.receiver_id).output
    with history.read() as connection:
        assert deliveries.counted(connection) == {to.receiver_id: {"waiting": 3}}


def test_an_endpoint_is_set_up_listed_and_removed(history: History, tmp_path: Path) -> None:
    table = tmp_path / "mine.toml"
    table.write_text('[defaults.orders]\ncurrency = "USD"\n', encoding="utf-8")
    added = said("endpoints", "add", "shopify", "main", "--mapping", str(table))
    with history.read() as connection:
        kept = endpoints.find(connection, SecretCipher(history.envelope_key), "shopify", "main")
    assert kept is not None
    assert kept.secret == added.stdout.strip()
    assert 'currency = "USD"' in kept.mapping
    assert "/v1/hooks/shopify/main" in said("endpoints", "list").output
    said("endpoints", "remove", "shopify", "main")
    assert said("endpoints", "list").output == ""


def test_what_a_call_would_refuse_is_refused(history: History) -> None:
    refused = said("receivers", "add", "http://example.com/x", code=1)
    assert refused.stderr.startswith("error: url: expected")
    assert known(history) == []
    assert "at least 16" in said("endpoints", "add", "shopify", "x", "--secret", "a", code=1).stderr


def test_a_receiver_is_tried_and_nothing_of_it_is_stored(history: History) -> None:
    with listening(204, 410) as listener:
        said("receivers", "add", listener.url, "--private")
        (one,) = known(history)
        assert said("receivers", "test", one.receiver_id).stdout.startswith("answered 204 in")
        came = listener.next()
        assert came["json"]["type"] == "test"
        assert came["headers"]["webhook-signature"].startswith("v1,")
        refused = said("receivers", "test", one.receiver_id, code=1)
        assert refused.stderr == "error: it did not arrive: answered 410\n"
    assert known(history) == [one]
    with history.read() as connection:
        assert deliveries.page(connection, PageOf(1)).rows == []
    said("receivers", "test", "rcv_nobody", code=1)
