"""Every call with the key of one merchant: what another's ids answer is what unknown ids answer.

Each call of the document is classed here; one that is not fails the first test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.api.declared import document, operations
from tests.api.serving import Running, running
from tests.api.two_merchants import AT, SCOPES, case, finding, scored

OPEN = {"push", "healthz", "readyz"}
"""No key; a push has a secret of its own."""

NOBODYS = {"model", "metrics", "cases"}
"""What names nothing in its address: its answer holds nothing of another merchant."""

WHOLE = {
    "enter_listing", "end_listing", "appeal_listing", "inbox", "inbox_message", "replay_message",
    "endpoints", "set_endpoint", "remove_endpoint", "receivers", "add_receiver",
    "rotate_receiver_secret", "stop_receiver", "deliveries", "resend_delivery",
}  # fmt: skip
"""Of the whole service: refused to every key that is bound."""

BY_ID = {
    "score_again", "decision", "decisions", "case", "dossier", "claim_case", "close_case",
    "appeal_case", "customer",
}  # fmt: skip
"""About something by its id: another's is a 404 as what nobody knows."""

SENT = {
    "score", "score_batch", "store_orders", "store_shipments", "store_refunds", "store_evidence",
    "store_inspections", "store_outcomes", "store_feedback", "store_payment_disputes",
    "store_retractions", "put_evidence_file",
}  # fmt: skip
"""Facts: ids are within the merchant, so another's number is as good as a new one."""

CLASSES = (OPEN, NOBODYS, WHOLE, BY_ID, SENT)
CALLS = {o["operationId"]: (method, path, o) for method, path, o in operations(document())}
THEIRS, PLATFORMS, NOBODY = 2001, 3001, 4001
"""Numbers: of M-B by its own key, of M-B by the platform's key, of nobody."""

ALSO_THEIRS, AT_LAST = 2002, 2003
"""Two more of M-B's: M-A sends facts under these."""


def test_every_call_of_the_document_is_classed_once() -> None:
    classed = [name for names in CLASSES for name in names]
    assert sorted(classed) == sorted(CALLS)


@dataclass(frozen=True)
class Market:
    """A service, the keys of both merchants, and M-B's decisions by number."""

    run: Running
    a: httpx.Client
    b: httpx.Client
    decisions: dict[int, str]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    with (
        running(tmp_path_factory.mktemp("matrix")) as run,
        run.client(*SCOPES, merchants=["M-A"]) as a,
        run.client(*SCOPES, merchants=["M-B"]) as b,
        run.client() as platform,
    ):
        decisions = {}
        for client, number in ((b, THEIRS), (b, ALSO_THEIRS), (b, AT_LAST), (platform, PLATFORMS)):
            made = scored(client, case("M-B", number, type="refund_only", amount="900.00"))
            decisions[number] = made["decision_id"]
        receiver = {"url": "https://example.com/hook", "events": ["decision.made"]}
        platform.post("/v1/receivers", json=receiver).raise_for_status()
        yield Market(run, a, b, decisions)


def sent(name: str, number: int) -> dict[str, Any]:
    """The body of a call about a number, as M-A would send it."""
    one = case("M-A", number)
    refund = one["refund"]["refund_id"]
    bodies: dict[str, Any] = {
        "score": one,
        "score_batch": [one],
        "store_orders": one["order"],
        "store_shipments": one["shipments"],
        "store_refunds": one["refund"],
        "store_evidence": one["evidence"],
        "store_inspections": {"refund_id": refund, "inspected_at": AT, "condition": "used"},
        "store_outcomes": finding(refund, "fraud"),
        "store_feedback": {"refund_id": refund, "answered_at": AT, "satisfaction": 1},
        "store_payment_disputes": {"dispute_id": f"D{number}", "order_id": f"{number}",
                                   "stage": "lost", "occurred_at": AT, "amount": "20.00"},
        "store_retractions": {"kind": "outcomes", "reason": "no", "retracted_at": AT,
                              "key": {"refund_id": f"{number}-9", "decided_at": AT,
                                      "decided_by": "merchant"}},
        "close_case": {"verdict": "fraud"},
        "appeal_case": {"cause": "no"},
        "enter_listing": {"list": "block", "cause": "no"},
        "appeal_listing": {"cause": "no"},
        "add_receiver": {"url": "https://example.com/pushed"},
        "set_endpoint": {"secret": "a secret of theirs, long enough"},
    }  # fmt: skip
    if name == "put_evidence_file":
        return {"content": b"\xff\xd8\xff\xd9", "headers": {"content-type": "image/jpeg"}}
    return {"json": bodies[name]} if name in bodies else {}


def call(market: Market, client: httpx.Client, name: str, number: int) -> httpx.Response:
    """The call about the things of a number."""
    method, path, _ = CALLS[name]
    ids = {
        "refund_id": f"{number}-1", "customer_id": f"M-B-{number}", "evidence_id": f"E{number}",
        "decision_id": market.decisions.get(number, "D-of-nobody"), "receiver_id": f"r{number}",
        "message_id": f"m{number}", "delivery_id": f"d{number}", "system": "generic",
        "endpoint": "main",
    }  # fmt: skip
    return client.request(method, path.format(**ids), **sent(name, number))


def told(market: Market, answer: httpx.Response, number: int) -> tuple[int, str]:
    """Status and text, without the number that was asked for and what a moment makes of it."""
    text = re.sub("urn:request:[0-9a-f]+", "", answer.text)
    text = text.replace(market.decisions.get(number, "D-of-nobody"), "D")
    return answer.status_code, text.replace(str(number), "N")


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_another_s_id_is_answered_as_one_that_nobody_knows(market: Market, name: str) -> None:
    unknown = told(market, call(market, market.a, name, NOBODY), NOBODY)
    assert unknown[0] == 404
    for number in (THEIRS, PLATFORMS):
        assert told(market, call(market, market.a, name, number), number) == unknown
        if name in READ:
            assert call(market, market.b, name, number).status_code == 200


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_what_is_of_the_whole_service_is_refused_whatever_is_named(
    market: Market, name: str
) -> None:
    answers = {told(market, call(market, market.a, name, n), n) for n in (THEIRS, NOBODY)}
    [(status, text)] = answers
    assert status == 403
    assert "bound" in text


@pytest.mark.parametrize("name", sorted(NOBODYS))
def test_what_names_nobody_tells_nothing_of_another(market: Market, name: str) -> None:
    text = call(market, market.a, name, NOBODY).text
    assert not any(said in text for said in ("M-B", f"{THEIRS}-1", f"{PLATFORMS}-1"))


@pytest.mark.parametrize("name", sorted(SENT))
def test_facts_under_another_s_number_are_taken_as_under_a_new_one(
    market: Market, name: str
) -> None:
    """Scoring comes last of its number: decisions differ by their moment, not by what they say."""
    statuses = []
    for number in (ALSO_THEIRS, NOBODY):
        answer = call(market, market.a, name, number)
        said = json.loads(answer.text) if answer.is_success else answer.json()["type"]
        statuses.append((answer.status_code, said if name.startswith("store") else ""))
        assert "M-B" not in answer.text
    assert statuses[0] == statuses[1]


READ = ("decision", "decisions", "case", "dossier", "customer")


def test_nothing_that_one_merchant_calls_changes_what_another_reads(market: Market) -> None:
    before = _read_by_b(market)
    for name in sorted({*BY_ID, *SENT, *WHOLE}):
        for number in (AT_LAST, PLATFORMS):
            call(market, market.a, name, number)
    assert _read_by_b(market) == before


def _read_by_b(market: Market) -> list[str]:
    """What M-B reads of its own, without the instant at which it is written."""
    texts = [call(market, market.b, name, AT_LAST).text for name in READ]
    return [re.sub('"made_at":"[^"]+"', "", text) for text in texts]
