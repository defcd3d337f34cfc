"""What the console asks a store reads the same from PostgreSQL as from SQLite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy as sa

from risk.access.people import add_person, change_team
from risk.cases import (
    Actor,
    Filters,
    ReviewFinding,
    add_list_entry,
    add_note,
    claim,
    queue,
    record_finding,
)
from risk.cases.acts.actions import appeal
from risk.cases.acts.handing_over import hand_to_team
from risk.cases.acts.mentions import unread_mentions
from risk.cases.customers.customer import customer_record
from risk.cases.customers.customer_detail_rows import customer_details
from risk.cases.figures.overview import overview
from risk.cases.figures.team_rows import team_clocks
from risk.cases.lists.decision_rows import Order, latest_decisions, latest_tiers
from risk.cases.lists.queue import next_in_queue, opened_since, queue_counts, take_next
from risk.cases.lists.queue_order_rows import ORDERS
from risk.cases.lists.record_rows import entries_in_force, findings_found
from risk.cases.lists.suggestion_rows import suggestions
from risk.history.connection.connect import now_ms
from risk.history.connection.page_rows import PageOf
from risk.history.outdated_cases import is_outdated, outdated_cases
from risk.history.store import History
from tests.case_rows import HOUR, NOW, open_case
from tests.deciders import body, bundle, decider
from tests.stores import SECRET, new_store

pytestmark = pytest.mark.engines
MEI, LEO = Actor("mei"), Actor("leo")
CASES = 12
MADE = ("R-0", "R-1")
ABUSE = ReviewFinding("abuse", "refused", note="a brick came back")


def filled(history: History) -> History:
    """A store with open and closed cases, held, given to a team, appealed, noted, decided."""
    for name in ("mei", "leo"):
        add_person(history, name, "a long enough password")
    change_team(history, "leo", "Parcels")
    for n in range(CASES):
        reason = ("late", "damaged", "other")[n % 3]
        open_case(history, f"R-{n:02}", f"C-{n % 5}", amount=(n % 4) * 10_000, reason_code=reason,
                  stake=float(n % 3), merchant_id=("M-1", "M-2", None)[n % 3],
                  respond_by=NOW + (n % 4 - 1) * HOUR, decided_at=NOW - (n % 6) * HOUR)  # fmt: skip
    claim(history, "R-01", MEI)
    claim(history, "R-02", LEO)
    hand_to_team(history, "R-03", MEI, "Parcels")
    for name, found in (("R-04", ABUSE), ("R-05", ReviewFinding("legitimate", "refunded")),
                        ("R-06", ABUSE)):  # fmt: skip
        record_finding(history, name, MEI, found)
    appeal(history, "R-06", LEO, "the courier mixed up two parcels")
    add_note(history, "R-08", LEO, "@mei please look")
    add_list_entry(history, "R-04", MEI, kind="allow", cause="known", asks="evidence", days=9)
    deciding = decider(history, "1", bundle(0, 5.0))  # nothing is drawn for audit
    for n in range(6):
        one = body(f"told-{n}", at=NOW - HOUR, amount=f"{90 + n}.00")
        one["order"][0].update(merchant_id=f"M-{n % 2}", category="shoes", customer_tier="gold",
                               device_id="one and the same")  # fmt: skip
        deciding.score(one)
    return history


@pytest.fixture(scope="module")
def both(
    cluster: Path, postgresql_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[History, History]]:
    """The same on SQLite and in a database of its own on PostgreSQL."""
    engine = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("CREATE DATABASE console"))
    engine.dispose()
    url = postgresql_url.replace("/postgres?", "/console?")
    histories = (
        filled(new_store(tmp_path_factory.mktemp("console") / "store.db")),
        filled(History.open(url, SECRET)),
    )
    yield histories
    for history in histories:
        history.close()


def same(both: tuple[History, History], read: Callable[[History], Any]) -> Any:
    """What both stores answer, which is the same."""
    sqlite, postgresql = (read(history) for history in both)
    assert postgresql == sqlite
    return sqlite


def reading(query: Callable[[sa.Connection], Any]) -> Callable[[History], Any]:
    def read(history: History) -> Any:
        with history.read() as connection:
            return query(connection)

    return read


@pytest.mark.parametrize("state", ["open", "closed"])
@pytest.mark.parametrize("order", ORDERS)
def test_the_queue_is_walked_alike_in_every_order(
    both: tuple[History, History], order: Any, state: Any
) -> None:
    filters = Filters(state=state, order=order)

    def walked(history: History) -> list[str]:
        names: list[str] = []
        cursor: str | None = None
        while cursor or not names:
            page = queue(history, filters, cursor, 3)
            names += [row["refund_id"] for row in page.cases]
            cursor = page.next
            if cursor is None:
                break
        return [name for name in names if name.startswith(MADE)]

    def followed(history: History) -> list[str]:
        rows = {row["refund_id"]: row for row in queue(history, filters, limit=200).cases}
        names = [next(iter(rows))]
        while following := next_in_queue(history, filters, rows[names[-1]]):
            names.append(following)
        return [name for name in names if name.startswith(MADE)]

    names = same(both, walked)
    assert len(names) == (CASES - 2 if state == "open" else 2)
    if state == "open":
        assert same(both, followed) == names


def test_the_counts_around_the_queue_agree(both: tuple[History, History]) -> None:
    for filters in (Filters(due="soon"), Filters(held="free", merchant="M-1"), Filters(q="C-1"),
                    Filters(state="closed", reason="late"), Filters(team="Parcels")):  # fmt: skip
        same(both, partial(_counted, filters))
        same(both, partial(_opened, filters))


def _counted(filters: Filters, history: History) -> dict[str, Any]:
    return asdict(queue_counts(history, filters, "mei", "Parcels"))


def _opened(filters: Filters, history: History) -> int:
    return opened_since(history, filters, NOW - 2 * HOUR)


def test_work_clocks_and_notes_agree(both: tuple[History, History]) -> None:
    def told(history: History) -> Any:
        rows = queue(history, Filters(), limit=200).cases
        with history.read() as connection:
            clocks = team_clocks(connection, rows, now_ms())
            notes = unread_mentions(connection, "mei", now_ms())
        return [(name, one.team, one.standing) for name, one in clocks.items()], [
            (note.refund_id, note.text) for note in notes
        ]

    clocks, notes = same(both, told)
    assert [name for name, *_ in clocks] == ["R-03"]
    assert notes == [("R-08", "@mei please look")]


@pytest.mark.parametrize("merchant", [None, "M-1", "M-2", "nobody"])
def test_the_overview_agrees(both: tuple[History, History], merchant: str | None) -> None:
    def told(history: History) -> Any:
        found = overview(history, merchant=merchant)
        parts = {part: [(one.name, dict(one.tiers), one.abusive, one.honest) for one in counted]
                 for part, counted in found.parts.items()}  # fmt: skip
        return (
            found.tiers, found.closed, found.waiting, found.rings, found.surges, found.market,
            parts, found.workload, found.requests,
            [(one.measure, one.of, round(one.value, 1), one.count) for one in found.targets],
            found.checked, found.inconsistent,
            [(one.who, one.found) for one in found.reviews.reviewers],
        )  # fmt: skip

    assert same(both, told)


def test_a_customer_agrees(both: tuple[History, History]) -> None:
    def told(name: str, history: History) -> Any:
        record, details = customer_record(history, name), customer_details(history, name)
        return (
            record.orders, record.requested, record.findings, record.shared,
            [one["refund_id"] for one in record.requests], [one.cause for one in record.entries],
            [(one["order_id"], one["amount"], one["category"]) for one in details.orders],
            sorted((one.kind, one.others) for one in details.things),
            [(one["refund_id"], one["text"]) for one in details.notes],
        )  # fmt: skip

    for name in ("C-1", "C-3", "C-4", "C-told-2"):
        assert same(both, partial(told, name))


def test_records_decisions_and_suggestions_agree(both: tuple[History, History]) -> None:
    found = same(both, reading(lambda c: _paged(lambda p: findings_found(c, p, None), "refund_id")))
    assert sorted(found) == ["R-04", "R-05"]
    same(both, reading(lambda c: [one.cause for one in entries_in_force(c, now_ms())]))
    same(both, reading(lambda c: suggestions(c, "R-0")))
    assert len(same(both, reading(lambda c: latest_tiers(c, ["R-told-1", "R-told-2"])))) == 2
    for order in get_args(Order):
        decided = same(both, reading(partial(_decided, order)))
        assert len(decided) == 6


def _paged(read: Callable[[PageOf], Any], name: str) -> list[Any]:
    rows: list[Any] = []
    cursor = ""
    while True:
        page = read(PageOf.at_or_newest(cursor, 2))
        rows += [row[name] for row in page.rows]
        if page.following is None:
            return rows
        cursor = page.following


def _decided(order: Order, connection: sa.Connection) -> list[tuple[str, int | None]]:
    rows: list[tuple[str, int | None]] = []
    cursor = ""
    while True:
        page = latest_decisions(connection, PageOf.at_or_newest(cursor, 4), None, order)
        rows += [(one.body["refund_id"], one.amount) for one in page.rows]
        if page.following is None:
            return rows
        cursor = page.following


def test_outdated_cases_agree(both: tuple[History, History]) -> None:
    found = same(both, reading(lambda c: sorted(outdated_cases(c, NOW - HOUR, 9))))
    assert found == ["R-04", "R-05", "R-06"]
    for name in ("R-04", "R-00"):
        same(both, reading(partial(_outdated, name)))


def _outdated(name: str, connection: sa.Connection) -> bool:
    return is_outdated(connection, name, NOW - HOUR)


def test_the_next_free_case_agrees(both: tuple[History, History]) -> None:
    assert same(both, lambda history: take_next(history, Filters(order="merchant"), LEO))
