"""What the inbox shows, to whom, and for how long it is kept."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from api.limits import Limits
from risk.facts.units import DAY_MS
from risk.history.connection.connect import now_ms
from risk.history.schema.schema_webhooks import inbox
from risk.privacy import forget
from risk.privacy.retention import drop_pushed
from tests.api.console_visits import logged_in
from tests.api.hook_pushes import pushed, ticket, zendesk_push
from tests.api.hook_senders import prefix_of, push, raw_of, set_up, shopify
from tests.api.serving import Running, running


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
        asked = {"endpoint": "paged", "limit": "2", **({"cursor": cursor} if cursor else {})}
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
