"""Decisions made again: nothing differs after living, on whatever runtime."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from risk.decisions import log
from risk.decisions.decide import Decider
from risk.decisions.runtime import runtime
from risk.facts.format import iso
from risk.features.catalog import catalogue
from risk.history import schema
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from risk.privacy import forget
from tests.deciders import DAY, HOUR, body, bundle, decider, photo, promote, scored
from tests.training.replayed import again, dated, linked_bodies, tamper
from training.check.replay import OF_FORGOTTEN, replay

pytestmark = pytest.mark.whole


def test_a_model_of_an_earlier_release_decides_by_what_was_retired_since(history: History) -> None:
    retired = {feature.name for feature in catalogue() if feature.retired}
    earlier = decider(history, model=bundle(6, retired=True, only=tuple(sorted(retired))))
    told = {
        reason["feature"] for one in linked_bodies(4) for reason in scored(earlier, one)["reasons"]
    }
    assert told & retired
    assert again(history) == []


def test_after_living_nothing_differs(deciding: Decider, history: History) -> None:
    for one in linked_bodies(6):
        scored(deciding, one)
        scored(deciding, {**one, "evidence": [photo(one)]})
        found = {"refund_id": one["refund"]["refund_id"], "decided_at": iso(now_ms()),
                 "verdict": "fraud", "decided_by": "platform"}  # fmt: skip
        ingest(history, "outcomes", [found])
    promote(history, "2", bundle(1))
    deciding.refresh()
    scored(deciding, body())
    assert again(history) == []


def test_a_request_that_came_before_its_order_replays(deciding: Decider, history: History) -> None:
    one = body()
    scored(deciding, {"refund": one["refund"]})
    scored(deciding, one)
    assert again(history) == []


def test_facts_that_came_late_are_no_difference(deciding: Decider, history: History) -> None:
    one, *others = linked_bodies(5)
    scored(deciding, one)
    for other in others:
        ingest(history, "orders", dated(other["order"], 2 * HOUR), may_backdate=True)
        ingest(history, "refunds", dated([other["refund"]], HOUR // 2), may_backdate=True)
    assert again(history) == []


def test_facts_backdated_in_the_body_that_is_decided_replay(
    deciding: Decider, history: History
) -> None:
    first, second = linked_bodies(2)
    for one in (first, second):
        one["order"] = dated(one["order"], DAY)
        one["shipments"] = dated(one["shipments"], HOUR)
        one["refund"] = dated([one["refund"]], HOUR // 2)[0]
        one["evidence"] = dated([photo(one)], HOUR // 4)
        scored(deciding, one, may_backdate=True)
    assert again(history) == []


def test_forgotten_people_replay_from_their_vectors(deciding: Decider, history: History) -> None:
    one, other = linked_bodies(2)
    for each in (one, other, {**one, "evidence": [photo(one)]}):
        scored(deciding, each)
    forget(history, one["order"][0]["customer_id"], settle_s=0)
    told: dict[str, int] = {}
    found = replay(history, lambda what, done, _total: told.update({what: done}))
    assert found == (3, [], [])
    assert told[OF_FORGOTTEN] == 2
    tamper(history, decisions, probability=0.5, tier="refuse")
    assert {difference.what for difference in again(history)} == {"tier"}


def asked_twice() -> tuple[dict[str, Any], dict[str, Any]]:
    """Two requests on one order."""
    one, other = body(), body()
    other["refund"]["order_id"] = one["refund"]["order_id"]
    return one, {"refund": other["refund"]}


def test_money_granted_before_and_reported_late_is_no_difference(
    deciding: Decider, history: History
) -> None:
    one, other = asked_twice()
    scored(deciding, one)
    assert scored(deciding, other)["money"]["granted_before"] == "0.00"
    at = iso(now_ms() - HOUR // 2)
    paid = {"refund_id": one["refund"]["refund_id"], "decided_at": at, "known_at": at,
            "verdict": "undetermined", "resolution": "refunded", "amount": "49.00",
            "decided_by": "system"}  # fmt: skip
    ingest(history, "outcomes", [paid], may_backdate=True)
    assert deciding.score_again(other["refund"]["refund_id"]).json.count(b'"49.00"') == 1
    assert again(history) == []


def test_what_the_platform_paid_by_itself_is_not_paid_again(
    deciding: Decider, history: History
) -> None:
    one = body()
    scored(deciding, one)
    at = iso(now_ms() - HOUR // 2)
    paid = {"refund_id": one["refund"]["refund_id"], "decided_at": at, "known_at": at,
            "verdict": "undetermined", "resolution": "refunded", "amount": "49.00",
            "decided_by": "system"}  # fmt: skip
    ingest(history, "outcomes", [paid], may_backdate=True)
    found = orjson.loads(deciding.score_again(one["refund"]["refund_id"]).json)
    assert [rule["id"] for rule in found["rules"]] == ["already_paid"]
    assert (found["tier"], found["conditions"]) == ("approve", [])
    assert found["recommended"]["action"] == "wait"
    assert "49.00 CNY is paid" in found["customer_message"]["en"]
    assert again(history) == []


def test_a_decision_made_without_money_is_made_again_without(
    deciding: Decider, history: History
) -> None:
    """As the releases before stored it."""
    one = body()
    scored(deciding, one)
    with history.read() as connection:
        stored = connection.execute(sa.select(decisions.c.situation, decisions.c.body)).one()
    situation, answer = (orjson.loads(text) for text in stored)
    del situation["money"], answer["money"]
    old = orjson.dumps(answer).decode()
    tamper(history, decisions, situation=orjson.dumps(situation).decode(), body=old)
    assert again(history) == []
    assert deciding.score(one).json.decode() == old


def test_wording_may_change_between_releases(deciding: Decider, history: History) -> None:
    told = scored(deciding, body())
    for reason in told["reasons"]:
        reason["text"] = {"en": "said otherwise", "zh": "换个说法"}
    tamper(history, decisions, body=orjson.dumps(told).decode())
    assert again(history) == []


def test_an_amount_may_be_written_with_other_zeros(deciding: Decider, history: History) -> None:
    told = scored(deciding, body())
    told["money"] = {**told["money"], "paid": f"{told['money']['paid']}00"}
    tamper(history, decisions, body=orjson.dumps(told).decode())
    assert again(history) == []
    told["money"]["paid"] = "1.00"
    tamper(history, decisions, body=orjson.dumps(told).decode())
    assert [one.what for one in again(history)] == ["money"]


def test_a_release_may_warn_of_more_never_of_less(deciding: Decider, history: History) -> None:
    one = body()
    one["refund"]["amount"] = "0"
    told = scored(deciding, one)
    assert [warning["code"] for warning in told["warnings"]] == ["amount_zero"]
    tamper(history, decisions, body=orjson.dumps({**told, "warnings": []}).decode())
    assert again(history) == []
    more = [*told["warnings"], {**told["warnings"][0], "code": "line_unknown"}]
    tamper(history, decisions, body=orjson.dumps({**told, "warnings": more}).decode())
    assert [one.what for one in again(history)] == ["warnings"]


def test_on_another_runtime_the_tier_must_be_the_same(deciding: Decider, history: History) -> None:
    told = scored(deciding, body())
    nearly = {**told, "raw_score": told["raw_score"] + 1e-15, "base": told["base"] - 1e-15}
    tamper(history, decisions, body=orjson.dumps(nearly).decode(), runtime="{}")
    assert again(history) == []
    tamper(history, decisions, tier="refuse")
    assert [difference.what for difference in again(history)] == ["tier"]


def test_features_that_another_engine_gave_are_named_and_no_fault(
    deciding: Decider, history: History
) -> None:
    made = scored(deciding, body())
    earlier = orjson.dumps({**orjson.loads(runtime()), "engine": 1}).decode()
    tamper(history, decisions, runtime=earlier)
    assert replay(history, lambda *_: None) == (1, [], [])
    tamper(history, schema.FACTS["refunds"], amount=10_000)
    _, differences, (named,) = replay(history, lambda *_: None)
    assert differences == []
    assert (named.decision_id, named.what, named.stored) == (made["decision_id"], "engine", "1")
    assert "amount 349.0 to 1.0" in named.again


def test_another_engine_excuses_no_other_score(deciding: Decider, history: History) -> None:
    made = scored(deciding, body())
    earlier = orjson.dumps({**orjson.loads(runtime()), "engine": 1}).decode()
    other = orjson.dumps({**made, "raw_score": 9.0}).decode()
    tamper(history, decisions, runtime=earlier, body=other)
    assert [difference.what for difference in again(history)] == ["raw_score"]


def test_every_decision_is_read_whatever_the_page(deciding: Decider, history: History) -> None:
    wanted = [scored(deciding, one)["decision_id"] for one in linked_bodies(5)]
    with history.read() as connection:
        for page in (1, 2, 5, 500):
            assert [kept.decision_id for kept in log.every(connection, page)] == wanted
