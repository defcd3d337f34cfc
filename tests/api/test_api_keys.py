"""Who is let in: keys, scopes, merchants, expiry, revocation, rotation, rates."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.authentication import CACHED_S
from api.limits import Limits, RateLimiter
from api.problems import ProblemError
from risk.access import keys
from risk.access.keys import SCOPES
from risk.errors import BadInput, NotFound
from tests.api.declared import calls
from tests.api.serving import Running, plain_client
from tests.api.test_facts_calls import fact
from tests.api.test_scoring import body

PLACES = [pytest.param(call.method, call.address, call.scope, id=call.name) for call in calls()]


NOBODY = (b"", b"Bearer", b"Basic eDp5", b"Bearer rrk_0123456789ab_nothing", b"Bearer \xff")


@pytest.fixture(scope="module")
def stranger() -> Iterator[httpx.Client]:
    with plain_client() as client:
        yield client


@pytest.mark.parametrize(("method", "path", "scope"), PLACES)
def test_nobody_gets_in_without_a_key(
    served: Running, stranger: httpx.Client, method: str, path: str, scope: str
) -> None:
    for header in NOBODY:
        sent = {b"authorization": header} if header else {}
        answer = stranger.request(method, served.url + path, headers=sent, json={})
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["status"] == 401


@pytest.mark.parametrize(("method", "path", "scope"), PLACES)
def test_a_call_needs_its_own_scope(served: Running, method: str, path: str, scope: str) -> None:
    others = [other for other in SCOPES if other != scope]
    with served.client(*others) as client:
        answer = client.request(method, path, json={})
    assert answer.status_code == 403
    assert f"`{scope}`" in answer.json()["detail"]
    with served.client(scope) as client:
        assert client.request(method, path, json={}).status_code not in (401, 403)


def test_a_wrong_secret_with_a_known_id_is_nobody(served: Running) -> None:
    token = served.token()
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert status(served, forged) == 401


def test_only_a_hash_of_a_key_is_kept(served: Running) -> None:
    token = served.token()
    database = served.service.history.engine.url.database
    assert database
    kept = b"".join(Path(database + end).read_bytes() for end in ("", "-wal"))
    assert token.split("_", 2)[2].encode() not in kept
    assert token.split("_")[1].encode() in kept


def status(run: Running, token: str) -> int:
    with plain_client(run.url, headers={"authorization": f"Bearer {token}"}) as client:
        return client.get("/v1/model").status_code


def eventually(run: Running, token: str, wanted: int) -> bool:
    end = time.monotonic() + CACHED_S + 2
    while time.monotonic() < end:
        if status(run, token) == wanted:
            return True
    return False


def test_a_key_ends_when_it_is_revoked(served: Running) -> None:
    with served.service.history.write() as write:
        key, token = keys.create(write, "lasting", ["score"])
    assert status(served, token) == 200
    with served.service.history.write() as write:
        keys.revoke(write, key.key_id)
    assert eventually(served, token, 401)


def test_a_key_ends_when_it_expires(served: Running) -> None:
    with served.service.history.write() as write:
        key, _ = keys.create(write, "short", ["score"], expires_at=write.at + 60_000)
        _, over = keys.create(write, "over", ["score"], expires_at=write.at)
    assert key.expires_at == key.created_at + 60_000
    assert [key.valid_at(key.expires_at + past) for past in (-1, 0)] == [True, False]
    assert status(served, over) == 401


def test_a_key_is_followed_by_another_without_a_gap(served: Running) -> None:
    history = served.service.history
    with history.write() as write:
        old, first = keys.create(write, "turning", ["score"], says="platform", rate=7.5)
    with history.write() as write:
        new, second = keys.rotate(write, old.key_id, overlap_ms=60_000)
        ends = {k.key_id: k.expires_at for k in keys.every(write.connection)}
        assert (ends[old.key_id], ends[new.key_id]) == (write.at + 60_000, None)
    assert (new.scopes, new.says, new.rate) == (old.scopes, old.says, old.rate)
    assert (status(served, first), status(served, second)) == (200, 200)
    with history.write() as write:
        keys.revoke(write, old.key_id)
        with pytest.raises(NotFound):
            keys.rotate(write, old.key_id)


def test_when_a_key_was_last_used_is_noted(served: Running) -> None:
    history = served.service.history
    with history.write() as write:
        key, token = keys.create(write, "used", ["score"])
    assert key.last_used_at is None
    status(served, token)
    served.service.authenticator.write_last_used()
    with history.read() as connection:
        noted = {k.key_id: k for k in keys.every(connection)}[key.key_id]
    assert noted.last_used_at is not None
    assert noted.last_used_at >= key.created_at


@pytest.mark.parametrize(
    ("scopes", "rights", "field"),
    [
        (["everything"], {}, "scopes"),
        ([], {}, "scopes"),
        (["score"], {"says": "reviewer"}, "says"),
        (["score"], {"rate": 0.0}, "rate"),
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(
    served: Running, scopes: list[str], rights: dict[str, Any], field: str
) -> None:
    with served.service.history.write() as write:
        before = len(keys.every(write.connection))
        with pytest.raises(BadInput) as refused:
            keys.create(write, "odd", scopes, **rights)
        assert refused.value.problems[0].field == field
        assert len(keys.every(write.connection)) == before


def test_revoking_what_is_not_there(served: Running) -> None:
    with served.service.history.write() as write, pytest.raises(NotFound):
        keys.revoke(write, "none")


def test_a_bound_key_speaks_of_its_own_merchant_only(served: Running, client: httpx.Client) -> None:
    theirs, ours = (fact("orders") | {"merchant_id": m} for m in ("M-other", "M-own"))
    client.post("/v1/orders", json=theirs).raise_for_status()
    refund = fact("refunds") | {"order_id": theirs["order_id"]}
    client.post("/v1/refunds", json=refund).raise_for_status()
    with served.client("ingest", "outcomes", "score", merchants=["M-own"]) as bound:
        assert bound.post("/v1/orders", json=ours).status_code == 201
        answer = bound.post("/v1/orders", json=fact("orders") | {"merchant_id": "M-other"})
        assert answer.status_code == 403
        assert answer.json()["errors"][0]["field"] == "merchant_id"
        nobodys = {**fact("orders"), "merchant_id": None}
        assert bound.post("/v1/orders", json=nobodys).status_code == 403
        for kind, about in (
            ("shipments", {"order_id": theirs["order_id"]}),
            ("evidence", {"refund_id": refund["refund_id"]}),
            ("inspections", {"refund_id": refund["refund_id"]}),
            ("outcomes", {"refund_id": refund["refund_id"]}),
        ):
            answer = bound.post(f"/v1/{kind}", json=fact(kind) | about)
            assert answer.status_code == 403, kind
            assert answer.json()["errors"][0]["field"] == next(iter(about))
        for order_id in ("unseen", theirs["order_id"]):
            asked = bound.post("/v1/refunds", json=fact("refunds") | {"order_id": order_id})
            assert asked.status_code == 201


def test_a_bound_key_sees_its_own_merchant_only(served: Running, client: httpx.Client) -> None:
    theirs, ours = body(), body()
    theirs["order"][0]["merchant_id"], ours["order"][0]["merchant_id"] = "M-other", "M-own"
    decision = client.post("/v1/refunds/score", json=theirs).json()
    with served.client("score", merchants=["M-own"]) as bound:
        own = bound.post("/v1/refunds/score", json=ours)
        assert own.status_code == 200
        assert bound.get(f"/v1/decisions/{own.json()['decision_id']}").status_code == 200
        refund_id = theirs["refund"]["refund_id"]
        assert bound.post("/v1/refunds/score", json=theirs).status_code == 403
        for answer in (
            bound.post(f"/v1/refunds/{refund_id}/score"),
            bound.get(f"/v1/refunds/{refund_id}/decisions"),
            bound.get(f"/v1/decisions/{decision['decision_id']}"),
        ):
            assert answer.status_code == 404


def test_a_key_has_its_own_rate(served: Running) -> None:
    with served.client("score", rate=2.0) as slow, served.client("score") as fast:
        answers = [slow.get("/v1/model") for _ in range(8)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert 1 <= len(refused) <= 5
        assert int(refused[0].headers["retry-after"]) >= 1
        assert {fast.get("/v1/model").status_code for _ in range(8)} == {200}


def test_who_waits_as_told_is_taken_though_the_clock_rounds() -> None:
    rates, now = RateLimiter(Limits(rate=0.5, burst=1)), 0.3
    assert now + 2 - now < 2
    rates.take("key", None, now)
    with pytest.raises(ProblemError) as refused:
        rates.take("key", None, now)
    assert refused.value.headers["retry-after"] == "2"
    rates.take("key", None, now + 2)


@given(
    rate=st.floats(0.5, 50),
    burst=st.floats(1, 20),
    pauses=st.lists(st.floats(0, 2), min_size=1, max_size=60),
)
def test_never_more_than_the_burst_and_the_rate(
    rate: float, burst: float, pauses: list[float]
) -> None:
    rates = RateLimiter(Limits(rate=rate, burst=burst))
    now = 100.0
    for taken, pause in enumerate(pauses, 1):
        now += pause
        try:
            rates.take("key", None, now)
        except ProblemError as problem:
            wait = int(problem.headers["retry-after"])
            now += wait
            rates.take("key", None, now)
        assert taken <= burst + rate * (now - 100.0) + 1e-6
