"""The list of the forgotten: nothing while it is empty, and never a name that can be read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.facts import KINDS, RETRACTIONS
from risk.identity import SuppressionEntry, SuppressionList

AT = 1_000
WHOLE: dict[str, dict[str, Any]] = {
    "orders": {"order_id": "O-1", "customer_id": "C-17", "placed_at": AT - 1, "phone": "138"},
    "refunds": {"refund_id": "R-1", "order_id": "O-1", "requested_at": AT - 1,
                "reason_text": "torn", "payout_account": "acct"},
    "evidence": {"refund_id": "R-1", "submitted_at": AT - 1, "content_hash": "aa"},
    "outcomes": {"refund_id": "R-1", "decided_at": AT - 1, "note": "rang twice"},
    "shipments": {"order_id": "O-1", "occurred_at": AT - 1, "tracking_no": "SF1"},
}  # fmt: skip


def columns(kind: str, **more: Any) -> dict[str, list[Any]]:
    row = {field.name: None for field in KINDS[kind].fields} | WHOLE[kind] | more
    return {name: [value] for name, value in row.items()}


def listing(*known: tuple[Any, str, SuppressionEntry]) -> SuppressionList:
    made = SuppressionList(b"a key")
    made.replace_entries({made.mark(what, name): entry for what, name, entry in known})
    return made


EVERYTHING = (
    ("customer", "C-17", SuppressionEntry(AT)),
    ("order", "O-1", SuppressionEntry(AT, "forgotten:1")),
    ("refund", "R-1", SuppressionEntry(AT)),
)


@pytest.mark.parametrize("kind", WHOLE)
def test_while_nobody_is_forgotten_nothing_is_touched(kind: str) -> None:
    parsed = columns(kind)
    assert listing().rename_returning(KINDS[kind], parsed) is parsed
    assert listing().kept_rows(KINDS[kind], parsed) is None


@pytest.mark.parametrize("kind", WHOLE)
def test_others_come_in_as_they_are(kind: str) -> None:
    others = {"order_id": "O-2", "refund_id": "R-2", "customer_id": "C-18", "evidence_id": "E-2"}
    own = {name: value for name, value in others.items() if name in columns(kind)}
    parsed = columns(kind, **own)
    assert listing(*EVERYTHING).rename_returning(KINDS[kind], parsed) == parsed
    assert listing(*EVERYTHING).kept_rows(KINDS[kind], parsed) is None


@pytest.mark.parametrize("kind", WHOLE)
def test_what_was_before_is_left_out(kind: str) -> None:
    assert listing(*EVERYTHING).kept_rows(KINDS[kind], columns(kind)) == []


@pytest.mark.parametrize("kind", WHOLE)
def test_what_comes_later_about_a_request_of_theirs_is_left_out_and_about_an_order_is_not(
    kind: str,
) -> None:
    spec = KINDS[kind]
    later = columns(kind, **{spec.event_time: AT})
    expected: list[int] | None = None if kind == "shipments" else []
    assert listing(*EVERYTHING).kept_rows(spec, later) == expected
    if kind == "refunds":
        new = columns(kind, refund_id="R-9", **{spec.event_time: AT})
        assert listing(*EVERYTHING).kept_rows(spec, new) is None


def test_one_row_of_several_is_left_out() -> None:
    rows = {name: values * 3 for name, values in columns("evidence").items()}
    rows["refund_id"] = ["R-2", "R-1", "R-3"]
    assert listing(*EVERYTHING).kept_rows(KINDS["evidence"], rows) == [0, 2]


def test_a_later_order_belongs_to_a_stranger() -> None:
    known = listing(*EVERYTHING)
    new = columns("orders", order_id="O-9", placed_at=AT)
    assert known.kept_rows(KINDS["orders"], new) is None
    renamed = known.rename_returning(KINDS["orders"], new)
    assert renamed["customer_id"] == [known.returning_id("C-17")]
    other = known.rename_returning(KINDS["orders"], columns("orders", customer_id="C-18"))
    assert other["customer_id"] == ["C-18"]


def test_an_old_order_that_comes_late_keeps_out_its_requests_too() -> None:
    known = listing(("customer", "C-17", SuppressionEntry(AT)))
    assert known.kept_rows(KINDS["orders"], columns("orders")) == []
    assert known.kept_rows(KINDS["refunds"], columns("refunds")) == []


def test_a_parcel_that_names_another_order_does_not_make_it_theirs() -> None:
    known = listing(*EVERYTHING)
    back = columns("shipments", order_id="O-2", refund_id="R-1")
    assert known.kept_rows(KINDS["shipments"], back) == []
    assert (
        known.kept_rows(KINDS["orders"], columns("orders", order_id="O-2", customer_id="C-18"))
        is None
    )
    assert (
        known.kept_rows(KINDS["refunds"], columns("refunds", order_id="O-2", refund_id="R-2"))
        is None
    )


def test_ids_that_earlier_releases_listed_keep_out_every_kind() -> None:
    known = listing(("name", "O-1", SuppressionEntry(AT, "forgotten:o")),
                    ("name", "R-1", SuppressionEntry(AT, "forgotten:r")))  # fmt: skip
    for kind in WHOLE:
        assert known.kept_rows(KINDS[kind], columns(kind)) == []


@pytest.mark.parametrize("key", [{"order_id": "O-1", "line_id": "1"}, {"refund_id": "R-1"}])
def test_nothing_of_theirs_is_taken_back(key: dict[str, str]) -> None:
    taken_back = {"key": [json.dumps(key), json.dumps({"refund_id": "R-2"})]}
    assert listing(*EVERYTHING).kept_rows(RETRACTIONS, taken_back) == [1]


def test_an_exported_list_knows_the_same_people_and_shows_none() -> None:
    text = listing(*EVERYTHING).export()
    again = SuppressionList(b"another key")
    again.load(text)
    for kind in WHOLE:
        assert again.kept_rows(KINDS[kind], columns(kind)) == []
    assert "C-17" not in text
    assert "forgotten:" not in text
    with pytest.raises(ValueError, match="no list"):
        again.load("[]")


@given(st.text(max_size=30), st.text(max_size=30))
def test_marks_tell_names_keys_and_kinds_apart(one: str, other: str) -> None:
    known, elsewhere = SuppressionList(b"a key"), SuppressionList(b"another key")
    assert (known.mark("customer", one) == known.mark("customer", other)) == (one == other)
    assert known.mark("customer", one) != elsewhere.mark("customer", one)
    assert known.mark("customer", one) != known.mark("order", one)
    assert (known.returning_id(one) == known.returning_id(other)) == (one == other)
