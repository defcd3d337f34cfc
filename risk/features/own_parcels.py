"""Which parcels of an order can hold what a request is about: those that name no line, or its own.

A request for the whole order is about all of them: where one of several had come and another had not,
it is not known what it is about, and the delivery says nothing.
"""

from __future__ import annotations

from risk.features.measures import counted

PARCELS = "parcels@order"
OF_REQUEST = "(e.line_id IS NULL OR s.line_id IS NULL OR e.line_id = s.line_id)"
ANY_OUT = "e.direction = 'outbound'"
ANY_DELIVERED = f"{ANY_OUT} AND e.status = 'delivered'"
"""Of all parcels of the order, as earlier models count them."""
OUT = f"{ANY_OUT} AND {OF_REQUEST}"
DELIVERED = f"{OUT} AND e.status = 'delivered'"

_BY_THEN = "e.occurred_at <= s.requested_at"
_LINE = "CASE WHEN e.tracking IS NULL THEN e.line_id END"

EACH_PARCEL = (
    counted(PARCELS, f"{OUT} AND {_BY_THEN}", distinct="e.tracking"),
    counted(PARCELS, f"{DELIVERED} AND {_BY_THEN}", distinct="e.tracking"),
    counted(PARCELS, f"{OUT} AND {_BY_THEN}", distinct=_LINE),
    counted(PARCELS, f"{DELIVERED} AND {_BY_THEN}", distinct=_LINE),
    counted(PARCELS, f"{OUT} AND {_BY_THEN} AND e.tracking IS NULL AND e.line_id IS NULL"),
)
"""How many parcels had been sent by the request, and how many of them had come, by their numbers and,
of those without one, by their lines; and how many events name neither."""
