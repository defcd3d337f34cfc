"""How strict a policy is with a case."""

from __future__ import annotations

from hypothesis import strategies as st

from risk.policy import (
    Situation,
    Thresholds,
    decide,
)
from risk.policy.costs import STRICTNESS
from tests.risk.policy_cases import POLICY, probabilities

thresholds = st.none() | st.builds(Thresholds, probabilities, st.none() | probabilities)


def strictness(situation: Situation, proved: Thresholds | None = None) -> int:
    return STRICTNESS[decide(POLICY, situation, proved).tier]
