"""A case as the policy sees it: parcel, weights, evidence, money asked back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from risk.decisions.case import Case, audit_draw
from risk.decisions.case_records import LineWeight, OwnRows, Parcel, Proof
from risk.decisions.other_parcels import STILL_AFTER
from risk.decisions.pictures import Doubts, doubtful_pictures
from risk.decisions.policy_features import POLICY_FEATURES, policy_places
from risk.facts.units import MINUTE_MS
from risk.features.order_money import OrderMoney
from risk.policy import Situation
from tests.risk.case_spine import AS_OF
from tests.worlds import DAY, HOUR, START

PLACES = policy_places(POLICY_FEATURES)


SPINE: dict[str, Any] = {
    "type": "refund_only", "reason_code": "late", "amount": 990_000, "currency": None,
    "category": None, "state": "open", "sku": "S", "quantity": 1, "refund_id": "R",
    "requested_at": AS_OF - HOUR, "as_of": AS_OF, "stage": "request", "channel": "live",
    "claims_received": 1, "customer_tier": None, "no_reason_return": 0, "merchant_id": "M",
    "placed_at": START, "respond_by": None, "line_id": "1", "known_line": "1", "agitated": None,
    "specificity": 511, "story": None, "request_known_at": AS_OF,
}  # fmt: skip


def parcel(
    status: str, at: int = AS_OF - DAY, direction: str = "outbound", weight_g: int | None = None
) -> Parcel:
    return Parcel(direction, status, at, weight_g)


def case(*parcels: Any, values: dict[str, float] | None = None, **more: Any) -> Situation:
    vector = np.array([(values or {}).get(name, 0.0) for name in POLICY_FEATURES])
    return Case(SPINE, OwnRows(parcels=parcels, **more), vector, 0.7).situation(PLACES)


@pytest.mark.parametrize(
    ("parcels", "courier"),
    [
        ((), None),
        ((parcel("shipped", direction="return"),), None),
        ((parcel("shipped"),), "moving"),
        ((parcel("shipped", AS_OF - STILL_AFTER),), "moving"),
        ((parcel("shipped", AS_OF - STILL_AFTER - 1),), "still"),
        ((parcel("shipped", AS_OF - 9 * DAY), parcel("out_for_delivery")), "moving"),
        ((parcel("shipped"), parcel("lost")), "lost"),
        ((parcel("shipped"), parcel("returned_to_sender")), "returned_to_sender"),
        ((parcel("lost"), parcel("delivered")), "delivered"),
        ((parcel("shipped"), parcel("delivered", direction="return")), "moving"),
    ],
)
def test_what_the_courier_records(parcels: Any, courier: str | None) -> None:
    assert case(*parcels).courier == courier


def test_what_never_left_is_known_where_its_customer_gives_it_up() -> None:
    row = {**SPINE, "reason_code": "unwanted", "claims_received": 0}
    own = OwnRows()
    vector = np.zeros(len(POLICY_FEATURES))
    assert Case(row, own, vector, 0.7).situation(PLACES).courier == "not_shipped"
    for changed in ({"claims_received": None}, {"reason_code": "late"}, {"placed_at": None}):
        assert Case({**row, **changed}, own, vector, 0.7).situation(PLACES).courier is None
    sent = OwnRows(parcels=(parcel("shipped"),))
    assert Case(row, sent, vector, 0.7).situation(PLACES).courier == "moving"


def test_whether_a_return_has_arrived() -> None:
    assert case().return_arrived is None
    assert case(parcel("shipped", direction="return")).return_arrived is False
    arrived = (parcel("shipped", direction="return"), parcel("delivered", direction="return"))
    assert case(*arrived).return_arrived is True


def test_the_first_delivery_is_the_delivery() -> None:
    told = case(parcel("delivered", AS_OF - 5 * DAY, weight_g=900),
                parcel("delivered", AS_OF - DAY))  # fmt: skip
    assert told.delivered_at == AS_OF - 5 * DAY
    assert case(parcel("shipped")).delivered_at is None


def test_weights_are_the_heaviest_known_in_grams() -> None:
    told = case(parcel("shipped", weight_g=640_000), parcel("delivered", weight_g=650_500),
                parcel("shipped", direction="return", weight_g=0))  # fmt: skip
    assert (told.sent_weight_g, told.return_weight_g) == (650.5, 0.0)
    assert case(parcel("shipped")).sent_weight_g is None


@pytest.mark.parametrize(
    ("lines", "named", "grams"),
    [
        ((LineWeight(1, 300_000, None), LineWeight(0, 4_000_000, None)), False, 300),
        ((LineWeight(1, 300_000, None), LineWeight(1, 450_000, None)), False, 750),
        ((LineWeight(1, None, None), LineWeight(0, 4_000_000, None)), False, None),
        ((LineWeight(1, None, None), LineWeight(0, 4_000_000, None)), True, 5_000),
        ((LineWeight(1, None, 310_000), LineWeight(0, None, None)), False, 310),
        ((LineWeight(1, None, 310_000),), False, 5_000),
        ((LineWeight(1, 300_000, None), LineWeight(1, None, None)), False, 5_000),
        ((), False, 5_000),
    ],
)
def test_a_return_is_weighed_against_the_lines_asked_back(
    lines: tuple[LineWeight, ...], named: bool, grams: float | None
) -> None:
    sent = parcel("delivered", weight_g=5_000_000)._replace(line_id="1" if named else None)
    assert case(sent, parcel("shipped", direction="return"), weights=lines).sent_weight_g == grams


def test_of_several_pieces_a_part_is_weighed() -> None:
    own = OwnRows(parcels=(parcel("delivered", weight_g=5_000_000),))
    money = OrderMoney(100_0000, 20_0000, 0, 0, "CNY")
    for pieces, grams in ((5, 1_000), (1, 5_000)):
        row = {**SPINE, "quantity": pieces}
        found = Case(row, own, np.zeros(len(POLICY_FEATURES)), 0.7, money=money)
        assert found.situation(PLACES).sent_weight_g == grams


@pytest.mark.parametrize(
    ("packed", "otherwise"),
    [({}, False), ({"packed_sku": "S"}, False), ({"packed_sku": "T"}, True),
     ({"packed_quantity": 1}, False), ({"packed_quantity": 0}, True)],
)  # fmt: skip
def test_what_the_warehouse_recorded(packed: dict[str, Any], otherwise: bool) -> None:
    assert case(parcel("shipped")._replace(**packed)).packed_otherwise is otherwise


def test_what_a_merchant_filmed_after_dispatch_is_no_answer() -> None:
    left = AS_OF - 5 * DAY
    for taken, kind in ((left + DAY, "video"), (left + 3 * DAY, "unanswered"), (None, "video")):
        film = Proof("video", "merchant", captured_at=taken)
        assert case(parcel("shipped", left), evidence=(film,)).evidence == ((kind, "merchant"),)
    known = Proof("video", "merchant", shown_elsewhere=left)
    assert case(evidence=(known,)).evidence == (("unanswered", "merchant"),)
    record = Proof("photo", "merchant", captured_at=AS_OF)
    assert case(parcel("shipped", left), evidence=(record,)).evidence == (("photo", "merchant"),)


@pytest.mark.parametrize(
    ("given", "doubts"),
    [
        ((("old", 0),), Doubts(1, ("older",))),
        ((("old", 0), ("old", 0)), Doubts(1, ("older",))),
        ((("old", 0), ("old", 60)), Doubts(2, ("older",))),
        ((("old", 0), ("fresh", 0)), Doubts()),
        ((("fresh", 0), ("old", 1)), Doubts()),
        ((("fresh", 0), ("old", 60)), Doubts()),
        ((("made", 0),), Doubts(1, ("generated",))),
        ((("made", 0), ("fresh", 60)), Doubts()),
        ((("fresh", 0), ("made", 1)), Doubts(1, ("generated",))),
        ((("old", 0), ("made", 60)), Doubts(2, ("generated",))),
        ((("made", 0), ("old", 60)), Doubts(2, ("generated", "older"))),
    ],
)
def test_pictures_are_doubtful_until_a_fresh_one_comes(
    given: tuple[tuple[str, int], ...], doubts: Doubts
) -> None:
    """An older picture says nothing beside one of the article, in whatever order they came."""
    taken = {"old": AS_OF - 40 * DAY, "fresh": AS_OF, "made": None}
    shown = [
        Proof("photo", "customer", captured_at=taken[what], known_at=AS_OF + minute * MINUTE_MS,
              generated=int(what == "made"))
        for what, minute in given
    ]  # fmt: skip
    assert doubtful_pictures(shown, AS_OF - 6 * DAY, used_by_others=False) == doubts


def test_a_withdrawn_request() -> None:
    vector = np.zeros(len(POLICY_FEATURES))
    withdrawn = Case({**SPINE, "state": "withdrawn"}, OwnRows(), vector, 0.7)
    assert withdrawn.situation(PLACES).withdrawn
    assert not case().withdrawn


def test_unknown_stays_unknown() -> None:
    told = case(values={"account_age_days": float("nan"), "days_since_first_order": float("nan")})
    assert told.age_days is None
    assert (told.claims_received, told.no_reason_return) == (True, False)
    assert (told.currency, told.customer_tier, told.verdict) == ("CNY", None, None)
    assert told.agitated is False
    half = {"account_age_days": float("nan"), "days_since_first_order": 12.5}
    assert case(values=half).age_days == 12.5


def test_money_asked_back_is_counted_for_the_customer_and_for_the_ring() -> None:
    told = case(values={"customer_money_asked_30d": 99.9, "ring_money_30d": 0.1})
    assert (told.customer_stake, told.ring_stake) == (999_000, 1_000_000)


def test_a_draw_is_always_the_same_and_spread_evenly() -> None:
    draws = [audit_draw(f"R-{n}", b"key") for n in range(4_000)]
    assert draws == [audit_draw(f"R-{n}", b"key") for n in range(4_000)]
    assert draws != [audit_draw(f"R-{n}", b"other") for n in range(4_000)]
    assert all(0 <= draw < 1 for draw in draws)
    tenths = [sum(i / 10 <= draw < (i + 1) / 10 for draw in draws) for i in range(10)]
    # Five standard deviations around 400.
    assert all(305 <= count <= 495 for count in tenths)
