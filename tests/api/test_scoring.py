"""Deciding over HTTP: one, many, again, and the same twice."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from itertools import count
from typing import Any

import httpx
import jsonschema
import pytest

from api.schemas.score import example_body
from tests.api.declared import document
from tests.api.serving import Running, counted, running, small_bundle
from tests.deciders import photo

_numbers = count(1)


def body(name: str = "", **refund: Any) -> dict[str, Any]:
    """A scoring body of its own, with everything in it."""
    n = name or f"s{next(_numbers)}"
    made = deepcopy(example_body())
    for fact in (made["refund"], *made["order"], *made["shipments"], *made["evidence"]):
        fact.update(
            {k: f"{k[0]}-{n}" for k in ("order_id", "refund_id", "evidence_id") if k in fact}
        )
    made["refund"].update(refund)
    return made


def test_a_decision_is_what_the_page_says(client: httpx.Client) -> None:
    answer = client.post("/v1/refunds/score", json=body())
    assert answer.status_code == 200
    decision = answer.json()
    jsonschema.Draft202012Validator(
        {"$ref": "#/components/schemas/Decision", "components": document()["components"]}
    ).validate(decision)
    total = decision["base"] + math.fsum(r["contribution"] for r in decision["reasons"])
    assert total == pytest.approx(decision["raw_score"], abs=1e-9)
    learned = {"experience": "own", "calibrated": True}
    assert decision["model"] == {"name": "refund-risk", "version": "1", **learned}


def test_every_reason_can_be_read(client: httpx.Client) -> None:
    decision = client.post("/v1/refunds/score", json=body()).json()
    kept = client.get(f"/v1/decisions/{decision['decision_id']}").json()
    (every,) = client.get(
        f"/v1/refunds/{decision['refund_id']}/decisions", params={"reasons": "all"}
    ).json()
    one = client.get(f"/v1/decisions/{decision['decision_id']}", params={"reasons": "all"}).json()
    assert kept == decision
    assert one == every
    assert {**every, "reasons": kept["reasons"]} == kept
    summed = [r for r in kept["reasons"] if r["code"].startswith("rest_of_")]
    stated = [r for r in kept["reasons"] if r not in summed]
    assert all(r["feature"] is None and r["value"] is None for r in summed)
    assert 0 < len(stated) <= min(12, len(every["reasons"]))
    assert not any(r["code"].startswith("rest_of_") for r in every["reasons"])
    for answer in (kept, every):
        total = answer["base"] + math.fsum(r["contribution"] for r in answer["reasons"])
        assert total == pytest.approx(answer["raw_score"], abs=1e-9)


@pytest.mark.parametrize("known", [True, False], ids=["order known", "order unknown"])
def test_nothing_is_said_of_what_nobody_named(client: httpx.Client, known: bool) -> None:
    """A request and an order with what they must have, and a request whose order nobody sent."""
    sent = body("bare" if known else "barer")
    bare = {"refund_id", "order_id", "requested_at", "amount", "reason_code"}
    refund = {name: value for name, value in sent["refund"].items() if name in bare}
    line = {name: sent["order"][0][name] for name in ("customer_id", "placed_at", "amount")}
    order = [{**line, "order_id": refund["order_id"]}] if known else []
    answer = client.post("/v1/refunds/score", json={"refund": refund, "order": order}).json()
    told = client.get(f"/v1/decisions/{answer['decision_id']}", params={"reasons": "all"}).json()
    texts = " ".join(one["text"]["en"] for one in (*answer["reasons"], *told["reasons"]))
    for nobody in ("device", "address", "phone", "payment instrument", "shop", "0 pieces"):
        assert nobody not in texts
    assert ("this customer" in texts) == known


def test_the_same_body_again_answers_the_stored_decision(client: httpx.Client) -> None:
    one = body()
    first, again = (client.post("/v1/refunds/score", json=one) for _ in range(2))
    assert again.content == first.content


def test_a_body_with_new_facts_makes_a_new_decision(client: httpx.Client) -> None:
    first = body()
    later = deepcopy(first)
    later["evidence"].append(
        {**later["evidence"][0], "evidence_id": "another" + str(next(_numbers))}
    )
    decided = [client.post("/v1/refunds/score", json=b).json() for b in (first, later)]
    assert decided[0]["decision_id"] != decided[1]["decision_id"]
    assert decided[1]["stage"] == "evidence"
    listed = client.get(f"/v1/refunds/{first['refund']['refund_id']}/decisions").json()
    assert listed == decided


def test_ten_at_once_are_one_decision(served: Running, client: httpx.Client) -> None:
    one = body()
    with ThreadPoolExecutor(10) as ten:
        answers = list(ten.map(lambda _: client.post("/v1/refunds/score", json=one), range(10)))
    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["decision_id"] for a in answers}) == 1
    listed = client.get(f"/v1/refunds/{one['refund']['refund_id']}/decisions").json()
    assert len(listed) == 1


def test_ten_corrections_at_once_are_one_decision_and_one_revision(client: httpx.Client) -> None:
    one = body()
    first = client.post("/v1/refunds/score", json=one)
    changed = {"refund": {**one["refund"], "revision": 2, "reason_text": "not what I ordered"}}
    bodies = [changed, one] * 10
    with ThreadPoolExecutor(10) as ten:
        answers = list(ten.map(lambda sent: client.post("/v1/refunds/score", json=sent), bodies))
    assert {a.status_code for a in answers} == {200}
    assert {a.content for a in answers[1::2]} == {first.content}
    assert len({a.content for a in answers[::2]}) == 1
    listed = client.get(f"/v1/refunds/{one['refund']['refund_id']}/decisions").json()
    assert [d["decision_id"] for d in listed] == [
        first.json()["decision_id"], answers[0].json()["decision_id"]
    ]  # fmt: skip
    clash = client.post("/v1/refunds", json={**changed["refund"], "reason_text": "another"})
    assert clash.status_code == 409, "revision 2 is stored once, with one content"


def test_deciding_again_makes_another_decision(client: httpx.Client) -> None:
    one = body()
    first = client.post("/v1/refunds/score", json=one).json()
    again = client.post(f"/v1/refunds/{one['refund']['refund_id']}/score").json()
    assert again["decision_id"] != first["decision_id"]
    assert again["as_of"] > first["as_of"]
    for decision in (first, again):
        assert client.get(f"/v1/decisions/{decision['decision_id']}").json() == decision


def test_what_nobody_asked_for_is_not_found(client: httpx.Client) -> None:
    for answer in (
        client.post("/v1/refunds/none/score"),
        client.get("/v1/refunds/none/decisions"),
        client.get("/v1/decisions/none"),
    ):
        assert answer.status_code == 404
        assert "none" in answer.json()["detail"]


def test_a_request_without_decisions_has_an_empty_list(client: httpx.Client) -> None:
    refund = body()["refund"]
    client.post("/v1/refunds", json=refund).raise_for_status()
    assert client.get(f"/v1/refunds/{refund['refund_id']}/decisions").json() == []


def test_one_bad_member_of_a_batch_stays_its_own(client: httpx.Client) -> None:
    bad = body(amount="-1")
    contradicts = body()
    answer = client.post(
        "/v1/refunds/score/batch",
        json=[good := body(), bad, contradicts, {**contradicts, "refund": {
            **contradicts["refund"], "amount": "100.00"}}],
    )  # fmt: skip
    assert answer.status_code == 200
    first, second, third, fourth = answer.json()
    assert first["decision"]["refund_id"] == good["refund"]["refund_id"]
    assert second["problem"]["errors"][0]["pointer"] == "#/refund/amount"
    assert third["decision"]["tier"]
    assert fourth["problem"]["status"] == 409
    assert client.get(f"/v1/refunds/{bad['refund']['refund_id']}/decisions").status_code == 404


def test_a_batch_is_decided_in_its_order_each_knowing_the_one_before(client: httpx.Client) -> None:
    one = body()
    again = {"refund": one["refund"], "evidence": [photo(one)]}
    bodies = [one, *(body() for _ in range(9)), one, again]
    answers = [each["decision"] for each in post_batch(client, bodies)]
    ids = [each["decision_id"] for each in answers]
    assert ids[10] == ids[0]
    assert len(set(ids)) == 11
    assert answers[11]["refund_id"] == answers[0]["refund_id"]
    assert [each["as_of"] for each in answers[:10]] == sorted(e["as_of"] for e in answers[:10])
    kept = client.get(f"/v1/refunds/{one['refund']['refund_id']}/decisions").json()
    assert [each["decision_id"] for each in kept] == [ids[0], ids[11]]


def post_batch(client: httpx.Client, bodies: list[Any]) -> list[dict[str, Any]]:
    """The answers to a batch, in the order sent."""
    answered = client.post("/v1/refunds/score/batch", json=bodies)
    answered.raise_for_status()
    found: list[dict[str, Any]] = answered.json()
    return found


@pytest.mark.parametrize("many", [[], {}, "many", [{}] * 1_001])
def test_a_batch_has_one_to_a_thousand(client: httpx.Client, many: Any) -> None:
    answer = client.post("/v1/refunds/score/batch", json=many)
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"refund": None}, "#/refund"),
        ({"order": {}}, "#/order"),
        ({"orders": []}, "#/orders"),
        ({"order": [{"order_id": 3.5}]}, "#/order/0/order_id"),
        ({"inspection": {"refund_id": "s"}}, "#/inspection/inspected_at"),
        ({"evidence": ["x"]}, "#/evidence/0"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    client: httpx.Client, change: dict[str, Any], pointer: str
) -> None:
    answer = client.post("/v1/refunds/score", json={**body(), **change})
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


def test_nothing_of_a_refused_body_is_stored(client: httpx.Client) -> None:
    one = body()
    one["evidence"][0]["submitted_at"] = "2026-03-05T10:00:00"
    assert client.post("/v1/refunds/score", json=one).status_code == 422
    line = {**one["order"][0], "amount": "77.00"}
    assert counted(client.post("/v1/orders", json=line)) == {"stored": 1, "known": 0}


def test_a_new_champion_decides_without_a_pause(folder: Any) -> None:
    with running(folder) as run, run.client() as client:
        one = body()
        first = client.post("/v1/refunds/score", json=one).json()
        run.promote("2", small_bundle(1))
        assert client.post("/v1/refunds/score", json=one).json() == first
        again = client.post(f"/v1/refunds/{one['refund']['refund_id']}/score").json()
        assert (first["model"]["version"], again["model"]["version"]) == ("1", "2")
        assert client.get("/v1/model").json()["version"] == "2"


def test_without_a_model_it_is_alive_but_not_ready(folder: Any) -> None:
    with running(folder, model=False) as run, run.client() as client:
        assert client.get("/healthz").status_code == 200
        for answer in (client.get("/readyz"), client.post("/v1/refunds/score", json=body())):
            assert answer.status_code == 503
            assert answer.headers["retry-after"] == "1"
        run.promote("1", small_bundle())
        assert client.get("/readyz").json()["model"] == "1"
