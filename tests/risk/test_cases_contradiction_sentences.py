"""Which contradiction a count stands for is told in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.cases.record.contradiction_sentences import contradiction_sentences
from risk.facts import REASONS, TYPES
from risk.text.stories import CONTRADICTIONS, contradicting, contradictions


@pytest.mark.parametrize(
    ("reason", "claims", "text", "said"),
    [
        ("not_received", 1, "", "and chose that they never did"),
        ("damaged", 0, "", "chose a reason about goods that came"),
        ("damaged", None, "the parcel never arrived", "otherwise than the reason"),
        ("not_received", 0, "wore the shoes twice and the sole came off", "goods in hand"),
    ],
)
def test_each_is_a_sentence(reason: str, claims: int | None, text: str, said: str) -> None:
    request = {"reason_text": text, "reason_code": reason, "type": "refund_only",
               "claims_received": claims}  # fmt: skip
    told = contradiction_sentences(request)
    assert any(said in one["en"] for one in told)
    assert all(one["zh"] for one in told)


@given(
    st.integers(0, 2**20), st.sampled_from(REASONS), st.sampled_from(TYPES),
    st.none() | st.booleans(),
)  # fmt: skip
def test_as_many_are_named_as_are_counted(
    asserted: int, reason: str, remedy: str, claims: bool | None
) -> None:
    named = contradicting(asserted, reason, remedy, claims)
    assert len(named) == contradictions(asserted, reason, remedy, claims)
    assert set(named) <= set(CONTRADICTIONS)
