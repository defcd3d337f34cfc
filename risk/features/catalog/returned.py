"""Returned goods: the parcel that comes back, what was in it, and in this customer's earlier ones."""

from __future__ import annotations

from risk.facts.units import HOUR_MS
from risk.features.counting import bad_returns
from risk.features.entries import Kinds, retired
from risk.features.measures import first, last, moment, summed
from risk.features.own_parcels import (
    ANY_DELIVERED,
    ANY_OUT,
    DELIVERED,
    OF_REQUEST,
    OUT,
    PARCELS,
)
from risk.features.spec import Feature, Measure
from risk.findings import (
    INCOMPLETE,
    NEGATIVE_CONDITIONS,
    POSITIVE_CONDITIONS,
    WORN_CONDITIONS,
    sql_list,
)

F = Kinds("returned_goods")
CASE, EARLIER = "inspections@case", "returns@customer"
BACK = "e.direction = 'return' AND (e.refund_id IS NULL OR e.refund_id = s.refund_id)"
OWN_BACK = f"{BACK} AND {OF_REQUEST}"
OWN_LINE = "(s.known_line IS NULL OR e.line_id = s.known_line)"


GOOD = sql_list(NEGATIVE_CONDITIONS)
BAD = sql_list(POSITIVE_CONDITIONS + WORN_CONDITIONS)


def entries() -> list[Feature]:
    """The family's features."""
    return [*_parcel(), *_inspected()]


def _parcel() -> list[Feature]:
    """What reasons or a starter read twice: as earlier models count it, and of the request's own."""
    pairs = zip(
        _read(BACK, ANY_OUT, ANY_DELIVERED, ""), _read(OWN_BACK, OUT, DELIVERED, "own_"),
        strict=True,
    )  # fmt: skip
    return [
        F.count("return_movements", ("{value} tracking events of the return", "退货有{value}条物流记录"),
                of=PARCELS, where=BACK),
        *(one for every, own in pairs for one in (retired(every), own)),
        F.ratio("sent_against_catalogue", ("what was sent weighed {value} times what the order weighs by "
                                           "the catalogue", "发货重量是整单商品目录重量的{value}倍"),
                part=Measure(PARCELS, "max", "e.weight_g", ANY_OUT),
                whole=summed("lines@order", "e.expected_weight_g")),
        F.elapsed("hours_to_return", ("shipped back {value} hours after asking",
                                      "申请{value}小时后寄回"),
                  until=first(PARCELS, "e.occurred_at", BACK), since=moment("s.requested_at"),
                  unit_ms=HOUR_MS),
        F.elapsed("hours_since_return_moved", ("no movement of the return for {value} hours",
                                               "退货包裹已{value}小时无物流更新"),
                  until=moment("s.as_of"), since=last(PARCELS, "e.occurred_at", BACK),
                  unit_ms=HOUR_MS),
    ]  # fmt: skip


def _read(back: str, out: str, delivered: str, prefix: str) -> list[Feature]:
    """The features by which parcels count as the return, as what was sent and as delivered."""
    weight = Measure(PARCELS, "max", "e.weight_g", back)
    return [
        F.count(f"{prefix}return_arrived", ("the return has arrived", "退货已签收", "", ""),
                of=PARCELS, where=f"{back} AND e.status = 'delivered'", story="return_arrived"),
        F.count(f"{prefix}return_without_weight", ("the return was shipped without a weight",
                                                   "退货寄出但无重量记录", "", ""),
                of=PARCELS, where=f"{back} AND e.status = 'shipped' AND e.weight_g IS NULL",
                story="return_without_weight"),
        F.before(f"{prefix}return_before_receipt", ("no delivery is on record before the return was "
                                                    "shipped", "寄出退货之前没有签收记录", "", ""),
                 first=first(PARCELS, "e.occurred_at", back),
                 then=first(PARCELS, "e.occurred_at", delivered),
                 risk=1, unknown=1.0, story="return_before_receipt"),
        F.ratio(f"{prefix}return_weight_ratio", ("the return weighs {value} times what was sent",
                                                 "退货重量是发货重量的{value}倍"),
                part=weight, whole=Measure(PARCELS, "max", "e.weight_g", out),
                story="return_weight_ratio"),
        F.ratio(f"{prefix}return_against_catalogue", ("the return weighs {value} times what its lines "
                                                      "weigh by the catalogue",
                                                      "退货重量是商品目录重量的{value}倍"),
                part=weight, whole=summed("lines@order", "e.expected_weight_g", OWN_LINE),
                story="return_against_catalogue"),
    ]  # fmt: skip


def _inspected() -> list[Feature]:
    return [
        F.count("inspected_bad", ("an inspection found other goods than were sent, or used or "
                              "damaged ones", "验货发现退回商品与寄出不符，或已使用、损坏", "", ""),
                of=CASE, where=f"e.condition IN ({BAD})", risk=1),
        F.count("inspected_good", ("the returned goods were as sent", "退回商品完好相符",                                   "", ""),
                of=CASE, where=f"e.condition IN ({GOOD})", risk=-1),
        F.count("inspected_incomplete", ("the returned goods were incomplete", "退回商品不完整",                                         "", ""),
                of=CASE, where=f"e.condition = '{INCOMPLETE}'"),
        retired(F.count(
            "customer_returns_bad", ("{value} earlier returns were not as sent",
                                     "此前{value}次退货与寄出不符，或已使用、损坏", "", ""),
            of=EARLIER, where=f"e.condition IN ({BAD})", risk=1)),
        retired(F.here(
            "customer_returns_bad_here", ("{value} earlier returns were not as sent",
                                          "此前{value}次退货与寄出不符，或已使用、损坏", "", ""),
            of=EARLIER, rows=bad_returns(BAD), days=None, story="customer_returns_bad")),
        F.here(
            "customer_returns_contradicted", ("{value} earlier returns were not as sent",
                                              "此前{value}次退货与寄出不符，或已使用、损坏", "", ""),
            of=EARLIER, rows=bad_returns(BAD, contradicting=True), days=None,
            story="customer_returns_bad"),
        F.count("customer_returns_good", ("{value} earlier returns came back as sent",                                          "此前{value}次退货完好", "", ""),
                of=EARLIER, where=f"e.condition IN ({GOOD})", risk=-1),
    ]  # fmt: skip
