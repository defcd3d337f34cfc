"""The list of the forgotten: nothing while it is empty, and never a name that can be read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.facts import KINDS
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
    assert listing().redact(KINDS[kind], parsed) is parsed


@pytest.mark.parametrize("kind", WHOLE)
def test_others_come_in_as_they_are(kind: str) -> None:
    others = {"order_id": "O-2", "refund_id": "R-2", "customer_id": "C-18"}
    own = {name: value for name, value in others.items() if name in columns(kind)}
    parsed = columns(kind, **own)
    assert listing(*EVERYTHING).redact(KINDS[kind], parsed) == parsed


@pytest.mark.parametrize(
    ("kind", "hidden"),
    [("orders", ("phone",)), ("refunds", ("reason_text", "payout_account")),
     ("evidence", ("content_hash",)), ("outcomes", ("note",))],
)  # fmt: skip
def test_what_was_before_loses_words_and_things_and_what_comes_after_keeps_them(
    kind: str, hidden: tuple[str, ...]
) -> None:
    known, spec = listing(*EVERYTHING), KINDS[kind]
    before = known.redact(spec, columns(kind))
    assert [before[name] for name in hidden] == [[None]] * len(hidden)
    after = known.redact(spec, columns(kind, **{spec.event_time: AT}))
    assert [after[name][0] for name in hidden] == [WHOLE[kind][name] for name in hidden]


def test_an_order_of_theirs_belongs_to_their_tombstone_another_to_a_stranger() -> None:
    known = listing(*EVERYTHING)
    old, new = (known.redact(KINDS["orders"], columns("orders", order_id=order))
                for order in ("O-1", "O-9"))  # fmt: skip
    assert old["customer_id"] == ["forgotten:1"]
    assert new["customer_id"] == [known.returning_id("C-17")]
    other = known.redact(KINDS["orders"], columns("orders", customer_id="C-18"))
    assert other["customer_id"] == ["C-18"]


def test_an_old_order_that_comes_late_hides_its_requests_too() -> None:
    known = listing(("customer", "C-17", SuppressionEntry(AT)))
    known.redact(KINDS["orders"], columns("orders"))
    assert known.redact(KINDS["refunds"], columns("refunds"))["reason_text"] == [None]


def test_ids_that_named_them_are_replaced_in_every_kind() -> None:
    known = listing(("name", "O-1", SuppressionEntry(AT, "forgotten:o")),
                    ("name", "R-1", SuppressionEntry(AT, "forgotten:r")))  # fmt: skip
    for kind in WHOLE:
        found = known.redact(KINDS[kind], columns(kind))
        for name, instead in (("order_id", "forgotten:o"), ("refund_id", "forgotten:r")):
            assert found.get(name, [None])[0] in (None, instead)


@given(st.text(max_size=30), st.text(max_size=30))
def test_marks_tell_names_keys_and_kinds_apart(one: str, other: str) -> None:
    known, elsewhere = SuppressionList(b"a key"), SuppressionList(b"another key")
    assert (known.mark("customer", one) == known.mark("customer", other)) == (one == other)
    assert known.mark("customer", one) != elsewhere.mark("customer", one)
    assert known.mark("customer", one) != known.mark("order", one)
    assert (known.returning_id(one) == known.returning_id(other)) == (one == other)
