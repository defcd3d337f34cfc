"""The inbox: every message by itself, what became of it, taking it in again, and its end."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx
import sqlalchemy as sa

from risk.history.schema.schema_webhooks import messages
from risk.webhooks.repetition import BY_BODY_MS, BY_ID_MS
from tests.api.console_visits import logged_in
from tests.api.hook_pushes import pushed, ticket, zendesk_push
from tests.api.hook_senders import (
    APP_KEY,
    doudian,
    generic,
    prefix_of,
    push,
    raw_of,
    rows,
    set_up,
    shopify,
)
from tests.api.hook_senders import zendesk as signed_by_zendesk
from tests.api.serving import Running


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
    chen = logged_in(served, "chen", "zh-CN", role="administrator")
    told = "的 requested_at：应为内容（必填），实际为空"
    assert told in chen.read("inbox").text
    assert told in chen.read("inbox/message", id=bad["message_id"]).text


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
    place = set_up(client, "generic", "signed", mapping="")
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
