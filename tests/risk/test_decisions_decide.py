"""The one use case: what is decided, that it is kept, and that the same is the same."""

from __future__ import annotations

import math
from copy import deepcopy

import numpy as np
import orjson
import pytest
import sqlalchemy as sa

from risk.decisions.case import stage_of
from risk.decisions.case_records import OwnRows, Parcel, Proof
from risk.decisions.decide import Decider
from risk.decisions.log import situation_of
from risk.errors import Conflict, ModelRefused, NotFound, Unavailable
from risk.facts.format import iso
from risk.history import published_models
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.list_entries import ListEntry, add_entry
from risk.history.schema.schema_decisions import decisions
from risk.history.schema.schema_models import models, policies
from risk.history.store import History
from risk.model import Bundle
from risk.policy import Policies, decide, load
from tests.deciders import HOUR, body, bundle, counts, decider, photo, promote, scored


@pytest.fixture
def deciding(history: History) -> Decider:
    return decider(history)


def test_contributions_and_base_add_up_to_the_raw_score(deciding: Decider) -> None:
    for kind in ("refund_only", "return_and_refund", "exchange"):
        told = scored(deciding, body(type=kind))
        total = told["base"] + math.fsum(reason["contribution"] for reason in told["reasons"])
        assert total == pytest.approx(told["raw_score"], abs=1e-9)
        assert len(told["reasons"]) >= 3
        odds = 1 / (1 + math.exp(-(told["raw_score"] - 1.0)))
        assert told["probability"] == pytest.approx(odds, abs=1e-12)


def test_what_is_answered_is_what_is_kept(deciding: Decider, history: History) -> None:
    one = body()
    told = scored(deciding, one)
    assert deciding.decision(told["decision_id"]) == told
    assert deciding.decisions(one["refund"]["refund_id"]) == [told]
    with history.read() as connection:
        row = connection.execute(sa.select(decisions)).mappings().one()
        kept = published_models.policy_content(connection, row["policy_version"])
        assert kept == load(None).canonical
        assert published_models.by_digest(connection, row["model_digest"]) == bundle().to_bytes()
    assert (row["tier"], row["stage"]) == (told["tier"], told["stage"])
    vector = np.frombuffer(row["vector"])
    own = bundle().score(vector[: len(bundle().features)], told["lane"])
    assert (own.probability, own.raw_score, own.base) == (
        told["probability"], told["raw_score"], told["base"],
    )  # fmt: skip
    case = situation_of(row["situation"])
    assert decide(load(None), case, deciding.ready().thresholds).tier == told["tier"]


def test_the_same_body_is_the_same_decision_also_after_a_promotion(
    deciding: Decider, history: History
) -> None:
    one = body()
    one["evidence"] = [photo(one, 1), photo(one, 2)]
    first = deciding.score(one)
    turned = deepcopy(one)
    turned["evidence"].reverse()
    assert deciding.score(turned) == first
    promote(history, "2", bundle(1))
    assert deciding.refresh()
    assert deciding.score(one) == first
    again = orjson.loads(deciding.score_again(one["refund"]["refund_id"]).json)
    assert (again["model"]["version"], orjson.loads(first.json)["model"]["version"]) == ("2", "1")
    assert counts(history)["decisions"] == 2


def test_ids_of_decisions_follow_time_and_cannot_be_guessed(deciding: Decider) -> None:
    ids = [deciding.score(body(f"R-{number}")).decision_id for number in range(5)]
    assert ids == sorted(ids)
    assert len({one[12:] for one in ids}) == 5
    assert {len(one) for one in ids} == {32}


def test_a_body_with_new_facts_is_a_new_decision(deciding: Decider) -> None:
    one = body()
    first = scored(deciding, one)
    more = {**one, "evidence": [photo(one)]}
    second = scored(deciding, more)
    assert second["decision_id"] != first["decision_id"]
    assert second["as_of"] > first["as_of"]
    assert scored(deciding, one) == first
    assert scored(deciding, more) == second


def test_a_case_goes_through_its_stages(deciding: Decider) -> None:
    one = body(type="return_and_refund")
    refund, order = one["refund"]["refund_id"], one["refund"]["order_id"]
    stages = [scored(deciding, {**one, "evidence": [photo(one)]})["stage"]]
    one["evidence"] = [photo(one), photo(one, 2)]
    stages.append(scored(deciding, one)["stage"])
    back = {"order_id": order, "refund_id": refund, "direction": "return", "status": "shipped",
            "occurred_at": iso(now_ms() - HOUR // 2)}  # fmt: skip
    one["shipments"].append(back)
    stages.append(scored(deciding, one)["stage"])
    one["inspection"] = {"refund_id": refund, "condition": "as_sent", "inspected_at": iso(now_ms())}
    stages.append(scored(deciding, one)["stage"])
    stages.append(orjson.loads(deciding.score_again(refund).json)["stage"])
    assert stages == ["request", "evidence", "return", "inspection", "inspection"]


def test_the_latest_event_names_the_stage() -> None:
    spine = {"request_known_at": 5, "as_of": 5}
    later = {**spine, "as_of": 6}
    out, back = (Parcel(direction, "shipped", 1, None) for direction in ("outbound", "return"))
    photos, packed = (Proof("photo", "customer"),), (Proof("video", "merchant", 1),)
    assert stage_of(later, OwnRows(packed, (out,))) == "request"
    assert stage_of(spine, OwnRows(photos, (out,))) == "request"
    assert stage_of(later, OwnRows((), (out,))) == "request"
    assert stage_of(later, OwnRows(photos, (out,))) == "evidence"
    assert stage_of(later, OwnRows(photos, (out, back))) == "return"
    assert stage_of(spine, OwnRows(inspections=("as_sent",))) == "inspection"


@pytest.mark.parametrize("broken", ["body", "log", "commit"])
def test_a_failure_halfway_stores_nothing_and_can_be_repeated(
    deciding: Decider, history: History, broken: str
) -> None:
    before, one = counts(history), body()
    triggers = {
        "body": "BEFORE INSERT ON shipments",
        "log": "BEFORE INSERT ON decisions",
        "commit": "AFTER INSERT ON requests",
    }
    stop = f"CREATE TRIGGER stop {triggers[broken]} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    with history.engine.begin() as connection:
        connection.exec_driver_sql(stop)
    with pytest.raises(sa.exc.DBAPIError, match="disk full"):
        deciding.score(one)
    assert counts(history) == before
    with history.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER stop")
    told = scored(deciding, one)
    with history.read() as connection:
        kept = connection.execute(sa.select(policies.c.version)).scalars().all()
    assert kept == [told["policy"]["version"]]
    assert counts(history)["decisions"] == 1


def test_a_contradiction_stores_nothing_of_its_body(deciding: Decider, history: History) -> None:
    one = body()
    scored(deciding, one)
    before = counts(history)
    other = {**one, "refund": {**one["refund"], "amount": "1.00"}, "evidence": [photo(one)]}
    with pytest.raises(Conflict, match=one["refund"]["refund_id"]):
        deciding.score(other)
    assert counts(history) == before


def test_an_entry_of_a_list_bears_on_the_decision(deciding: Decider, history: History) -> None:
    one = body()
    free = scored(deciding, one)
    with history.write() as write:
        entry = ListEntry(one["order"][0]["customer_id"], "allow", "wrongly accused in March",
                      "evidence", "mei", write.at)  # fmt: skip
        add_entry(write.connection, entry)
    held = orjson.loads(deciding.score_again(one["refund"]["refund_id"]).json)
    rules = {rule["id"] for rule in held["rules"]} - {rule["id"] for rule in free["rules"]}
    assert any("allow" in rule for rule in rules)


def test_a_request_without_its_order_is_decided_too(deciding: Decider) -> None:
    one = body()
    told = scored(deciding, {"refund": one["refund"]})
    total = told["base"] + math.fsum(reason["contribution"] for reason in told["reasons"])
    assert total == pytest.approx(told["raw_score"], abs=1e-9)
    assert told["linked"] == {"customers": 0, "refunds": 0, "confirmed_fraud": 0}
    assert told["currency"] == "CNY"
    assert scored(deciding, one)["decision_id"] != told["decision_id"]


def test_nothing_is_decided_before_a_promotion(history: History) -> None:
    empty = Decider(history, Policies(load(None)))
    assert not empty.refresh()
    with pytest.raises(Unavailable, match="promoted"):
        empty.score(body())
    assert counts(history)["refunds"] == 0


def test_a_model_that_cannot_be_served_leaves_the_one_there_was(
    deciding: Decider, history: History
) -> None:
    model = bundle(1)
    strange = Bundle({**model.features, "moon_phase": "0"}, model.lanes, model.thresholds)
    promote(history, "2", strange)
    with pytest.raises(ModelRefused, match="moon_phase"):
        deciding.refresh()
    assert scored(deciding, body())["model"]["version"] == "1"


def test_who_begins_after_a_bad_promotion_takes_the_latest_good_model(history: History) -> None:
    model = bundle(1)
    promote(history, "1", bundle())
    promote(history, "2", model)
    for version in ("3", "4"):
        promote(history, version, Bundle({**model.features, "moon_phase": version}, model.lanes))
    late = Decider(history, Policies(load(None)))
    for _ in range(2):
        with pytest.raises(ModelRefused, match="moon_phase"):
            late.refresh()
        assert scored(late, body())["model"]["version"] == "2"
    promote(history, "5", model)
    assert late.refresh()
    assert scored(late, body())["model"]["version"] == "5"


def test_a_bundle_that_is_not_the_published_one_is_refused(history: History) -> None:
    promote(history, "1", bundle())
    with history.write() as write:
        write.connection.execute(sa.update(models).values(bundle=bundle(1).to_bytes()))
    with pytest.raises(ModelRefused, match="digest"):
        Decider(history, Policies(load(None))).refresh()


def test_what_was_never_asked_is_not_found(deciding: Decider) -> None:
    for ask in (deciding.decision, deciding.decisions, deciding.score_again):
        with pytest.raises(NotFound, match="nobody"):
            ask("nobody")


def test_a_stored_request_that_was_not_decided_has_no_decisions(
    deciding: Decider, history: History
) -> None:
    refund = body()["refund"]
    ingest(history, "refunds", [refund])
    assert deciding.decisions(refund["refund_id"]) == []
