"""What became of the others where one of several parcels of an order was delivered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from risk.decisions.case_records import OwnRows, Parcel
from risk.facts import NOT_GIVEN
from risk.facts.units import DAY_MS
from risk.history.connection.driver import Row
from risk.policy.situation import Courier, OtherParcel

STILL_AFTER = 5 * DAY_MS
"""A parcel without a movement for so long is standing still."""
ENDS: tuple[Courier, ...] = ("lost", "returned_to_sender")
"""How a parcel ends that does not reach its customer."""


def facts_of_several(spine: Row, own: OwnRows) -> dict[str, Any]:
    """The fields of a situation that rest on what became of each of several parcels."""
    return {
        "partly_lost": is_partly_lost(own.parcels),
        "partly_on_way": is_partly_on_way(own.parcels, spine["as_of"]),
        "other_parcel": other_parcel(own.parcels, spine["as_of"]),
        "came_since": has_come_since(spine, own),
    }


def is_partly_lost(parcels: Sequence[Parcel]) -> bool:
    """Whether one of several outbound parcels was lost or sent back, and another delivered."""
    sent = [parcel for parcel in parcels if parcel.direction == "outbound"]
    last = {parcel.tracking: parcel.status for parcel in sent if parcel.tracking is not None}
    return "delivered" in last.values() and not set(ENDS).isdisjoint(last.values())


def is_partly_on_way(parcels: Sequence[Parcel], as_of: int) -> bool:
    """Whether one of several outbound parcels was delivered, and another is on its way: one that
    has not moved for days is not."""
    sent = [parcel for parcel in parcels if parcel.direction == "outbound"]
    last = {parcel.tracking: parcel for parcel in sent if parcel.tracking is not None}.values()
    on_way = [one.occurred_at for one in last if one.status not in ("delivered", *ENDS)]
    delivered = any(one.status == "delivered" for one in last)
    return delivered and any(as_of - moved_at <= STILL_AFTER for moved_at in on_way)


def other_parcel(parcels: Sequence[Parcel], as_of: int) -> OtherParcel | None:
    """The state of a parcel that has not come while another of the order has: one that may still
    be stopped before one that stands still, and that before one that is lost or sent back."""
    last = _last_of_each([parcel for parcel in parcels if parcel.direction == "outbound"])
    if all(one.status != "delivered" for one in last):
        return None
    under_way = [one.occurred_at for one in last if one.status not in ("delivered", *ENDS)]
    if any(as_of - moved_at <= STILL_AFTER for moved_at in under_way):
        return "moving"
    if under_way:
        return "still"
    return "lost" if any(one.status in ENDS for one in last) else None


def _last_of_each(sent: Sequence[Parcel]) -> list[Parcel]:
    """The latest event of each parcel, by their numbers; where none has one, by their lines, unless
    an event names neither."""
    if any(one.tracking is not None for one in sent):
        return [*{one.tracking: one for one in sent if one.tracking is not None}.values()]
    if any(one.line_id is None for one in sent):
        return []
    return [*{one.line_id: one for one in sent}.values()]


def has_come_since(spine: Row, own: OwnRows) -> bool:
    """Whether one of several outbound parcels was delivered before the request and another since,
    after which its customer has given nothing: what was missing may have been in it. That a parcel
    was scanned again says nothing."""
    first: dict[object, int] = {}
    for one in own.parcels:
        if one.direction == "outbound" and one.status == "delivered" and one.tracking:
            first.setdefault(one.tracking, one.occurred_at)
    asked, latest = spine["requested_at"], max(first.values(), default=0)
    if not any(at <= asked for at in first.values()) or latest <= asked:
        return False
    given = (one for one in own.evidence if one.submitted_by == "customer")
    return all(one.kind in NOT_GIVEN or one.known_at <= latest for one in given)
