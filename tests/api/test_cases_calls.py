"""The reviewers' queue over HTTP: pages, filters, claims, findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import jsonschema
import pytest

from risk.decisions.case import audit_draw
from tests.api.declared import document
from tests.api.serving import Running, small_bundle
from tests.api.test_scoring import body

MERCHANTS = ("M-east", "M-west")


@pytest.fixture(scope="module")
def opened(served: Running, client: httpx.Client) -> list[str]:
    """Cases that are before a person, since the model suspects everybody; of two merchants."""
    served.promote("suspicious", small_bundle(0, 5.0))
    made = []
    for n in range(9):
        one = body(reason_code="counterfeit", amount=f"{900 + n}.00", type="refund_only")
        one["order"][0].update(
            merchant_id=MERCHANTS[n % 2],
            amount=f"{900 + n}.00",
            customer_id=f"C-{n}",
            no_reason_return=False,
        )
        decision = client.post("/v1/refunds/score", json=one).json()
        if decision["tier"] != "approve":
            made.append(one["refund"]["refund_id"])
    assert len(made) > 4
    return made


def _valid(name: str, value: Any) -> None:
    everything = {"$ref": f"#/components/schemas/{name}", "components": document()["components"]}
    jsonschema.Draft202012Validator(everything).validate(value)


def _walk(client: httpx.Client, **query: Any) -> Iterator[str]:
    cursor: str | None = ""
    while cursor is not None:
        page = client.get("/v1/cases", params={**query, "cursor": cursor}).json()
        _valid("CasePage", page)
        yield from (case["refund_id"] for case in page["cases"])
        cursor = page["next"]


@pytest.mark.parametrize("order", ["rank", "deadline", "money", "newest"])
def test_pages_hold_every_case_once(client: httpx.Client, opened: list[str], order: str) -> None:
    found = list(_walk(client, limit=2, order=order))
    assert len(found) == len(set(found))
    assert set(opened) <= set(found)


def test_filters_leave_what_fits(client: httpx.Client, opened: list[str]) -> None:
    for merchant in MERCHANTS:
        page = client.get("/v1/cases", params={"merchant": merchant}).json()["cases"]
        assert {case["merchant_id"] for case in page} == {merchant}
    dear = client.get("/v1/cases", params={"amount_from": "905"}).json()["cases"]
    assert {float(case["amount"]) >= 905 for case in dear} == {True}
    one = client.get("/v1/cases", params={"q": opened[0]}).json()["cases"]
    assert [case["refund_id"] for case in one] == [opened[0]]


@pytest.mark.parametrize("least", ["-1", "-9223372036854775809", "-" + "9" * 40])
def test_a_ring_of_fewer_than_none_is_any(
    client: httpx.Client, opened: list[str], least: str
) -> None:
    every = client.get("/v1/cases").raise_for_status().json()
    assert client.get("/v1/cases", params={"ring": least}).raise_for_status().json() == every


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tier", "refuse"), ("limit", "0"), ("limit", "201"), ("limit", "x"), ("limit", "9" * 99),
        ("due", "never"), ("amount_from", "-1"), ("audit", "perhaps"), ("cursor", "%%%"),
        ("order", "random"), ("q", "x" * 300),
    ],
)  # fmt: skip
def test_a_filter_that_does_not_fit_is_named(client: httpx.Client, name: str, value: str) -> None:
    answer = client.get("/v1/cases", params={name: value})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"?{name}"


def test_a_case_is_claimed_by_one_and_closed_once(
    served: Running, client: httpx.Client, opened: list[str]
) -> None:
    path = f"/v1/cases/{opened[0]}"
    with served.client("review") as another:
        claimed = client.post(f"{path}/claim")
        assert claimed.status_code == 200
        _valid("WholeCase", claimed.json())
        assert claimed.json()["case"]["held_by"].startswith("key:")
        assert client.post(f"{path}/claim").status_code == 200
        finding = {"verdict": "legitimate", "resolution": "refunded"}
        for refused in (
            another.post(f"{path}/claim"),
            another.post(f"{path}/outcome", json=finding),
        ):
            assert refused.status_code == 409
        closed = client.post(f"{path}/outcome", json=finding)
        assert (closed.json()["case"]["state"], closed.json()["case"]["verdict"]) == (
            "closed", "legitimate",
        )  # fmt: skip
        assert client.post(f"{path}/outcome", json=finding).status_code == 409
        seen, said = another.get(path).json()["case"], closed.json()["case"]
        for name in ("state", "verdict", "closed_at", "closed_because", "found_by", "held_by"):
            assert seen.get(name) == said.get(name), "it is decided again within a second"
    assert [event["action"] for event in closed.json()["events"]] == ["claim", "finding"]
    ended, follow_up = (
        datetime.fromisoformat(at)
        for at in (closed.json()["case"]["closed_at"], closed.json()["follow_up_at"])
    )
    assert follow_up - ended == timedelta(days=3)
    answer = {"refund_id": opened[0], "answered_at": closed.json()["case"]["closed_at"],
              "satisfaction": 4}  # fmt: skip
    client.post("/v1/feedback", json=[answer]).raise_for_status()
    assert client.get(path).json()["follow_up_at"] is None
    assert opened[0] not in set(_walk(client))
    assert opened[0] in set(_walk(client, state="closed"))


@pytest.mark.parametrize(
    ("finding", "status", "field"),
    [
        ({}, 422, "verdict"),
        ({"verdict": "guilty"}, 422, "verdict"),
        ({"verdict": 3}, 422, "verdict"),
        ({"verdict": "fraud", "amount": "-1"}, 422, "amount"),
        ({"verdict": "fraud", "resolution": "partly_refunded"}, 422, "amount"),
        ({"verdict": "fraud", "note": "x" * 20_001}, 422, "note"),
        ({"verdict": "fraud", "mood": "bad"}, 422, "mood"),
        ({"verdict": "fraud", "decided_by": "reviewer"}, 403, "decided_by"),
        ({"verdict": "fraud", "decided_by": "appeal"}, 403, "decided_by"),
        ({"verdict": "fraud", "decided_by": "platform"}, 403, "decided_by"),
    ],
)
def test_a_finding_that_does_not_fit_closes_nothing(
    client: httpx.Client, opened: list[str], finding: dict[str, Any], status: int, field: str
) -> None:
    path = f"/v1/cases/{opened[1]}"
    answer = client.post(f"{path}/outcome", json=finding)
    assert answer.status_code == status, answer.text
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert client.get(path).json()["case"]["state"] == "open"


DRAWN = 0.1
"""Below this an approval might be drawn for audit, and would be a case."""


def test_what_is_no_case(served: Running, client: httpx.Client) -> None:
    key = served.service.history.audit_key
    approved = body(reason_code="unwanted", amount="5.00", postage="0.00")
    while audit_draw(approved["refund"]["refund_id"], key) < DRAWN:
        approved = body(reason_code="unwanted", amount="5.00", postage="0.00")
    approved["order"][0]["amount"] = "5.00"
    told = client.post("/v1/refunds/score", json=approved)
    assert told.json().get("tier") == "approve", told.text
    for refund_id in ("none", approved["refund"]["refund_id"]):
        for answer in (
            client.get(f"/v1/cases/{refund_id}"),
            client.post(f"/v1/cases/{refund_id}/claim"),
            client.post(f"/v1/cases/{refund_id}/outcome", json={"verdict": "legitimate"}),
        ):
            assert answer.status_code == 404


def test_a_bound_key_sees_the_cases_of_its_merchant(
    served: Running, client: httpx.Client, opened: list[str]
) -> None:
    whole = {i: client.get(f"/v1/cases/{i}").json()["case"]["merchant_id"] for i in opened}
    theirs = next(i for i, merchant in whole.items() if merchant == "M-west")
    with served.client("review", merchants=["M-east"]) as bound:
        seen = set(_walk(bound))
        assert seen
        assert {whole.get(i, "M-east") for i in seen} == {"M-east"}
        assert bound.get("/v1/cases", params={"merchant": "M-west"}).status_code == 422
        assert bound.get("/v1/cases", params={"q": theirs}).json()["cases"] == []
        assert bound.get(f"/v1/cases/{theirs}").status_code == 404
        assert bound.post(f"/v1/cases/{theirs}/claim").status_code == 404
    with served.client("review", merchants=list(MERCHANTS)) as both:
        assert both.get("/v1/cases").status_code == 422
        assert both.get("/v1/cases", params={"merchant": "M-west"}).json()["cases"]
