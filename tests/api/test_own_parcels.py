"""A signature under one line of an order stands against whoever denies that line, and no other."""

from __future__ import annotations

from typing import Any

import pytest

from risk.policy import load
from tests.api.two_merchants import Marketplace, case, scored
from training.promote_starter import in_service
from training.starter.packaged import packaged

AGAINST = ("missing_but_signed", "missing_but_delivered", "denied_but_delivered")
"""The codes of reasons that a parcel can give against who says that nothing came."""
LINES = ("1", "2")
HANDED_OVER = "2026-03-04T10:00:00+08:00"


@pytest.fixture
def market(market: Marketplace) -> Marketplace:
    """The marketplace with the starter in service: it weighs who signed."""
    use = load(None).starter
    assert use
    market.run.promote("2", in_service(packaged(), use))
    return market


def _denied(line: str | None, signed: str, by: str | None = "customer") -> dict[str, Any]:
    """Somebody who ordered two lines, sent in a parcel each, says that `line` never came; those of
    `signed` were delivered and handed over to whom `by` names, any other is on its way."""
    said = {"type": "refund_only", "reason_code": "not_received", "claims_received": False}
    made = case("M-A", 1, "Lin", **said, line_id=line)
    made["refund"]["reason_text"] = None
    [order], [shipped] = made["order"], made["shipments"]
    made["order"] = [{**order, "line_id": one} for one in LINES]
    made["shipments"] = [
        {**shipped, "line_id": one, "tracking_no": one, "received_by": None} for one in LINES
    ]
    for one in signed:
        end = {"status": "delivered", "received_by": by, "line_id": one, "tracking_no": one}
        made["shipments"].append({**shipped, **end, "occurred_at": HANDED_OVER})
    del made["evidence"]
    return made


def _decided(market: Marketplace, one: dict[str, Any]) -> tuple[float, set[str]]:
    """The raw score of a case, and which parcels speak against its customer."""
    decision = scored(market.a, one, dry_run="true")
    raised = {
        reason["code"]
        for reason in decision["reasons"]
        if reason["effect"] == "raises" and reason["value"]
    }
    return decision["raw_score"], raised & set(AGAINST)


@pytest.mark.parametrize("line", LINES)
def test_a_signature_stands_against_the_line_that_was_signed_for(
    market: Marketplace, line: str
) -> None:
    [other] = {*LINES} - {line}
    plain, none = _decided(market, _denied(line, ""))
    assert none == set()
    left, _ = _decided(market, _denied(line, line, None))
    signed, against = _decided(market, _denied(line, line))
    assert signed > left
    assert signed > plain
    assert "missing_but_signed" in against
    for by in ("customer", None):
        assert _decided(market, _denied(line, other, by)) == (plain, set())


def test_a_request_for_the_whole_order_is_about_every_parcel(market: Marketplace) -> None:
    plain, _ = _decided(market, _denied(None, ""))
    for line in LINES:
        assert _decided(market, _denied(None, line)) == (plain, set()), "the other has not come"
    signed, against = _decided(market, _denied(None, "12"))
    assert signed > plain
    assert "missing_but_signed" in against
