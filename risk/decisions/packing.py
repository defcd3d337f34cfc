"""What says that all went into a parcel: the warehouse's record, or its weight on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from risk.decisions.case_records import OwnRows, Parcel
from risk.features.order_money import OrderMoney
from risk.history.driver import Row

FULL = 0.95
"""A parcel that weighs so much of what its goods weigh, packing left out, may hold all of them."""

PACKING = 1.5
"""One that weighs more than so many times as much shows nothing: its packing may weigh as much."""

MISSING = 0.5
"""Less of the goods than this may be missing where the packing weighs as much."""

LIGHT_MG = 300_000
"""Goods that weigh less than this (thousandths of a gram) may be outweighed by their packing."""


DOUBTED = ("missing_item", "wrong_item")
"""The reasons that say that not all went in as ordered."""


def shows_goods(parcels: Sequence[tuple[Any, ...]], reason: str) -> bool:
    """Whether a parcel, by its row, is compared with what the articles are and weigh."""
    doubted = reason in DOUBTED
    for way, status, _, grams, _, article, pieces, *_ in parcels:
        if way == "return" and grams is not None:
            return True
        known = article is not None or pieces is not None
        weighed = status == "delivered" and grams is not None
        if doubted and way == "outbound" and (known or weighed):
            return True
    return False


def packed_as_ordered(
    spine: Row, own: OwnRows, money: OrderMoney | None
) -> Literal["record", "weight"] | None:
    """What contradicts that a part is missing or another article came; None where nothing does.

    A record is that of one line: the request names it, or its order has no other.
    """
    sent = [parcel for parcel in own.parcels if parcel.direction == "outbound"]
    one_line = spine["known_line"] is not None or len(own.weights) == 1
    if one_line and _is_recorded(spine, sent):
        return "record"
    doubted = spine["reason_code"] == "missing_item"
    return "weight" if doubted and _is_full(own, sent, _part(money)) else None


def _is_recorded(spine: Row, sent: Sequence[Parcel]) -> bool:
    """Whether the record says that the article ordered went in, or as many pieces as were."""
    articles = {parcel.packed_sku for parcel in sent} - {None}
    pieces = [one.packed_quantity for one in sent if one.packed_quantity is not None]
    right = articles == {spine["sku"]}
    if spine["reason_code"] == "wrong_item":
        return right
    whole = bool(pieces) and max(pieces) >= (spine["quantity"] or 1)
    return spine["reason_code"] == "missing_item" and whole and (right or not articles)


def _part(money: OrderMoney | None) -> float:
    """The share of what the asked lines cost that is asked back."""
    return 1.0 if money is None or not money.paid else min(1.0, money.asked / money.paid)


def _is_full(own: OwnRows, sent: Sequence[Parcel], part: float) -> bool:
    """Whether the only parcel weighed, handed over and delivered, what all its goods do, of which
    so much is said to be missing that it would have weighed less."""
    alone = len({parcel.tracking for parcel in sent}) == 1
    lines = {parcel.line_id for parcel in sent}
    inside = [one for one in own.weights if one.asked or lines == {None}]
    known = [one.weight_g or one.learned_g for one in inside]
    goods = sum(grams or 0 for grams in known)
    if not alone or not inside or None in known or goods < LIGHT_MG:
        return False
    missing = part * sum(one.weight_g or one.learned_g or 0 for one in inside if one.asked)
    if missing < MISSING * goods:
        return False
    before = [p.weight_g for p in sent if p.status != "delivered" and p.weight_g is not None]
    after = [p.weight_g for p in sent if p.status == "delivered" and p.weight_g is not None]
    weighed = [*before, *after]
    return bool(before and after) and all(
        FULL * goods <= grams <= PACKING * goods for grams in weighed
    )
