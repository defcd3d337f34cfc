"""What a search finds and in which order, and that it reads no more than it shows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from risk.cases.lists import search_rows
from risk.cases.lists.search_rows import MOST, Matches, search
from risk.facts.format import iso
from risk.history.intake import ingest
from risk.history.store import History
from tests.case_rows import DAY, NOW, request
from tests.search_plans import plans, recorded
from tests.stores import new_store

LINES = 3


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[History]:
    made = new_store(tmp_path_factory.mktemp("search") / "store.db")
    for n in range(MOST + 5):
        asked = {"requested_at": iso(NOW - 2 * DAY + n * 1000)}
        request(made, f"many-{n:03}", f"C-{n:03}", refund=asked)
    request(made, "RMA-7", "Reseller-1", line={"sku": "Lamp-9", "merchant_id": "M-9"})
    request(made, "rma-8", "Reseller-1", line={"sku": "Lamp-9", "merchant_id": "M-9"})
    for order in range(MOST + 5):
        line = {"order_id": f"Lone-{order:03}", "customer_id": "Reseller-1", "amount": "5.00",
                "placed_at": iso(NOW - DAY)}  # fmt: skip
        ingest(made, "orders", [{**line, "line_id": str(n)} for n in range(LINES)])
    yield made
    made.close()


def found(history: History, text: str) -> Matches:
    with history.read() as connection:
        return search(connection, text)


def ids(matches: Matches) -> list[str]:
    return [row["refund_id"] for row in matches.requests]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RMA-7", ["RMA-7"]),
        ("rma-", ["RMA-7", "rma-8"]),
        ("O-RMA-7", ["RMA-7"]),
        ("Reseller-1", ["RMA-7", "rma-8"]),
        ("m-9", ["RMA-7", "rma-8"]),
        ("LAMP-9", ["rma-8", "RMA-7"]),
        ("any-01", [f"many-{n:03}" for n in range(19, 9, -1)]),
        ("amp-", ["RMA-7", "rma-8"]),
    ],
)
def test_a_part_of_any_id_finds_requests(history: History, text: str, expected: list[str]) -> None:
    assert sorted(ids(found(history, text))) == sorted(expected)


def test_the_latest_come_first_and_the_rest_is_said_to_be_there(history: History) -> None:
    matches = found(history, "many-")
    assert ids(matches) == [f"many-{n:03}" for n in range(MOST + 4, 4, -1)]
    assert matches.more


def test_an_order_and_a_customer_are_listed_once_however_many_lines(history: History) -> None:
    assert found(history, "lONE-").orders == []
    assert found(history, "lone-").orders == found(history, "Lone-").orders
    matches = found(history, "Lone-")
    assert [row["order_id"] for row in matches.orders] == [f"Lone-{n:03}" for n in range(MOST)]
    assert matches.more
    assert found(history, "Resell").customers == ["Reseller-1"]


def test_a_part_is_looked_for_in_the_latest_only(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_rows, "RECENT", 5)
    assert "many-000" not in ids(found(history, "any-0"))


@pytest.mark.parametrize("text", ["many-001", "RMA", "any-0", "amp-9", "nothing at all"])
@pytest.mark.parametrize("recent", [5, search_rows.RECENT])
def test_no_search_sorts_or_reads_a_whole_table(
    history: History, text: str, recent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_rows, "RECENT", recent)
    with history.read() as connection:
        with recorded(connection) as statements:
            search(connection, text)
        steps = [step for plan in plans(connection, statements, "EXPLAIN QUERY PLAN")
                 for step in plan]  # fmt: skip
    assert len(statements) > 10
    assert not [step for step in steps if "TEMP B-TREE" in step]
    scans = {step for step in steps if step.startswith("SCAN") and step != "SCAN CONSTANT ROW"}
    assert all(step.endswith("INDEX ix_refunds_requested_at") for step in scans), scans
