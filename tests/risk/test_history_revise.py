"""Corrections and retractions in the store: what is taken, what is a conflict, what counts then."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from risk.errors import BadInput, Conflict
from risk.facts.format import iso
from risk.facts.revisions import FOREVER
from risk.history.intake import ingest, parse_facts
from risk.history.schema import FACTS, commits
from risk.history.store import History

HOUR = 3_600_000
DAY_ONE = 1_767_225_600_000
ORDER = {"order_id": "O-1", "customer_id": "C-1", "placed_at": iso(DAY_ONE), "amount": "80",
         "sku": "S-1"}  # fmt: skip


def known(hours: int, **more: Any) -> dict[str, Any]:
    """The order, known so many hours after it was placed."""
    return {**ORDER, "known_at": iso(DAY_ONE + hours * HOUR), **more}


def send(history: History, *orders: dict[str, Any]) -> tuple[int, int]:
    added = ingest(history, "orders", orders, may_backdate=True)
    return added.new, added.same


def retract(history: History, kind: str, key: Any, hours: int, **more: Any) -> None:
    at = iso(DAY_ONE + hours * HOUR)
    fact = {"kind": kind, "key": key, "retracted_at": at, "known_at": at, "reason": "typo", **more}
    ingest(history, "retractions", [fact], may_backdate=True, who="ada")


def rows(history: History) -> list[tuple[Any, ...]]:
    """(revision, amount, known, from, until) of the order, times in hours; None: for ever."""
    c = FACTS["orders"].c
    query = sa.select(c.revision, c.amount, c.known_at, c.valid_from, c.valid_to)
    with history.read() as connection:
        found = connection.execute(query.order_by(c.revision)).all()
    return [
        (n, amount // 10_000, hours(at), hours(since) if since else 0, hours(until))
        for n, amount, at, since, until in found
    ]


def hours(at: int) -> int | None:
    return None if at == FOREVER else (at - DAY_ONE) // HOUR


def test_a_correction_counts_from_when_it_is_known(history: History) -> None:
    assert send(history, known(0)) == (1, 0)
    assert send(history, known(5, amount="90", revision=2)) == (1, 0)
    assert rows(history) == [(1, 80, 0, 0, 5), (2, 90, 0, 5, None)]


def test_the_same_again_changes_nothing(history: History) -> None:
    both = (known(0), known(5, amount="90", revision=2))
    assert send(history, *both) == (2, 0)
    assert send(history, *both, known(9, amount="90", revision=2)) == (0, 3)
    assert len(rows(history)) == 2


@pytest.mark.parametrize("revision", [{}, {"revision": 2}])
def test_other_content_under_a_revision_is_a_conflict_that_names_key_and_columns(
    history: History, revision: dict[str, Any]
) -> None:
    send(history, known(0, **revision))
    with pytest.raises(Conflict, match=r"order_id=O-1.*amount, sku"):
        send(history, known(1, amount="90", sku="S-2", **revision))


def test_numbers_may_be_skipped_and_a_lower_one_comes_too_late(history: History) -> None:
    assert send(history, known(0, revision=3)) == (1, 0)
    assert send(history, known(1, revision=7, amount="70")) == (1, 0)
    with pytest.raises(Conflict, match=r"order_id=O-1.*revision 5 is below revision 7.*amount"):
        send(history, known(2, revision=5, amount="50"))
    assert [row[0] for row in rows(history)] == [3, 7]


def test_a_revision_without_known_at_is_known_from_now_on(history: History) -> None:
    send(history, known(0))
    with history.write() as write:
        before = write.at
    ingest(history, "orders", [{**ORDER, "amount": "90", "revision": 2}])
    c = FACTS["orders"].c
    with history.read() as connection:
        since = connection.execute(sa.select(c.valid_from).where(c.revision == 2)).scalar()
    assert since is not None
    assert since > before


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 4])))
def test_one_call_may_bring_revisions_in_any_order(history: History, order: list[int]) -> None:
    send(history, *(known(n, amount=str(n), revision=n) for n in order))
    assert rows(history) == [(1, 1, 1, 0, 2), (2, 2, 1, 2, 4), (4, 4, 1, 4, None)]


@pytest.mark.parametrize("order", list(itertools.permutations([1, 2, 4])))
def test_one_write_may_bring_revisions_in_any_order(history: History, order: list[int]) -> None:
    with history.write() as write:
        for n in order:
            fact = known(n, amount=str(n), revision=n)
            parse_facts("orders", [fact], history.hasher, may_backdate=True).store(write)
    assert rows(history) == [(1, 1, 1, 0, 2), (2, 2, 1, 2, 4), (4, 4, 1, 4, None)]


@pytest.mark.parametrize("first", ["fact", "retraction"])
def test_a_retraction_takes_a_fact_back_whichever_comes_first(history: History, first: str) -> None:
    steps: list[Callable[[], object]] = [
        partial(send, history, known(0)),
        partial(retract, history, "orders", KEY, 6),
    ]
    for step in steps if first == "fact" else reversed(steps):
        step()
    assert rows(history) == [(1, 80, 0, 0, 6)]


KEY = {"order_id": "O-1", "line_id": "1"}


def test_a_retraction_up_to_a_revision_leaves_the_next(history: History) -> None:
    send(history, known(0))
    retract(history, "orders", KEY, 3, revision=1)
    send(history, known(5, revision=2, amount="90"))
    assert rows(history) == [(1, 80, 0, 0, 3), (2, 90, 0, 5, None)]


def test_what_was_taken_back_whole_comes_back_by_a_narrower_retraction(history: History) -> None:
    send(history, known(0))
    retract(history, "orders", KEY, 3)
    send(history, known(5, revision=2, amount="90"))
    assert rows(history)[1] == (2, 90, 0, 5, 3)
    retract(history, "orders", KEY, 6, revision=2)
    send(history, known(7, revision=3, amount="90"))
    assert rows(history)[2] == (3, 90, 0, 7, None)


def test_the_key_of_a_retraction_has_the_defaults_of_its_kind(history: History) -> None:
    send(history, known(0))
    retract(history, "orders", {"order_id": "O-1"}, 6)
    assert rows(history)[0][-1] == 6


def test_a_parcel_is_named_by_its_number_which_is_kept_as_a_hash_only(history: History) -> None:
    parcel = {"order_id": "O-1", "direction": "return", "status": "shipped",
              "occurred_at": iso(DAY_ONE), "tracking_no": "SF0012345678"}  # fmt: skip
    ingest(history, "shipments", [parcel])
    key = {name: parcel[name] for name in parcel}
    retract(history, "shipments", key, 6)
    with history.read() as connection:
        ends = connection.execute(sa.select(FACTS["shipments"].c.valid_to)).scalar()
        kept = connection.execute(sa.select(FACTS["retractions"].c.key)).scalar()
    assert ends == DAY_ONE + 6 * HOUR
    assert "SF0012345678" not in str(kept)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"kind": "nothing"}, "kind"), ({"key": "O-1"}, "key"), ({"key": {}}, "key"),
     ({"key": {"order_id": "O-1", "amount": "5"}}, "key"), ({"reason": ""}, "reason"),
     ({"key": {"order_id": [5]}}, "key"), ({"revision": 0}, "revision")],
)  # fmt: skip
def test_a_bad_retraction_names_the_field(history: History, more: Any, field: str) -> None:
    fact = {"kind": "orders", "key": KEY, "retracted_at": iso(DAY_ONE), "reason": "typo", **more}
    with pytest.raises(BadInput) as raised:
        ingest(history, "retractions", [fact])
    assert field in {problem.field for problem in raised.value.problems}


def test_who_corrects_and_who_takes_back_is_recorded(history: History) -> None:
    send(history, known(0))
    ingest(history, "orders", [{**ORDER, "amount": "9", "revision": 2}], who="grace")
    retract(history, "orders", KEY, 6)
    with history.read() as connection:
        names = connection.execute(sa.select(commits.c.who).order_by(commits.c.commit_no))
        assert [name for name in names.scalars() if name] == ["grace", "ada"]
