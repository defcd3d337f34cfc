"""Approvals that leave something to be done: where they are found, and asking by one press."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

import httpx
import pytest

from risk.cases import view_case
from tests.api.console_visits import Visitor, logged_in
from tests.api.serving import Running, small_bundle
from tests.examination.stories import LOST, MOVING, Ago, Event, Story, Telling

CONSENT = Story(refund={"reason_code": "defective", "claims_received": True},
                order={"amount": "400.00"})  # fmt: skip
RETURN = Story(refund={"type": "return_and_refund", "reason_code": "unwanted"},
               order={"no_reason_return": True})  # fmt: skip
ARRIVED = Story(refund={"type": "return_and_refund", "reason_code": "not_as_described",
                        "requested_at": Ago(10), "claims_received": True},
                order={"placed_at": Ago(16)}, parcels=(Event("delivered", 12),),
                back=(Event("shipped", 8), Event("delivered", 4)))  # fmt: skip
"""A return scanned as delivered days ago, which the shop never checked in."""
RECORD = Story(refund={"reason_code": "not_received", "claims_received": False},
               parcels=MOVING)  # fmt: skip
PAID = Story(refund={"reason_code": "not_received", "claims_received": False}, parcels=LOST)


@pytest.fixture(scope="module")
def client(served: Running) -> Iterator[httpx.Client]:
    served.promote("trusting", small_bundle(0, -6.0))
    with served.client(says="platform") as client:
        yield client


@pytest.fixture(scope="module")
def mei(served: Running, client: httpx.Client) -> Iterator[Visitor]:
    someone = logged_in(served, "mei")
    yield someone
    someone.http.close()


@pytest.fixture(scope="module")
def chen(served: Running, client: httpx.Client) -> Iterator[Visitor]:
    someone = logged_in(served, "chen", "zh-CN")
    yield someone
    someone.http.close()


def told(client: httpx.Client, name: str, story: Story) -> tuple[str, str]:
    """An approved request that is not drawn for audit, and the id of its next step."""
    for n in range(5):
        decision = Telling(client, f"{name}-{n}").tell(story)
        assert decision["tier"] == "approve"
        if client.get(f"/v1/cases/{decision['refund_id']}").status_code == 404:
            return decision["refund_id"], decision["recommended"]["step"]
    raise AssertionError("every one was drawn for audit")


def listed(someone: Visitor, **query: str) -> dict[str, dict[str, str]]:
    """The rows of the list by request, as it is exported."""
    answer = someone.read("approvals", format="csv", **query)
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    return {row["refund_id"]: row for row in rows}


def words(html: str) -> list[str]:
    """The words ready on a page."""
    ready = re.findall(r'class="next-act">.*?<textarea[^>]*>(.*?)</textarea>', html, re.S)
    return [unescape(one) for one in ready]


class Duty(NamedTuple):
    """An approval that leaves something to be done: its step, with whom, and what they are told."""

    story: Story
    step: str
    whom: str
    said: str
    chinese: str


DUTIES = {
    "consent": Duty(CONSENT, "consent", "merchant", "Do you agree? Please", "请确认是否同意"),
    "record": Duty(RECORD, "intercept", "courier", "Please stop the parcel", "请拦截订单"),
    "unconfirmed": Duty(
        ARRIVED, "unconfirmed", "courier", "At which address", "在哪个地址、由谁签收"
    ),
    "return": Duty(RETURN, "goods", "customer", "Please send them back", "请寄回商品"),
}


@pytest.mark.parametrize("name", DUTIES)
def test_an_approval_is_listed_with_its_act_and_asked_by_one_press(
    served: Running, client: httpx.Client, mei: Visitor, chen: Visitor, name: str
) -> None:
    story, step, whom, said, chinese = DUTIES[name]
    refund_id, found = told(client, name, story)
    assert found == step
    assert listed(mei)[refund_id]["with"] == whom
    assert refund_id in listed(mei, whom=whom)
    others = {"merchant", "courier", "customer", "reviewer"} - {whom}
    assert not any(refund_id in listed(mei, whom=one) for one in others)
    for someone in (mei, chen):
        assert refund_id in someone.read("approvals").text
    page = mei.read("case", id=refund_id).text
    [ready] = words(page)
    assert said in ready
    assert "–" not in ready, "every blank is filled"
    assert chinese in chen.read("case", id=refund_id).text
    kind = re.search(r'name="kind" value="(\w+)"', page)
    assert kind is not None
    fields = {"id": refund_id, "kind": kind[1], "from": whom, "text": ready}
    assert mei.send("case/ask", **fields).status_code == 303
    event = view_case(served.service.history, refund_id).events[-1]
    assert (event["who"], event["action"], event["body"]["text"]) == ("mei", "ask", ready)
    asked = mei.read("case", id=refund_id).text
    assert words(asked) == [], "it is asked once"
    assert ("answer: asked on" in asked) == (step in ("consent", "record", "intercept"))
    assert "asked, " in asked
    assert "Nothing new since the decision." not in asked
    assert listed(mei)[refund_id]["asked_at"]
    assert listed(mei)[refund_id]["merchant_id"] in mei.read("approvals").text
    again = chen.send("case/ask", **fields)
    assert again.status_code == 409
    assert "已经询问过" in again.text


def test_what_is_paid_found_or_withdrawn_leaves_nothing_to_do(
    served: Running, client: httpx.Client, mei: Visitor
) -> None:
    by_outcome, _ = told(client, "found", CONSENT)
    withdrawn, _ = told(client, "withdrawn", CONSENT)
    paid, _ = told(client, "paid", PAID)
    assert {by_outcome, withdrawn} <= listed(mei).keys()
    assert paid not in listed(mei), "nothing is left but to pay"
    request = view_case(served.service.history, withdrawn).record.request
    one = {"refund_id": withdrawn, "order_id": request["order_id"], "state": "withdrawn",
           "requested_at": "2026-01-01T00:00:00+08:00", "amount": "1.00", "reason_code": "other",
           "revision": 2}  # fmt: skip
    client.post("/v1/refunds", json=one).raise_for_status()
    outcome = {"refund_id": by_outcome, "verdict": "legitimate", "resolution": "refunded",
               "decided_by": "platform", "decided_at": "2026-01-02T00:00:00+08:00"}  # fmt: skip
    client.post("/v1/outcomes", json=outcome).raise_for_status()
    assert not {by_outcome, withdrawn} & listed(mei).keys()
    for refund_id in (by_outcome, withdrawn, paid):
        assert words(mei.read("case", id=refund_id).text) == []


def test_goods_on_their_way_back_are_not_asked_for(client: httpx.Client, mei: Visitor) -> None:
    sent, _ = told(client, "sent", RETURN.but(back=(Event("shipped", 1),)))
    assert words(mei.read("case", id=sent).text) == []


def test_the_queue_leads_to_the_list(mei: Visitor, chen: Visitor) -> None:
    assert 'href="/console/approvals">Approved, to do' in mei.read("").text
    assert "已同意待办" in chen.read("").text


def test_who_is_late_already_promises_no_moment_that_has_passed(
    client: httpx.Client, mei: Visitor, chen: Visitor
) -> None:
    late, _ = told(client, "late", CONSENT.but(refund={"requested_at": Ago(2.5)}))
    [ready] = words(mei.read("case", id=late).text)
    assert ready.endswith("Please answer by the end of today.")
    assert "在 今天结束 前" in words(chen.read("case", id=late).text)[0]
