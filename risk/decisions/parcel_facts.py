"""What the parcels of a case show: when a return arrived, what it should weigh, what was packed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from risk.decisions.case_records import OwnRows, Parcel, Proof
from risk.decisions.other_parcels import ENDS, facts_of_several
from risk.facts import NOT_GIVEN, UNRECEIVED_REASONS
from risk.facts.currencies import rounding_unit
from risk.features.order_money import OrderMoney
from risk.history.connection.driver import Row
from risk.policy.situation import AgainstReturn


def parcel_facts(spine: Row, own: OwnRows, money: OrderMoney | None) -> dict[str, Any]:
    """The fields of a situation that rest on its parcels."""
    return {
        "sent_weight_g": weight_to_return(spine, own, money),
        "return_weight_g": weight(own.parcels, "return"),
        "weighings": weighings(own.parcels),
        "return_arrived": has_arrived(own.parcels),
        "return_arrived_at": arrived_at(own.parcels),
        "return_astray": astray(own.parcels),
        "return_against": tuple(_against_return(spine, own)),
        "inspected_at": own.inspected_at,
        "return_told": return_told(spine, own),
        "return_chat": any(one.kind == "chat" for one in _of_shop_since(own)),
        "packed_otherwise": packed_otherwise(spine, own.parcels, money),
        **facts_of_several(spine, own),
    }


def sent_parcels(spine: Row, parcels: Sequence[Parcel]) -> list[Parcel]:
    """The events of outbound parcels; of a claim that nothing came without the deliveries that the
    courier took back."""
    sent = [parcel for parcel in parcels if parcel.direction == "outbound"]
    received, missing = spine["claims_received"], spine["reason_code"] in UNRECEIVED_REASONS
    if received or (received is None and not missing):
        return sent
    ended = {parcel.tracking: parcel.occurred_at for parcel in sent if parcel.status in ENDS}
    return [parcel for parcel in sent if not _is_taken_back(parcel, ended)]


def _is_taken_back(parcel: Parcel, ended: Mapping[object, int]) -> bool:
    """Whether the courier said of a delivered parcel later that it is lost, or on its way to the
    sender; what was handed over to the customer stays delivered."""
    delivered = parcel.status == "delivered" and parcel.received_by != "customer"
    return delivered and ended.get(parcel.tracking, 0) > parcel.occurred_at


def has_arrived(parcels: Sequence[Parcel]) -> bool | None:
    """Whether a return was scanned as delivered; None where none was sent."""
    back = {parcel.status for parcel in parcels if parcel.direction == "return"}
    return "delivered" in back if back else None


def arrived_at(parcels: Sequence[Parcel]) -> int | None:
    """When a return was first scanned as delivered (ms)."""
    scans = (
        parcel.occurred_at
        for parcel in parcels
        if parcel.direction == "return" and parcel.status == "delivered"
    )
    return min(scans, default=None)


def _against_return(spine: Row, own: OwnRows) -> Iterator[AgainstReturn]:
    """What says otherwise than the scan of a return."""
    arrived = arrived_at(own.parcels)
    if arrived is None:
        return
    back = [parcel for parcel in own.parcels if parcel.direction == "return"]
    if any(_shows_return(one, back) for one in _of_shop_since(own)):
        yield "shown"
    if all(parcel.used_before for parcel in back if parcel.tracking is not None) and any(
        parcel.used_before for parcel in back
    ):
        yield "number"
    came = [one.occurred_at for one in sent_parcels(spine, own.parcels) if _is_delivery(one)]
    if came and arrived < min(came):
        yield "early"


def _is_delivery(parcel: Parcel) -> bool:
    return parcel.status == "delivered"


def _of_shop_since(own: OwnRows) -> list[Proof]:
    """What the shop gave once a return was scanned as delivered."""
    arrived = arrived_at(own.parcels)
    return [
        one
        for one in own.evidence
        if arrived is not None and one.submitted_by == "merchant" and one.known_at >= arrived
    ]


def return_told(spine: Row, own: OwnRows) -> Literal["shown", "silent"] | None:
    """Whether the shop has shown something of a return that it looked into, else whether it had
    nothing when it was asked. Where no scan says when it arrived, what came after the request may
    show it."""
    if own.inspected_at is None:
        return None
    since = arrived_at(own.parcels) or spine["requested_at"]
    back = [parcel for parcel in own.parcels if parcel.direction == "return"]
    told = [one for one in own.evidence if one.submitted_by == "merchant"]
    if any(one.known_at >= since and _shows_return(one, back) for one in told):
        return "shown"
    silent = any(one.kind in NOT_GIVEN and one.known_at >= own.inspected_at for one in told)
    return "silent" if silent else None


def _shows_return(item: Proof, back: Sequence[Parcel]) -> bool:
    """Whether something may show what came back, and was not taken before it was sent; what a chat
    says, somebody reads."""
    sent = min((parcel.occurred_at for parcel in back), default=0)
    taken = item.captured_at is None or item.captured_at >= sent
    return item.kind not in (*NOT_GIVEN, "chat") and taken and item.shown_elsewhere is None


def astray(parcels: Sequence[Parcel]) -> str | None:
    """What the courier's record says became of a return that never arrived: `lost`, or
    `returned_to_sender`."""
    back = [parcel.status for parcel in parcels if parcel.direction == "return"]
    ends = [one for one in back if one in ("delivered", "lost", "returned_to_sender")]
    return ends[-1] if ends and "delivered" not in ends else None


def weight(parcels: Sequence[Parcel], direction: str) -> float | None:
    """The heaviest known weight of the parcels of a direction, in grams."""
    known = [p.weight_g for p in parcels if p.direction == direction and p.weight_g is not None]
    return max(known) / 1000 if known else None


def weighings(parcels: Sequence[Parcel]) -> tuple[tuple[str, float | None, float | None], ...]:
    """What each parcel weighed in grams: its direction, first before it arrived, and on arrival."""
    found: dict[tuple[str, object], list[float | None]] = {}
    for parcel in parcels:
        if parcel.weight_g is not None:
            both = found.setdefault((parcel.direction, parcel.tracking), [None, None])
            at = int(parcel.status == "delivered")
            both[at] = parcel.weight_g / 1000 if both[at] is None else both[at]
    return tuple((way, start, end) for (way, _), (start, end) in found.items())


def weight_to_return(spine: Row, own: OwnRows, money: OrderMoney | None) -> float | None:
    """What the lines asked back should weigh, in grams; None where that is not known.

    By the catalogue; else as they were sent, where their parcel held nothing else; else as parcels
    of those articles weighed before. Of several pieces that are asked back in part, a part.
    """
    asked = [line for line in own.weights if line.asked]
    whole = _total([line.weight_g for line in asked])
    if whole is None:
        whole = _as_sent(own, spine)
    if whole is None:
        whole = _total([line.learned_g for line in asked])
    return None if whole is None else whole * _part(spine, money)


def _total(weights: Sequence[int | None]) -> float | None:
    """The sum in grams, where every weight is known."""
    known = [one for one in weights if one is not None]
    return sum(known) / 1000 if known and len(known) == len(weights) else None


def _as_sent(own: OwnRows, spine: Row) -> float | None:
    """The weight of the outbound parcels that held what is asked back and nothing else."""
    if all(line.asked for line in own.weights):
        return weight(own.parcels, "outbound")
    alone = [one for one in own.parcels if one.line_id is not None and spine["line_id"] is not None]
    return weight(alone, "outbound")


def _part(spine: Row, money: OrderMoney | None) -> float:
    """The share of several pieces that is asked back, by what they cost."""
    pieces = spine["quantity"] or 1
    if pieces == 1 or money is None or not money.paid or not money.asked:
        return 1.0
    return min(1.0, money.asked / money.paid)


def packed_otherwise(spine: Row, parcels: Sequence[Parcel], money: OrderMoney | None) -> bool:
    """Whether the warehouse's own record says that another article went in, or so many fewer pieces
    as what is asked back for them costs."""
    article, pieces = spine["sku"], spine["quantity"] or 1
    packed = [parcel for parcel in parcels if parcel.direction == "outbound"]
    articles = {one.packed_sku for one in packed if one.packed_sku is not None}
    counts = [one.packed_quantity for one in packed if one.packed_quantity is not None]
    another = article is not None and bool(articles) and article not in articles
    return another or bool(
        counts and max(counts) < pieces and _covers(pieces, max(counts), spine, money)
    )


def _covers(pieces: int, packed: int, spine: Row, money: OrderMoney | None) -> bool:
    """Whether the pieces that were not packed cost what is asked, where money is asked."""
    if spine["type"] not in ("refund_only", "return_and_refund") or money is None or not money.paid:
        return True
    missing = money.paid * (pieces - packed) / pieces
    return money.asked <= missing + rounding_unit(money.currency)
