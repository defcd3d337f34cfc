"""Forgetting a person: nothing left of them, nobody comes back, and everything still works."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from deciders import HOUR, body, counts, decider, photo, scored

from risk import cases
from risk.access import idempotency
from risk.cases import Actor
from risk.decisions import log
from risk.errors import Conflict, NotFound
from risk.facts.format import iso
from risk.history.connect import now_ms
from risk.history.envelope import SecretCipher
from risk.history.intake import ingest
from risk.history.schema import FACTS, metadata
from risk.history.schema_cases import case_events
from risk.history.schema_privacy import erasures, forgotten
from risk.history.store import History
from risk.privacy import (
    ForgetReport,
    count_stored,
    forget,
    forgetting,
    is_tombstone,
    webhook_ids_of,
)
from risk.webhooks import deliveries, subscriptions

WORDS = "the sleeve came off while my sister Wilhelmina wore it"
REVIEWER = Actor("rita", ("reviewer", "appeal"))


def person(name: str = "walter", **more: Any) -> dict[str, Any]:
    """A body about somebody who can be recognised in every field."""
    one = body(name, reason_text=WORDS, payout_account="acct-88771", device_id="dev-5150")
    one["order"][0] |= {
        "customer_id": f"customer-{name}", "shipping_address": "7 Larch Lane, Flat 3, Leeds",
        "payment_instrument": "card-99172", "device_id": "dev-5150", "phone": "+86 13800138000",
        "ip": "203.0.113.77", **more,
    }  # fmt: skip
    one["shipments"][0]["tracking_no"] = "SF99887766"
    one["evidence"] = [photo(one, content_hash="aa55aa55")]
    return one


def gone(history: History, customer_id: str = "customer-walter") -> ForgetReport:
    return forget(history, customer_id, settle_s=0)


def everything(history: History) -> str:
    """Every value of every row, but for the hashes of things."""
    with history.read() as connection:
        return repr([connection.execute(sa.select(t)).all() for t in metadata.sorted_tables])


def facts_of(history: History) -> list[Any]:
    with history.read() as connection:
        return [connection.execute(sa.select(table)).all() for table in FACTS.values()]


def customers(history: History) -> list[str]:
    with history.read() as connection:
        return sorted(connection.execute(sa.select(FACTS["orders"].c.customer_id)).scalars())


def files(history: History) -> bytes:
    folder = Path(str(history.engine.url.database)).parent
    return b"".join(path.read_bytes() for path in sorted(folder.glob("store.db*")))


def outcome(refund: str, note: str) -> dict[str, Any]:
    return {"refund_id": refund, "decided_at": iso(now_ms() - 60_000), "verdict": "abuse",
            "note": note}  # fmt: skip


def test_every_revision_and_retraction_of_the_person_goes(history: History) -> None:
    deciding = decider(history)
    told = person()
    scored(deciding, told)
    line, refund = told["order"][0], told["refund"]
    moved = {"device_id": "dev-6161", "shipping_address": "8 Beech Road, Flat 1, Leeds"}
    ingest(history, "orders", [{**line, "revision": 2, **moved}], who="shop key")
    deciding.score({"refund": {**refund, "revision": 3, "reason_text": "Wilhelmina tore it"}})
    back = {"kind": "orders", "key": {"order_id": line["order_id"], "line_id": line["line_id"]},
            "retracted_at": iso(now_ms()), "reason": "customer-walter rang"}  # fmt: skip
    ingest(history, "retractions", [back], who="shop key")
    number = counts(history)
    gone(history)
    left = everything(history)
    for word in ("Wilhelmina", "customer-walter", "Larch", "Beech", "dev-"):
        assert word not in left, word
    assert counts(history) == number
    assert "shop key" in left, "who stored a correction is no person who asked for a refund"


def test_no_word_and_no_name_of_the_person_is_left(history: History) -> None:
    deciding = decider(history)
    told = person()
    scored(deciding, told)
    ingest(history, "outcomes", [outcome("R-walter", "Wilhelmina rang twice")])
    before = everything(history)
    assert "Wilhelmina" in before
    assert "customer-walter" in before
    gone(history)
    after = everything(history)
    for said in ("Wilhelmina", "customer-walter"):
        assert said not in after
        assert said.encode() not in files(history)


def test_counts_of_facts_stay(history: History) -> None:
    deciding = decider(history)
    scored(deciding, person())
    before = counts(history)
    report = gone(history)
    assert counts(history) == before
    facts = {kind: number for kind, number in report.counts.items() if kind in FACTS}
    assert facts == {"orders": 1, "shipments": 1, "refunds": 1, "evidence": 1}
    assert report.counts["decisions"] == 1


def test_things_that_others_touched_stay_theirs_and_the_rest_becomes_random(
    history: History,
) -> None:
    deciding = decider(history)
    scored(deciding, person())
    sister = body("sister")
    sister["order"][0]["shipping_address"] = "7 Larch Lane, Flat 3, Leeds"
    scored(deciding, sister)
    hashed = history.hasher.of
    report = gone(history)
    with history.read() as connection:
        row = connection.execute(
            sa.select(FACTS["orders"]).where(FACTS["orders"].c.order_id != "O-sister")
        ).one()
    assert row.address == hashed("address", "7 Larch Lane, Flat 3, Leeds")
    for kind, raw in (("payment", "card-99172"), ("device", "dev-5150"), ("ip", "203.0.113.77")):
        assert getattr(row, kind) not in (None, hashed(kind, raw))
    assert report.counts["shared"] == 2
    assert is_tombstone(row.customer_id)


def test_the_device_of_order_and_request_is_still_one(history: History) -> None:
    scored(decider(history), person())
    gone(history)
    with history.read() as connection:
        of_order = connection.execute(sa.select(FACTS["orders"].c.device)).scalar_one()
        of_request = connection.execute(sa.select(FACTS["refunds"].c.device)).scalar_one()
    assert of_order == of_request


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


def test_no_id_leads_back_to_the_person(history: History) -> None:
    deciding, told = decider(history), person()
    told["refund"]["refund_id"] = told["evidence"][0]["refund_id"] = "8812003344"
    told["evidence"][0]["evidence_id"] = "EV-771"
    scored(deciding, told)
    ingest(history, "feedback", [{"refund_id": "8812003344", "satisfaction": 1,
                                  "answered_at": iso(now_ms() - 60_000)}])  # fmt: skip
    ingest(history, "payment_disputes", [
        {"dispute_id": "D-99", "order_id": "O-walter", "stage": "lost", "amount": "1.00",
         "occurred_at": iso(now_ms() - 60_000)}])  # fmt: skip
    scored(deciding, body("neighbour"))
    cases.add_note(history, "R-neighbour", REVIEWER, "the same photo as in 8812003344 (O-walter)")
    cases.add_note(history, "8812003344", REVIEWER, "see O-walter")
    with history.write() as write:
        kept = idempotency.StoredResponse(b"digest", 200, b'{"refund_id":"8812003344"}')
        idempotency.store(write, "key", "a name", kept)
        to = subscriptions.add(write, SecretCipher(b"key"), "https://example.com/hook")
        deliveries.add(write, to, "case.decided", "8812003344:17", "8812003344", {})
    gone(history)
    left = everything(history)
    for name in ("O-walter", "8812003344", "EV-771", "D-99"):
        assert name not in left, name
        assert name.encode() not in files(history)
    assert "R-neighbour" in left


def test_an_order_that_is_somebody_elses_too_keeps_its_id(history: History) -> None:
    told = person()
    ingest(history, "orders", told["order"])
    sisters = {**body("sister")["order"][0], "order_id": "O-walter", "line_id": "2"}
    ingest(history, "orders", [sisters])
    ingest(history, "refunds", [told["refund"]])
    gone(history)
    with history.read() as connection:
        lines = connection.execute(sa.select(FACTS["orders"])).all()
        request = connection.execute(sa.select(FACTS["refunds"].c.refund_id)).scalar_one()
    assert {line.order_id for line in lines} == {"O-walter"}
    assert sorted(is_tombstone(line.customer_id) for line in lines) == [False, True]
    assert request == "R-walter"


def test_what_a_process_stored_that_had_not_heard_goes_by_its_ids(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = person()
    scored(decider(history), told)
    unaware = History.open(str(history.engine.url), "a secret for tests only")
    again = partial(ingest, unaware, "refunds", [told["refund"]])
    monkeypatch.setattr(forgetting.time, "sleep", lambda _: again())
    forget(history, "customer-walter", settle_s=1)
    unaware.close()
    assert "Wilhelmina" not in everything(history)
    assert "R-walter" not in everything(history)
    assert "O-walter" not in everything(history)


def test_ids_that_hold_the_name_are_replaced_wherever_they_stand(history: History) -> None:
    deciding = decider(history)
    told = person()
    order, refund = "customer-walter-0001", "RMA/customer-walter/7"
    for fact in (*told["order"], *told["shipments"], told["refund"]):
        fact["order_id"] = order
    for fact in (told["refund"], *told["evidence"]):
        fact["refund_id"] = refund
    answered = scored(deciding, told)
    with history.write() as write:
        to = subscriptions.add(write, SecretCipher(b"key"), "https://example.com/hook")
        deliveries.add(write, to, "decision.made", answered["decision_id"], refund, answered)
        deliveries.add(write, to, "case.decided", f"{refund}:17", refund, {"decision": answered})
        kept = idempotency.StoredResponse(b"digest", 200, orjson.dumps(answered))
        idempotency.store(write, "key", "a name", kept)
    before = counts(history)
    gone(history)
    assert "customer-walter" not in everything(history)
    assert b"customer-walter" not in files(history)
    renamed = deciding.decision(answered["decision_id"])["refund_id"]
    assert [d["decision_id"] for d in deciding.decisions(renamed)] == [answered["decision_id"]]
    again = {"orders": told["order"], "refunds": [told["refund"]],
             "shipments": told["shipments"], "evidence": told["evidence"]}  # fmt: skip
    for kind, rows in again.items():
        assert ingest(history, kind, rows).new == 0
    assert counts(history) == before


def test_a_short_name_is_not_looked_for_in_ids(history: History) -> None:
    scored(decider(history), person(customer_id="17"))
    ingest(history, "orders", [{**person("other")["order"][0], "order_id": "O-17"}])
    gone(history, "17")
    with history.read() as connection:
        orders = connection.execute(sa.select(FACTS["orders"].c.order_id)).scalars().all()
    assert "O-17" in orders
    assert sorted(map(is_tombstone, orders)) == [False, True]
    assert "17" not in customers(history)


def test_what_reviewers_wrote_goes_and_what_they_did_stays(history: History) -> None:
    deciding = decider(history)
    scored(deciding, person())
    scored(deciding, body("neighbour"))
    cases.add_note(history, "R-walter", REVIEWER, "Wilhelmina sounded upset")
    cases.add_note(
        history, "R-neighbour", REVIEWER, "same voice as customer-walter, not customer-walter-2"
    )
    cases.add_list_entry(history, "R-walter", REVIEWER, kind="block", cause="Wilhelmina again",
                 asks="evidence", days=30)  # fmt: skip
    deciding.score_again("R-walter")
    gone(history)
    text = everything(history)
    assert "Wilhelmina" not in text
    assert "customer-walter," not in text
    assert "customer-walter-2" in text
    with history.read() as connection:
        noted = sa.select(case_events.c.refund_id).where(case_events.c.refund_id != "R-neighbour")
        name = connection.execute(noted.distinct()).scalar_one()
    view = cases.view_case(history, name)
    assert [event["action"] for event in view.events] == ["note", "block"]
    assert view.entry is not None
    assert view.entry.cause == "-"


def test_others_are_left_alone(history: History) -> None:
    deciding = decider(history)
    scored(deciding, person())
    other = scored(deciding, body("customer-walter-2"))
    gone(history)
    assert "C-customer-walter-2" in customers(history)
    assert deciding.decisions("R-customer-walter-2") == [other]


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


def test_no_digest_is_left_of_what_was_asked(history: History) -> None:
    scored(decider(history), person())
    gone(history)
    with history.read() as connection:
        digests = connection.execute(sa.select(log.decisions.c.request_digest)).scalars()
        assert list(digests) == [None]


def test_customers_of_hooks_are_named_not_guessed(history: History) -> None:
    told = person(customer_id="shopify:main:customer-walter")
    scored(decider(history), told)
    assert webhook_ids_of(history, "customer-walter") == ["shopify:main:customer-walter"]
    gone(history)
    assert customers(history) == ["shopify:main:customer-walter"]
    gone(history, "shopify:main:customer-walter")
    assert all(is_tombstone(name) for name in customers(history))


def test_of_many_names_none_is_left_in_the_file(history: History) -> None:
    """Pages of an index that were split keep what was in them, unless the file is made anew."""
    for start in range(0, 1_500, 500):
        lines = [
            {"order_id": f"O-{i}", "customer_id": f"customer-{i % 300:04d}-of-many", "amount": "5",
             "placed_at": "2026-03-01T08:00:00+08:00"}
            for i in range(start, start + 500)
        ]  # fmt: skip
        ingest(history, "orders", lines)
    names = [f"customer-{i:04d}-of-many" for i in range(0, 300, 30)]
    for name in names:
        gone(history, name)
    kept = files(history)
    assert [name for name in names if name.encode() in kept] == []
    assert b"customer-0001-of-many" in kept


def test_feedback_disputes_and_files_lose_what_is_the_persons(history: History) -> None:
    deciding, told = decider(history), person()
    scored(deciding, told)
    [item] = told["evidence"]
    at = iso(now_ms() - 60_000)
    more = {
        "feedback": {"refund_id": "R-walter", "answered_at": at, "satisfaction": 2,
                     "note": "Wilhelmina was cross"},
        "payment_disputes": {"dispute_id": "D-customer-walter", "order_id": "O-walter",
                             "stage": "opened", "occurred_at": at, "amount": "349.00",
                             "reason": "Wilhelmina never got it"},
        "files": {"evidence_id": item["evidence_id"], "digest": "ab12", "reader": "1",
                  "fingerprints": "dhash:99", "edited_by": "Wilhelmina's phone"},
        "evidence": {"evidence_id": "E-packed", "order_id": "O-walter", "kind": "video",
                     "submitted_by": "merchant", "submitted_at": at, "content_hash": "bb66bb66"},
    }  # fmt: skip
    for kind, one in more.items():
        ingest(history, kind, [one])
    report = gone(history)
    assert {kind: report.counts[kind] for kind in more} == {
        "feedback": 1, "payment_disputes": 1, "files": 1, "evidence": 2,
    }  # fmt: skip
    after = everything(history)
    for said in ("Wilhelmina", "customer-walter", "ab12", "dhash:99"):
        assert said not in after, said
    assert history.hasher.of("photo", "bb66bb66") not in {
        value for rows in facts_of(history) for row in rows for value in row
    }
    for kind in ("feedback", "payment_disputes"):
        again = ingest(history, kind, [more[kind]])
        assert (again.new, again.same) == (0, 1), kind
    assert "Wilhelmina" not in everything(history)


def test_a_packing_video_that_others_sent_too_stays_theirs(history: History) -> None:
    deciding = decider(history)
    scored(deciding, person())
    scored(deciding, body("sister"))
    at = iso(now_ms() - 60_000)
    for name in ("walter", "sister"):
        item = {
            "evidence_id": f"E-packed-{name}",
            "order_id": f"O-{name}",
            "kind": "video",
            "submitted_by": "merchant",
            "submitted_at": at,
            "content_hash": "bb66bb66",
        }
        ingest(history, "evidence", [item])
    gone(history)
    with history.read() as connection:
        photos = connection.execute(
            sa.select(FACTS["evidence"].c.photo).where(FACTS["evidence"].c.order_id.is_not(None))
        ).scalars()
        assert set(photos) == {history.hasher.of("photo", "bb66bb66")}
