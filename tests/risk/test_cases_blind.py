"""Which cases are found out blind: as the policy of their decision says, drawn with the key."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from risk import policy
from risk.cases.policies.blind import SHARE, is_drawn
from risk.cases.policies.blind_rows import blind_cases, is_blind
from risk.history.schema.schema_cases import cases
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from risk.policy.reloading import Policies
from tests.case_rows import open_case
from tests.deciders import body, decider

NAMES = [f"R-{n}" for n in range(4_000)]


def test_another_store_draws_other_cases() -> None:
    one, other = ({name for name in NAMES if is_drawn(name, key, SHARE)} for key in (b"a", b"b"))
    assert len(one & other) < 100 < len(one)
    assert len(one) / len(NAMES) == pytest.approx(SHARE, abs=0.02)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_the_share_is_that_of_the_policy_the_case_was_decided_by(
    history: History, share: float
) -> None:
    deciding = decider(history)
    deciding.policies = Policies(policy.vary(policy.load(), {"review.blind_share": share}))
    given = body()
    deciding.score(given)
    name = given["refund"]["refund_id"]
    with history.write() as write:
        decided = write.connection.execute(sa.select(decisions.c.decision_id)).scalar_one()
    open_case(history, "R-other", decision_id=decided)
    with history.read() as connection:
        assert is_blind(connection, history.audit_key, "R-other") is bool(share)
        known = connection.execute(sa.select(cases.c.refund_id)).scalars().all()
        found = blind_cases(connection, history.audit_key, [name, "R-other"])
    assert found == (set(known) if share else set())


def test_a_policy_that_says_nothing_leaves_a_tenth(history: History) -> None:
    for n in range(200):
        with history.write() as write:
            write.connection.execute(sa.insert(cases).values(_row(f"R-{n}")))
    with history.read() as connection:
        found = blind_cases(connection, history.audit_key, NAMES[:200])
    assert found == {one for one in NAMES[:200] if is_drawn(one, history.audit_key, SHARE)}


def _row(name: str) -> dict[str, object]:
    return {
        "refund_id": name, "decision_id": f"D-{name}", "wanted": True, "tier": "approve",
        "stage": "request", "probability": 0.1, "amount": 1, "currency": "CNY", "stake": 1.0,
        "respond_by": 1, "requested_at": 1, "linked": 0, "linked_fraud": 0, "audit": False,
        "selected_by": "model", "priority": False, "headline": "{}", "decided_at": 1,
        "state": "open", "rank": 1, "opened_at": 1,
    }  # fmt: skip
