"""Whatever was tampered with after a decision is named when it is made again."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest
import sqlalchemy as sa

from risk.decisions.decide import Decider
from risk.history import schema
from risk.history.schema import schema_models
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from tests.deciders import body, bundle, scored
from tests.training.replayed import again, tamper
from training.check.replay import Difference


def test_a_changed_vector_is_named_feature_by_feature(deciding: Decider, history: History) -> None:
    told = scored(deciding, body())
    with history.read() as connection:
        vector = np.frombuffer(connection.execute(sa.select(decisions.c.vector)).scalar_one())
    spoilt = vector.copy()
    place = [f.name for f in deciding.ready().features].index("amount")
    spoilt[place] = 1.0
    tamper(history, decisions, vector=spoilt.tobytes())
    found = again(history)
    assert {difference.decision_id for difference in found} == {told["decision_id"]}
    (named,) = [difference for difference in found if difference.what == "amount"]
    assert (named.stored, named.again) == ("1.0", "349.0")


def test_a_changed_fact_is_named_by_the_feature_it_moves(
    deciding: Decider, history: History
) -> None:
    scored(deciding, body())
    tamper(history, schema.FACTS["refunds"], amount=10_000)
    found = again(history)
    assert ("349.0", "1.0") in {(d.stored, d.again) for d in found if d.what == "amount"}


def test_a_changed_price_is_named_as_money(deciding: Decider, history: History) -> None:
    scored(deciding, body())
    with history.read() as connection:
        situation = orjson.loads(connection.execute(sa.select(decisions.c.situation)).scalar_one())
    situation["money"]["paid"] = 10_000
    tamper(history, decisions, situation=orjson.dumps(situation).decode())
    found = [difference for difference in again(history) if difference.what == "money"]
    assert [("paid=10000" in d.stored, "paid=3490000" in d.again) for d in found][-1] == (
        True,
        True,
    )
    assert len(found) == 2, "the answer does not follow from it, and the facts do not give it"


def test_a_request_that_is_gone_is_named(deciding: Decider, history: History) -> None:
    scored(deciding, body())
    with history.write() as write:
        write.connection.execute(sa.delete(schema.FACTS["refunds"]))
    assert [difference.what for difference in again(history)] == ["the request"]


@pytest.mark.parametrize("change", ["byte", "bundle", "gone"])
def test_a_changed_model_is_named(deciding: Decider, history: History, change: str) -> None:
    scored(deciding, body())
    raw = bundle().to_bytes()
    if change == "gone":
        with history.write() as write:
            write.connection.execute(sa.delete(schema_models.models))
    else:
        spoilt = raw[:-9] + b"7" + raw[-8:] if change == "byte" else bundle(1).to_bytes()
        tamper(history, schema_models.models, bundle=spoilt)
    (found,) = again(history)
    assert found.what == "what decided it"
    words = {"byte": "bytes were changed", "bundle": "digest", "gone": "not stored"}
    assert words[change] in found.again


@pytest.mark.parametrize("change", ["altered", "gone"])
def test_a_changed_policy_is_named(deciding: Decider, history: History, change: str) -> None:
    told = scored(deciding, body())
    if change == "gone":
        with history.write() as write:
            write.connection.execute(sa.delete(schema_models.policies))
    else:
        other = deciding.policy.canonical.replace('"answer_hours": 48', '"answer_hours": 47')
        assert other != deciding.policy.canonical
        tamper(history, schema_models.policies, content=other)
    (found,) = again(history)
    assert found.what == "what decided it"
    assert told["policy"]["version"] in found.again


def test_a_changed_tier_is_named(deciding: Decider, history: History) -> None:
    told = scored(deciding, body())
    other = {"approve": "request_evidence"}.get(told["tier"], "approve")
    tamper(history, decisions, tier=other)
    assert Difference(told["decision_id"], "tier", other, told["tier"]) in again(history)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("probability", 0.5), ("raw_score", 1.5), ("base", 0.25), ("tier", "refuse"),
        ("conditions", ["merchant_consent", "inspect_on_return"]), ("lane", "no_reason"),
        ("reasons", []), ("rules", [{"id": "none", "effect": "", "text": {}}]),
        ("suggestions", ["jewels"]), ("respond_by", "2026-01-01T00:00:00.000+00:00"),
        ("linked", {"customers": 9, "refunds": 9, "confirmed_fraud": 9}), ("amount", "1.00"),
        ("model", {"name": "refund-risk", "version": "9"}),
    ],
)  # fmt: skip
def test_a_changed_answer_is_named(
    deciding: Decider, history: History, member: str, value: Any
) -> None:
    told = scored(deciding, body())
    tamper(history, decisions, body=orjson.dumps({**told, member: value}).decode())
    found = again(history)
    assert [(difference.decision_id, difference.what) for difference in found] == [
        (told["decision_id"], member)
    ]
    assert str(found[0]).startswith(f"{told['decision_id']}: {member} was ")
