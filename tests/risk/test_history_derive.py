"""The store keeps its joined rows in step, whatever order facts arrive in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from risk.features.backfill import offline
from risk.features.derived import STREAMS
from risk.history.schema import DERIVED
from risk.history.store import History
from tests.naive_revisions import Facts
from tests.property_examples import examples
from tests.rendering import empty, fill, tables
from tests.worlds import START, World, histories, stored


def rows_of(history: History, stream: str) -> list[tuple[object, ...]]:
    names = ", ".join(column.name for column in DERIVED[stream].columns)
    with history.read() as connection:
        found = connection.exec_driver_sql(f"SELECT {names} FROM {stream}")
        return sorted((tuple(row) for row in found), key=repr)


def from_scratch(facts: Facts) -> dict[str, list[tuple[object, ...]]]:
    fresh = {}
    with offline(tables(facts), threads=1) as db:
        for stream in STREAMS:
            names = ", ".join(column.name for column in DERIVED[stream].columns)
            found = db.execute(f"SELECT {names} FROM {stream}").fetchall()
            fresh[stream] = sorted(found, key=repr)
    return fresh


@examples(15)
@given(histories(60) | histories(60, revised=2), st.integers(0, 5))
def test_joined_rows_are_what_a_fresh_derivation_makes(
    store: History, world: World, seed: int
) -> None:
    facts = stored(world)
    fill(empty(store), facts, seed)
    fresh = from_scratch(facts)
    for stream in STREAMS:
        assert rows_of(store, stream) == fresh[stream]


def order(line_id: str, customer: str, known_at: int) -> dict[str, object]:
    return {"order_id": "O-1", "line_id": line_id, "customer_id": customer, "amount": "1",
            "placed_at": START, "known_at": known_at}  # fmt: skip


def test_an_order_whose_earlier_line_names_another_customer(store: History) -> None:
    asked = {"refund_id": "R-1", "order_id": "O-1", "requested_at": START, "amount": "1",
             "reason_code": "other", "payout_account": "acct-5", "known_at": START}  # fmt: skip
    world: World = {"orders": [order("2", "B", START + 9)], "refunds": [asked]}
    earlier: World = {"orders": [order("1", "A", START + 3)]}
    fill(empty(store), stored(world))
    assert [row[2] for row in rows_of(store, "sightings")] == ["B"]
    fill(store, stored(earlier))
    assert [row[2] for row in rows_of(store, "sightings") if row[0] == "payout"] == ["A"]
