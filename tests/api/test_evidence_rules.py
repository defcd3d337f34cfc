"""Evidence, findings and inspections decided over HTTP by a model that suspects nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.serving import running, small_bundle
from tests.api.test_order_money_calls import asked, order, store

KNOWN_PHOTO = "9f3c0a1b77e2d418"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running(tmp_path_factory.mktemp("trusting")) as run:
        run.promote("trusting", small_bundle(lean=-20.0))
        with run.client() as client:
            yield client


def picture(refund: dict[str, Any], nth: int, **more: Any) -> dict[str, Any]:
    return {"refund_id": refund["refund_id"], "evidence_id": f"{refund['refund_id']}-{nth}",
            "kind": "photo", "submitted_by": "customer",
            "submitted_at": f"2026-03-05T{9 + nth:02d}:45:00+08:00", **more}  # fmt: skip


def score(client: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/v1/refunds/score", json=body)
    answer.raise_for_status()
    decision: dict[str, Any] = answer.json()
    return decision


def request(**more: Any) -> dict[str, Any]:
    lines = order("259.00")
    return {"order": lines, "refund": asked(lines, "259.00", **more)}


def shown(client: httpx.Client, *pictures: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """The decisions on a request after each of these pictures."""
    made, body, given = [], request(**more), []
    for nth, about in enumerate(pictures):
        given.append(picture(body["refund"], nth, **about))
        made.append(score(client, {**body, "evidence": given}))
    return made


def test_a_picture_of_an_unrelated_customer_asks_for_one_fresh_picture(
    client: httpx.Client,
) -> None:
    (first,) = shown(client, {"content_hash": KNOWN_PHOTO})
    assert first["tier"] == "approve"
    copied, fresh = shown(
        client, {"content_hash": KNOWN_PHOTO}, {"content_hash": "0123456789abcdef"}
    )
    assert (copied["tier"], copied["why"]["id"]) == ("request_evidence", "fresh_picture")
    assert "fresh photo" in copied["customer_message"]["en"]
    assert "新的照片" in copied["customer_message"]["zh"]
    assert (len(copied["required_evidence"]), fresh["tier"]) == (1, "approve")
    again = client.post(f"/v1/refunds/{first['refund_id']}/score").json()
    assert again["tier"] == "approve"


def test_a_customer_may_use_a_picture_of_their_own_twice(client: httpx.Client) -> None:
    lines = order("50.00", "60.00")
    for line in ("1", "2"):
        refund = asked(lines, "50.00", line_id=line)
        body = {"order": lines, "refund": refund}
        given = [picture(refund, 0, content_hash="aaaa0000bbbb1111")]
        assert score(client, {**body, "evidence": given})["tier"] == "approve"


@pytest.mark.parametrize(
    ("taken", "tier"),
    [("2026-02-20T08:00:00+08:00", "request_evidence"), ("2026-02-27T09:00:00+08:00", "approve")],
)
def test_a_picture_taken_well_before_the_order(client: httpx.Client, taken: str, tier: str) -> None:
    """The order was placed on the first of March: camera clocks drift by hours, not by days."""
    (decision,) = shown(client, {"captured_at": taken})
    assert decision["tier"] == tier


def test_a_second_doubtful_picture_goes_to_a_person(client: httpx.Client) -> None:
    old = {"captured_at": "2026-01-01T08:00:00+08:00"}
    first, second = shown(client, old, old)
    assert (first["tier"], second["tier"]) == ("request_evidence", "platform_intervention")


def test_within_the_right_of_return_no_picture_is_asked(client: httpx.Client) -> None:
    lines = [{**order("259.00")[0], "no_reason_return": True}]
    refund = asked(lines, "259.00", type="return_and_refund")
    given = [picture(refund, 0, captured_at="2026-01-01T08:00:00+08:00")]
    decision = score(client, {"order": lines, "refund": refund, "evidence": given})
    assert (decision["lane"], decision["tier"]) == ("no_reason", "approve")


@pytest.mark.parametrize(
    ("reason", "condition", "tier", "rule"),
    [
        ("counterfeit", "counterfeit", "approve", "claim_confirmed"),
        ("wrong_item", "different_item", "approve", "claim_confirmed"),
        ("missing_item", "incomplete", "approve", "claim_confirmed"),
        ("defective", "different_item", "platform_intervention", "another_article"),
        ("defective", "used", "request_evidence", "inspection_unshown"),
        ("defective", "damaged_by_customer", "request_evidence", "inspection_unshown"),
        ("defective", "empty", "platform_intervention", "empty_return"),
        ("defective", "incomplete", "request_evidence", "incomplete_return"),
    ],
)
def test_what_an_inspection_found(
    client: httpx.Client, reason: str, condition: str, tier: str, rule: str
) -> None:
    body = request(reason_code=reason, type="return_and_refund")
    found = {"refund_id": body["refund"]["refund_id"], "condition": condition,
             "inspected_at": "2026-03-06T10:00:00+08:00"}  # fmt: skip
    decision = score(client, {**body, "inspection": found})
    applied = {rule["id"]: rule["text"]["en"] for rule in decision["rules"]}
    assert (decision["tier"], rule in applied) == (tier, True)
    if rule != "another_article":
        assert "another_article" not in applied


def test_three_findings_of_the_customers_own_need_a_person_and_end_an_allow_entry(
    client: httpx.Client,
) -> None:
    named = {"customer_id": "C-thrice", "merchant_id": "M-thrice"}
    lines = [order("30.00")[0] | named for _ in range(4)]
    entry = {"list": "allow", "cause": "a friend of the shop"}
    store(client, "/v1/orders", *lines)
    client.put("/v1/customers/C-thrice/listing", json=entry).raise_for_status()
    tiers = []
    for line in lines:
        refund = asked([line], "30.00")
        decision = score(client, {"order": [line], "refund": refund})
        tiers.append((decision["tier"], "allow_list" in {r["id"] for r in decision["rules"]}))
        store(client, "/v1/outcomes", {
            "refund_id": refund["refund_id"], "decided_at": "2026-03-06T10:00:00+08:00",
            "verdict": "fraud",
        })  # fmt: skip
    assert [tier for tier, _ in tiers] == ["approve"] * 3 + ["platform_intervention"]
    assert [allowed for _, allowed in tiers] == [True, False, False, False]


def test_a_fault_within_seven_days_is_paid_back_with_the_postage(client: httpx.Client) -> None:
    body = request(reason_code="defective", type="return_and_refund")
    name = body["refund"]["order_id"]
    body["shipments"] = [{"order_id": name, "status": "delivered",
                          "occurred_at": "2026-03-03T10:00:00+08:00"}]  # fmt: skip
    decision = score(client, body)
    assert decision["tier"] == "approve"
    assert "The postage is on us" in decision["customer_message"]["en"]
    assert "运费由我们承担" in decision["customer_message"]["zh"]
