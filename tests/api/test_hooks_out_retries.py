"""Deliveries that fail: tried again, given up, and in nobody's way."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.history.connection.page_rows import PageOf
from risk.history.schema.schema_webhooks import deliveries
from risk.webhooks import deliveries as delivery_rows
from risk.webhooks.deliveries import PAUSES_S
from risk.webhooks.sender import send
from risk.webhooks.subscriptions import Subscription
from tests.api.delivery_receivers import DELIVERY, found, receiver_at, receiving, score
from tests.listening import listening
from tests.stores import new_store


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


def test_no_more_is_taken_than_there_is_room_for(folder: Path) -> None:
    history = new_store(folder / "s.db")
    one, other = (
        replace(receiver_at("https://example.com", private=False), receiver_id=name)
        for name in ("rcv_1", "rcv_2")
    )
    with history.write() as write:
        events: list[tuple[Subscription, str, str, str, Any]] = [
            (to, "decision.made", str(n), "R-1", {}) for to in (one, other) for n in range(5)
        ]
        delivery_rows.add(write, events)
        first = delivery_rows.take(write, {"rcv_1": 3, "rcv_2": 1}, 10)
        second = delivery_rows.take(write, {"rcv_1": 9, "rcv_2": 9}, 5)
    assert sorted(delivery.receiver_id for delivery in first) == ["rcv_1"] * 3 + ["rcv_2"]
    assert len(second) == 5
    assert not {row.delivery_id for row in first} & {row.delivery_id for row in second}
    history.close()


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
        for _ in range(2):
            delivery_rows.add(write, [(receiver, "decision.made", "d-1", "R-1", {})])
        assert len(delivery_rows.page(write.connection, PageOf(2)).rows) == 1
    for tries in range(len(PAUSES_S) + 1):
        with history.write() as write:
            write.connection.execute(sa.update(deliveries).values(due_at=0))
            assert delivery_rows.is_due(write.connection, write.at, ["rcv_1"])
            [due] = delivery_rows.take(write, {"rcv_1": 8}, 10)
            assert due.tries == tries
            assert delivery_rows.take(write, {"rcv_1": 8}, 10) == []
            assert not delivery_rows.is_due(write.connection, write.at, ["rcv_1"])
            delivery_rows.not_sent(write, due, 500, "answered 500")
            [row] = delivery_rows.page(write.connection, PageOf(2)).rows
            if tries < len(PAUSES_S):
                assert 0.89 < (row.due_at - write.at) / 1_000 / PAUSES_S[tries] < 1.11
    assert (row.state, row.tries) == ("failed", len(PAUSES_S) + 1)
    history.close()
