"""What we push: signed, stored before it is sent, tried again, and never into our own network."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from risk.access import people
from risk.cases import Actor, add_note, escalate, request_evidence
from risk.decisions import log
from risk.history.connection.connect import now_ms
from risk.history.schema.schema_webhooks import deliveries
from risk.webhooks import subscriptions
from risk.webhooks.events import AT_ONCE, EventWatch
from risk.webhooks.subscriptions import Subscription
from tests.api.delivery_receivers import found, receiver_at, receiving, score, suspicious
from tests.api.serving import Running, running, small_bundle
from tests.deciders import bundle
from tests.listening import listening
from tests.stores import new_store


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
        run.promote("2", bundle(1, 5.0, only=("hours_order_to_request",)))
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


def test_questions_escalations_and_mentions_are_pushed(folder: Path) -> None:
    with (
        running(folder) as run, run.client() as client, listening() as listener,
        receiving(client, listener, events=["case.asked", "case.escalated", "case.mentioned"]),
    ):  # fmt: skip
        run.promote("2", small_bundle(0, 5.0))
        history, mei = run.service.history, Actor("mei")
        people.add_person(history, "leo", "correct horse battery")
        sent = suspicious()
        refund_id = client.post("/v1/refunds/score", json=sent).json()["refund_id"]
        request_evidence(history, refund_id, mei, kind="photo", source="customer", text="Please.")
        add_note(history, refund_id, mei, "nobody is named here, not even @nobody")
        add_note(history, refund_id, mei, "look at this, @Leo.")
        escalate(history, refund_id, mei, "the third this week")
        came = {one["type"]: one["data"] for one in (listener.next()["json"] for _ in range(3))}
    assert all(one["refund_id"] == refund_id for one in came.values())
    assert came["case.asked"]["from"] == "customer"
    assert came["case.mentioned"]["mentions"] == ["leo"]
    assert came["case.escalated"]["text"] == "the third this week"
    assert listener.came.empty()


def test_what_people_tell_one_another_is_for_no_merchant(folder: Path) -> None:
    with running(folder) as run, run.client() as client, listening() as listener:
        run.promote("2", small_bundle(0, 5.0))
        sent = suspicious()
        sent["order"][0]["merchant_id"] = "M-7"
        with receiving(
            client, listener, events=["case.asked", "case.escalated"], merchants=["M-7"]
        ):
            refund_id = client.post("/v1/refunds/score", json=sent).json()["refund_id"]
            history, mei = run.service.history, Actor("mei")
            escalate(history, refund_id, mei, "this shop lies")
            request_evidence(
                history, refund_id, mei, kind="document", source="merchant", text="The label."
            )
            assert listener.next()["json"]["type"] == "case.asked"
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
