"""The inbox: every message by itself, what became of it, taking it in again, and its end."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from console_visits import logged_in
from serving import Running, running
from test_hooks_in import APP_KEY, SECRET, doudian, generic, prefix_of, push, raw_of, rows, shopify
from test_hooks_in import zendesk as signed_by_zendesk

from api.limits import Limits
from risk.facts.units import DAY_MS
from risk.history.connect import now_ms
from risk.history.schema_webhooks import inbox, messages
from risk.privacy import forget
from risk.privacy.retention import drop_pushed
from risk.webhooks.repetition import BY_BODY_MS, BY_ID_MS


@pytest.fixture(scope="module")
def stranger(served: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=30) as plain:
        yield plain


def set_up(client: httpx.Client, system: str, name: str, mapping: str = "", **more: Any) -> str:
    body = {"secret": SECRET, "mapping": mapping, **more}
    client.put(f"/v1/hooks/{system}/{name}", json=body).raise_for_status()
    return f"/v1/hooks/{system}/{name}"


def pushed(client: httpx.Client, place: str, **filters: Any) -> list[dict[str, Any]]:
    """What the inbox holds of an endpoint, the newest first."""
    _, _, _, system, name = place.split("/")
    asked = {"system": system, "endpoint": name, **filters}
    found: list[dict[str, Any]] = (
        client.get("/v1/hooks/inbox", params=asked).raise_for_status().json()["messages"]
    )
    return found


def applications(*changes: dict[str, Any]) -> bytes:
    """A push of Doudian's with one application for each change."""
    (message,) = json.loads(raw_of("doudian_apply"))
    data = json.loads(message["data"])
    made = []
    for n, change in enumerate(changes):
        own = {**data, "aftersale_id": 700 + n, "p_id": 800 + n, **change}
        kept = {name: value for name, value in own.items() if value is not None}
        made.append({**message, "msg_id": f"m-{n}-{change}", "data": json.dumps(kept)})
    return json.dumps(made).encode()


def zendesk_push(stranger: httpx.Client, place: str, body: Any, message_id: str) -> httpx.Response:
    raw = json.dumps(body).encode()
    return push(stranger, place, raw, signed_by_zendesk(raw, time.time(), message_id))


def ticket(number: str, **refund: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(raw_of("zendesk_ticket"))
    body["refund"] |= {"refund_id": number, "order_id": f"O{number}", **refund}
    body.pop("order", None)
    return body


def test_a_bad_message_takes_none_with_it(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "doudian", "batch", f'[endpoint]\napp_key = "{APP_KEY}"\n')
    raw = applications({}, {"apply_time": None}, {})
    answer = push(stranger, place, raw, doudian(raw, 0, ""))
    assert (answer.status_code, answer.json()) == (200, {"code": 0, "msg": "success"})
    ids = {row.refund_id for row in rows(served, "refunds", prefix_of(place))}
    assert ids == {f"{prefix_of(place)}{n}" for n in (700, 702)}
    states = {one["message_id"]: one["state"] for one in pushed(client, place)}
    assert sorted(states.values()) == ["accepted", "accepted", "refused"]
    [bad] = pushed(client, place, state="refused")
    assert "requested_at" in bad["why"][0]
    assert (bad["system"], bad["endpoint"], bad["topic"]) == ("doudian", "batch", "200")


def test_what_was_refused_is_taken_in_after_mending(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "doudian", "mended", f'[endpoint]\napp_key = "{APP_KEY}"\n')
    raw = applications({"refund_amount": None, "cents": 19_900})
    push(stranger, place, raw, doudian(raw, 0, ""))
    [bad] = pushed(client, place)
    path = f"/v1/hooks/inbox/{bad['message_id']}"
    assert client.get(path).json()["body"]["cents"] == 19_900
    assert client.post(f"{path}/replay").json()["state"] == "refused"
    mended = """
[[messages]]
topic = "200"
decide = true
[[messages.refunds]]
refund_id = "aftersale_id"
order_id = "p_id"
requested_at = { path = "apply_time", unix = "s" }
amount = { path = ["refund_amount", "cents"], times = "0.01" }
reason_code = { path = "reason_code", map = "reason" }
"""
    set_up(client, "doudian", "mended", f'[endpoint]\napp_key = "{APP_KEY}"\n{mended}')
    again = client.post(f"{path}/replay").json()
    assert (again["state"], again["why"], again["receipt"]["stored"]) == ("accepted", [], 1)
    [refund] = rows(served, "refunds", prefix_of(place))
    [decision] = client.get(f"/v1/refunds/{refund.refund_id}/decisions").json()
    assert again["receipt"]["decisions"] == [decision["decision_id"]]
    assert [one["state"] for one in pushed(client, place)] == ["accepted"]
    push(stranger, place, raw, doudian(raw, 0, ""))
    assert [one["state"] for one in pushed(client, place)] == ["repeated", "accepted"]


def test_what_was_ignored_may_come_again(client: httpx.Client, stranger: httpx.Client) -> None:
    place = set_up(client, "shopify", "ignored")
    raw = raw_of("shopify_refunds_create")
    for _ in range(2):
        answer = push(stranger, place, raw, shopify(raw, 0, "m-1", "products/update")).json()
        assert (answer["unheeded"], answer["repeated"]) == (1, 0)
    mapping = '[[messages]]\ntopic = "products/*"\n[[messages.feedback]]\nrefund_id = "order_id"\n'
    mapping += 'answered_at = { received = true }\nsatisfaction = { value = "3" }\n'
    set_up(client, "shopify", "ignored", mapping)
    answer = push(stranger, place, raw, shopify(raw, 0, "m-1", "products/update")).json()
    assert (answer["stored"], answer["repeated"]) == (1, 0)


def test_a_repetition_has_topic_and_id(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    mapping = "".join(
        f'[[messages]]\ntopic = "returns/{topic}"\n[[messages.outcomes]]\nrefund_id = "id"\n'
        'decided_at = { received = true }\nverdict = { value = "undetermined" }\n'
        'decided_by = { value = "system" }\n'
        for topic in ("cancel", "reopen", "close")
    )
    place = set_up(client, "shopify", "again", mapping)
    raw = b'{"id":5,"order_id":6}'

    def come(topic: str, message_id: str) -> int:
        answer = push(stranger, place, raw, shopify(raw, 0, message_id, f"returns/{topic}"))
        return int(answer.json()["repeated"])

    assert [come("cancel", "1"), come("reopen", "2"), come("cancel", "3")] == [0, 0, 0]
    assert come("close", "4") == 0, "another topic"
    assert come("close", "4") == 1, "the same message"
    assert come("close", "5") == 1, "the same body a moment later, under an id nobody signed"
    with served.service.history.write() as write:
        write.connection.execute(
            sa.update(messages)
            .where(messages.c.name == "again")
            .values(at=messages.c.at - BY_BODY_MS)
        )
    assert come("close", "6") == 0, "the same body later"
    assert come("close", "4") == 1, "an id is remembered for longer"
    with served.service.history.write() as write:
        write.connection.execute(
            sa.update(messages)
            .where(messages.c.name == "again")
            .values(at=messages.c.at - BY_ID_MS)
        )
    assert come("close", "4") == 0
    served.service.watcher.drop_expired_messages()


def test_a_signed_id_decides_alone(client: httpx.Client, stranger: httpx.Client) -> None:
    place = set_up(client, "generic", "signed")
    raw = json.dumps({"type": "facts", "refund": ticket("1")["refund"]}).encode()
    for message_id, repeated in (("a", 0), ("a", 1), ("b", 0)):
        answer = push(stranger, place, raw, generic(raw, time.time(), message_id)).json()
        assert answer["repeated"] == repeated


def test_who_writes_the_messages_is_told_what_is_wrong(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "zendesk", "told")
    answer = zendesk_push(stranger, place, ticket("9", amount="-1"), "m-1")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "amount")
    [bad] = pushed(client, place)
    assert (bad["state"], bad["has_body"]) == ("refused", True)
    assert "amount" in bad["why"][0]
    shop = set_up(client, "shopify", "untold")
    raw = json.dumps({**json.loads(raw_of("shopify_orders_create")), "currency": "XXZ"}).encode()
    answer = push(stranger, shop, raw, shopify(raw, 0, "m", "orders/create"))
    assert answer.status_code == 200, "a sender that gives up after failures goes on"
    assert len(answer.json()["refused"]) == 1
    assert answer.json()["messages"] == [pushed(client, shop)[0]["message_id"]]


def test_what_cannot_be_read_is_noted(client: httpx.Client, stranger: httpx.Client) -> None:
    place = set_up(client, "zendesk", "unread")
    raw = b"{not json"
    answer = push(stranger, place, raw, signed_by_zendesk(raw, time.time(), "m-1"))
    assert answer.status_code == 400
    [bad] = pushed(client, place)
    assert (bad["state"], "not JSON" in bad["why"][0]) == ("refused", True)


def test_a_moment_ahead_is_waited_for_by_each_message_alone(
    client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "doudian", "ahead", f'[endpoint]\napp_key = "{APP_KEY}"\n')
    raw = applications({}, {"apply_time": int(time.time()) + 1})
    assert push(stranger, place, raw, doudian(raw, 0, "")).json()["code"] == 0
    assert [one["state"] for one in pushed(client, place)] == ["accepted", "accepted"]


def test_only_admins_see_it(served: Running, client: httpx.Client, stranger: httpx.Client) -> None:
    place = set_up(client, "zendesk", "seen")
    zendesk_push(stranger, place, ticket("77"), "m-1")
    [one] = pushed(client, place)
    paths = ["/v1/hooks/inbox", f"/v1/hooks/inbox/{one['message_id']}"]
    with served.client("review", "score", "ingest") as other, \
            served.client("admin", merchants=["M-1"]) as bound:  # fmt: skip
        for caller in (other, bound):
            assert [caller.get(path).status_code for path in paths] == [403, 403]
            assert caller.post(f"{paths[1]}/replay").status_code == 403
    assert client.get("/v1/hooks/inbox/in_none").status_code == 404
    assert client.get("/v1/hooks/inbox", params={"state": "lost"}).status_code == 422


def test_pages_follow_one_another(client: httpx.Client, stranger: httpx.Client) -> None:
    place = set_up(client, "zendesk", "paged")
    for n in range(5):
        zendesk_push(stranger, place, ticket(f"p{n}"), f"m-{n}")
    seen, cursor = [], None
    while True:
        asked = {"endpoint": "paged", "limit": 2, **({"cursor": cursor} if cursor else {})}
        page = client.get("/v1/hooks/inbox", params=asked).json()
        seen += [one["message_id"] for one in page["messages"]]
        if not (cursor := page["next"]):
            break
    assert (len(seen), len(set(seen))) == (5, 5)


def test_bodies_are_encrypted_and_go_with_the_person(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "shopify", "erased")
    order = json.loads(raw_of("shopify_orders_create"))
    raw = json.dumps(order).encode()
    push(stranger, place, raw, shopify(raw, 0, "m-1", "orders/create"))
    odd = json.dumps({**order, "currency": "XXZ"}).encode()
    push(stranger, place, odd, shopify(odd, 0, "m-2", "orders/updated"))
    push(stranger, place, odd, shopify(odd, 0, "m-3", "nothing/known"))
    other = json.dumps({"id": 99, "line_items": []}).encode()
    push(stranger, place, other, shopify(other, 0, "m-4", "orders/create"))
    history = served.service.history
    street = order["shipping_address"]["address1"].encode()
    with history.read() as connection:
        bodies = connection.execute(sa.select(inbox.c.body)).scalars().all()
    assert all(street not in body for body in bodies if body is not None)
    customer = f"{prefix_of(place)}{order['customer']['id']}"
    forget(history, customer, settle_s=0)
    kept = {one["topic"]: one for one in pushed(client, place)}
    assert [one["has_body"] for one in pushed(client, place)] == [True, False, False, False]
    erased = kept["orders/updated"]["message_id"]
    assert client.get(f"/v1/hooks/inbox/{erased}").status_code == 409
    assert client.post(f"/v1/hooks/inbox/{erased}/replay").status_code == 409
    push(stranger, place, raw, shopify(raw, 0, "m-5", "orders/create"))
    assert pushed(client, place)[0]["has_body"] is False


def test_nothing_is_kept_for_longer_than_it_may_be(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "zendesk", "old")
    zendesk_push(stranger, place, ticket("old1"), "m-1")
    zendesk_push(stranger, place, ticket("old2"), "m-2")
    old, _ = pushed(client, place)
    history = served.service.history
    with history.write() as write:
        here = inbox.c.message_id == old["message_id"]
        moved = {"received_at": now_ms() - 8 * DAY_MS}
        write.connection.execute(sa.update(inbox).where(here).values(moved))
    assert drop_pushed(history, 9) == 0
    assert drop_pushed(history, 7) == 1
    assert drop_pushed(history, 7) == 0
    assert len(pushed(client, place)) == 1


def test_the_secret_before_is_good_for_a_while(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "zendesk", "turned")
    new = {"secret": "another secret of both sides", "mapping": ""}
    client.put(place, json=new).raise_for_status()
    assert zendesk_push(stranger, place, ticket("t1"), "m-1").status_code == 200
    client.put(place, json=new).raise_for_status()
    assert zendesk_push(stranger, place, ticket("t2"), "m-2").status_code == 200
    client.put(place, json={**new, "secret": "a third secret of both sides", "overlap_hours": 0})
    assert zendesk_push(stranger, place, ticket("t3"), "m-3").status_code == 401


@pytest.mark.parametrize("secret", ["0" * 32, "whsec_" + "A" * 44, "ab" * 16])
def test_zeros_are_no_secret(client: httpx.Client, secret: str) -> None:
    answer = client.put("/v1/hooks/zendesk/zeros", json={"secret": secret})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "secret")


def test_only_what_is_proved_counts_for_the_rate(folder: Path) -> None:
    slow = Limits(rate=0.01, burst=2)
    with running(folder, slow) as run, run.client() as client, \
            httpx.Client(base_url=run.url) as stranger:  # fmt: skip
        place = set_up(client, "zendesk", "paced")
        forged = [push(stranger, place, b"{}", {}).status_code for _ in range(5)]
        proved = [zendesk_push(stranger, place, ticket(str(n)), str(n)) for n in range(3)]
    assert forged == [401] * 5
    assert [answer.status_code for answer in proved] == [200, 200, 429]


def test_the_console_shows_it_to_administrators(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    place = set_up(client, "zendesk", "shown")
    zendesk_push(stranger, place, ticket("s1", amount="-1"), "m-1")
    [bad] = pushed(client, place)
    mei = logged_in(served, "mei-inbox", role="administrator")
    lan = logged_in(served, "lan-inbox")
    assert bad["message_id"] in mei.read("inbox", state="refused").text
    assert bad["message_id"] not in mei.read("inbox", state="accepted").text
    shown = mei.read("inbox/message", id=bad["message_id"]).text
    assert "&#34;-1&#34;" in shown
    assert "amount" in shown
    assert mei.send("inbox/replay", id=bad["message_id"]).status_code == 303
    assert mei.read("inbox/message", id="in_none").status_code == 404
    assert lan.read("inbox").status_code == 403
    assert lan.read("inbox/message", id=bad["message_id"]).status_code == 403
    mei.http.close()
    lan.http.close()
