"""A withdrawn request: it counts in counts, and in no sum of money."""

from __future__ import annotations

from typing import Any

import pytest

from risk.cases import view_case
from risk.cases.record.timeline_sentences import render_entry
from risk.features.catalog import catalogue
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.store import History
from tests.deciders import DAY, body, decider, scored
from tests.stores import new_store

COUNTED = ("customer_requests_365d",)


def earlier(history: History, state: str, number: int) -> None:
    """A request of the customer `C-walter`, for 95 of an order of their own."""
    one = body(f"{state}{number}", at=now_ms() - 3 * DAY, amount="95.00", state=state)
    one["order"][0] |= {"customer_id": "C-walter", "device_id": "device-walter"}
    ingest(history, "orders", one["order"])
    ingest(history, "refunds", [one["refund"]])


def features(history: History) -> dict[str, float]:
    champion, one = decider(history).ready(), body("walter")
    ingest(history, "orders", one["order"])
    ingest(history, "refunds", [one["refund"]])
    with history.read() as connection:
        spine = champion.reader.spine(connection, "R-walter", now_ms() + 1_000)
        assert spine is not None
        values = champion.reader.vector(connection, spine).tolist()
    names = [feature.name for feature in champion.reader.features]
    return dict(zip(names, values, strict=True))


def test_counts_count_it_and_sums_of_money_do_not(history: History, tmp_path: Any) -> None:
    other = new_store(tmp_path / "other.db")
    for number in range(3):
        earlier(history, "withdrawn", number)
        earlier(other, "open", number)
    withdrawn, stands = features(history), features(other)
    other.close()
    for name in COUNTED:
        assert withdrawn[name] == stands[name] > 0, name
    assert (withdrawn["customer_money_asked_30d"], stands["customer_money_asked_30d"]) == (0, 285)
    counts = [
        f.name for f in catalogue() if f.formula == "copy" and f.unit == "count" and not f.retired
    ]
    unequal = [name for name in counts if repr(withdrawn[name]) != repr(stands[name])]
    assert all(name.startswith("customer_orders_") for name in unequal), unequal
    for name in ("customer_orders_asked_30d", "customer_unproven_orders_30d"):
        assert (withdrawn[name], stands[name]) == (0, 3), name


@pytest.mark.parametrize(("state", "said"), [("withdrawn", ", withdrawn:"), ("open", ":")])
def test_the_timeline_says_that_it_was_withdrawn(history: History, state: str, said: str) -> None:
    deciding = decider(history)
    earlier(history, state, 1)
    one = body("now", state=state)
    one["order"][0]["customer_id"] = "C-walter"
    scored(deciding, one)
    told = [render_entry(moment, "en") for moment in view_case(history, "R-now").timeline]
    for opening in (f"This request{said}", f"Request R-{state}1{said}"):
        assert sum(line.startswith(opening) for line in told) == 1, opening
