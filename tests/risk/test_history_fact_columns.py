"""What is stored of a fact: hashes in place of identities, numbers in place of wording, digests."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

from risk.facts import KINDS, Field
from risk.facts.columns import INTERVAL, STORED, TEXT_COLUMNS
from risk.facts.parse_columns import parse_columns
from risk.history.facts.fact_columns import to_stored_columns
from risk.identity import Hasher

HASHER = Hasher(b"a key for the tests of the door")
TIME = "2026-03-01T08:00:00+08:00"
OTHER: dict[str, Any] = {
    "time": "2026-03-01T07:00:00+08:00", "money": "13.37", "count": 2, "grams": 99.5,
    "share": 0.25, "flag": False, "id": "other-1", "text": "something else altogether",
}  # fmt: skip


OF_EARLIER_RELEASES = {
    "orders": (2904687238255289218, 6051070210087210976),
    "shipments": (5416706728534816533, -9012281857823072968),
    "refunds": (8995636867993347483, -2601026222076192070),
    "evidence": (8131370146378880764, -1275865319912405233),
    "inspections": (-19858737840145460, 2508905089947581239),
    "outcomes": (8669068380300263625, 8521865762870447655),
}
"""Key and content of each kind's example as commit 74fb85f digests them."""


def fact(kind: str) -> dict[str, Any]:
    """A fact with every field filled from its example."""
    return {f.name: f.example for f in KINDS[kind].fields if f.name != "known_at"}


def stored(kind: str, *facts: dict[str, Any], hasher: Hasher = HASHER) -> dict[str, list[Any]]:
    names = [field.name for field in KINDS[kind].fields]
    columns = {name: [one.get(name) for one in facts] for name in names}
    parsed, problems = parse_columns(KINDS[kind], columns, range(len(facts)))
    assert not problems, problems
    return to_stored_columns(KINDS[kind], parsed, hasher)


def digests(kind: str, *facts: dict[str, Any]) -> list[tuple[int, int]]:
    columns = stored(kind, *facts)
    return list(zip(columns["fact_key"], columns["content"], strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_the_columns_are_those_of_the_tables(kind: str) -> None:
    columns = stored(kind, fact(kind), fact(kind))
    assert set(columns) == {column.name for column in STORED[kind]}
    kinds = {"integer": int, "real": float, "text": str}
    for column in STORED[kind]:
        values = columns[column.name]
        assert len(values) == 2
        assert all(value is None or type(value) is kinds[column.type] for value in values)


@pytest.mark.parametrize("kind", KINDS)
def test_no_column_holds_a_raw_identity(kind: str) -> None:
    raw = {f.name: f"secret-{f.name}-1234567" for f in KINDS[kind].fields if f.identity}
    columns = stored(kind, {**fact(kind), **raw})
    for value in raw.values():
        assert value not in repr(columns)
    for name in raw:
        identity = KINDS[kind].field(name).identity
        assert isinstance(columns[str(identity)][0], int)


def test_an_address_is_kept_as_it_is_spelled_and_as_the_door_it_means() -> None:
    spelled = ("上海市浦东新区示例路3号楼2单元501室", "上海市浦东新区示例路3栋2单元501")
    columns = stored("orders", *({**fact("orders"), "shipping_address": one} for one in spelled))
    assert columns["address"][0] != columns["address"][1]
    assert columns["door"][0] == columns["door"][1]


def test_the_same_word_is_another_thing_in_another_role_and_under_another_key() -> None:
    order = {**fact("orders"), "device_id": "abc-12345", "payment_instrument": "abc-12345"}
    mine, theirs = (
        stored("orders", order, hasher=hasher) for hasher in (HASHER, Hasher(b"another key"))
    )
    assert mine["device"] != mine["payment"]
    assert mine["device"] != theirs["device"]
    assert mine["fact_key"] == theirs["fact_key"]


@pytest.mark.parametrize("blank", [None, "", "n/a", "无", " - "])
def test_a_blank_identity_is_unknown(blank: str | None) -> None:
    assert stored("orders", {**fact("orders"), "phone": blank})["phone"] == [None]


def changed(field: Field, one: dict[str, Any]) -> dict[str, Any]:
    other = next((c for c in field.choices if c != one[field.name]), OTHER.get(field.type))
    return {**one, field.name: "USD" if field.name == "currency" else other}


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_names_a_fact_and_its_content_is_everything_else(kind: str) -> None:
    whole = fact(kind)
    ((key, content),) = digests(kind, whole)
    assert digests(kind, dict(whole)) == [(key, content)]
    for field in KINDS[kind].fields:
        if field.name in ("revision", "known_at"):
            continue
        ((other_key, other_content),) = digests(kind, changed(field, whole))
        assert (other_key == key) == (field.name not in KINDS[kind].key), field.name
        assert (other_content == content) == (field.name in KINDS[kind].key), field.name


@pytest.mark.parametrize("kind", KINDS)
def test_when_it_was_known_and_its_revision_are_no_content(kind: str) -> None:
    later = {**fact(kind), "known_at": "2027-01-01T00:00:00Z", "revision": 3}
    assert digests(kind, later) == digests(kind, fact(kind))


def test_another_spelling_of_one_identity_is_the_same_content() -> None:
    facts = [{**fact("orders"), "phone": phone} for phone in ("+86 138 0000 0000", "13800000000")]
    first, second = digests("orders", *facts)
    assert first == second


@given(st.lists(st.tuples(st.sampled_from(("a", "ab", "b", "")), st.sampled_from(("bc", "c", "1"))),
                min_size=2, max_size=6, unique=True))  # fmt: skip
def test_two_facts_never_share_a_key(pairs: list[tuple[str, str]]) -> None:
    rows = [{**fact("orders"), "order_id": order or "x", "line_id": line} for order, line in pairs]
    keys = stored("orders", *rows)["fact_key"]
    wanted = {(row["order_id"], row["line_id"]) for row in rows}
    assert len(set(keys)) == len(wanted)


def test_kinds_do_not_share_keys() -> None:
    asked = {"refund_id": "x", "inspected_at": TIME, "condition": "used"}
    found = {"refund_id": "x", "decided_at": TIME, "verdict": "abuse"}
    assert digests("inspections", asked)[0][0] != digests("outcomes", found)[0][0]


def test_wording_becomes_numbers_that_are_no_content() -> None:
    assert {c.name for c in STORED["refunds"] if not c.field} == {
        "fact_key", "content", *TEXT_COLUMNS, *INTERVAL,
    }  # fmt: skip
    spoken = {
        **fact("refunds"),
        "reason_text": "The zip of the red jacket broke on 3 March, see the photo of the seam.",
    }
    columns = stored("refunds", spoken, {**spoken, "reason_text": None})
    assert columns["text_length"] == [len(spoken["reason_text"]), None]
    assert columns["specificity"][0] > 0
    assert columns["specificity"][1] is None
    assert isinstance(columns["text_exact"][0], int)
    assert [columns[f"near_{i}"][1] for i in (1, 2, 3)] == [None, None, None]
    assert columns["agitated"] == [0, 0]


def test_a_reason_against_what_is_claimed_is_counted_where_it_stands() -> None:
    told = {**fact("refunds"), "reason_code": "not_received", "reason_text": "I wore it once",
            "claims_received": True}  # fmt: skip
    held = {**told, "reason_code": "defective", "reason_text": "The zip broke"}
    contradictions = stored("refunds", told, held)["contradiction"]
    assert contradictions[0] > contradictions[1] == 0


def test_nothing_is_taken_in_of_nothing() -> None:
    assert all(column == [] for column in stored("refunds").values())


@pytest.mark.parametrize(("kind", "digest"), OF_EARLIER_RELEASES.items())
def test_a_fact_without_later_fields_is_what_it_was_before_them(
    kind: str, digest: tuple[int, int]
) -> None:
    """Stores of earlier releases know the same facts again."""
    later = {field.name: field.default for field in KINDS[kind].fields if field.later}
    assert later or kind == "outcomes"
    assert digests(kind, {**fact(kind), **later}) == [digest]
