"""A parcel that came says nothing while another of what is asked for had not."""

from __future__ import annotations

import math

import pytest

from tests.risk.one_request import ASKED, DELIVERED, order, request, value, values
from tests.worlds import DAY, Fact

SENT = DELIVERED - DAY
TOLD = {"reason_code": "not_received", "claims_received": False}
AFTER = ("missing_after_delivery", "missing_after_signature", "denied_after_delivery")
COUNTS = tuple(f"claim_{name}" for name in (*AFTER, "parcel_delivered", "parcel_signed"))
TIMES = ("claim_hours_to_deliver", "claim_hours_delivery_to_request")
A, B = {"tracking_no": "a"}, {"tracking_no": "b"}
LINE_1, LINE_2 = {"line_id": "1"}, {"line_id": "2"}
ORDER = [order("A"), order("A", line_id="2", sku="T")]


def sent(at: int = SENT, /, **of: object) -> Fact:
    return {"order_id": "A", "direction": "outbound", "status": "shipped", "courier": "UPS",
            "occurred_at": at, **of}  # fmt: skip


def came(at: int = DELIVERED, /, **of: object) -> Fact:
    return sent(at, status="delivered", received_by="customer", **of)


def lost(at: int = DELIVERED, /, **of: object) -> Fact:
    return sent(at, status="lost", **of)


CONTRADICTING = {
    "one parcel": [sent(), came()],
    "one parcel with a number": [sent(**A), came(**A)],
    "both came": [sent(**A), sent(**B), came(**A), came(**B)],
    "both came, by their lines": [sent(**LINE_1), sent(**LINE_2), came(**LINE_1), came(**LINE_2)],
    "another was sent after the request": [sent(**A), came(**A), sent(ASKED + DAY, **B)],
    "it is not said which parcel came": [sent(**A), sent(**B), came()],
    "named now by number, now by line": [sent(**A), came(**LINE_1)],
}
SILENT = {
    "the other is on its way": [sent(**A), sent(**B), came(**A)],
    "the other was lost": [sent(**A), sent(**B), came(**A), lost(**B)],
    "the other came after the request": [sent(**A), sent(**B), came(**A), came(ASKED + 1, **B)],
    "the other is on its way, by their lines": [sent(**LINE_1), sent(**LINE_2), came(**LINE_1)],
    "the other line is on its way": [sent(**A, **LINE_1), sent(**B, **LINE_2), came(**A, **LINE_1)],
}


def of_parcels(names: tuple[str, ...], parcels: list[Fact], **asked: object) -> list[float]:
    asking = [request("A", **TOLD, **asked)]
    return values(names, orders=ORDER, shipments=parcels, refunds=asking)


@pytest.mark.parametrize("parcels", CONTRADICTING.values(), ids=CONTRADICTING)
def test_what_had_come_contradicts(parcels: list[Fact]) -> None:
    assert min(of_parcels(COUNTS, parcels)) >= 1
    assert of_parcels(TIMES, parcels) == [72, 48]


@pytest.mark.parametrize("line", [None, "2"])
@pytest.mark.parametrize("parcels", SILENT.values(), ids=SILENT)
def test_what_came_says_nothing_of_what_had_not(parcels: list[Fact], line: str | None) -> None:
    assert of_parcels(COUNTS, parcels, line_id=line)[:3] == [0, 0, 0]
    named = all("line_id" in parcel for parcel in parcels)
    if line is None or not named:
        assert of_parcels(COUNTS, parcels, line_id=line) == [0] * len(COUNTS)
        assert all(map(math.isnan, of_parcels(TIMES, parcels, line_id=line)))


def test_one_parcel_that_came_later_came_later() -> None:
    parcels = [sent(**A), came(ASKED + DAY, **A)]
    assert of_parcels(COUNTS, parcels) == [0, 0, 0, 1, 1]
    assert of_parcels(TIMES, parcels)[1] == -24


MISSED = {"reason_code": "missing_item", "line_id": "2", "claims_received": True}


def test_what_is_missing_may_come_later() -> None:
    parcels = [sent(**LINE_1), came(**LINE_1), sent(**LINE_2), came(ASKED + DAY, **LINE_2)]
    facts = {"orders": ORDER, "shipments": parcels, "refunds": [request("A", **MISSED)]}
    assert value("goods_complaint_before_delivery", **facts) == 0
    facts["refunds"] = [request("A", reason_code="defective", line_id="2")]
    assert value("goods_complaint_before_delivery", **facts) == 1


@pytest.mark.parametrize(("reason", "early"), [("missing_item", 0), ("damaged", 1)])
def test_a_picture_of_all_that_came_shows_what_is_missing(reason: str, early: int) -> None:
    late = ASKED + 4 * DAY
    parcels = [sent(**LINE_1), came(**LINE_1), sent(**LINE_2), came(late, **LINE_2)]
    shown = {"evidence_id": "E", "refund_id": "A", "submitted_at": late, "kind": "photo",
             "captured_at": ASKED, "content_hash": "vase"}  # fmt: skip
    asked = request("A", **{**MISSED, "reason_code": reason})
    facts = {"orders": ORDER, "shipments": parcels, "refunds": [asked], "evidence": [shown]}
    assert value("captured_long_before_delivery", **facts) == early
