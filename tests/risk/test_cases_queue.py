"""Pages, filters, search and counts of the queue, held against a list in plain Python."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from risk.cases import Actor, Filters, claim, queue, read_filters
from risk.cases.lists.queue import next_in_queue, queue_counts, take_next
from risk.cases.lists.queue_order_rows import LAST
from risk.cases.lists.queue_order_rows import ORDERS as EVERY_ORDER
from risk.cases.lists.queue_rows import read_page
from risk.cases.record.claim_rows import CLAIM_MS
from risk.errors import BadInput
from risk.facts import REASONS
from risk.history.case_state import upsert_case
from risk.history.schema.schema_cases import cases
from risk.history.store import History
from tests.case_rows import DAY, HOUR, NOW, decided, open_case, request
from tests.search_plans import plans, recorded
from tests.stores import new_store

MANY = 180
Row = dict[str, Any]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    """A store with cases of every sort, many of them tied in every way."""
    folder: Path = tmp_path_factory.mktemp("queue")
    history = new_store(folder / "store.db")
    draw = random.Random(4)
    with history.write() as write:
        for n in range(MANY):
            stake = draw.choice([0.0, 20.0, 20.0, 900.0])
            row = decided(
                f"R-{n:03}",
                tier=draw.choice(["approve", "request_evidence", "platform_intervention"]),
                reason_code=draw.choice(REASONS[:3]),
                type=draw.choice(["refund_only", "exchange"]),
                merchant_id=draw.choice(["M-1", "M-2", None]),
                currency=draw.choice(["CNY", "EUR"]),
                stake=stake,
                amount=int(stake * 10_000),
                respond_by=NOW + draw.choice([-HOUR, 2 * HOUR, 2 * HOUR, 3 * DAY]),
                linked=draw.choice([0, 3, 40]),
                audit=draw.random() < 0.2,
                decided_at=NOW - draw.randrange(9) * HOUR,
            )
            upsert_case(write.connection, row)
        some = [f"R-{n:03}" for n in range(0, MANY, 9)]
        query = sa.update(cases).where(cases.c.refund_id.in_(some))
        write.connection.execute(query.values(held_by="mei", held_until=NOW + CLAIM_MS * 9))
        given = sa.update(cases).where(
            cases.c.refund_id.in_([f"R-{n:03}" for n in range(3, 60, 7)])
        )
        write.connection.execute(given.values(team="night shift"))
        gone = sa.update(cases).where(cases.c.refund_id.in_(["R-005", "R-006"]))
        write.connection.execute(gone.values(state="closed", closed_at=NOW, verdict="fraud"))
    yield history
    history.close()


def rows(history: History) -> list[Row]:
    with history.read() as connection:
        return [dict(row) for row in connection.execute(sa.select(cases)).mappings()]


def walked(history: History, filters: Filters, limit: int) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = queue(history, filters, cursor, limit)
        assert len(page.cases) <= limit
        found += [row["refund_id"] for row in page.cases]
        cursor = page.next
        if cursor is None:
            return found


ORDERS: dict[str, Callable[[Row], tuple[Any, ...]]] = {
    "rank": lambda row: (row["rank"], row["refund_id"]),
    "deadline": lambda row: (row["respond_by"], row["refund_id"]),
    "money": lambda row: (-row["stake"], row["refund_id"]),
    "newest": lambda row: (-row["decided_at"], row["refund_id"]),
    "customer": lambda row: (row["refund_id"],),  # nobody knows whose the requests are
    "merchant": lambda row: (row["merchant_id"] or LAST, row["refund_id"]),
    "reason": lambda row: (row["reason_code"], row["refund_id"]),
    "assigned": lambda row: (row["held_by"] or row["team"] or LAST, row["refund_id"]),
}
WANTED: list[tuple[dict[str, str], Callable[[Row], bool]]] = [
    ({}, bool),
    ({"tier": "request_evidence"}, lambda row: row["tier"] == "request_evidence"),
    ({"reason": "late"}, lambda row: row["reason_code"] == "late"),
    ({"merchant": "M-2", "type": "exchange"},
     lambda row: (row["merchant_id"], row["type"]) == ("M-2", "exchange")),
    ({"due": "overdue"}, lambda row: row["respond_by"] < NOW),
    ({"due": "soon"}, lambda row: row["respond_by"] < NOW + 4 * HOUR),
    ({"amount_from": "20", "amount_to": "20.00", "currency": "EUR"},
     lambda row: row["amount"] == 200_000 and row["currency"] == "EUR"),
    ({"ring": "3"}, lambda row: row["linked"] >= 3),
    ({"audit": "true"}, lambda row: row["audit"]),
    ({"audit": "0"}, lambda row: not row["audit"]),
    ({"held": "mei"}, lambda row: row["held_by"] == "mei"),
    ({"held": "free"}, lambda row: row["held_by"] is None),
    ({"appealed": "1"}, lambda row: row["appealed_at"] is not None),
]  # fmt: skip


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 7, 200])
def test_pages_are_the_sorted_list_cut_up(full: History, order: str, limit: int) -> None:
    filters = read_filters({"order": order, "tier": "request_evidence"})
    wanted = [r for r in rows(full) if (r["state"], r["tier"]) == ("open", "request_evidence")]
    assert walked(full, filters, limit) == [
        row["refund_id"] for row in sorted(wanted, key=ORDERS[order])
    ]


@pytest.mark.parametrize(("given", "keep"), WANTED, ids=[str(given) for given, _ in WANTED])
def test_a_filter_keeps_what_it_says(
    full: History, given: dict[str, str], keep: Callable[[Row], bool]
) -> None:
    filters = read_filters(given)
    wanted = [r for r in rows(full) if r["state"] == "open" and keep(r)]
    assert walked(full, filters, 50) == [
        row["refund_id"] for row in sorted(wanted, key=ORDERS["rank"])
    ]
    assert queue_counts(full, filters, "mei").matching == len(wanted)


def test_closed_cases_are_shown_when_asked_for(full: History) -> None:
    assert set(walked(full, Filters(state="closed"), 9)) == {"R-005", "R-006"}


def test_cases_are_sorted_by_whose_they_are(history: History) -> None:
    for n, customer in enumerate(["C-3", "C-1", "C-2", "C-1"]):
        open_case(history, f"R-{n}", customer)
    assert walked(history, read_filters({"order": "customer"}), 1) == ["R-1", "R-3", "R-2", "R-0"]


def test_closed_cases_come_as_they_were_closed_from_their_index(full: History) -> None:
    with full.read() as connection:
        with recorded(connection) as statements:
            read_page(connection, Filters(state="closed"), NOW, None, 9)
        [steps] = plans(connection, statements, "EXPLAIN QUERY PLAN")
    assert "USING INDEX ix_cases_closed (state=?)" in steps[0]
    assert not [step for step in steps if "FOR ORDER BY" in step]


def test_a_cursor_of_another_order_is_refused(full: History) -> None:
    by_rank, by_merchant = Filters(), Filters(order="merchant")
    for given, other in ((by_rank, by_merchant), (by_merchant, by_rank)):
        with pytest.raises(BadInput, match="cursor"):
            queue(full, other, queue(full, given, limit=1).next)


def test_counts_are_those_of_the_list(full: History) -> None:
    opened = [row for row in rows(full) if row["state"] == "open"]
    counts = queue_counts(full, Filters(), "mei").by_tab
    assert counts["open"] == len(opened)
    assert counts["overdue"] == sum(row["respond_by"] < NOW for row in opened)
    assert counts["soon"] == sum(row["respond_by"] < NOW + 4 * HOUR for row in opened)
    assert counts["mine"] == sum(row["held_by"] == "mei" for row in opened)
    assert counts["free"] == counts["open"] - counts["mine"]
    assert queue_counts(full, Filters(), "leo").by_tab["mine"] == 0


@pytest.mark.parametrize("order", EVERY_ORDER)
def test_following_leads_through_the_whole_queue(full: History, order: str) -> None:
    filters = read_filters({"due": "soon", "order": order})
    expected = walked(full, filters, 200)
    held = {row["refund_id"]: row for row in rows(full)}
    found, here = [expected[0]], next_in_queue(full, filters, held[expected[0]])
    while here is not None:
        found.append(here)
        here = next_in_queue(full, filters, held[here])
    assert found == expected


def test_a_search_finds_by_request_order_and_customer(history: History) -> None:
    for n, customer in enumerate(["C-1", "C-1", "C-2"]):
        open_case(history, f"R-{n}", customer)
    assert walked(history, read_filters({"q": "C-1"}), 9) == ["R-0", "R-1"]
    assert walked(history, read_filters({"q": "O-R-2"}), 9) == ["R-2"]
    assert walked(history, read_filters({"q": "R-"}), 9) == ["R-0", "R-1", "R-2"]
    assert walked(history, read_filters({"q": "%"}), 9) == []
    assert walked(history, read_filters({"q": "' OR 1=1 --"}), 9) == []


def test_the_next_case_is_the_first_that_is_free(history: History) -> None:
    for n, stake in enumerate([500.0, 300.0, 100.0]):
        open_case(history, f"R-{n}", stake=stake)
    claim(history, "R-0", Actor("mei"))
    free = read_filters({"held": "free"})
    assert take_next(history, free, Actor("leo")) == "R-1"
    assert take_next(history, free, Actor("ann")) == "R-2"
    assert take_next(history, free, Actor("bob")) is None


@pytest.mark.parametrize(
    "given",
    [
        {"tier": "refuse"}, {"state": "half"}, {"order": "fun"}, {"audit": "perhaps"},
        {"amount_from": "-5"}, {"amount_to": "ten"}, {"ring": "many"}, {"q": "x" * 201},
    ],
)  # fmt: skip
def test_a_filter_that_means_nothing_is_named(given: dict[str, str]) -> None:
    with pytest.raises(BadInput) as bad:
        read_filters(given)
    assert [problem.field for problem in bad.value.problems] == list(given)


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "WzFd", "bnVsbA", "WyJhIiwiYiJd", "é"])
def test_a_cursor_from_elsewhere_is_refused(full: History, cursor: str) -> None:
    with pytest.raises(BadInput) as bad:
        queue(full, Filters(), cursor)
    assert bad.value.problems[0].field == "cursor"


def test_what_the_platform_forwarded_comes_before_deadline_and_money(history: History) -> None:
    open_case(history, "R-dear", stake=900_000.0, priority=True, respond_by=NOW - 40 * DAY)
    open_case(history, "R-due", respond_by=NOW - 50 * DAY)
    request(history, "R-sent-on", refund={"forwarded_by": "platform"})
    with history.write() as write:
        upsert_case(write.connection, decided("R-sent-on", stake=0.0, respond_by=NOW + 30 * DAY))
    assert walked(history, Filters(), 50) == ["R-sent-on", "R-due", "R-dear"]
