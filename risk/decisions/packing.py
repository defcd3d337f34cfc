"""What says that all went into a parcel: the warehouse's record, or its weight on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from risk.decisions.case_records import OwnRows, Parcel, Proof
from risk.facts.units import CLOCK_GRACE
from risk.features.order_money import OrderMoney
from risk.history.connection.driver import Row
from risk.policy.situation import LeftAsOrdered

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
    for way, _, _, grams, _, article, pieces, *_ in parcels:
        if way == "return" and grams is not None:
            return True
        known = article is not None or pieces is not None
        if doubted and way == "outbound" and (known or grams is not None):
            return True
    return False


def packing_facts(spine: Row, own: OwnRows, money: OrderMoney | None) -> dict[str, Any]:
    """The fields of a situation that rest on what went into its parcels."""
    return {
        "packed_as_ordered": packed_as_ordered(spine, own, money),
        "left_as_ordered": left_as_ordered(spine, own, money),
    }


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
    weighed = any(p.status == "delivered" and p.weight_g is not None for p in sent)
    return weighed and _left_full(own, sent, part)


def _left_full(own: OwnRows, sent: Sequence[Parcel], part: float) -> bool:
    """Whether it weighed so when it was handed over, and nothing less on its way."""
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
    weighed = [parcel for parcel in sent if parcel.weight_g is not None]
    before = any(parcel.status != "delivered" for parcel in weighed)
    return before and all(FULL * goods <= (p.weight_g or 0) <= PACKING * goods for p in weighed)


def left_as_ordered(spine: Row, own: OwnRows, money: OrderMoney | None) -> LeftAsOrdered | None:
    """What says that the right article left, of a return in which a shop found what its customer
    had said; None where nothing does. That an article is genuine, no record of packing says."""
    if not own.inspections:
        return None
    sent = [parcel for parcel in own.parcels if parcel.direction == "outbound"]
    reason = spine["reason_code"]
    if packed_as_ordered(spine, own, money) == "record":
        return "record"
    if _left_full(own, sent, _part(money)) and (reason == "missing_item" or _came_back_light(own)):
        return "weight"
    shown = [one for one in own.evidence if one.submitted_by == "merchant"]
    if any(_is_of_packing(one, spine, own) for one in shown):
        return "film"
    bought = reason == "counterfeit" and any(one.kind == "document" for one in shown)
    return "purchase" if bought else None


def _came_back_light(own: OwnRows) -> bool:
    """Whether the return weighed less than half of what is asked back."""
    asked = [one.weight_g or one.learned_g for one in own.weights if one.asked]
    back = [p.weight_g for p in own.parcels if p.direction == "return" and p.weight_g is not None]
    goods = sum(grams or 0 for grams in asked)
    return bool(back) and None not in asked and max(back) * 2 < goods


def _is_of_packing(item: Proof, spine: Row, own: OwnRows) -> bool:
    """Whether a picture or film was taken by the time the parcel left, or, where it does not say
    when, was given before anything was sent back; and not for another order."""
    if item.kind not in ("photo", "video") or item.shown_elsewhere is not None:
        return False
    left = [p.occurred_at for p in own.parcels if p.direction == "outbound"]
    back = [p.occurred_at for p in own.parcels if p.direction == "return"]
    if item.captured_at is None:
        return not back or item.known_at < min(back)
    early = spine["placed_at"] is not None and item.captured_at < spine["placed_at"] - CLOCK_GRACE
    return bool(left) and not early and item.captured_at <= min(left) + CLOCK_GRACE
