"""Bodies that cannot be decided: named at fault, and nothing of them stored."""

from __future__ import annotations

from typing import Any

import pytest

from risk.decisions.decide import Decider
from risk.errors import BadInput
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.store import History
from tests.deciders import HOUR, body, counts, decider, photo, scored


@pytest.fixture
def deciding(history: History) -> Decider:
    return decider(history)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"refund": None}, "refund"), ({"orders": []}, "orders"), ({"order": {}}, "order"),
        ({"order": "O"}, "order"), ({"shipments": [{}]}, "order_id"), ({"evidence": [7]}, None),
        ({"inspection": {"refund_id": "R", "condition": "used"}}, "inspected_at"),
    ],
)  # fmt: skip
def test_a_body_that_is_none_names_what_is_wrong(
    deciding: Decider, history: History, change: dict[str, Any], field: str | None
) -> None:
    with pytest.raises(BadInput) as bad:
        deciding.score({**body(), **change})
    assert field in {problem.field for problem in bad.value.problems}
    assert not any(counts(history).values())


@pytest.mark.parametrize("told", [None, [], "body", 7])
def test_a_body_is_an_object(deciding: Decider, told: Any) -> None:
    with pytest.raises(BadInput, match="an object"):
        deciding.score(told)


def test_facts_of_another_case_have_no_place_in_a_body(deciding: Decider) -> None:
    one, other = body(), body()
    for strange in ({"order": other["order"]}, {"evidence": [photo(other)]}):
        with pytest.raises(BadInput, match="of the request"):
            deciding.score({**one, **strange})


def test_only_who_may_backdate_says_when_it_was_known(deciding: Decider) -> None:
    one = body()
    one["order"][0]["known_at"] = iso(now_ms() - HOUR)
    with pytest.raises(BadInput, match="backdate"):
        deciding.score(one)
    assert scored(deciding, one, may_backdate=True)["tier"]
