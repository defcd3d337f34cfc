"""Days are the merchant's days, hours are elapsed hours, and the seven-day right is not moved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from risk.policy import LaneFacts, Listing, Situation, decide, lane, parse
from tests.risk.policy_cases import DAY, HOUR, NOW, POLICY, at, case, situations

PARIS = parse(POLICY.source.replace("[zones.merchants]", '[zones.merchants]\n"P" = "Europe/Paris"'))


def asked(requested: str, delivered: str | None, **more: Any) -> LaneFacts:
    return LaneFacts(
        "return_and_refund",
        at(requested),
        no_reason_return=True,
        delivered_at=None if delivered is None else at(delivered),
    )._replace(**more)


@pytest.mark.parametrize(
    ("requested", "delivered", "expected"),
    [
        ("2026-03-08T23:59:59+08:00", "2026-03-01T00:00:01+08:00", "no_reason"),
        ("2026-03-09T00:00:00+08:00", "2026-03-01T23:59:59+08:00", "standard"),
        ("2026-03-08T15:59:59+00:00", "2026-03-01T09:00:00+08:00", "no_reason"),
        ("2026-03-08T16:00:00+00:00", "2026-03-01T09:00:00+08:00", "standard"),
        ("2026-02-27T09:00:00+08:00", "2026-03-01T09:00:00+08:00", "no_reason"),
        ("2026-03-01T09:00:00+08:00", None, "no_reason"),
    ],
)
def test_the_right_lasts_to_the_end_of_the_seventh_day_after_delivery(
    requested: str, delivered: str | None, expected: str
) -> None:
    assert lane(POLICY, asked(requested, delivered)) == expected


def test_the_day_is_the_merchants_day() -> None:
    late_in_china = asked("2026-03-08T17:00:00+00:00", "2026-03-01T09:00:00+00:00")
    assert lane(PARIS, late_in_china) == "standard"
    assert lane(PARIS, late_in_china._replace(merchant_id="P")) == "no_reason"


def test_a_change_of_the_clocks_takes_no_hour_from_the_right() -> None:
    """Paris skips an hour on 29 March 2026: its seventh day still ends at its own midnight."""
    last = asked("2026-04-01T23:59:00+02:00", "2026-03-25T10:00:00+01:00", merchant_id="P")
    assert lane(PARIS, last) == "no_reason"
    assert lane(PARIS, last._replace(requested_at=last.requested_at + 60_000)) == "standard"


@pytest.mark.parametrize(
    "other",
    [{"type": "refund_only"}, {"no_reason_return": False}],
)
def test_the_right_is_for_returns_of_goods_it_covers(other: dict[str, object]) -> None:
    assert lane(POLICY, asked("2026-03-01T09:00:00+08:00", None, **other)) == "standard"


def test_an_unknown_delivery_is_presumed_for_a_while_and_a_known_absence_for_good() -> None:
    soon = asked("2026-03-20T09:00:00+08:00", None, placed_at=at("2026-03-01T09:00:00+08:00"))
    late = soon._replace(placed_at=soon.requested_at - 31 * DAY)
    assert [lane(POLICY, request) for request in (soon, late)] == ["no_reason", "standard"]
    assert lane(POLICY, late._replace(courier="moving")) == "no_reason"


def test_more_days_may_be_promised() -> None:
    generous = parse(POLICY.source.replace("[right]\ndays = 7", "[right]\ndays = 14"))
    fifteenth = asked("2026-03-15T12:00:00+08:00", "2026-03-01T12:00:00+08:00")
    assert lane(generous, fifteenth) == "no_reason"
    assert lane(generous, fifteenth._replace(requested_at=fifteenth.requested_at + DAY)) != (
        "no_reason"
    )


returns = situations.map(
    lambda known: replace(
        known,
        type="return_and_refund",
        no_reason_return=True,
        delivered_at=known.requested_at - DAY,
        inspections=(),
        verdict=None,
        money=None,
        line_unknown=False,
    )
)
"""Returns within the right, of no more than was paid, for what an order on record has."""


@given(returns)
def test_the_right_is_never_overridden(known: Situation) -> None:
    ruling = decide(POLICY, known)
    assert ruling.lane == "no_reason"
    assert ruling.tier == "approve"
    assert set(ruling.conditions) <= {"inspect_on_return", "courier_record"}


@given(returns, situations)
def test_reason_text_and_evidence_leave_the_lane_as_it_was(
    known: Situation, other: Situation
) -> None:
    """A warehouse's own record that something else went in is another matter."""
    known = replace(known, packed_otherwise=False)
    said_otherwise = replace(
        known,
        reason_code=other.reason_code,
        claims_received=other.claims_received,
        agitated=other.agitated,
        evidence=other.evidence,
        reused_evidence=other.reused_evidence,
    )
    one, two = decide(POLICY, known), decide(POLICY, said_otherwise)
    assert (one.tier, one.conditions, one.chosen) == (two.tier, two.conditions, two.chosen)
    assert one.required_evidence == two.required_evidence == ()


def test_a_block_list_does_not_reach_into_the_right() -> None:
    block = Listing("block", "empty box confirmed in case 17", "lin")
    known = case(0.9, 900, type="return_and_refund", no_reason_return=True, listings=(block,))
    assert decide(POLICY, known).tier == "approve"
    assert decide(POLICY, replace(known, no_reason_return=False)).tier != "approve"


def test_the_platforms_own_deadline_comes_first_and_else_two_days() -> None:
    assert decide(POLICY, case()).respond_by == NOW + 48 * HOUR
    assert decide(POLICY, case(respond_by=NOW + 5 * HOUR)).respond_by == NOW + 5 * HOUR


def test_hours_are_elapsed_hours_over_a_change_of_the_clocks() -> None:
    before = at("2026-03-28T12:00:00+01:00")
    ruling = decide(PARIS, case(requested_at=before, as_of=before, merchant_id="P"))
    assert ruling.respond_by == at("2026-03-30T13:00:00+02:00")
    asking = decide(PARIS, case(0.5, 900, requested_at=before, as_of=before, merchant_id="P"))
    assert "30 Mar 2026 13:00 (UTC+02:00)" in asking.customer_message["en"]


@pytest.mark.parametrize("stage", ["evidence", "return", "inspection"])
def test_what_comes_in_time_does_not_put_the_deadline_off(stage: str) -> None:
    ruling = decide(POLICY, case(stage=stage, as_of=NOW + 10 * HOUR))
    assert ruling.respond_by == NOW + 48 * HOUR


def test_what_comes_later_has_hours_of_its_own() -> None:
    week_later = NOW + 7 * DAY
    due = {
        stage: decide(POLICY, case(stage=stage, as_of=week_later)).respond_by - week_later
        for stage in ("evidence", "return", "inspection")
    }
    assert due == {"evidence": 24 * HOUR, "return": 72 * HOUR, "inspection": 72 * HOUR}


def test_a_missed_deadline_is_said_and_put_first_and_the_customer_still_gets_a_time() -> None:
    missed = case(0.5, 900, as_of=NOW + 50 * HOUR)
    ruling = decide(POLICY, missed)
    assert (ruling.overdue, ruling.priority, ruling.tier) == (True, True, "request_evidence")
    assert ruling.rules[-1].id == "deadline_passed"
    assert "2026年3月13日 14:00（UTC+08:00）" in ruling.customer_message["zh"]
    yields = parse(POLICY.source.replace('when_passed = "keep"', 'when_passed = "approve"'))
    assert decide(yields, missed).tier == "approve"
    assert decide(yields, replace(missed, probability=0.95)).tier == "platform_intervention"


@pytest.mark.parametrize("moment", [-(10**14), 0, 4 * 10**14])
def test_absurd_times_are_decided_all_the_same(moment: int) -> None:
    known = case(0.5, 900, requested_at=moment, as_of=moment, delivered_at=moment)
    assert decide(POLICY, known).tier == "request_evidence"
