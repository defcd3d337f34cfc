"""What is said about references that meet nothing, and about ids that look changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import given, settings

from risk.history.store import History
from tests.stores import new_store
from training.facts.arrow_tables import of_columns
from training.facts.id_notes import notes_of
from training.facts.import_folder import ImportOptions, import_folder
from training.facts.read_folder import read_folder

WHEN = "2026-03-01T08:00:00+08:00"
ORDER = {"order_id": "O-1", "customer_id": "C-1", "placed_at": WHEN, "amount": "9"}
REFUND = {"refund_id": "R-1", "order_id": "O-1", "requested_at": WHEN, "amount": "9",
          "reason_code": "damaged"}  # fmt: skip
FINDING = {"refund_id": "R-1", "decided_at": WHEN, "verdict": "fraud"}
PARCEL = {"order_id": "O-1", "status": "lost", "occurred_at": WHEN}


def folder(at: Path, **kinds: list[dict[str, Any]]) -> Path:
    at.mkdir(exist_ok=True)
    for kind, rows in kinds.items():
        pd.DataFrame(rows, dtype=str).to_csv(at / f"{kind}.csv", index=False)
    return at


def test_references_that_meet_nothing_are_counted_by_import_and_score(
    history: History, tmp_path: Path
) -> None:
    at = folder(
        tmp_path / "in",
        orders=[{**ORDER, "order_id": "O-1\t"}, {**ORDER, "order_id": "O-2"}],
        refunds=[REFUND, {**REFUND, "refund_id": "R-2", "order_id": "O-2", "line_id": "1.0"}],
        outcomes=[{**FINDING, "refund_id": "r-1"}, FINDING],
    )
    wanted = [
        "refunds: 1 of 2 name an order that is not there, e.g. 'O-1'",
        "refunds: 1 of 1 name a line that their order does not have, e.g. '1.0' of 'O-2'",
        "outcomes: 1 of 2 name a request that is not there, e.g. 'r-1'",
        "orders.order_id: 1 of 2 begin or end with a blank or a tab, e.g. 'O-1\\t'",
        "refunds.line_id: 1 of 1 end in .0, as numbers of a column with gaps do, e.g. '1.0'",
    ]
    assert notes_of(of_columns(read_folder(at, history.hasher))) == wanted
    where = ["refunds.csv row 2", "refunds.csv row 3", "outcomes.csv row 2"]
    for options in (ImportOptions(check=True), ImportOptions()):
        said = import_folder(history, at, options).notes
        assert (
            said
            == [f"{note} ({row})" for note, row in zip(wanted, where, strict=False)] + (wanted[3:])
        )


def test_what_is_stored_is_met(history: History, tmp_path: Path) -> None:
    import_folder(history, folder(tmp_path / "first", orders=[ORDER], refunds=[REFUND]))
    more = [{**REFUND, "refund_id": "R-2", "line_id": "1"}, {**REFUND, "refund_id": "R-3",
            "line_id": "2"}]  # fmt: skip
    at = folder(tmp_path / "in", refunds=more, outcomes=[FINDING], shipments=[PARCEL])
    assert import_folder(history, at).notes == [
        "refunds: 1 of 2 name a line that their order does not have, e.g. '2' of 'O-1' "
        "(refunds.csv row 3)"
    ]


IDS = st.sampled_from(["a", "b", "c", "d"])


@settings(max_examples=40)
@given(st.lists(IDS, max_size=4), st.lists(IDS, max_size=4), st.lists(IDS, min_size=1, max_size=5))
def test_references_are_counted_as_by_hand(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], orders: list[str], named: list[str]
) -> None:
    at = tmp_path_factory.mktemp("ids")
    history = new_store(at / "store.db")
    if before:
        import_folder(history, folder(at / "0", orders=[{**ORDER, "order_id": o} for o in before]))
    refunds = [{**REFUND, "refund_id": f"R-{n}", "order_id": o} for n, o in enumerate(named)]
    kinds = {"refunds": refunds, "orders": [{**ORDER, "order_id": o} for o in orders]}
    at = folder(at / "in", **{kind: rows for kind, rows in kinds.items() if rows})
    notes = import_folder(history, at, ImportOptions(check=True)).notes
    history.close()
    missing = [order for order in named if order not in {*before, *orders}]
    wanted = []
    if missing:
        where = f"{missing[0]!r} (refunds.csv row {named.index(missing[0]) + 2})"
        said = f"{len(missing)} of {len(named)} name an order that is not there, e.g. {where}"
        wanted = [f"refunds: {said}"]
    assert notes == wanted


@pytest.mark.parametrize(
    ("odd", "what"),
    [
        (" O-1", "blank"), ("O-1\u3000", "blank"), ("\ufeffO-1", "blank"), ("'123", "apostrophe"),
        ("`123", "apostrophe"), ('="123"', "formulas"), ("1.23457E+17", "shortened"),
        ("123456789012345000", "15 digits"), ("123.0", "end in .0"), ("nan", "no value"),
        ("NULL", "no value"), ("无", "no value"),
    ],
)  # fmt: skip
def test_an_id_that_another_program_changed_is_named(
    history: History, tmp_path: Path, odd: str, what: str
) -> None:
    at = folder(tmp_path / "in", orders=[{**ORDER, "customer_id": odd}, ORDER])
    (note,) = import_folder(history, at, ImportOptions(check=True)).notes
    assert note.startswith("orders.customer_id: 1 of 2 ")
    assert what in note


@pytest.mark.parametrize("usual", ["O-1", "007", "123456789012345678", "1e5x", "nancy", "1.05"])
def test_a_usual_id_is_no_news(history: History, tmp_path: Path, usual: str) -> None:
    at = folder(tmp_path / "in", orders=[{**ORDER, "customer_id": usual, "order_id": f"{usual}-1"}])
    assert import_folder(history, at, ImportOptions(check=True)).notes == []


def test_orders_of_unknown_customers_are_counted(history: History, tmp_path: Path) -> None:
    at = folder(
        tmp_path / "in", orders=[{**ORDER, "customer_id": "O-1"}, {**ORDER, "order_id": "2"}]
    )
    (note,) = import_folder(history, at, ImportOptions(check=True)).notes
    assert note.startswith("orders.customer_id: 1 of 2 are the order's own id")


def test_a_customer_with_a_large_share_of_orders_is_named(history: History, tmp_path: Path) -> None:
    rows = [{**ORDER, "order_id": f"O-{n}", "customer_id": "guest" if n < 20 else f"C-{n}"}
            for n in range(120)]  # fmt: skip
    (note,) = import_folder(history, folder(tmp_path / "in", orders=rows)).notes
    assert note.startswith("orders.customer_id: 'guest' has 20 of 120 order lines")


def test_rows_that_an_export_dated_itself_are_named(history: History, tmp_path: Path) -> None:
    """What most rows of a kind say that they were known long after they happened."""
    orders = [
        {**ORDER, "order_id": f"O-{n}", "known_at": "2026-06-01T00:00:00+00:00"} for n in range(12)
    ]
    noted = import_folder(history, folder(tmp_path / "dated", orders=orders)).notes
    assert len(noted) == 1
    assert noted[0].startswith(
        "orders: 12 of 12 rows have a known_at more than 7 days after placed"
    )
    assert "leave known_at out" in noted[0]
    plain = [{**ORDER, "order_id": f"P-{n}"} for n in range(12)]
    assert import_folder(history, folder(tmp_path / "plain", orders=plain)).notes == []
