"""The typed Decision: what is answered is what its type, its schema and its example say."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import jsonschema
import orjson
import pytest
from pydantic import TypeAdapter

from risk.decisions.decide import Decider
from risk.decisions.decision import Decided, Decision
from risk.decisions.decision_example import example
from risk.history.store import History
from tests.deciders import body, decider

SCHEMA = TypeAdapter(Decision).json_schema(mode="serialization")
MEMBERS = [field.name for field in fields(Decision)]


@pytest.fixture
def deciding(history: History) -> Decider:
    return decider(history)


def valid(answer: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(answer)
    assert list(answer) == MEMBERS
    later = {"money", "warnings", "recommended"}
    assert sorted(SCHEMA["required"]) == sorted(set(MEMBERS) - later), "old ones have none"
    assert answer["money"] is not None


def test_the_example_is_a_decision() -> None:
    valid(example())


def agrees(decided: Decided) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads(decided.json)
    counted = (decided.decision_id, decided.tier, decided.probability)
    assert counted == tuple(answer[name] for name in ("decision_id", "tier", "probability"))
    return answer


def test_what_is_counted_is_what_is_answered(deciding: Decider) -> None:
    one = body()
    first = deciding.score(one)
    valid(agrees(first))
    assert deciding.score(one) == first, "the stored answer is the same in all of its parts"
    valid(agrees(deciding.score_again(one["refund"]["refund_id"])))


def test_reasons_as_objects_and_as_json_are_the_same(deciding: Decider, history: History) -> None:
    one = body(reason_text="broken", amount="9000.00")
    answer = agrees(deciding.score(one))
    assert len(answer["reasons"]) > 12
    with_objects = Decision(**answer).to_json()
    assert orjson.loads(with_objects) == answer
    assert orjson.loads(with_objects)["reasons"] == answer["reasons"]
    again = Decision(**{**answer, "reasons": []}).to_json(orjson.dumps(answer["reasons"]))
    assert again == with_objects
