"""The language of mapping tables: what each member of a source does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.errors import BadInput
from risk.facts.currencies import CURRENCIES, rounding_unit
from risk.webhooks.mapping import facts_of
from risk.webhooks.mapping_table import read_mapping

NOW = "2026-03-05T09:30:00+00:00"
CENTS = st.integers(0, 10**9)


def value(source: str, payload: Any, *, each: str = "", field: str = "reason_text") -> Any:
    """What a source makes of a message, as a field of a request."""
    member = f'each = "{each}"\n' if each else ""
    text = f"[[messages]]\n[[messages.refunds]]\n{member}{field} = {source}\n"
    table = read_mapping("[maps.m]\na = 'b'\n'true' = 'yes'\n" + text)
    facts = facts_of(table, table.messages[0], payload, "", NOW)["refunds"]
    return [fact.get(field) for fact in facts] if each else facts[0].get(field)


@pytest.mark.parametrize(
    ("source", "payload", "expected"),
    [
        ('"a.b.0"', {"a": {"b": ["x"]}}, "x"),
        ('{ path = ["a", "b"] }', {"a": "", "b": 7}, "7"),
        ('["a", { path = "b", format = "no. {}" }]', {"b": 7}, "no. 7"),
        ('{ path = "a", empty = "0", default = "none" }', {"a": 0}, "none"),
        ('{ path = "a", empty = ["0", "-"] }', {"a": "-"}, None),
        ('{ path = "a", map = "m" }', {"a": "a"}, "b"),
        ('{ path = "a", map = "m" }', {"a": True}, "yes"),
        ('{ path = "a", map = "m", default = "d" }', {"a": "z"}, "d"),
        ('{ path = "a", per = "n", minus = ["x", "y"] }', {"a": "5.00", "n": 3, "x": 6}, "9.00"),
        ('{ path = "a", plus = [{ path = "t", default = "0" }] }', {"a": "1.10", "t": 2}, "3.10"),
        ('{ path = "a", times = "-1" }', {"a": "-3.5"}, "3.5"),
        ('{ path = "a", per = "n" }', {"a": "50.00"}, "50.00"),
        ('{ path = "a", minor = "c" }', {"a": 500, "c": "jpy"}, "500"),
        ('{ path = "a", minor = "c" }', {"a": 10500, "c": "KWD"}, "10.5"),
        ('{ sum = { each = "l", of = "item.v" } }', {"l": [{"v": "1.5"}, {"v": 2}, {}]}, "3.5"),
        ('{ sum = { each = "l", of = "item.v", where = { "item.k" = ["a", "b"] } } }',
         {"l": [{"v": 1, "k": "a"}, {"v": 2, "k": "c"}, {"v": 4, "k": "b"}]}, "5"),
        ('{ sum = { each = "l", of = "item.v", where = { "item.k" = "a" } } }', {"l": []}, None),
        ('{ path = "a", only_one = "l" }', {"a": 1, "l": [1]}, "1"),
        ('{ path = "a", only_one = "l" }', {"a": 1, "l": [1, 2]}, None),
        ('{ path = "a", times = "100" }', {"a": "1e9999999"}, "1e9999999"),
        ('{ path = "a", times = "100" }', {"a": "1e999990"}, "1e999990"),
        ('{ path = "a", plus = ["b"] }', {"a": "1", "b": "nan"}, "nan"),
        ('{ path = "a", per = "n" }', {"a": "1", "n": "two"}, "two"),
        ('{ sum = { each = "l", of = "item.v" } }', {"l": [{"v": "1"}, {"v": "free"}]}, "free"),
        ('{ path = "a", received = true }', {"a": None}, NOW),
        ('{ path = "a", received = true }', {"a": "x"}, "x"),
        ('{ value = "v" }', {}, "v"),
    ],
)  # fmt: skip
def test_a_source_reads(source: str, payload: Any, expected: Any) -> None:
    assert value(source, payload) == expected


@pytest.mark.parametrize(
    ("source", "given", "expected"),
    [
        ('{ path = "a", unix = "s" }', 1_772_674_200, "2026-03-05T01:30:00+00:00"),
        ('{ path = "a", unix = "ms" }', "1772674200500", "2026-03-05T01:30:00.500000+00:00"),
        ('{ path = "a", unix = "s", zone = "Asia/Shanghai" }', "2026-03-05 09:30:00",
         "2026-03-05T09:30:00+08:00"),
        ('{ path = "a", zone = "Europe/Berlin" }', "2026-07-05T09:30:00",
         "2026-07-05T09:30:00+02:00"),
        ('{ path = "a", zone = "Europe/Berlin" }', "2026-07-05T09:30:00Z",
         "2026-07-05T09:30:00+00:00"),
        ('{ path = "a", unix = "s", received = true }', 0, NOW),
        ('{ path = "a", unix = "s" }', "soon", "soon"),
    ],
)  # fmt: skip
def test_times_get_an_offset(source: str, given: Any, expected: str) -> None:
    assert value(source, {"a": given}, field="requested_at") == expected


@pytest.mark.parametrize(
    ("given", "flag"), [(1, True), (0, False), ("1", True), ("No", False), ("是", True),
                        (True, True), ("perhaps", "perhaps")]
)  # fmt: skip
def test_flags_as_others_write_them(given: Any, flag: Any) -> None:
    assert value('{ path = "a", flag = true }', {"a": given}, field="claims_received") == flag


@given(CENTS, CENTS, CENTS)
def test_money_is_exact(price: int, off: int, tax: int) -> None:
    payload = {"l": [{"p": str(Decimal(price) / 100), "off": str(Decimal(off) / 100), "n": 7,
                      "tax": str(Decimal(tax) / 100)}]}  # fmt: skip
    source = '{ path = "item.p", per = "item.n", plus = ["item.tax"], minus = ["item.off"] }'
    [found] = value(source, payload, each="l", field="amount")
    assert Decimal(found) == Decimal(7 * price + tax - off) / 100


@given(CENTS, st.sampled_from(sorted(CURRENCIES)))
def test_minor_units_are_the_currencys(number: int, currency: str) -> None:
    source = '{ path = "a", minor = "c" }'
    found = value(source, {"a": number, "c": currency.lower()}, field="amount")
    digits = {10_000: 0, 100: 2, 10: 3}[rounding_unit(currency)]
    assert Decimal(found) == Decimal(number).scaleb(-digits)


def test_an_optional_field_fails_alone() -> None:
    table = read_mapping(
        '[[messages]]\n[[messages.refunds]]\nrefund_id = "id"\n'
        'respond_by = { path = "by", optional = true }\nrequested_at = "at"\n'
    )
    notes: list[str] = []
    payload = {"id": 5, "by": "soon", "at": "whenever"}
    facts = facts_of(table, table.messages[0], payload, "p:", NOW, notes)
    assert facts == {"refunds": [{"refund_id": "p:5", "requested_at": "whenever"}]}
    assert notes == [
        "left out: refunds field respond_by, expected a time in ISO 8601 with an offset"
    ]


def test_rows_are_filtered() -> None:
    table = read_mapping(
        '[[messages]]\n[[messages.refunds]]\neach = "l"\nwhere = { "item.s" = "ok", k = "1" }\n'
        'refund_id = "item.id"\n'
    )
    lines = [{"id": 1, "s": "ok"}, {"id": 2, "s": "no"}, {"id": 3}]
    facts = facts_of(table, table.messages[0], {"l": lines, "k": 1}, "", NOW)
    assert facts == {"refunds": [{"refund_id": "1"}]}


@pytest.mark.parametrize(
    "source",
    ["{}", "{ path = 'a', value = 'b' }", "{ value = 'b', received = true }",
     "{ path = 'a', x = 1 }", "{ path = 'a', map = 'none' }",
     "{ path = 'a', plus = [{ path = 'b', map = 'none' }] }",
     "{ path = 'a', zone = 'Nowhere/Atall' }", "{ sum = { each = 'a' } }", "7"],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(source: str) -> None:
    with pytest.raises(BadInput, match="mapping"):
        value(source, {})
