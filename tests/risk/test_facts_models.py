"""The models of facts: one rule a value for calls and files, and problems that come to an end."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.decisions.submission import Score
from risk.errors import BadInput
from risk.facts import KINDS, MEMBERS
from risk.facts.models import FACT_MODELS, columns_of, example_of, read_facts
from risk.facts.parse_columns import parse_columns
from risk.facts.validation import MAX_PROBLEMS, trimmed

ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.decimals(),
    st.text(max_size=12), st.lists(st.integers(), max_size=2), st.just({}),
    st.sampled_from(["", "12.50", "CNY", "2026-03-05T10:00:00+08:00", "photo", "fraud", "yes"]),
)  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """A kind, and its example with some values changed or left out."""
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    names = [field.name for field in kind.fields]
    made = []
    for _ in range(draw(st.integers(1, 3))):
        fact = example_of(kind)
        fact.update(draw(st.dictionaries(st.sampled_from(names), ODD, max_size=3)))
        made.append(fact)
    return kind.name, made


OF_WHOLE_ROWS = ("a time not before", "a value, or one in")
"""How the problems begin that a call finds after its values are read."""


@given(rows())
def test_a_call_reads_a_value_as_a_file_does(given: tuple[str, list[dict[str, Any]]]) -> None:
    name, items = given
    kind = KINDS[name]
    columns = {field.name: [item.get(field.name) for item in items] for field in kind.fields}
    parsed, problems = parse_columns(kind, columns, range(len(items)))
    of_values = [p for p in problems if not p.expected.startswith(OF_WHOLE_ROWS)]
    if of_values:
        with pytest.raises(BadInput) as bad:
            read_facts(kind, items)
        assert set(bad.value.problems) == set(of_values)
        return
    read = columns_of(kind, read_facts(kind, items))
    known = zip(read.pop("known_at"), parsed.pop("known_at"), strict=True)
    assert all(mine in (None, theirs) for mine, theirs in known)
    assert read == parsed


@pytest.mark.parametrize("name", KINDS)
def test_a_model_has_the_fields_of_its_kind_and_takes_its_own_example(name: str) -> None:
    model, kind = FACT_MODELS[name], KINDS[name]
    assert list(model.model_fields) == [field.name for field in kind.fields]
    schema = model.model_json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["required"] == [field.name for field in kind.fields if field.required]
    assert schema["additionalProperties"] is False
    for short in (True, False):
        example = example_of(kind, short=short)
        jsonschema.Draft202012Validator(schema).validate(example)
        (fact,) = read_facts(kind, [example])
        assert read_facts(kind, [fact]) == [fact]


@pytest.mark.parametrize("unknown", [1, 99, 100, 101, 5_000])
def test_the_first_hundred_problems_are_named(unknown: int) -> None:
    fact = {**example_of(KINDS["orders"]), **{f"x{i}": 1 for i in range(unknown)}}
    with pytest.raises(BadInput) as bad:
        read_facts(KINDS["orders"], [fact] * 3)
    count = min(3 * unknown, MAX_PROBLEMS)
    assert len(bad.value.problems) == count
    assert {problem.got for problem in bad.value.problems} == {"an unknown field"}


class Counted(dict[str, Any]):
    """An object that counts how many of its names are looked at."""

    looks = 0

    def __iter__(self) -> Any:
        for name in super().__iter__():
            Counted.looks += 1
            yield name


def test_naming_what_is_unknown_comes_to_an_end() -> None:
    fact = Counted({f"x{i}": 1 for i in range(100_000)})
    assert len(trimmed(fact, FACT_MODELS["orders"])) == MAX_PROBLEMS
    assert Counted.looks <= MAX_PROBLEMS + 1


def test_rows_behind_the_hundredth_problem_are_not_read() -> None:
    bad: list[dict[str, Any]] = [{} for _ in range(MAX_PROBLEMS)]
    unread = Counted(example_of(KINDS["orders"]))
    Counted.looks = 0
    with pytest.raises(BadInput) as refused:
        read_facts(KINDS["orders"], [*bad, *[unread] * 1_000])
    assert len(refused.value.problems) == MAX_PROBLEMS
    assert Counted.looks == 0


def test_a_scoring_body_is_read_once_and_names_members_and_fields() -> None:
    body = {
        member: example_of(kind) if kind.single else [example_of(kind)]
        for member, kind in MEMBERS.items()
    }
    read = Score.model_validate(body)
    assert Score.model_validate(read) is read
    assert [member for member, _ in read.items()] == list(MEMBERS)
    wrong: dict[str, Any] = {"order": [{}], "shipments": {}, "evidence": None, "colour": 1}
    with pytest.raises(BadInput) as bad:
        Score.model_validate(wrong)
    found = {(problem.kind, problem.field) for problem in bad.value.problems}
    assert {("body", "colour"), ("body", "refund"), ("body", "shipments")} <= found
    assert {("order", "order_id"), ("order", "amount")} <= found
