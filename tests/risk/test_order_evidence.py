"""Evidence recorded of an order before any request: every request on that order sees it."""

from __future__ import annotations

from typing import Any

import orjson

from risk.cases import view_case
from risk.cases.record.timeline_sentences import render_entry
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.store import History
from tests.deciders import DAY, body, counts, decider, photo, scored


def packed(one: dict[str, Any], name: str, **more: Any) -> dict[str, Any]:
    """The packing video of the order of a body."""
    return {
        "evidence_id": name, "order_id": one["refund"]["order_id"], "kind": "video",
        "submitted_by": "merchant", "submitted_at": iso(now_ms() - 3 * DAY), **more,
    }  # fmt: skip


def situation(history: History) -> dict[str, Any]:
    """The case as the policy saw it in the latest decision."""
    with history.read() as connection:
        query = "SELECT situation FROM decisions ORDER BY decided_at DESC, as_of DESC LIMIT 1"
        return dict(orjson.loads(connection.exec_driver_sql(query).scalar_one()))


def test_every_request_on_the_order_sees_it(history: History) -> None:
    deciding, one = decider(history), body("packed")
    ingest(history, "evidence", [packed(one, "E-1")])
    assert scored(deciding, one)["stage"] == "request"
    assert situation(history)["evidence"] == [["video", "merchant"]]
    again = orjson.loads(deciding.score_again("R-packed").json)
    assert again["stage"] == "request"
    other = {**one, "refund": {**one["refund"], "refund_id": "R-other", "amount": "10.00"}}
    scored(deciding, other)
    assert situation(history)["evidence"] == [["video", "merchant"]]
    scored(deciding, body("elsewhere"))
    assert situation(history)["evidence"] == []


def test_it_comes_with_the_body_that_is_scored(history: History) -> None:
    deciding, one = decider(history), body("packed")
    told = scored(deciding, {**one, "evidence": [packed(one, "E-1"), photo(one)]})
    assert told["stage"] == "request"
    assert sorted(situation(history)["evidence"]) == [["photo", "customer"], ["video", "merchant"]]
    assert counts(history)["evidence"] == 2


def test_features_count_it_as_the_shops_proof(history: History) -> None:
    deciding, one = decider(history), body("packed")
    scored(deciding, one)
    ingest(history, "evidence", [packed(one, "E-1"), packed(one, "E-2", kind="unanswered")])
    champion = deciding.ready()
    with history.read() as connection:
        spine = champion.reader.spine(connection, "R-packed", now_ms() + DAY)
        assert spine is not None
        vector = champion.reader.vector(connection, spine)
    names = [feature.name for feature in champion.reader.features]
    assert vector[names.index("merchant_proof")] == 1
    assert vector[names.index("customer_videos")] == 0


def test_the_timeline_tells_it_of_the_order(history: History) -> None:
    deciding, one = decider(history), body("packed")
    ingest(history, "evidence", [packed(one, "E-1"), packed(one, "E-2", kind="unanswered")])
    scored(deciding, one)
    told = [render_entry(moment, "en") for moment in view_case(history, "R-packed").timeline]
    assert "Video of the order, from the merchant" in told
    assert "Evidence requested from the merchant, no answer" in told


def test_an_item_of_another_request_on_the_order_stays_that_requests(history: History) -> None:
    deciding, one = decider(history), body("packed")
    scored(deciding, one)
    other = {**one, "refund": {**one["refund"], "refund_id": "R-other", "amount": "10.00"}}
    theirs = {**photo(other), "order_id": one["refund"]["order_id"]}
    scored(deciding, {**other, "evidence": [theirs]})
    deciding.score_again("R-packed")
    assert situation(history)["evidence"] == []
    assert view_case(history, "R-packed").record.evidence == []
