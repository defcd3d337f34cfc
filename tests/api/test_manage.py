"""What the command asks of the service: the same checks as the calls, a line for an error."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from listening import listening
from serving import SECRET

from api import manage
from risk.history.envelope import SecretCipher
from risk.history.store import History
from risk.webhooks import endpoints, receivers

Do = Callable[..., tuple[int, str, str]]


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    url = f"sqlite:///{tmp_path}/store.db"
    monkeypatch.setenv("REFUND_RISK_DATABASE_URL", url)
    monkeypatch.setenv("REFUND_RISK_SECRET", SECRET)
    opened = History.open(url, SECRET)
    yield opened
    opened.close()


@pytest.fixture
def do(history: History, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Do:
    def done(*arguments: str, body: Any = None) -> tuple[int, str, str]:
        given = io.TextIOWrapper(io.BytesIO(json.dumps(body).encode()))
        monkeypatch.setattr(sys, "stdin", given)
        code = manage.main(arguments)
        said = capsys.readouterr()
        return code, said.out, said.err

    return done


def known(history: History) -> list[receivers.Receiver]:
    with history.read() as connection:
        return receivers.every(connection, SecretCipher(history.envelope_key))


def test_a_receiver_is_added_as_a_call_adds_it(history: History, do: Do) -> None:
    code, out, _ = do("add-receiver", body={"url": "https://example.com/x", "merchants": ["M-1"]})
    (one,) = known(history)
    assert (code, out.split()) == (0, [one.receiver_id, one.secret])
    assert one.merchants == {"M-1"}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"url": "http://example.com/x"}, "begins with https://"),
        ({"url": "https://127.0.0.1/x"}, "outside the private network"),
        ({"url": "https://example.com", "events": ["no"]}, "decision.made"),
        ({"url": 5, "colour": "red"}, "field colour"),
        (None, "an object"),
    ],
)
def test_a_receiver_that_may_not_be_is_refused(
    history: History, do: Do, body: Any, why: str
) -> None:
    code, out, err = do("add-receiver", body=body)
    assert (code, out) == (1, "")
    assert why in err
    assert all(line.startswith("error: ") for line in err.splitlines())
    assert known(history) == []


def test_a_receiver_is_tried_without_a_trace(history: History, do: Do) -> None:
    with listening(204, 410) as listener:
        do("add-receiver", body={"url": listener.url, "private": True})
        (one,) = known(history)
        code, out, _ = do("try-receiver", one.receiver_id)
        came = listener.next()
        assert (code, out.startswith("answered 204 in")) == (0, True)
        assert came["json"]["type"] == "test"
        assert came["headers"]["webhook-signature"].startswith("v1,")
        code, _, err = do("try-receiver", one.receiver_id)
        assert (code, err) == (1, "error: it did not arrive: answered 410\n")
    assert known(history) == [one]
    assert do("try-receiver", "rcv_nobody")[0] == 1


def test_an_endpoint_is_set_up_as_a_call_does(history: History, do: Do) -> None:
    body = {"secret": "long enough to keep", "mapping": '[defaults.orders]\ncurrency = "USD"\n'}
    assert do("set-endpoint", "shopify", "main", body=body) == (0, "/v1/hooks/shopify/main\n", "")
    with history.read() as connection:
        kept = endpoints.find(connection, SecretCipher(history.envelope_key), "shopify", "main")
    assert kept is not None
    assert (kept.secret, kept.mapping) == (body["secret"], body["mapping"])


@pytest.mark.parametrize(
    ("system", "name", "body", "why"),
    [
        ("nobody", "main", {"secret": "long enough to keep"}, "no system nobody"),
        ("shopify", "a b", {"secret": "long enough to keep"}, "an endpoint's name"),
        ("shopify", "main", {"secret": "short"}, "at least 16 characters"),
        ("shopify", "main", {}, "a string"),
        ("shopify", "main", {"secret": "long enough to keep", "mapping": "[a"}, "TOML"),
        ("shopify", "main",
         {"secret": "long enough to keep", "mapping": "[defaults.orders]\nno_such = 'x'"},
         "no_such"),
    ],
)  # fmt: skip
def test_an_endpoint_that_cannot_be_is_refused(
    history: History, do: Do, system: str, name: str, body: Any, why: str
) -> None:
    code, out, err = do("set-endpoint", system, name, body=body)
    assert (code, out) == (1, "")
    assert why in err
    with history.read() as connection:
        assert endpoints.every(connection) == []
