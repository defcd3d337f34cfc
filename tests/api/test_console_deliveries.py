"""The console's page of webhook deliveries: the state of each, and sending it again."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.history.schema.schema_webhooks import deliveries
from tests.api.console_visits import Visitor, logged_in
from tests.api.serving import Running
from tests.api.test_scoring import body
from tests.listening import Listener, listening


@pytest.fixture(scope="module")
def mei(served: Running) -> Iterator[Visitor]:
    someone = logged_in(served, "mei", role="administrator")
    yield someone
    someone.http.close()


@pytest.fixture
def listener(served: Running, client: httpx.Client) -> Iterator[Listener]:
    """A receiver of decisions, until the test ends."""
    with listening() as one:
        wanted = {"url": one.url, "events": ["decision.made"], "private": True}
        made = client.post("/v1/receivers", json=wanted).raise_for_status().json()
        yield one
        client.delete(f"/v1/receivers/{made['receiver_id']}").raise_for_status()


def pushed(client: httpx.Client, listener: Listener) -> str:
    """A request whose decision came to the listener."""
    decided = client.post("/v1/refunds/score", json=body()).raise_for_status().json()
    assert listener.next()["json"]["data"] == decided
    refund_id: str = decided["refund_id"]
    _until(client, refund_id, "sent")
    return refund_id


def _until(client: httpx.Client, refund_id: str, state: str) -> dict[str, Any]:
    began = time.monotonic()
    while time.monotonic() - began < 20:
        rows = client.get("/v1/deliveries", params={"state": state}).json()["deliveries"]
        for row in rows:
            if row["refund_id"] == refund_id:
                found: dict[str, Any] = row
                return found
    raise AssertionError(f"the push did not become {state}")


def _fail(served: Running, refund_id: str) -> None:
    """As if it had been tried for a day."""
    with served.service.history.write() as write:
        of_refund = deliveries.c.refund_id == refund_id
        failed = {"state": "failed", "tries": 12, "status": 500, "trouble": "answered 500"}
        write.connection.execute(sa.update(deliveries).where(of_refund).values(**failed))


def _row(html: str, refund_id: str) -> str:
    rows: list[str] = re.findall(r"<tr\b.*?</tr>", html, re.S)
    return next(row for row in rows if refund_id in row)


def test_what_failed_is_seen_and_sent_again(
    served: Running, client: httpx.Client, mei: Visitor, listener: Listener
) -> None:
    refund_id = pushed(client, listener)
    assert "delivered" in _row(mei.read("deliveries").text, refund_id)
    _fail(served, refund_id)
    row = _row(mei.read("deliveries", state="failed").text, refund_id)
    assert "answered 500" in row
    found = re.search(r'name="delivery_id" value="([^"]+)"', row)
    assert found is not None
    assert refund_id not in mei.read("deliveries", state="sent").text
    answer = mei.send("deliveries/resend", delivery_id=found[1], state="failed")
    assert (answer.status_code, "done=resent" in answer.headers["location"]) == (303, True)
    assert listener.next()["headers"]["webhook-id"] == found[1]
    assert _until(client, refund_id, "sent")["tries"] == 1


def test_all_that_failed_of_one_receiver_go_out_again(
    served: Running, client: httpx.Client, mei: Visitor, listener: Listener
) -> None:
    known = [pushed(client, listener) for _ in range(3)]
    for refund_id in known:
        _fail(served, refund_id)
    page = mei.read("deliveries").text
    receiver = re.search(r'name="receiver_id" value="([^"]+)"', _row(page, listener.url))
    assert receiver is not None
    mei.send("deliveries/resend", receiver_id=receiver[1])
    came = {listener.next()["json"]["data"]["refund_id"] for _ in known}
    assert came == set(known)


def test_older_deliveries_are_on_later_pages(
    served: Running, client: httpx.Client, mei: Visitor, listener: Listener
) -> None:
    refund_id = pushed(client, listener)
    with served.service.history.write() as write:
        of_refund = deliveries.c.refund_id == refund_id
        kept = write.connection.execute(sa.select(deliveries).where(of_refund)).one()._mapping
        for n in range(60):
            other = {"delivery_id": f"msg_old{n}", "subject": f"old{n}", "refund_id": f"R-old-{n}"}
            row = {**kept, **other, "made_at": n}
            write.connection.execute(sa.insert(deliveries).values(row))
    seen: set[str] = set()
    page = mei.read("deliveries").text
    while True:
        shown = set(re.findall(r">(R-old-\d+)<", page))
        assert not shown & seen
        seen |= shown
        older = re.search(r'rel="next" href="/console/deliveries\?([^"]+)"', page)
        if older is None:
            break
        page = mei.http.get("/console/deliveries?" + older[1].replace("&amp;", "&")).text
    assert seen == {f"R-old-{n}" for n in range(60)}


def test_the_former_address_leads_to_the_page(mei: Visitor) -> None:
    answer = mei.read("pushes", state="failed")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/console/deliveries?state=failed"


def test_only_administrators_see_and_send_deliveries(served: Running, client: httpx.Client) -> None:
    someone = logged_in(served, "chen")
    assert someone.read("deliveries").status_code == 403
    assert someone.send("deliveries/resend", delivery_id="msg_1").status_code == 403
    assert "/console/deliveries" not in someone.read("").text
    someone.http.close()


def test_a_push_that_is_not_there_is_a_page(mei: Visitor) -> None:
    answer = mei.send("deliveries/resend", delivery_id="msg_none")
    assert (answer.status_code, answer.text.count("<h1")) == (404, 1)
    assert mei.read("deliveries", state="odd", before="nonsense").status_code == 200
