"""Forgetting a person: nothing left of them, nobody comes back, and everything still works."""

from __future__ import annotations

import sqlalchemy as sa

from risk import cases
from risk.facts.format import iso
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema import FACTS
from risk.history.schema.schema_cases import case_events
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from risk.privacy import (
    is_tombstone,
)
from tests.deciders import body, counts, decider, scored
from tests.risk.forgotten_person import (
    REVIEWER,
    customers,
    everything,
    facts_of,
    files,
    gone,
    outcome,
    person,
)


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


def test_no_digest_is_left_of_what_was_asked(history: History) -> None:
    scored(decider(history), person())
    gone(history)
    with history.read() as connection:
        digests = connection.execute(sa.select(decisions.c.request_digest)).scalars()
        assert list(digests) == [None]


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
