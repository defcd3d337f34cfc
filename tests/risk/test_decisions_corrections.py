"""Deciding where facts are corrected and taken back: repeated calls, cases, replay."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from risk.cases import view_case
from risk.decisions.case import read_one
from risk.decisions.decide import Decider
from risk.errors import Conflict
from risk.facts.format import iso
from risk.facts.parse import parse_time
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import commits
from risk.history.schema.schema_cases import cases
from risk.history.store import History
from tests.deciders import HOUR, body, bundle, decider, photo, scored
from training.check.replay import replay


@pytest.fixture
def deciding(history: History) -> Decider:
    return decider(history, model=bundle(lean=4.0))


def corrected(one: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The body with its request as it is now, under the next revision."""
    return {**one, "refund": {**one["refund"], "revision": 2, **more}}


def retract(history: History, kind: str, key: dict[str, Any], **more: Any) -> None:
    fact = {"kind": kind, "key": key, "retracted_at": iso(now_ms()), "reason": "sent twice", **more}
    ingest(history, "retractions", [fact], may_backdate=True, who="ada")


def of_request(one: dict[str, Any]) -> dict[str, Any]:
    return {"refund_id": one["refund"]["refund_id"]}


def case(history: History, one: dict[str, Any]) -> dict[str, Any]:
    with history.read() as connection:
        query = sa.select(cases).where(cases.c.refund_id == one["refund"]["refund_id"])
        return dict(connection.execute(query).mappings().one())


def test_the_same_body_answers_the_same_bytes_also_after_a_correction(deciding: Decider) -> None:
    one = body()
    first = deciding.score(one).json
    second = deciding.score(corrected(one, amount="20.00")).json
    assert orjson.loads(second)["amount"] == "20.00"
    assert orjson.loads(second)["decision_id"] != orjson.loads(first)["decision_id"]
    assert deciding.score(one).json == first
    assert deciding.score(corrected(one, amount="20.00")).json == second
    assert len(deciding.decisions(one["refund"]["refund_id"])) == 2


def test_a_new_revision_that_says_the_same_is_a_new_decision(deciding: Decider) -> None:
    one = body()
    first = scored(deciding, one)
    assert scored(deciding, corrected(one))["decision_id"] != first["decision_id"]


def test_ten_corrections_at_once_are_one(deciding: Decider) -> None:
    one = body()
    scored(deciding, one)
    again = corrected(one, amount="20.00")
    with ThreadPoolExecutor(10) as pool:
        answers = {decided.json for decided in pool.map(deciding.score, [again] * 10)}
    assert len(answers) == 1
    assert len(deciding.decisions(one["refund"]["refund_id"])) == 2


def test_other_content_without_a_revision_is_a_conflict_and_stores_nothing(
    deciding: Decider, history: History
) -> None:
    one = body()
    scored(deciding, one)
    with pytest.raises(Conflict, match=f"{one['refund']['refund_id']}.*amount"):
        scored(deciding, {**one, "refund": {**one["refund"], "amount": "1.00"}})
    assert len(deciding.decisions(one["refund"]["refund_id"])) == 1


def test_a_request_that_is_taken_back_closes_its_case_and_says_why(
    deciding: Decider, history: History
) -> None:
    one = body()
    scored(deciding, one)
    assert case(history, one)["state"] == "open"
    retract(history, "refunds", of_request(one))
    assert case(history, one)["state"] == "closed"
    events = view_case(history, one["refund"]["refund_id"]).events
    assert [(e["action"], e["who"], e["body"]["text"]) for e in events] == [
        ("retract", "ada", "sent twice")
    ]
    with pytest.raises(Conflict, match="was taken back: sent twice"):
        deciding.score_again(one["refund"]["refund_id"])


def test_the_same_body_answers_no_decision_once_its_request_was_taken_back(
    deciding: Decider, history: History
) -> None:
    one = body()
    first = deciding.score(one).json
    retract(history, "refunds", of_request(one), revision=1)
    with pytest.raises(Conflict, match="was taken back: sent twice"):
        deciding.score(one)
    second = deciding.score(corrected(one, amount="20.00")).json
    assert deciding.score(one).json == first, "the request counts again"
    assert deciding.score(corrected(one, amount="20.00")).json == second


def test_an_order_taken_back_leaves_the_answer_to_the_same_body(
    deciding: Decider, history: History
) -> None:
    one = body()
    first = deciding.score(one).json
    line = one["order"][0]
    retract(history, "orders", {"order_id": line["order_id"], "line_id": line["line_id"]})
    assert deciding.score(one).json == first


def test_a_scored_correction_is_signed(deciding: Decider, history: History) -> None:
    one = body()
    scored(deciding, one)
    deciding.score(corrected(one, amount="20.00"), who="the shop's key")
    with history.read() as connection:
        query = sa.select(commits.c.who).order_by(commits.c.commit_no.desc()).limit(1)
        assert connection.execute(query).scalar() == "the shop's key"


def test_a_request_that_is_withdrawn_closes_its_case_until_it_is_open_again(
    deciding: Decider, history: History
) -> None:
    one = body()
    scored(deciding, one)
    ingest(history, "refunds", [{**one["refund"], "revision": 2, "state": "withdrawn"}])
    assert case(history, one)["state"] == "closed"
    ingest(history, "refunds", [{**one["refund"], "revision": 3, "state": "open"}])
    assert case(history, one)["state"] == "open"


def test_a_finding_that_is_taken_back_opens_the_case_again(
    deciding: Decider, history: History
) -> None:
    one = body()
    scored(deciding, one)
    found = {**of_request(one), "decided_at": iso(now_ms()), "verdict": "fraud",
             "decided_by": "platform"}  # fmt: skip
    ingest(history, "outcomes", [found])
    assert case(history, one)["state"] == "closed"
    key = {name: found[name] for name in ("refund_id", "decided_at", "decided_by")}
    retract(history, "outcomes", key)
    assert (case(history, one)["state"], case(history, one)["verdict"]) == ("open", None)


@pytest.mark.parametrize("known", ["now", "before the decisions"])
def test_decisions_made_before_a_correction_replay_to_the_bit(
    deciding: Decider, history: History, known: str
) -> None:
    bodies = [body() for _ in range(6)]
    for one in bodies:
        one["order"][0].update(customer_id="C-same", device_id="one device")
        scored(deciding, one)
    then = iso(now_ms() - HOUR // 2)
    early = {} if known == "now" else {"known_at": then}
    for n, one in enumerate(bodies[:4]):
        line = {**one["order"][0], "revision": 2, "device_id": f"device {n}", "amount": "1"}
        ingest(history, "orders", [{**line, **early}], may_backdate=True)
    retract(history, "refunds", of_request(bodies[4]), **early, retracted_at=then)
    scored(deciding, corrected(bodies[0], amount="5.00"))
    made, differences, _ = replay(history, lambda *_: None)
    assert (made, differences) == (7, [])


@pytest.mark.parametrize("later", ["corrected", "taken back"])
def test_whose_picture_it_was_is_what_was_known_then(
    deciding: Decider, history: History, later: str
) -> None:
    """Another's picture that turns out to be this one, or is taken back, moves no earlier case."""
    other, one = body(), body()
    theirs, mine = photo(other, content_hash="one"), photo(one, content_hash="two")
    if later == "taken back":
        mine["content_hash"] = "one"
    scored(deciding, {**other, "evidence": [theirs]})
    as_of = parse_time(scored(deciding, {**one, "evidence": [mine]})["as_of"])

    def seen(at: int) -> int | None:
        with history.read() as connection:
            known = read_one(connection, history.reader, of_request(one)["refund_id"], at, b"key")
        return known.own.evidence[0].first_seen

    before = seen(as_of)
    assert (before is None) == (later == "corrected")
    if later == "corrected":
        ingest(history, "evidence", [{**theirs, "content_hash": "two", "revision": 2}])
    else:
        retract(history, "evidence", {"evidence_id": theirs["evidence_id"]})
    assert seen(as_of) == before
    assert (seen(now_ms() + HOUR) is None) == (later == "taken back")
