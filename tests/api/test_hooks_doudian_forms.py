"""Doudian's messages about a case, in the forms that libraries type and shops receive."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

import httpx
import pytest

from tests.api.hook_pushes import pushed
from tests.api.hook_senders import APP_KEY, doudian, prefix_of, push, rows, set_up
from tests.api.serving import Running
from tests.api.test_hooks_shopify import in_force


class Douyin:
    """An endpoint of Doudian's, and what is pushed to it."""

    def __init__(self, client: httpx.Client, stranger: httpx.Client, name: str) -> None:
        table = f'[endpoint]\napp_key = "{APP_KEY}"\n[maps.reason]\n3 = "not_received"\n'
        table += '8 = "defective"\n[maps.conclusion]\n1 = "merchant_fault"\n'
        self.stranger, self.count = stranger, 0
        self.place = set_up(client, "doudian", name, table)
        self.prefix = prefix_of(self.place)

    def send(self, tag: str, **data: Any) -> None:
        self.count += 1
        about = {"aftersale_id": 77, "p_id": 5, "s_id": 6, "shop_id": 1, "aftersale_type": 1}
        given = {name: value for name, value in {**about, **data}.items() if value is not None}
        message = {"tag": tag, "msg_id": f"{tag}:{self.count}", "data": json.dumps(given)}
        raw = json.dumps([message]).encode()
        answer = push(self.stranger, self.place, raw, doudian(raw, 0, ""))
        assert answer.json() == {"code": 0, "msg": "success"}


APPLIED = {"apply_time": 1_772_674_200, "refund_amount": 19_900, "reason_code": 3}


def test_doudian_flags_and_deadlines_as_they_come(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Douyin(client, stranger, "flags")
    for n, (flag, deadline) in enumerate([(1, 0), (0, 1_772_700_000), ("odd", "soon")]):
        shop.send("200", **APPLIED, aftersale_id=n, got_pkg=flag, status_deadline=deadline,
                  refund_post_amount=500)  # fmt: skip
    found = [(row.claims_received, row.respond_by, row.amount, row.postage)
             for row in rows(served, "refunds", shop.prefix)]  # fmt: skip
    assert found == [(1, None, 1_990_000, 50_000), (0, 1_772_700_000_000, 1_990_000, 50_000),
                     (None, None, 1_990_000, 50_000)]  # fmt: skip
    odd = pushed(client, shop.place)[0]
    assert odd["state"] == "accepted"
    assert {why.split(",")[0] for why in odd["why"]} == {
        "left out: refunds field claims_received", "left out: refunds field respond_by",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "at"),
    [
        ({"return_time": 1_772_760_600, "logistics": 990011}, 1_772_760_600_000),
        ({"update_time": 1_772_760_600, "logistics_code": "SF1"}, 1_772_760_600_000),
        ({"update_time": "2026-03-06 09:30:00", "tracking_no": "SF1"}, 1_772_760_600_000),
        ({"refuse_time": 0, "update_time": "2026-03-06T09:30:00+08:00"}, 1_772_760_600_000),
        ({"refund_amount": 1}, None),
    ],
)
def test_doudian_parcels_of_both_libraries(
    served: Running, client: httpx.Client, stranger: httpx.Client,
    data: dict[str, Any], at: int | None,
) -> None:  # fmt: skip
    shop = Douyin(client, stranger, "parcel" + hashlib.sha1(repr(data).encode()).hexdigest()[:6])
    began = int(time.time() * 1000)
    shop.send("203", **data)
    [parcel] = rows(served, "shipments", shop.prefix)
    assert parcel.direction == "return"
    assert parcel.occurred_at == at if at else parcel.occurred_at >= began


def test_a_buyer_changes_the_application(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Douyin(client, stranger, "changed")
    shop.send("208", modify_time=1, refund_amount=100, reason_code=8)
    assert pushed(client, shop.place)[0]["state"] == "waiting", "there is nothing to change yet"
    shop.send("200", **APPLIED)
    shop.send("208", modify_time=1_772_680_000, refund_amount=9_900, reason_code=8)
    [row] = in_force(served, "refunds", shop.prefix)
    assert (row.amount, row.reason_code, row.requested_at) == (990_000, "defective",
                                                              1_772_674_200_000)  # fmt: skip
    shop.send("209", status_deadline=1_772_800_000)
    [row] = in_force(served, "refunds", shop.prefix)
    assert (row.respond_by, row.amount) == (1_772_800_000_000, 990_000)
    shop.send("200", **{**APPLIED, "refund_amount": 8_800})
    [row] = in_force(served, "refunds", shop.prefix)
    assert row.amount == 880_000
    amounts = [d["amount"] for d in
               client.get(f"/v1/refunds/{row.refund_id}/decisions").json()]  # fmt: skip
    assert amounts == ["199.00", "99.00", "88.00"]


def test_the_rest_of_a_doudian_case(
    served: Running, client: httpx.Client, stranger: httpx.Client
) -> None:
    shop = Douyin(client, stranger, "rest")
    shop.send("200", **APPLIED)
    shop.send("213", arbitrate_id="A1", arbitrate_status=1)
    shop.send("214", arbitrate_id="A1", arbitrate_status=2)
    shop.send("216", arbitrate_id="A1", arbitrate_conclusion=1)
    shop.send("206", refund_amount=19_900, success_time=1_773_019_800)
    shop.send("207", aftersale_id=78, close_time=None, update_time="2026-03-08 09:30:00")
    states = [one["state"] for one in reversed(pushed(client, shop.place))]
    assert states == ["accepted", "ignored", *["accepted"] * 4]
    found = {(row.verdict, row.resolution, row.decided_by)
             for row in rows(served, "outcomes", shop.prefix)}  # fmt: skip
    assert found == {
        ("merchant_fault", None, "platform"),
        ("undetermined", "refunded", "system"),
        ("undetermined", "withdrawn", "system"),
    }
    [proof] = rows(served, "evidence", shop.prefix)
    assert (proof.kind, proof.submitted_by) == ("document", "merchant")
