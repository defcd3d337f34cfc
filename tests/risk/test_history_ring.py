"""The ring by one statement, by the walk, and by hand: the same, with people beyond every bound."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from risk.features.ring import KINDS, MAX_ENTITIES, MAX_MEMBERS, MAX_ROWS, RING_COLUMNS
from risk.history.connection.driver import runner
from risk.history.reading.ring_links import links_of
from risk.history.reading.ring_reader import ring_of
from risk.history.reading.ring_walk import members_of, walked
from risk.history.schema import findings, requests, sightings
from risk.history.store import History
from tests.naive_ring import ring_numbers
from tests.stores import new_store

NOW = 10**12
Row = dict[str, Any]


@dataclass(frozen=True)
class Town:
    """So many customers and things of each kind; `collectors` have more than are followed."""

    customers: int
    things: int
    touches: int
    collectors: int = 0


TOWNS = (
    Town(customers=30, things=40, touches=120),
    Town(customers=30, things=12, touches=300),
    Town(customers=40, things=200, touches=400, collectors=2),
    Town(customers=700, things=60, touches=2_600),
)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    folder = tmp_path_factory.mktemp("ring")
    made = new_store(folder / "store.db")
    yield made
    made.close()


def seen(town: Town, rng: random.Random) -> list[Row]:
    """First sightings, one a customer and thing, some of them later than the question."""
    pairs = {
        (rng.choice(KINDS), rng.randrange(town.things), f"c{rng.randrange(town.customers)}")
        for _ in range(town.touches)
    }
    for collector in range(town.collectors):
        pairs |= {
            (rng.choice(KINDS), rng.randrange(town.things), f"c{collector}")
            for _ in range(3 * MAX_ENTITIES)
        }
    return [
        {"kind": kind, "entity": thing, "customer_id": customer, "known_at": moment(rng)}
        for kind, thing, customer in sorted(pairs)
    ]


SHOPS = (None, "M-1", "M-2", "M-3")


def moment(rng: random.Random) -> int:
    return NOW - rng.randrange(-20, 400) * 86_400_000


def asked(town: Town, rng: random.Random) -> list[Row]:
    """Requests, more than count of one customer."""
    who = [rng.randrange(town.customers) for _ in range(80)] + [1] * (2 * MAX_ROWS)
    return [
        {
            "refund_id": f"r{i}", "order_id": f"o{i}", "customer_id": f"c{one}",
            "amount": rng.choice([1, 500, 10**15]), "currency": rng.choice(["CNY", "USD"]),
            "known_at": NOW - rng.randrange(1, 200) * 86_400_000,
        }
        for i, one in enumerate(who)
    ]  # fmt: skip


def found(town: Town, rng: random.Random) -> list[Row]:
    who = [rng.randrange(town.customers) for _ in range(60)] + [2] * (2 * MAX_ROWS)
    return [
        {
            "refund_id": f"f{i}", "order_id": f"o{i}", "customer_id": f"c{one}",
            "label": rng.randrange(2), "fault": 0, "authority": rng.randrange(4),
            "merchant_id": rng.choice(SHOPS),
            "known_at": NOW - rng.randrange(1, 300) * 86_400_000,
            "stands_until": rng.choice([None, NOW - 1, NOW + 1]),
        }
        for i, one in enumerate(who)
    ]  # fmt: skip


def spine(town: Town, rng: random.Random, one: int) -> Row:
    own = {kind: rng.choice([None, rng.randrange(town.things)]) for kind in KINDS}
    shared = {
        "as_of": NOW,
        "settled": NOW,
        "currency": "CNY",
        "revised": one % 2,
        "merchant_id": rng.choice(SHOPS),
    }
    return {"customer_id": f"c{one}", **shared, **own}


@pytest.mark.parametrize("town", TOWNS, ids=str)
def test_the_ring_is_the_one_walked_by_hand(history: History, town: Town) -> None:
    rng = random.Random(town.touches)
    rows = {sightings: seen(town, rng), requests: asked(town, rng), findings: found(town, rng)}
    with history.write() as write:
        for table, content in rows.items():
            write.connection.execute(sa.delete(table))
            write.connection.execute(sa.insert(table), content)
    past = [[row for row in content if row["known_at"] < NOW] for content in rows.values()]
    largest = 0
    with history.read() as connection:
        run = runner(connection)
        for one in range(25):
            case = spine(town, rng, one)
            truth = ring_numbers(case, *past)
            wanted = tuple(truth[name] for name in RING_COLUMNS) if truth else None
            assert ring_of(run, case) == wanted
            assert walked(run, case) == wanted
            largest = max(largest, truth.get("customers") or 0)
    assert largest == MAX_MEMBERS or town.customers <= MAX_MEMBERS


def test_the_picture_shows_the_ring_and_names_who_is_left_out(history: History) -> None:
    town = Town(customers=30, things=40, touches=120)
    rng = random.Random(1)
    with history.write() as write:
        for table, content in {sightings: seen(town, rng), requests: [], findings: []}.items():
            write.connection.execute(sa.delete(table))
            if content:
                write.connection.execute(sa.insert(table), content)
    drawn = 0
    with history.read() as connection:
        for one in range(town.customers):
            nothing = dict.fromkeys(KINDS)
            case = {"customer_id": f"c{one}", "as_of": NOW, "settled": NOW, "currency": "CNY",
                    "merchant_id": None, **nothing}  # fmt: skip
            ring = members_of(runner(connection), case)
            links = links_of(connection, f"c{one}", NOW)
            assert {linked.customer_id for linked in links.customers} <= ring.keys()
            if not links.more:
                assert len(links.customers) == len(ring)
                drawn += len(ring)
    assert drawn > 50


def test_nobody_has_no_ring(history: History) -> None:
    with history.read() as connection:
        assert ring_of(runner(connection), {"customer_id": None}) is None
