"""After forgetting: no later import brings anybody back, and who returns is a stranger."""

from __future__ import annotations

import orjson
import pytest
import sqlalchemy as sa

from risk.errors import Conflict, NotFound
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import FACTS
from risk.history.schema.schema_privacy import erasures, forgotten
from risk.history.store import History
from risk.privacy import (
    count_stored,
    is_tombstone,
)
from tests.deciders import HOUR, counts, decider, scored
from tests.risk.forgotten_person import (
    WORDS,
    customers,
    everything,
    facts_of,
    gone,
    outcome,
    person,
)


def test_the_same_facts_again_change_nothing(history: History) -> None:
    told = person()
    kinds = {"orders": told["order"], "shipments": told["shipments"], "refunds": [told["refund"]],
             "evidence": told["evidence"],
             "outcomes": [outcome("R-walter", "Wilhelmina rang twice")]}  # fmt: skip
    for kind, rows in kinds.items():
        ingest(history, kind, rows)
    gone(history)
    stored = facts_of(history)
    for kind, rows in kinds.items():
        added = ingest(history, kind, rows)
        assert (added.new, added.same) == (0, len(rows))
    assert facts_of(history) == stored
    ingest(history, "orders", [{**told["order"][0], "amount": "1.00"}])
    assert facts_of(history) == stored


def test_a_later_import_of_what_was_missing_brings_nobody_back(history: History) -> None:
    told = person()
    ingest(history, "orders", told["order"])
    gone(history)
    older = person("older", customer_id="customer-walter")
    for kind, rows in (
        ("refunds", [told["refund"]]), ("evidence", told["evidence"]), ("orders", older["order"]),
        ("refunds", [older["refund"]]),
    ):  # fmt: skip
        ingest(history, kind, rows)
    text = everything(history)
    for word in ("Wilhelmina", "customer-walter", "O-walter", "O-older", "R-walter"):
        assert word not in text
    facts = {kind: number for kind, number in counts(history).items() if number}
    assert facts["orders"] == 1
    assert "refunds" not in facts


def test_who_comes_back_is_a_stranger_with_a_history_of_their_own(history: History) -> None:
    deciding = decider(history)
    scored(deciding, person())
    gone(history)
    later = now_ms() + HOUR
    for name in ("again", "oncemore"):
        one = person(name, customer_id="customer-walter", placed_at=iso(now_ms() + 1))
        one["refund"]["requested_at"] = iso(now_ms() + 2)
        ingest(history, "orders", [{**one["order"][0], "known_at": iso(later)}], may_backdate=True)
        ingest(history, "refunds", [{**one["refund"], "known_at": iso(later)}], may_backdate=True)
    assert "customer-walter" not in everything(history)
    strangers = [name for name in customers(history) if not is_tombstone(name)]
    assert len(strangers) == 2
    assert len(set(strangers)) == 1
    with history.read() as connection:
        words = connection.execute(sa.select(FACTS["refunds"].c.reason_text)).scalars().all()
    assert sorted(map(str, words)) == ["None", WORDS, WORDS]
    gone(history)
    assert all(is_tombstone(name) for name in customers(history))
    assert "Wilhelmina" not in everything(history)


def test_a_decision_can_still_be_read_and_made_again(history: History) -> None:
    deciding, told = decider(history), person()
    answered = scored(deciding, told)
    gone(history)
    kept = deciding.decision(answered["decision_id"])
    name = kept["refund_id"]
    assert is_tombstone(name)
    assert kept == {**answered, "refund_id": name}
    assert orjson.loads(deciding.score_again(name).json)["refund_id"] == name
    with pytest.raises(NotFound):
        deciding.score_again("R-walter")
    with pytest.raises(Conflict, match="forgotten"):
        deciding.score(told)


def test_a_new_request_on_a_forgotten_order_is_decided_without_the_order(
    history: History,
) -> None:
    deciding, told = decider(history), person()
    scored(deciding, told)
    gone(history)
    new = person()
    del new["evidence"]
    new["refund"] |= {"refund_id": "R-new", "requested_at": iso(now_ms())}
    decision = scored(deciding, new)
    assert "order_unknown" in [warning["code"] for warning in decision["warnings"]]
    assert counts(history)["orders"] == 1


def test_doing_it_again_changes_nothing(history: History) -> None:
    scored(decider(history), person())
    first = gone(history)
    stored = facts_of(history)
    second = gone(history)
    assert first.before is None
    assert second.before is not None
    assert second.counts == {}
    assert facts_of(history) == stored
    with history.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(erasures)).scalar() == 1


def test_somebody_not_stored_yet_is_kept_out_all_the_same(history: History) -> None:
    gone(history)
    ingest(history, "orders", person()["order"])
    assert "customer-walter" not in everything(history)
    assert count_stored(history, "customer-walter") == {}


def test_the_list_and_the_audit_name_nobody(history: History) -> None:
    scored(decider(history), person())
    gone(history)
    with history.read() as connection:
        kept = repr(connection.execute(sa.select(erasures)).all())
        kept += repr(connection.execute(sa.select(forgotten)).all())
    assert "walter" not in kept.replace("O-walter", "").replace("R-walter", "")
    assert "O-walter" not in kept


def test_a_process_that_opens_later_heeds_the_list(history: History) -> None:
    gone(history)
    again = History.open(str(history.engine.url), "a secret for tests only")
    ingest(again, "orders", person()["order"])
    again.close()
    assert "customer-walter" not in everything(history)


def test_what_a_process_stored_that_had_not_heard_is_taken_out(history: History) -> None:
    unaware = History.open(str(history.engine.url), "a secret for tests only")
    gone(history)
    ingest(unaware, "orders", person()["order"])
    unaware.close()
    assert "customer-walter" in everything(history)
    gone(history)
    assert "customer-walter" not in everything(history)
