"""Facts of callers bound to merchants: waiting, released, dropped; ids within a merchant."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from risk.decisions.decide import Decider
from risk.errors import BadInput, Conflict, Forbidden
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import FACTS
from risk.history.schema.schema_tenants import id_aliases, request_owners, waiting_facts
from risk.history.store import History
from risk.history.tenants.caller import Caller
from risk.history.tenants.ownership import of_requests
from risk.history.waiting_counts import backlog
from risk.privacy.forgetting import forget
from risk.privacy.retention import clear_free_text
from tests.deciders import DAY, body, counts, decider, photo

OURS, THEIRS = Caller.bound_to("M-ours"), Caller.bound_to("M-theirs")


@pytest.fixture
def deciding(history: History) -> Decider:
    return decider(history)


def of(merchant: str, name: str, **refund: Any) -> dict[str, Any]:
    one = body(name, **refund)
    one["order"][0]["merchant_id"] = merchant
    return one


def parcel(order_id: str, **more: Any) -> dict[str, Any]:
    return {"order_id": order_id, "status": "delivered", "courier": "SF",
            "occurred_at": iso(now_ms() - DAY), **more}  # fmt: skip


def rows(history: History, kind: str) -> list[Any]:
    with history.read() as connection:
        return list(connection.execute(sa.select(FACTS[kind])).mappings())


def number(history: History, table: sa.Table) -> int:
    with history.read() as connection:
        query = sa.select(sa.func.count()).select_from(table)
        return int(connection.execute(query).scalar_one())


def score(deciding: Decider, one: Any, caller: Caller = OURS) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads(deciding.score(one, caller=caller).json)
    return answer


def test_a_fact_about_an_order_nobody_knows_waits_and_is_known_from_its_release(
    history: History,
) -> None:
    one, fact = of("M-ours", "walter"), parcel("O-walter")
    first, again = (ingest(history, "shipments", [fact], caller=OURS) for _ in range(2))
    assert ((first.new, first.same), (again.new, again.same)) == ((1, 0), (0, 1))
    assert rows(history, "shipments") == []
    ingest(history, "orders", one["order"])
    [stored], [order] = rows(history, "shipments"), rows(history, "orders")
    assert stored["known_at"] == order["known_at"] > stored["occurred_at"]
    assert number(history, waiting_facts) == 0
    known = ingest(history, "shipments", [fact], caller=OURS)
    assert (known.new, known.same) == (0, 1)


def test_a_fact_that_turns_out_to_be_about_anothers_order_is_dropped(history: History) -> None:
    ingest(history, "shipments", [parcel("O-walter")], caller=OURS)
    ingest(history, "orders", of("M-theirs", "walter")["order"])
    assert rows(history, "shipments") == []
    assert number(history, waiting_facts) == 0
    with pytest.raises(Forbidden, match="order_id"):
        ingest(history, "shipments", [parcel("O-walter")], caller=OURS)


def test_evidence_of_a_request_waits_until_the_request_is_known(history: History) -> None:
    one = of("M-ours", "walter")
    item = photo(one)
    ingest(history, "evidence", [item], caller=OURS)
    ingest(history, "refunds", [one["refund"]])
    assert rows(history, "evidence") == []
    ingest(history, "orders", one["order"])
    assert [row["evidence_id"] for row in rows(history, "evidence")] == [item["evidence_id"]]


def test_several_wait_for_one_order_each_for_its_own_merchant(history: History) -> None:
    for caller, courier in ((OURS, "SF"), (THEIRS, "YT")):
        ingest(history, "shipments", [parcel("O-walter", courier=courier)], caller=caller)
    assert number(history, waiting_facts) == 2
    ingest(history, "orders", of("M-ours", "walter")["order"])
    assert [row["courier"] for row in rows(history, "shipments")] == ["SF"]
    assert number(history, waiting_facts) == 0


def test_what_waits_with_another_content_is_a_conflict(history: History) -> None:
    at = iso(now_ms() - DAY)
    ingest(history, "shipments", [parcel("O-walter", occurred_at=at)], caller=OURS)
    with pytest.raises(Conflict, match="another content"):
        ingest(history, "shipments", [parcel("O-walter", occurred_at=at, courier="YT")],
               caller=OURS)  # fmt: skip


def test_its_own_request_is_its_merchants_and_decided_at_once(
    deciding: Decider, history: History
) -> None:
    one = of("M-ours", "walter")
    alone = {"refund": one["refund"], "evidence": [photo(one)]}
    told = score(deciding, alone)
    assert told["tier"]
    with history.read() as connection:
        assert of_requests(connection, ["R-walter"]) == {"R-walter": {"M-ours"}}
    assert counts(history)["evidence"] == 1
    ingest(history, "orders", one["order"])
    assert number(history, request_owners) == 0
    assert score(deciding, alone) == told
    again = orjson.loads(deciding.score_again("R-walter").json)
    assert again["decision_id"] != told["decision_id"]


def test_parcels_of_an_order_nobody_knows_wait_while_the_request_is_decided(
    deciding: Decider, history: History
) -> None:
    one = of("M-ours", "walter")
    score(deciding, {"refund": one["refund"], "shipments": one["shipments"]})
    assert rows(history, "shipments") == []
    score(deciding, one)
    assert len(rows(history, "shipments")) == 1


def test_a_request_about_anothers_order_is_about_an_order_of_its_own(
    deciding: Decider, history: History
) -> None:
    theirs = of("M-theirs", "walter")
    ingest(history, "orders", theirs["order"])
    mine = {"refund": {**theirs["refund"], "refund_id": "R-mine"}}
    told = score(deciding, mine)
    assert score(deciding, mine) == told
    [refund] = rows(history, "refunds")
    assert refund["order_id"] == "O-walter@M-ours"
    line = of("M-ours", "walter")["order"]
    ingest(history, "orders", line, caller=OURS)
    ingest(history, "shipments", [parcel("O-walter")], caller=OURS)
    assert {row["order_id"] for row in rows(history, "orders")} == {"O-walter", "O-walter@M-ours"}
    assert [row["order_id"] for row in rows(history, "shipments")] == ["O-walter@M-ours"]


def test_a_request_is_set_apart_when_its_order_turns_out_to_be_anothers(
    deciding: Decider, history: History
) -> None:
    one = of("M-ours", "walter")
    alone = {"refund": one["refund"]}
    told = score(deciding, alone)
    theirs = of("M-theirs", "walter")
    ingest(history, "orders", theirs["order"])
    ingest(history, "refunds", [{**theirs["refund"], "refund_id": "R-theirs"}])
    with history.read() as connection:
        counted = "SELECT refund_id FROM requests WHERE known_at < valid_to"
        derived = connection.exec_driver_sql(counted).scalars().all()
        assert derived == ["R-theirs"]
        assert of_requests(connection, ["R-walter"]) == {"R-walter": {"M-ours"}}
    assert score(deciding, alone) == told
    known = ingest(history, "refunds", [one["refund"]], caller=OURS)
    assert (known.new, known.same) == (0, 1)


def test_two_merchants_use_the_same_ids(deciding: Decider, history: History) -> None:
    for merchant in ("M-theirs", "M-ours"):
        one = of(merchant, "walter", amount="10.00" if merchant == "M-ours" else "349.00")
        told = score(deciding, {**one, "evidence": [photo(one)]}, Caller.bound_to(merchant))
        assert score(deciding, {**one, "evidence": [photo(one)]}, Caller.bound_to(merchant)) == told
    assert counts(history) | {} == {
        **dict.fromkeys(counts(history), 0), "orders": 2, "shipments": 2, "refunds": 2,
        "evidence": 2, "decisions": 2,
    }  # fmt: skip
    assert {row["refund_id"] for row in rows(history, "refunds")} == {"R-walter", "R-walter@M-ours"}
    assert number(history, id_aliases) == 6


def test_a_caller_of_several_merchants_names_one_where_it_matters(
    deciding: Decider, history: History
) -> None:
    both = Caller.bound_to("M-ours", "M-more")
    score(deciding, of("M-ours", "walter"), both)
    ingest(history, "orders", of("M-theirs", "maria")["order"])
    with pytest.raises(BadInput) as refused:
        score(deciding, {"refund": body("maria")["refund"]}, both)
    assert [problem.field for problem in refused.value.problems] == ["merchant"]


def test_an_unbound_caller_stores_as_before(history: History) -> None:
    ingest(history, "shipments", [parcel("O-unseen")])
    assert len(rows(history, "shipments")) == 1
    assert number(history, waiting_facts) == 0


def test_what_waits_too_long_goes(history: History) -> None:
    ingest(history, "shipments", [parcel("O-walter"), parcel("O-maria")], caller=OURS)
    with history.write() as write:
        here = sa.update(waiting_facts).where(waiting_facts.c.about_id == "O-walter")
        write.connection.execute(here.values(at=now_ms() - 31 * DAY))
    with history.read() as connection:
        assert backlog(connection)["facts_waiting"] == 2
    assert clear_free_text(history, 30)["waiting"] == 1
    with history.read() as connection:
        assert connection.execute(sa.select(waiting_facts.c.about_id)).scalars().all() == [
            "O-maria"
        ]


def test_forgetting_a_customer_takes_what_waits_about_them(
    deciding: Decider, history: History
) -> None:
    one = of("M-ours", "walter")
    score(deciding, {**one, "evidence": [photo(one, content_hash="a picture of walter's")]})
    same = photo(of("M-theirs", "maria"), content_hash="a picture of walter's")
    named = {"refund_id": "C-walter-17", "decided_at": iso(now_ms() - DAY), "verdict": "fraud"}
    other = {**named, "refund_id": "R-maria", "note": "as C-walter did"}
    kept = {**named, "refund_id": "R-anna"}
    ingest(history, "evidence", [same], caller=THEIRS)
    ingest(history, "outcomes", [named, other, kept], caller=THEIRS)
    report = forget(history, "C-walter", settle_s=0)
    assert report.counts["waiting"] == 3
    with history.read() as connection:
        left = connection.execute(sa.select(waiting_facts.c.row)).scalars().all()
        assert [orjson.loads(row)["refund_id"] for row in left] == ["R-anna"]
