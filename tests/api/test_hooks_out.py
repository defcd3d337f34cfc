"""What we push: signed, stored before it is sent, tried again, and never into our own network."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from listening import Listener, listening
from serving import Running, running, small_bundle
from stores import new_store
from test_scoring import body

from risk.decisions import log
from risk.history.connect import now_ms
from risk.history.page_rows import PageOf
from risk.history.schema_webhooks import deliveries
from risk.webhooks import deliveries as delivery_rows
from risk.webhooks import subscriptions
from risk.webhooks.deliveries import PAUSES_S, Delivery
from risk.webhooks.events import AT_ONCE, EventWatch
from risk.webhooks.public_address import is_public, url_refusal
from risk.webhooks.sender import send
from risk.webhooks.subscriptions import Subscription


@contextmanager
def receiving(client: httpx.Client, listener: Listener, **wanted: Any) -> Iterator[dict[str, Any]]:
    """A receiver for as long as the block lasts."""
    made = client.post("/v1/receivers", json={"url": listener.url, "private": True, **wanted})
    assert made.status_code == 201, made.text
    try:
        yield made.json()
    finally:
        client.delete(f"/v1/receivers/{made.json()['receiver_id']}")


def suspicious(**refund: Any) -> dict[str, Any]:
    """A request about much money: approved by a trusting model, not by a suspicious one."""
    one = body(amount="900.00", reason_code="counterfeit", type="refund_only", **refund)
    one["order"][0].update(no_reason_return=False, merchant_id="M-3", amount="900.00")
    return one


def score(client: httpx.Client, **refund: Any) -> dict[str, Any]:
    """The decision about such a request."""
    decision: dict[str, Any] = client.post("/v1/refunds/score", json=suspicious(**refund)).json()
    return decision


def found(client: httpx.Client, receiver: dict[str, Any], state: str) -> dict[str, Any]:
    """The receiver's latest delivery, once it is in this state."""
    query = {"receiver_id": receiver["receiver_id"], "state": state}
    end = time.monotonic() + 15
    while time.monotonic() < end:
        rows = client.get("/v1/deliveries", params=query).json()["deliveries"]
        if rows:
            row: dict[str, Any] = rows[0]
            return row
    raise AssertionError(f"no delivery became {state}")


def test_a_decision_is_pushed_whole_and_signed(client: httpx.Client) -> None:
    with listening() as listener, receiving(client, listener) as receiver:
        decision = score(client)
        push = listener.next()
        delivery = found(client, receiver, "sent")
    assert push["json"]["type"] == "decision.made"
    assert push["json"]["data"] == decision
    headers = push["headers"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + push["raw"]
    key = base64.b64decode(receiver["secret"].removeprefix("whsec_"))
    digest = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{digest}"
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60
    assert headers["webhook-id"] == delivery["delivery_id"]
    assert (delivery["tries"], delivery["status"]) == (1, 204)


def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    served: Running, client: httpx.Client
) -> None:
    with listening() as listener, receiving(client, listener) as receiver:
        path = f"/v1/receivers/{receiver['receiver_id']}/rotate-secret"
        new = client.post(path).raise_for_status().json()["secret"]
        score(client)
        push = listener.next()
        with served.service.history.read() as connection:
            [one] = [
                s for s in subscriptions.every(connection, served.service.cipher)
                if s.receiver_id == receiver["receiver_id"]
            ]  # fmt: skip
    assert new != receiver["secret"]
    headers = push["headers"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + push["raw"]
    wanted = []
    for secret in (new, receiver["secret"]):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        wanted.append("v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode())
    assert headers["webhook-signature"].split() == wanted
    assert len(one.keys(now_ms())) == 2
    assert len(one.keys(now_ms() + 25 * 3_600_000)) == 1
    assert client.post("/v1/receivers/rcv_none/rotate-secret").status_code == 404


def test_a_changed_tier_and_a_closed_case_are_told(folder: Path) -> None:
    with (
        running(folder) as run, run.client() as client, listening() as listener,
        receiving(client, listener, events=["decision.tier_changed", "case.decided"]),
    ):  # fmt: skip
        first = score(client)
        assert first["tier"] == "approve"
        run.promote("2", small_bundle(0, 5.0))
        refund_id = first["refund_id"]
        again = client.post(f"/v1/refunds/{refund_id}/score").json()
        changed = listener.next()["json"]
        assert changed["type"] == "decision.tier_changed"
        assert changed["data"] == {**again, "previous_tier": "approve"}
        finding = {"verdict": "merchant_fault", "resolution": "refunded"}
        client.post(f"/v1/cases/{refund_id}/outcome", json=finding).raise_for_status()
        closed = listener.next()["json"]
    assert closed["type"] == "case.decided"
    assert closed["data"]["verdict"] == "merchant_fault"
    assert closed["data"]["decision"] == again
    assert listener.came.empty()


def test_a_withdrawn_and_a_retracted_request_close_their_case_once(folder: Path) -> None:
    with (
        running(folder) as run, run.client() as client, listening() as listener,
        receiving(client, listener, events=["case.decided", "case.closed"]),
    ):  # fmt: skip
        run.promote("2", small_bundle(0, 5.0))
        sent = suspicious()
        decision = client.post("/v1/refunds/score", json=sent).json()
        withdrawn = {**sent["refund"], "revision": 2, "state": "withdrawn"}
        client.post("/v1/refunds", json=withdrawn).raise_for_status()
        first = listener.next()["json"]
        client.post("/v1/refunds", json={**withdrawn, "revision": 3, "state": "open"})
        found = {"verdict": "legitimate", "resolution": "refunded"}
        client.post(f"/v1/cases/{decision['refund_id']}/outcome", json=found).raise_for_status()
        decided = listener.next()["json"]
        back = {"kind": "refunds", "key": {"refund_id": decision["refund_id"]},
                "retracted_at": datetime.now(UTC).isoformat(), "reason": "sent twice"}  # fmt: skip
        client.post("/v1/retractions", json=back).raise_for_status()
        second = listener.next()["json"]
        case = client.get(f"/v1/cases/{decision['refund_id']}").json()["case"]
    assert (first["type"], first["data"]["closed_because"]) == ("case.closed", "withdrawn")
    assert first["data"]["decision"] == decision
    assert decided["type"] == "case.decided"
    assert (second["type"], second["data"]["closed_because"]) == ("case.closed", "retracted")
    assert (case["state"], case["closed_because"]) == ("closed", "retracted")
    assert case["closed_at"] == second["data"]["closed_at"]
    assert listener.came.empty()


def test_a_near_deadline_is_told_once(folder: Path) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    with (
        running(folder) as run, run.client() as client, listening() as listener,
        receiving(client, listener, events=["case.deadline_near"]) as receiver,
    ):  # fmt: skip
        run.promote("2", small_bundle(0, 5.0))
        decision = score(client, respond_by=soon)
        told = listener.next()["json"]
        found(client, receiver, "sent")
        assert told["type"] == "case.deadline_near"
        assert told["data"]["decision"] == decision
        score(client)
        asyncio.run(_pass(run))
        assert len(client.get("/v1/deliveries").json()["deliveries"]) == 1


async def _pass(run: Running) -> None:
    """Two more looks by a process of its own, which has seen nothing yet."""
    watch, history = EventWatch(), run.service.history
    for _ in range(2):
        with history.read() as connection:
            known = subscriptions.every(connection, run.service.cipher)
            look = watch.scan(connection, known, now_ms())
        assert look.undelivered == []
        watch.advance(look)


def test_only_what_is_wanted_is_told(client: httpx.Client) -> None:
    with (
        listening() as theirs, listening() as ours,
        receiving(client, theirs, merchants=["M-other"]),
        receiving(client, ours, merchants=["M-3"]),
    ):  # fmt: skip
        score(client)
        ours.next()
        assert theirs.came.empty()


def test_what_failed_is_tried_again(client: httpx.Client) -> None:
    with listening(503, 204) as listener, receiving(client, listener) as receiver:
        score(client)
        first = listener.next()
        waiting = found(client, receiver, "waiting")
        while waiting["tries"] == 0:
            waiting = found(client, receiver, "waiting")
        assert (waiting["tries"], waiting["status"]) == (1, 503)
        pause = datetime.fromisoformat(waiting["due_at"]) - datetime.now(UTC)
        assert timedelta(seconds=1) < pause < timedelta(seconds=6)
        client.post(f"/v1/deliveries/{waiting['delivery_id']}/resend").raise_for_status()
        second = listener.next()
        assert second["headers"]["webhook-id"] == first["headers"]["webhook-id"]
        assert second["raw"] == first["raw"]
        assert found(client, receiver, "sent")["status"] == 204


@pytest.mark.parametrize("status", [302, 307])
def test_no_redirect_is_followed(client: httpx.Client, status: int) -> None:
    with listening(status) as listener, receiving(client, listener) as receiver:
        score(client)
        assert listener.next()["path"] == "/hook"
        waiting = found(client, receiver, "waiting")
        while waiting["tries"] == 0:
            waiting = found(client, receiver, "waiting")
        assert waiting["status"] == status
        assert listener.came.empty()


def test_who_is_gone_is_left_alone(client: httpx.Client) -> None:
    with listening(410) as listener, receiving(client, listener) as receiver:
        score(client)
        listener.next()
        failed = found(client, receiver, "failed")
        listed = {row["receiver_id"] for row in client.get("/v1/receivers").json()}
        assert receiver["receiver_id"] not in listed
        again = client.post(f"/v1/deliveries/{failed['delivery_id']}/resend")
        assert again.status_code == 409


def test_the_slow_hold_up_nobody(client: httpx.Client) -> None:
    with (
        listening(holding=True) as slow, listening() as quick,
        receiving(client, slow), receiving(client, quick),
    ):  # fmt: skip
        for _ in range(12):
            score(client)
        assert len({quick.next()["headers"]["webhook-id"] for _ in range(12)}) == 12
        assert slow.came.qsize() <= 8
        slow.release.set()


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


@pytest.mark.parametrize("place", ['[1180591620717411303424, "x"]', "[0]", "x"])
def test_a_cursor_that_no_page_gave_is_refused(client: httpx.Client, place: str) -> None:
    cursor = base64.urlsafe_b64encode(place.encode()).decode()
    answer = client.get("/v1/deliveries", params={"cursor": cursor})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "?cursor"


def test_secrets_of_receivers_are_shown_once(client: httpx.Client) -> None:
    with listening() as listener, receiving(client, listener) as receiver:
        assert receiver["secret"].startswith("whsec_")
        assert receiver["secret"] not in client.get("/v1/receivers").text


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


def receiver_at(url: str, *, private: bool) -> Subscription:
    none: frozenset[str] = frozenset()
    return Subscription("rcv_1", url, "whsec_c2VjcmV0", none, none, private, 0)


DELIVERY = Delivery(
    "msg_1", "rcv_1", "decision.made", "R-1", "{}", 0, "waiting", 0, 0, None, None, None
)


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


def test_a_name_that_comes_to_lead_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = receiver_at("https://tickets.test/", private=False)
    asked = resolving(monkeypatch, [], ["10.0.0.1"], ["93.184.216.34", "127.0.0.1"])
    said = [asyncio.run(send(receiver, DELIVERY, time.time())).trouble for _ in range(3)]
    inside = "the name leads into a private network"
    assert said == ["ConnectError", inside, inside]
    assert asked == ["tickets.test"] * 3


def test_nobody_is_waited_for_without_end() -> None:
    with listening(holding=True) as listener:
        receiver = receiver_at(listener.url, private=True)
        result = asyncio.run(send(receiver, DELIVERY, time.time(), seconds=0.3))
    assert (result.status, result.trouble) == (None, "no answer within 0.3 seconds")


def test_where_nobody_listens() -> None:
    with listening() as listener:
        url = listener.url
    result = asyncio.run(send(receiver_at(url, private=True), DELIVERY, time.time()))
    assert (result.status, result.trouble) == (None, "ConnectError")


def test_the_pauses_grow_for_a_day(folder: Path) -> None:
    assert 23 * 3_600 < sum(PAUSES_S) < 25 * 3_600
    history = new_store(folder / "s.db")
    receiver = receiver_at("https://example.com", private=False)
    with history.write() as write:
        assert delivery_rows.add(write, receiver, "decision.made", "d-1", "R-1", {})
        assert not delivery_rows.add(write, receiver, "decision.made", "d-1", "R-1", {})
    for tries in range(len(PAUSES_S) + 1):
        with history.write() as write:
            write.connection.execute(sa.update(deliveries).values(due_at=0))
            [due] = delivery_rows.due(write.connection, write.at, 10, ["rcv_1"])
            assert due.tries == tries
            assert [d.delivery_id for d in delivery_rows.take(write, [due])] == [due.delivery_id]
            assert delivery_rows.take(write, [due]) == []
            assert delivery_rows.due(write.connection, write.at, 10, ["rcv_1"]) == []
            delivery_rows.not_sent(write, due, 500, "answered 500")
            [row] = delivery_rows.page(write.connection, PageOf(2)).rows
            if tries < len(PAUSES_S):
                assert 0.89 < (row.due_at - write.at) / 1_000 / PAUSES_S[tries] < 1.11
    assert (row.state, row.tries) == ("failed", len(PAUSES_S) + 1)
    history.close()


def kept(n: int, at: int) -> log.StoredDecision:
    text = f'{{"decision_id": "d-{n}", "refund_id": "R-{n}", "tier": "approve"}}'
    return log.StoredDecision(
        f"d-{n}", f"R-{n}", at, at, n, "request", "approve", 0.1, "1", "x", "p", None, 0.5, "{}",
        b"", "{}", text,
    )  # fmt: skip


def test_nothing_is_missed_and_nothing_told_twice(folder: Path) -> None:
    history = new_store(folder / "s.db")
    receiver = receiver_at("https://example.com", private=False)
    elsewhere = Subscription(**{**_fields(receiver), "receiver_id": "rcv_2",
                            "merchants": frozenset({"M-9"})})  # fmt: skip
    watches = [EventWatch(), EventWatch()]
    start = now_ms()
    many = 3 * AT_ONCE + 7

    def look(watch: EventWatch) -> None:
        with history.read() as connection:
            seen = watch.scan(connection, [elsewhere, receiver], start + 10**6)
        with history.write() as write:
            watch.store(write, seen)
        watch.advance(seen)

    def told() -> set[str]:
        with history.read() as connection:
            return set(connection.execute(sa.select(deliveries.c.subject)).scalars())

    with history.write() as write:
        for n in range(many):
            log.store(write.connection, kept(n, start + n % 97))
    for _ in range(4):
        for watch in watches:
            look(watch)
    assert told() == {f"d-{n}" for n in range(many)}
    with history.write() as write:
        log.store(write.connection, kept(many, start + 1))
    look(watches[0])
    look(EventWatch())
    assert told() == {f"d-{n}" for n in range(many + 1)}
    history.close()


def _fields(receiver: Subscription) -> dict[str, Any]:
    return {name: getattr(receiver, name) for name in Subscription.__dataclass_fields__}
