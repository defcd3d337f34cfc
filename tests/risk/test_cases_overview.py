"""The numbers of the overview are those of the store."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from risk.access.people import add_person, change_team
from risk.cases import Actor, ReviewFinding, claim, hand_to_team, record_finding
from risk.cases.figures.overview import overview
from risk.cases.figures.period import Period
from risk.cases.figures.review_rows import Reviews, reviews
from risk.facts.format import iso
from risk.history.case_state import upsert_case
from risk.history.connection.connect import now_ms
from risk.history.intake import ingest
from risk.history.schema.schema_cases import case_events
from risk.history.schema.schema_decisions import decisions
from risk.history.store import History
from tests.case_rows import DAY, HOUR, NOW, decided, open_case
from tests.deciders import body, decider, photo

MEI = Actor("mei")


@pytest.mark.parametrize(
    ("tier", "finding", "kept"),
    [
        ("platform_intervention", ReviewFinding("abuse", "refused"), 1.0),
        ("platform_intervention", ReviewFinding("abuse", "partly_refunded", "1.00"), 0.99),
        ("platform_intervention", ReviewFinding("abuse", "refunded"), 0.0),
        ("platform_intervention", ReviewFinding("abuse"), 0.0),
        ("platform_intervention", ReviewFinding("legitimate", "refused"), 0.0),
        ("approve", ReviewFinding("abuse", "refused"), 0.0),
    ],
)
def test_money_is_kept_where_it_was_held_and_not_paid_afterwards(
    history: History, tier: str, finding: ReviewFinding, kept: float
) -> None:
    open_case(history, "R-1", tier=tier, amount=1_000_000, stake=100.0)
    record_finding(history, "R-1", MEI, finding)
    assert overview(history).closed["kept"] == pytest.approx(100.0 * kept)


def test_every_request_that_was_decided_counts_once_at_whatever_stage(history: History) -> None:
    deciding = decider(history)
    bare, late = body(), body()
    deciding.score(bare)
    deciding.score({**late, "evidence": [photo(late), photo(late, 2)]})
    deciding.score({**bare, "evidence": [photo(bare)]})
    deciding.score_again(bare["refund"]["refund_id"])
    assert overview(history).requests == 2


def reviewed(history: History) -> Reviews:
    with history.read() as connection:
        return reviews(connection, Period.last())


def found_by(history: History, name: str, verdict: str, probability: float) -> None:
    """A case that was decided at a probability and found out at once."""
    open_case(history, name, probability=probability)
    record_finding(history, name, MEI, ReviewFinding(verdict, "refunded", note="so"))


def redecide(history: History, name: str, probability: float) -> None:
    """A later decision, which knows what was found since."""
    with history.write() as write:
        upsert_case(write.connection, decided(name, probability=probability, decided_at=write.at))


def store_decision(history: History, name: str, decision_id: str, at: int, p: float) -> None:
    row = {
        "decision_id": decision_id, "refund_id": name, "as_of": at, "decided_at": at,
        "commit_no": 1, "stage": "request", "tier": "approve", "probability": p,
        "model_version": "1", "model_digest": "x", "policy_version": "p", "audit_draw": 0.5,
        "runtime": "{}", "vector": b"", "situation": "{}", "body": "{}",
    }  # fmt: skip
    with history.write() as write:
        write.connection.execute(sa.insert(decisions).values(row))


def test_a_finding_is_set_against_the_score_that_stood_when_it_was_made(history: History) -> None:
    store_decision(history, "R-1", "D-R-1", NOW - HOUR, 0.2)
    found_by(history, "R-1", "abuse", 0.2)
    store_decision(history, "R-1", "D-later", now_ms() + 1, 0.9)
    redecide(history, "R-1", 0.9)
    [made] = reviewed(history).agreement
    assert (made.found, made.agreed) == (1, 0)


def test_findings_of_earlier_releases_take_the_last_decision_before_them(history: History) -> None:
    store_decision(history, "R-1", "D-1", NOW - 2 * HOUR, 0.9)
    store_decision(history, "R-1", "D-2", NOW + DAY, 0.1)
    found_by(history, "R-1", "abuse", 0.9)
    with history.write() as write:
        write.connection.execute(
            sa.update(case_events)
            .where(case_events.c.action == "finding")
            .values(body='{"verdict":"abuse"}')
        )
    [made] = reviewed(history).agreement
    assert (made.found, made.agreed) == (1, 1)


def test_every_finding_of_a_period_counts_and_none_outside(history: History) -> None:
    open_case(history, "R-1")
    rows = [
        {"refund_id": "R-1", "at": NOW - n * 1_000, "who": "mei", "action": "finding",
         "body": '{"verdict":"undetermined"}'}
        for n in range(12_000)
    ]  # fmt: skip
    with history.write() as write:
        write.connection.execute(sa.insert(case_events), rows)
    [mei] = overview(history).reviews.reviewers
    assert mei.found == 12_000
    some = Period(NOW - 99_000, NOW - 49_000)
    [mei] = overview(history, period=some).reviews.reviewers
    assert mei.found == 50


def test_requests_are_told_apart_by_courier_and_customer_group(history: History) -> None:
    deciding = decider(history)
    one, other = body(), body()
    one["order"][0]["customer_tier"] = "vip"
    one["shipments"][0]["courier"] = "YTO"
    for given in (one, other):
        deciding.score(given)
    parts = overview(history).parts
    assert {part.name: part.requests for part in parts["courier"]} == {"YTO": 1, "SF": 1}
    assert {part.name: part.requests for part in parts["customer_tier"]} == {"vip": 1}


def test_targets_stand_beside_what_is(history: History) -> None:
    deciding = decider(history)
    bodies = [body() for _ in range(40)]
    for given in bodies:
        ingest(history, "orders", given["order"])
    for given in bodies[:10]:
        deciding.score(given)
    ingest(history, "feedback", [
        {"refund_id": given["refund"]["refund_id"], "answered_at": iso(now_ms()),
         "satisfaction": n + 1}
        for n, given in enumerate(bodies[:5])
    ])  # fmt: skip
    ingest(history, "payment_disputes", [
        {"dispute_id": "P-1", "order_id": bodies[0]["order"][0]["order_id"], "stage": "opened",
         "occurred_at": iso(now_ms() - HOUR), "amount": "1.00"}
    ])  # fmt: skip
    now = now_ms()
    open_case(history, "R-slow", opened_at=now - HOUR, decided_at=now - 6 * HOUR)
    record_finding(history, "R-slow", MEI, ReviewFinding("legitimate"))
    lines = {(one.measure, one.of): one for one in overview(history).targets}
    rate = lines["return_rate", "electronics"]
    assert (rate.value, rate.target, rate.count, rate.met) == (0.25, 0.08, 40, False)
    assert lines["satisfaction", ""].value == pytest.approx(0.4)
    assert lines["complaints", ""].value == pytest.approx(1 / 41)
    assert lines["first_answer", ""].value == pytest.approx(6.0, abs=0.1)
    assert not lines["first_answer", ""].met


def test_the_open_work_is_with_people_teams_or_nobody(history: History) -> None:
    for n, due in enumerate((NOW + DAY, NOW - HOUR, NOW + DAY, NOW + DAY)):
        open_case(history, f"R-{n}", respond_by=due)
    claim(history, "R-0", MEI)
    claim(history, "R-1", MEI)
    add_person(history, "leo", "a long enough password")
    change_team(history, "leo", "Parcels")
    hand_to_team(history, "R-2", MEI, "Parcels")
    assert [tuple(one) for one in overview(history).workload] == [
        ("person", "mei", 2, 1), ("team", "Parcels", 1, 0), ("nobody", "", 1, 0),
    ]  # fmt: skip
    assert overview(history, merchant="M-of-others").workload == []


def test_an_overview_of_one_merchant_counts_its_own_alone(history: History) -> None:
    deciding = decider(history)
    mine, theirs = body(), body()
    theirs["order"][0]["merchant_id"] = "M-2"
    deciding.score(mine)
    deciding.score(theirs)
    for merchant in ("M-1", "M-2"):
        found = overview(history, merchant=merchant)
        assert found.requests == 1
        assert [one.name for one in found.parts["merchant_id"]] == [merchant]
        assert (found.targets, found.sales) == ([], None), "these are of the whole shop"
        assert [one.name for one in found.surges["merchant_id"]] == [merchant]
        assert found.market.recent == 1
    assert overview(history).requests == 2
