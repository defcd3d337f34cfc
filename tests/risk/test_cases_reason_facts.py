"""The facts behind a reason are those that the decision counted, and no identity is among them."""

from __future__ import annotations

import pytest

from risk.cases.record.reason_facts import facts_of_reason
from risk.errors import NotFound
from risk.facts.format import iso
from risk.history.store import History
from tests.case_rows import request

NAME = "merchant_requests_30d"
ADDRESS = "1 Secret Road, Room 7"


def decision(history: History, value: float, feature: str = NAME) -> dict[str, object]:
    """A decision that knows what was stored before, and nothing later."""
    with history.write() as write:
        as_of = write.at
    reason = {"feature": feature, "value": value, "text": {"en": "so many", "zh": "多"}}
    return {"decision_id": "-", "as_of": iso(as_of), "stage": "request", "reasons": [reason]}


def test_what_was_counted_is_listed_and_nothing_else(history: History) -> None:
    for n in range(4):
        request(history, f"R-{n}", f"C-{n}", line={"shipping_address": ADDRESS})
    request(history, "R-else", "C-9", line={"merchant_id": "M-2"})
    found = facts_of_reason(history, "R-3", decision(history, 3.0), NAME)
    assert {fact["refund_id"] for fact in found.facts} == {"R-0", "R-1", "R-2"}
    assert found.facts[0]["known_at"] >= found.facts[-1]["known_at"]
    assert found.more == 0
    told = {name for fact in found.facts for name in fact}
    assert not told & {"address", "shipping_address", "phone", "device", "payment"}


def test_later_facts_are_not_listed(history: History) -> None:
    for n in range(2):
        request(history, f"R-{n}", f"C-{n}")
    before = decision(history, 1.0)
    request(history, "R-late", "C-late")
    assert {f["refund_id"] for f in facts_of_reason(history, "R-1", before, NAME).facts} == {"R-0"}


def test_a_reason_that_was_not_given_has_none(history: History) -> None:
    request(history, "R-0")
    with pytest.raises(NotFound):
        facts_of_reason(history, "R-0", decision(history, 1.0), "customer_requests_30d")
    unknown = decision(history, 1.0, "no_such_feature")
    with pytest.raises(NotFound):
        facts_of_reason(history, "R-0", unknown, "no_such_feature")
