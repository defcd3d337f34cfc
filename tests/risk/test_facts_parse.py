"""Values at the edges of every type, and what is said of those that do not fit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from risk.errors import Problem
from risk.facts import KINDS, FieldType
from risk.facts.format import money
from risk.facts.parse import is_empty, parse_money, parse_time, shown
from risk.facts.parse_columns import Millis, parse_columns
from risk.facts.row_checks import latest_event
from tests.risk.parsing import TIME, parsed


def of_type(kind: FieldType) -> tuple[str, str]:
    """A fact and a field of this type that need not be given."""
    fields = ((k.name, f) for k in KINDS.values() for f in k.fields)
    return next((name, f.name) for name, f in fields if f.type == kind and not f.required)


def read(kind: FieldType, value: Any) -> Any:
    """What a value becomes in a field of the type; the problem where it is refused."""
    fact, field = of_type(kind)
    row, problems = parsed(fact, **{field: value})
    if problems:
        (problem,) = problems
        assert (problem.kind, problem.row, problem.field) == (fact, 7, field)
        assert row[field] is None
        return problem
    return row[field]


def half_even(amount: Fraction) -> int:
    """The nearest whole number, the even one between two."""
    whole, rest = divmod(amount.numerator, amount.denominator)
    twice = 2 * rest
    up = twice > amount.denominator or (twice == amount.denominator and whole % 2 == 1)
    return int(whole + up)


@given(st.decimals(0, 10**12, allow_nan=False, places=7))
@example(Decimal("0.00005"))
@example(Decimal("0.00015"))
@example(Decimal("1E+3"))
@example(Decimal(10) ** 12)
def test_money_is_rounded_half_to_even_at_four_places(amount: Decimal) -> None:
    wanted = half_even(Fraction(amount) * 10_000)
    assert parse_money(amount) == parse_money(str(amount)) == wanted
    assert parse_money(money(wanted)) == wanted


@given(st.integers(0, 10**11))
def test_money_may_be_a_number_of_json(cents: int) -> None:
    assert parse_money(cents / 100) == cents * 100
    assert parse_money(cents) == cents * 10_000


@pytest.mark.parametrize(
    "value",
    [
        "-0.01", -1, "abc", "1,234.50", "1_000", "١٢", "１２", "", " ", "NaN", "Infinity", "-inf",
        float("inf"), float("nan"), Decimal("sNaN"), True, False, None, [], {}, b"12", "12 CNY",
        "0x10",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="zero or more"):
        parse_money(value)


@pytest.mark.parametrize("value", ["1000000000000.0001", "1e13", 10**13, "1e999999"])
def test_an_amount_has_an_upper_limit(value: Any) -> None:
    assert parse_money("1e12") == 10**16
    with pytest.raises(ValueError, match="at most 10"):
        parse_money(value)


def test_an_amount_may_be_written_at_any_length() -> None:
    with pytest.raises(ValueError, match="at most 10"):
        parse_money(10**5_000)
    assert parse_money("0" * 10_000 + "1." + "3" * 100_000) == 13_333
    assert parse_money("0e999999999") == parse_money("1e-999999999") == 0


ACCEPTED: list[tuple[FieldType, Any, Any]] = [
    ("count", 3, 3), ("count", "3", 3), ("count", 2.0, 2), ("count", "0", 0),
    ("grams", "0.4", 400), ("grams", 1.0005, 1000), ("grams", 0, 0), ("grams", 10**9, 10**12),
    ("share", "0.02", 0.02), ("share", 1, 1.0), ("share", 5e-324, 5e-324),
    ("flag", True, 1), ("flag", False, 0), ("flag", "true", 1), ("flag", " FALSE ", 0),
    ("flag", "1", 1), ("flag", "0", 0), ("flag", "No", 0),
    ("text", "收到的杯子碎了\n\t😀", "收到的杯子碎了\n\t😀"), ("text", " ", " "),
    ("id", "007", "007"), ("money", 0, 0),
    ("choice", "live", "live"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value", "wanted"), ACCEPTED)
def test_a_value_becomes_what_it_means(kind: FieldType, value: Any, wanted: Any) -> None:
    assert read(kind, value) == wanted
    assert type(read(kind, value)) is type(wanted)


REFUSED: list[tuple[FieldType, Any]] = [
    ("count", -1), ("count", 1.5), ("count", "many"), ("count", True), ("count", 10**9 + 1),
    ("grams", "-0.1"), ("grams", "1kg"), ("grams", False), ("grams", float("inf")),
    ("share", "1e-400"),
    ("share", 0), ("share", 1.0001), ("share", -0.5), ("share", "2 %"), ("share", True),
    ("flag", 1), ("flag", 0), ("flag", "perhaps"), ("flag", 1.0), ("flag", []),
    ("text", 5), ("text", b"bytes"), ("text", "a\x00b"), ("text", "\ud800"), ("text", ["a"]),
    ("id", 17.5), ("id", 1.0), ("id", True), ("id", "x" * 201), ("id", {"a": 1}),
    ("choice", "LIVE"), ("choice", " live"), ("choice", 1), ("choice", ["live"]),
    ("time", "2026-03-01T08:00:00"), ("money", "-1"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "value"), REFUSED)
def test_a_value_that_does_not_fit_is_a_problem(kind: FieldType, value: Any) -> None:
    problem = read(kind, value)
    assert isinstance(problem, Problem)
    assert problem.got == shown(value)


def test_what_was_found_is_never_repeated() -> None:
    secret = "12 Elm Street"
    (problem,) = parsed("orders", placed_at=secret)[1]
    assert "Elm" not in str(problem)
    assert "13 characters" in problem.got


@pytest.mark.parametrize(
    ("code", "fits"),
    [("CNY", True), ("JPY", True), ("cny", True), ("XXZ", False), ("EURO", False), (7, False)],
)
def test_a_currency_is_one_of_iso_4217(code: Any, fits: bool) -> None:
    row, problems = parsed("orders", currency=code)
    assert [problem.field for problem in problems] == ([] if fits else ["currency"])
    assert row["currency"] == (code.upper() if fits else None)


@pytest.mark.parametrize("empty", [None, "", float("nan")])
@pytest.mark.parametrize("kind", KINDS)
def test_empty_means_unknown_and_a_required_field_may_not_be(kind: str, empty: Any) -> None:
    assert is_empty(empty)
    for field in KINDS[kind].fields:
        row, problems = parsed(kind, **{field.name: empty})
        if field.required:
            assert {problem.field for problem in problems} == {field.name}
        elif field.name != "known_at":
            assert (row[field.name], problems) == (field.default, [])


def test_a_field_nobody_gave_has_its_default() -> None:
    row, problems = parsed("orders")
    assert problems == []
    assert (row["line_id"], row["currency"], row["sku"]) == ("1", "CNY", None)


def test_known_at_is_the_event_time_and_never_earlier() -> None:
    row, _ = parsed("orders")
    assert row["known_at"] == row["placed_at"]
    row, problems = parsed("orders", known_at="2026-03-01T08:00:00.001+08:00")
    assert (row["known_at"] - row["placed_at"], problems) == (1, [])
    _, problems = parsed("orders", known_at="2026-03-01T07:59:59.999+08:00")
    assert [problem.field for problem in problems] == ["known_at"]


def test_what_is_told_now_did_not_happen_later() -> None:
    kind, ms = KINDS["inspections"], parse_time(TIME)
    columns = {"refund_id": ["r"], "inspected_at": [TIME], "condition": ["used"]}
    now, problems = parse_columns(kind, columns, [0], known_at=ms)
    assert (now["known_at"], problems) == ([ms], [])
    _, problems = parse_columns(kind, columns, [0], known_at=ms - 1)
    assert [problem.field for problem in problems] == ["inspected_at"]


def test_evidence_names_a_request_or_an_order() -> None:
    for told, found in (("refund_id", []), ("order_id", []), ("", ["refund_id"])):
        about = {name: "x" if name == told else None for name in ("refund_id", "order_id")}
        _, problems = parsed("evidence", **about)
        assert [problem.field for problem in problems] == found
    _, problems = parsed("evidence", refund_id=7.5, order_id=None)
    assert [(problem.field, problem.expected) for problem in problems] == [
        ("refund_id", "a string")
    ]


@pytest.mark.parametrize(
    ("postage", "compensation", "fits"),
    [("12.50", None, True), ("6.25", "6.25", True), ("6.25", "6.26", False), (None, "13", False)],
)
def test_the_parts_of_an_amount_are_no_more_than_it(
    postage: str | None, compensation: str | None, fits: bool
) -> None:
    _, problems = parsed("refunds", amount="12.50", postage=postage, compensation=compensation)
    assert [problem.field for problem in problems] == ([] if fits else ["postage"])


@pytest.mark.parametrize("value", ["0", "6", "2.5", "-1"])
def test_satisfaction_is_one_to_five(value: str) -> None:
    assert parsed("feedback", satisfaction="5")[0]["satisfaction"] == 5
    _, problems = parsed("feedback", satisfaction=value)
    assert [(problem.field, problem.expected) for problem in problems] == [
        ("satisfaction", "a whole number, from 1 to 5")
    ]


@pytest.mark.parametrize("known_at", [None, "2199-01-01T00:00:00Z"])
def test_nothing_happened_more_than_a_day_after_now(known_at: str | None) -> None:
    kind, clock = KINDS["feedback"], parse_time(TIME)
    for ahead, found in ((0, []), (86_400_000, []), (86_400_001, ["answered_at"])):
        columns: dict[str, Sequence[Any]] = {
            "refund_id": ["r"], "answered_at": Millis([clock + ahead]), "satisfaction": ["3"],
            "known_at": [known_at],
        }  # fmt: skip
        _, problems = parse_columns(kind, columns, [0], latest=latest_event(clock))
        assert [problem.field for problem in problems] == found


def test_every_problem_of_a_row_is_named() -> None:
    _, problems = parsed("refunds", amount="-1", requested_at="soon", reason_code="", type="gift")
    assert {p.field for p in problems} == {"amount", "requested_at", "reason_code", "type"}
    assert {p.row for p in problems} == {7}


@given(st.one_of(st.text(), st.binary(), st.integers(), st.floats(), st.lists(st.text()),
                 st.booleans(), st.decimals(), st.dictionaries(st.text(), st.text())))  # fmt: skip
def test_nothing_that_can_be_sent_is_more_than_a_problem(value: Any) -> None:
    for kind in KINDS.values():
        columns = {field.name: [value] for field in kind.fields}
        kept, problems = parse_columns(kind, columns, [0])
        assert {len(column) for column in kept.values()} == {1}
        assert {problem.row for problem in problems} <= {0}


@pytest.mark.parametrize("name", [".", ".."])
def test_an_id_that_no_address_can_name_is_refused(name: str) -> None:
    row, problems = parsed("refunds", refund_id=name)
    assert [problem.field for problem in problems] == ["refund_id"]
    assert row["refund_id"] is None
