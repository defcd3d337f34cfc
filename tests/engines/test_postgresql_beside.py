"""Two services on one PostgreSQL store: decisions about different things do not wait for each
other, those about one thing do, and both are made again to the bit."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from risk.cases.record.reason_facts import facts_of_reason
from risk.decisions import log
from risk.decisions.decide import Decider
from risk.errors import NotFound
from risk.facts.format import iso
from risk.history.commits.beside import QUIET
from risk.history.connection.connect import Write, now_ms
from risk.history.intake import ingest, parse_facts
from risk.history.schema.schema_models import policies
from risk.history.store import History
from risk.policy import Policies, load
from tests.deciders import HOUR, body, decider, photo
from tests.engines.held_decisions import Held, beside, kept, made_again, of, value, waits

pytestmark = pytest.mark.engines
SECRET = "a secret for histories in tests"
COUNTED = {"customer_id": "customer_requests_365d", "device_id": "device_strangers"}
SEEN = {"device_id": "device", "phone": "phone", "shipping_address": "address"}


@pytest.fixture
def url(postgresql_url: str) -> Iterator[str]:
    """The URL of a database of its own."""
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE beside")
        yield postgresql_url.replace("/postgres?", "/beside?")
        connection.execute("DROP DATABASE beside WITH (FORCE)")


@pytest.fixture
def services(url: str) -> Iterator[tuple[Decider, Decider]]:
    """Two deciders with connections of their own, each of which has decided once."""
    histories = [History.open(url, SECRET) for _ in range(2)]
    first = decider(histories[0])
    second = Decider(histories[1], Policies(load(None)))
    second.refresh()
    for one in (first, second):
        one.score(body())
    yield first, second
    for history in histories:
        history.close()


def test_another_customer_at_the_same_merchant_and_courier_is_decided_meanwhile(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor
) -> None:
    one, other = services
    held = beside(one, body("held"), pool)
    second = Held(other, body("beside"))
    second.go.set()
    answer = pool.submit(second)
    assert second.made.wait(20), "it waits for a decision about somebody else"
    waits(one.history)
    assert not answer.done(), "it is answered before what was drawn before it is stored"
    held.go.set()
    held.answer.result(20), answer.result(20)
    a, b = kept(one, "R-held"), kept(one, "R-beside")
    assert (a.commit_no, a.as_of) < (b.commit_no, b.as_of)
    assert a.settled is None
    assert b.settled is not None
    assert b.settled <= a.as_of
    counted = "merchant_requests_30d"
    assert [value(one, f"R-{name}", counted) for name in ("held", "beside")] == [2, 2]
    told = {**one.decisions("R-beside")[0], "reasons": [{"feature": counted}]}
    assert len(facts_of_reason(one.history, "R-beside", told, counted).facts) == 2
    one.score(body("after"))
    assert value(one, "R-after", counted) == 4
    made_again(one)


@pytest.mark.parametrize("shared", ["customer_id", "device_id", "phone", "shipping_address"])
def test_whoever_shares_a_customer_or_a_thing_waits_and_reads_it(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor, shared: str
) -> None:
    one, other = services
    thing = {shared: "上海市徐汇区漕溪北路1号2室" if "address" in shared else "13800138000"}
    first, second = (of(f"C-{name}", name, **thing) for name in ("held", "next"))
    held = beside(one, first, pool)
    next_one = Held(other, second)
    next_one.go.set()
    answer = pool.submit(next_one)
    waits(one.history)
    assert not next_one.made.is_set(), "it is decided without what is stored meanwhile"
    held.go.set()
    held.answer.result(20), answer.result(20)
    counted = COUNTED.get(shared, f"{SEEN.get(shared)}_customers")
    assert value(one, "R-next", counted) == 1
    made_again(one)


def test_a_request_on_a_stored_order_waits_for_who_shares_the_orders_things(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor
) -> None:
    one, other = services
    second = of("C-next", "next", device_id="device-shared")
    ingest(one.history, "orders", second.pop("order"))
    held = beside(one, of("C-held", "held", device_id="device-shared"), pool)
    next_one = Held(other, second)
    next_one.go.set()
    answer = pool.submit(next_one)
    waits(one.history)
    assert not next_one.made.is_set()
    held.go.set()
    held.answer.result(20), answer.result(20)
    assert value(one, "R-next", "device_strangers") == 1
    made_again(one)


def test_facts_wait_for_decisions_in_flight_and_decisions_for_facts(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor
) -> None:
    one, other = services
    held = beside(one, body("held"), pool)
    order = of("C-held", "more")["order"]
    stored = pool.submit(ingest, other.history, "orders", order)
    waits(one.history)
    assert not stored.done()
    held.go.set()
    held.answer.result(20), stored.result(20)
    with one.history.write() as write:
        answer = pool.submit(other.score, of("C-held", "next"))
        waits(one.history)
        found = {"refund_id": "R-held", "verdict": "abuse", "decided_by": "platform",
                 "decided_at": iso(now_ms())}  # fmt: skip
        parse_facts("outcomes", [found], one.history.hasher, may_backdate=False).store(write)
        assert not answer.done()
    answer.result(20)
    assert value(one, "R-next", "customer_requests_365d") == 1
    assert value(one, "R-next", "customer_abuse") == 1
    made_again(one)


def test_who_meets_nobody_decides_alone_until_somebody_comes(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor
) -> None:
    one, other = services
    for number in range(QUIET):
        one.score(body(f"quiet{number}"))
    first = beside(one, body("alone"), pool)
    second = Held(other, body("comes"))
    second.answer = pool.submit(second)
    waits(one.history)
    assert first.alone
    assert not second.made.is_set()
    first.go.set()
    first.answer.result(20)
    assert second.made.wait(20)
    third = beside(one, body("beside again"), pool)
    assert not second.alone
    assert not third.alone
    for held in (second, third):
        held.go.set()
        held.answer.result(20)
    made_again(one)


def test_what_was_not_claimed_is_decided_alone(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor
) -> None:
    """A photo, another request and another line of the order came by another way: of a body that
    repeats its order they are found out once it is stored."""
    one, other = services
    bodies = {name: body(name) for name in ("shown", "asked", "lined", "sent")}
    ingest(one.history, "evidence", [photo(bodies["shown"])])
    earlier = {**bodies["asked"]["refund"], "refund_id": "R-earlier", "device_id": "device-else"}
    ingest(one.history, "refunds", [earlier])
    line = {**bodies["lined"]["order"][0], "line_id": "2", "customer_id": "C-else"}
    ingest(one.history, "orders", [line])
    back = {"order_id": "O-sent", "direction": "return", "status": "shipped", "weight_g": 500,
            "occurred_at": iso(now_ms() - HOUR // 2), "tracking_no": "SF1"}  # fmt: skip
    ingest(one.history, "shipments", [back])
    held = beside(one, body("held"), pool)
    answers = [pool.submit(other.score, one_body) for one_body in bodies.values()]
    waits(one.history)
    assert not any(answer.done() for answer in answers)
    held.go.set()
    for answer in (held.answer, *answers):
        answer.result(20)
    assert all(kept(one, f"R-{name}").settled is None for name in bodies)
    assert len(one.decisions("R-shown")) == 1
    made_again(one)


def test_a_body_may_name_no_parcels_and_no_lines(services: tuple[Decider, Decider]) -> None:
    one, _ = services
    assert one.score({**body("bare"), "shipments": [], "order": []}).tier
    assert one.score({"refund": body("alone")["refund"]}).tier
    made_again(one)


def test_one_body_sent_to_both_at_once_is_decided_once(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor
) -> None:
    one, other = services
    sent = body("same")
    held = beside(one, sent, pool)
    answer = pool.submit(other.score, sent)
    waits(one.history)
    held.go.set()
    assert held.answer.result(20) == answer.result(20) == other.score(sent)
    assert len(one.decisions("R-same")) == 1


@pytest.mark.parametrize("killed", [False, True])
def test_one_that_fails_in_flight_leaves_nothing_and_holds_nobody_up(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor, killed: bool
) -> None:
    one, other = services
    held = beside(one, body("held"), pool)
    second = Held(other, body("beside"))
    second.go.set()
    answer = pool.submit(second)
    assert second.made.wait(20)
    waits(one.history)
    if killed:
        assert held.backend is not None
        with other.history.engine.connect() as connection:
            connection.exec_driver_sql(f"SELECT pg_terminate_backend({held.backend})")
        answer.result(20)
    held.fails = not killed
    held.go.set()
    with pytest.raises((AssertionError, sa.exc.OperationalError)):
        held.answer.result(20)
    assert answer.result(20).tier
    with pytest.raises(NotFound):
        one.decisions("R-held")
    one.score(body("held"))
    made_again(one)


def test_rows_that_another_wrote_first_are_met_again_alone(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor
) -> None:
    inside, go = threading.Event(), threading.Event()

    def keep(write: Write) -> str:
        known = sa.select(policies.c.version).where(policies.c.version == "p")
        if write.connection.execute(known).scalar() is not None:
            return "known"
        row = {"version": "p", "kept_at": write.at, "content": "-"}
        write.connection.execute(sa.insert(policies).values(row))
        inside.set()
        assert go.wait(20)
        return "kept"

    one, other = (service.history for service in services)
    first = pool.submit(one.write_grouped, keep, frozenset({("one", 1)}))
    assert inside.wait(20)
    second = pool.submit(other.write_grouped, keep, frozenset({("another", 1)}))
    waits(one)
    go.set()
    assert [first.result(20), second.result(20)] == ["kept", "known"]


def test_many_at_once_are_made_again_to_the_bit(
    services: tuple[Decider, Decider], pool: ThreadPoolExecutor
) -> None:
    chance = random.Random(7)
    bodies = []
    for number in range(72):
        one = of(f"C-{chance.randrange(30)}", f"many{number}", merchant_id=f"M-{number % 2}")
        one["order"][0]["device_id"] = f"device-{chance.randrange(40)}"
        bodies.append(one)

    def send(some: list[dict[str, Any]], service: Decider) -> None:
        for number, one in enumerate(some):
            service.score(one)
            if number % 6 == 0:
                service.score(one)
                found = {"refund_id": one["refund"]["refund_id"], "verdict": "abuse",
                         "decided_by": "reviewer", "decided_at": iso(now_ms())}  # fmt: skip
                ingest(service.history, "outcomes", [found])

    parts = [pool.submit(send, bodies[part::4], services[part % 2]) for part in range(4)]
    for part in parts:
        part.result(60)
    with services[0].history.read() as connection:
        stored = list(log.every(connection))
    assert len(stored) == 74
    assert sum(one.settled is not None for one in stored) > 5, "none was made beside another"
    made_again(services[0])
